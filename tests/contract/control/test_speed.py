"""The sandbox is quick enough to be rebuilt and asked thousands of times in a test run."""

from __future__ import annotations

from time import perf_counter

import pytest

from acassist.sandbox.settings import Settings
from tests.sandbox import client, in_process


async def test_a_thousand_mixed_requests_take_less_than_two_seconds():
    world = in_process()
    async with client(world) as http:
        start = perf_counter()
        for number in range(250):
            given = {"email": f"p{number}@mail.example", "fieldValues": [{"field": 1, "value": "x"}]}
            key = (await http.post("/api/3/contact/sync", json={"contact": given})).json()["contact"]["id"]
            await http.put(f"/api/3/contacts/{key}", json={"contact": {"phone": "1"}})
            await http.get(f"/api/3/contacts?ids[]={key}&include=fieldValues")
            await http.post("/api/3/contactTags", json={"contactTag": {"contact": key, "tag": 1}})
        assert perf_counter() - start < 2
    assert world.log.counts()["total"] == 1000


@pytest.mark.slow
def test_a_hundred_thousand_leads_are_made_in_less_than_twenty_seconds():
    start = perf_counter()
    world = in_process(Settings(leads=100_000, contacts=0))
    assert perf_counter() - start < 20
    assert len(world.activecampaign.contacts) > 80_000
