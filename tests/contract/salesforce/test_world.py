"""The sandbox as a whole: loopback and in-process agree, a restart loses nothing, and it is quick."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from acassist.sandbox.clock import VirtualClock
from acassist.sandbox.salesforce.persistence import dump, restore
from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings
from tests.contract.salesforce.conftest import Org, V
from tests.sandbox import in_process

CALLS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/services/data", None),
    ("GET", f"{V}/query?q=SELECT+Id,Name,Email,Owner.Name+FROM+Lead+ORDER+BY+Id", None),
    ("GET", f"{V}/sobjects/Contact/describe", None),
    ("POST", f"{V}/sobjects/Lead", {"LastName": "Zoë", "Company": "Ümlaut"}),
    ("POST", f"{V}/sobjects/Lead", {"LastName": "Zoë"}),
    ("GET", f"{V}/limits", None),
    ("GET", f"{V}/nowhere", None),
    ("GET", "/services/nowhere", None),
)
IGNORED = {"server", "connection", "date"}


def token(world: Any) -> str:
    org = world.salesforce
    until = org.now().timestamp() + 7200
    session = org.auth.open_session(org_id=org.org_id, user_id=org.user_id, scope="api", until=until)
    return str(session.token)


def plain(response: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    headers = {key: value for key, value in response.headers.items() if key not in IGNORED}
    return response.status_code, headers, response.content


async def test_loopback_and_in_process_give_the_same_answers() -> None:
    settings, start = Settings(leads=20, contacts=10), datetime(2026, 3, 2, 9, tzinfo=UTC)
    inside, outside = Org(build(settings, VirtualClock(start))), build(settings, VirtualClock(start))
    secret = {"Authorization": f"Bearer {token(outside)}"}
    with Running(outside) as running:
        async with httpx.AsyncClient(base_url=running.info["salesforce_instance"], headers=secret) as web:
            for method, path, body in CALLS:
                expected = await inside.call(method, path, body)
                assert plain(await web.request(method, path, json=body)) == plain(expected)


async def test_a_restart_loses_nothing() -> None:
    first = Org(in_process(Settings(leads=20, contacts=10)))
    meta = {"label": "Rank", "type": "Text", "length": 10}
    await first.good("POST", "/tooling/sobjects/CustomField", {"FullName": "Lead.Rank__c", "Metadata": meta})
    await first.set(rotate=True, fls_hidden=["Lead.Title"])
    saved = json.loads(json.dumps(dump(first.org)))
    second = Org(in_process(Settings(seed=99, leads=3, contacts=0)))
    restore(second.org, saved)
    second.renew()
    assert await second.control.call("GET", "/state/salesforce/Lead") == await first.control.call(
        "GET", "/state/salesforce/Lead"
    )
    assert second.org.client_id == first.org.client_id
    assert second.org.switches == first.org.switches
    assert second.org.schema.find("Lead").get("Rank__c") == first.org.schema.find("Lead").get("Rank__c")
    assert await second.lead() == await first.lead()


async def test_a_lost_answer_leaves_the_write_behind(org: Org) -> None:
    """8.4, point 6: time-outs after commit."""
    action = {"kind": "drop_after"}
    await org.control.call("POST", "/faults", {"service": "salesforce", "path": "/sobjects/Lead", "action": action})
    with pytest.raises(httpx.ReadError):
        await org.lead(LastName="Ghost")
    assert len(await org.ids("SELECT Id FROM Lead WHERE LastName = 'Ghost'")) == 1


async def test_a_thousand_mixed_requests_take_under_two_seconds(peopled: Org) -> None:
    """Issue: in-process."""
    key = await peopled.lead()
    began = time.perf_counter()
    for number in range(250):
        await peopled.good("PATCH", f"/sobjects/Lead/{key}", {"City": f"C{number}"})
        await peopled.read("Lead", key, "City")
        await peopled.query("SELECT Id, Email FROM Lead WHERE Email = 'nobody@firm.example'")
        await peopled.call("GET", f"/sobjects/Contact/ActiveCampaign_ID__c/{number}")
    assert time.perf_counter() - began < 2
