"""Faults by method, path, body and count, over a transport in this process."""

from __future__ import annotations

import asyncio
import signal
import sys

import httpx
import pytest

from tests.sandbox import ACTIVECAMPAIGN, CONTROL, INSTANCE, Control, client, in_process


@pytest.fixture
def world():
    return in_process(empty=True)


@pytest.fixture
def control(world):
    return Control(world)


@pytest.fixture
async def http(world):
    async with client(world) as open_client:
        yield open_client


async def sync(http: httpx.AsyncClient, email: str = "x@mail.example") -> httpx.Response:
    return await http.post("/api/3/contact/sync", json={"contact": {"email": email}})


async def test_a_status_with_body_and_headers_replaces_the_answer(control, http, world):
    action = {"kind": "status", "status": 503, "body": "<h1>Down</h1>", "headers": {"Retry-After": "7"}}
    await control.call("POST", "/faults", {"action": action, "path": "contact/sync"})
    response = await sync(http)
    assert (response.status_code, response.text, response.headers["retry-after"]) == (503, "<h1>Down</h1>", "7")
    assert response.headers["content-type"].startswith("text/html")
    assert world.activecampaign.contacts == {}
    assert (await sync(http)).status_code == 201


async def test_it_strikes_at_the_nth_match_and_so_many_times(control, http):
    rule = {"action": {"kind": "status", "status": 500}, "nth": 2, "times": 2, "method": "GET", "path": "/users/me$"}
    key = (await control.call("POST", "/faults", rule))["id"]
    seen = [(await http.get("/api/3/users/me")).status_code for _ in range(5)]
    assert seen == [200, 500, 500, 200, 200]
    await http.get("/api/3/tags")
    shown = (await control.call("GET", "/faults"))[0]
    assert (shown["id"], shown["matched"], shown["fired"]) == (key, 5, 2)


async def test_it_looks_into_the_body(control, http):
    rule = {
        "action": {"kind": "status", "status": 500, "body": {"message": "no"}},
        "body_contains": "b@mail",
        "times": -1,
    }
    await control.call("POST", "/faults", rule)
    assert (await sync(http, "a@mail.example")).status_code == 201
    assert (await sync(http, "b@mail.example")).json() == {"message": "no"}
    assert (await sync(http, "b@mail.example")).status_code == 500


async def test_a_dropped_request_does_nothing(control, http, world):
    await control.call("POST", "/faults", {"action": {"kind": "drop"}})
    with pytest.raises(httpx.ReadError):
        await sync(http)
    assert world.activecampaign.contacts == {}
    assert world.log.since()[-1]["status"] == 0


async def test_a_dropped_answer_leaves_the_work_done(control, http, world):
    await control.call("POST", "/faults", {"action": {"kind": "drop_after"}})
    with pytest.raises(httpx.ReadError):
        await sync(http)
    assert len(world.activecampaign.contacts) == 1
    assert world.log.since()[-1]["status"] == 201


async def test_a_delay_moves_the_virtual_clock(control, http, world):
    before = world.clock.now()
    await control.call("POST", "/faults", {"action": {"kind": "delay", "seconds": 40}})
    assert (await sync(http)).status_code == 201
    assert (world.clock.now() - before).total_seconds() == 40


async def test_a_session_expires_once_and_a_quota_is_used_up(control, world):
    await control.call("POST", "/faults", {"action": {"kind": "expire_token"}, "service": "salesforce"})
    await control.call("POST", "/faults", {"action": {"kind": "quota"}, "service": "salesforce"})
    async with client(world, INSTANCE) as http:
        expired, used_up = await http.get("/services/data"), await http.get("/services/data")
    assert (expired.status_code, expired.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")
    assert (used_up.status_code, used_up.json()[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")


async def test_the_services_are_told_apart(control, http):
    await control.call("POST", "/faults", {"action": {"kind": "quota"}, "service": "salesforce"})
    assert (await http.get("/api/3/users/me")).status_code == 200
    await control.call("POST", "/faults", {"action": {"kind": "quota"}, "service": "activecampaign"})
    assert (await http.get("/api/3/users/me")).status_code == 429


async def test_rules_are_removed(control, http):
    key = (await control.call("POST", "/faults", {"action": {"kind": "drop"}}))["id"]
    await control.call("DELETE", f"/faults/{key}")
    await control.call("POST", "/faults", {"action": {"kind": "drop"}})
    await control.call("DELETE", "/faults")
    assert (await http.get("/api/3/users/me")).status_code == 200


async def test_a_rule_that_makes_no_sense_is_refused(world):
    wrong = (
        {},
        {"action": {"kind": "explode"}},
        {"action": {"kind": "drop"}, "path": "("},
        {"action": {"kind": "drop"}, "x": 1},
    )
    async with client(world, CONTROL) as http:
        for rule in wrong:
            assert (await http.post("/faults", json=rule)).status_code == 400


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
async def test_a_process_is_killed_before_or_after_the_work(control, http, world):
    for kind, people in (("kill_before", 0), ("kill_after", 1)):
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
        await control.call("POST", "/faults", {"action": {"kind": kind, "pid": process.pid}})
        with pytest.raises(httpx.ReadError):
            await sync(http)
        assert await process.wait() == -signal.SIGKILL
        assert len(world.activecampaign.contacts) == people


async def test_an_unknown_host_cannot_be_reached(world):
    async with client(world, "https://other.sandbox.example") as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("/")
    assert ACTIVECAMPAIGN.endswith("acct.sandbox.example")


async def test_every_answer_carries_the_date_of_the_sandbox(http, world):
    assert (await http.get("/api/3/users/me")).headers["date"] == "Mon, 02 Mar 2026 09:00:00 GMT"
    world.clock.advance(61)
    assert (await http.get("/api/3/users/me")).headers.get_list("date") == ["Mon, 02 Mar 2026 09:01:01 GMT"]
