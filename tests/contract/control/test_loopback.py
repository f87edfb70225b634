"""Over loopback the answers are those of the apps in this process."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import socket
import threading

import httpx
import pytest

from acassist.sandbox.server import NAMES, Running, serve
from acassist.sandbox.settings import Settings
from tests.sandbox import client, in_process

PATHS = (
    *("users/me", "contacts?limit=5&include=fieldValues", "contacts/1", "contacts/99999", "fields?limit=100", "tags"),
    *("activities?contact=1&include=reference,reference.campaign", "campaigns", "automations", "accounts", "nothing"),
)


@pytest.fixture(scope="module")
def running():
    with Running(in_process()) as server:
        yield server


def test_each_part_has_its_own_address_on_127_0_0_1(running):
    info = running.info
    assert len({info[name] for name in NAMES}) == 4
    assert all(info[name].startswith("http://127.0.0.1:") for name in NAMES)
    assert {"client_id", "username", "password", "api_key", "org_id"} <= set(info)


async def test_both_ways_give_the_same_answers(running):
    inside = in_process()
    inside.addresses.activecampaign = running.info["activecampaign"]
    async with client(inside, running.info["activecampaign"]) as here, httpx.AsyncClient() as there:
        headers = {"Api-Token": running.info["api_key"]}
        for path in PATHS:
            one = await here.get("/api/3/" + path, headers=headers)
            two = await there.get(f"{running.info['activecampaign']}/api/3/{path}", headers=headers)
            assert (one.status_code, one.content) == (two.status_code, two.content), path


def test_the_state_is_the_same_text(running):
    state = httpx.get(running.info["control"] + "/state").text
    assert json.loads(state) == json.loads(json.dumps(_state()))


def _state() -> object:
    from acassist.sandbox.control import world_state

    return world_state(in_process())


@pytest.mark.parametrize("kind", ["drop", "drop_after"])
def test_a_drop_closes_the_socket_without_a_word_in_the_log(running, caplog, kind):
    caplog.set_level(logging.DEBUG, logger="uvicorn")
    control, target = running.info["control"], running.info["activecampaign"] + "/api/3/users/me"
    httpx.post(control + "/faults", json={"action": {"kind": kind}})
    with pytest.raises(httpx.TransportError):
        httpx.get(target, headers={"Api-Token": running.info["api_key"]})
    assert httpx.get(target, headers={"Api-Token": running.info["api_key"]}).status_code == 200
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_taken_port_is_an_error_and_frees_the_others(running):
    taken = int(running.info["control"].rsplit(":", 1)[1])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with pytest.raises(OSError):
        Running(in_process(empty=True), (free, taken, 0, 0))
    with socket.socket() as again:
        again.bind(("127.0.0.1", free))


def test_serving_announces_one_line_and_ends_when_told():
    stop, out = threading.Event(), io.StringIO()
    seen: list[dict[str, str]] = []

    def announce(info: dict[str, str]) -> None:
        seen.append(info)
        assert httpx.get(info["control"] + "/health").json()["ok"] is True
        stop.set()

    with contextlib.redirect_stdout(out):
        serve(Settings(leads=3, contacts=2), announce=announce, stop=stop)
    assert len(seen) == 1
    with pytest.raises(httpx.ConnectError):
        httpx.get(seen[0]["control"] + "/health")
