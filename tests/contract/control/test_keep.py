"""The data of a sandbox survive a restart when asked."""

from __future__ import annotations

import pickle
import threading

import httpx

from acassist.sandbox import keep
from acassist.sandbox.control import world_state
from acassist.sandbox.server import serve
from acassist.sandbox.settings import Settings
from tests.sandbox import client, in_process


def test_a_kept_world_is_the_same_world(tmp_path):
    world = in_process()
    keep.save(world, tmp_path / "world")
    again = keep.load(tmp_path / "world")
    assert world_state(again) == world_state(world)
    assert again.activecampaign.api_key == world.activecampaign.api_key


async def test_it_goes_on_where_it_was(tmp_path):
    keep.save(in_process(), tmp_path / "world")
    again = keep.load(tmp_path / "world")
    async with client(again) as http:
        tag = again.activecampaign.tag_id("demo-requested")
        await http.post("/api/3/contactTags", json={"contactTag": {"contact": 2, "tag": tag}})
    account = again.activecampaign
    assert account.tag_id("create-salesforce-lead") in account.contacts[2].tags


def test_no_file_a_torn_one_and_a_doctored_one_are_passed_over(tmp_path):
    path = tmp_path / "world"
    assert keep.load(path) is None
    keep.save(in_process(), path)
    path.write_bytes(path.read_bytes()[:2000])
    assert keep.load(path) is None
    marker = tmp_path / "marker"
    evil = pickle.dumps(_Evil(str(marker)))
    path.write_bytes(keep.FORMAT + evil)
    assert keep.load(path) is None
    assert not marker.exists()


class _Evil:
    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return (open, (self.path, "w"))


def test_a_server_keeps_what_was_written(tmp_path):
    path = tmp_path / "world"

    def once(use) -> None:
        stop = threading.Event()

        def announce(info: dict[str, str]) -> None:
            use(info)
            stop.set()

        serve(Settings(leads=3, contacts=2), announce=announce, stop=stop, kept=path)

    def write(info: dict[str, str]) -> None:
        httpx.post(info["control"] + "/activecampaign/contacts", json={"email": "kept@mail.example"})

    seen: list[str] = []

    def read(info: dict[str, str]) -> None:
        rows = httpx.get(info["control"] + "/state/activecampaign/contacts").json()
        seen.extend(row["email"] for row in rows)

    once(write)
    once(read)
    assert "kept@mail.example" in seen
