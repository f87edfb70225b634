"""Fault sweeps: whatever fails at any call or commit, later runs reach the state of an undisturbed one (I5, I6)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from acassist.domain.mapping import ConflictRule
from acassist.domain.problem import ProblemError
from tests.simulation.canonical import canonical, ledger_of
from tests.simulation.forks import Killed, Snapshot, kill_at_commit, rise
from tests.simulation.scene import Scene

ROWS = [("Nickname", "Nickname__c"), ("Annual budget", "Annual_Budget__c")]
# All of them take minutes; the short run takes every so many-th, other ones for each kind of fault.
STRIDE = int(os.environ.get("ACASSIST_SWEEP_STRIDE", "7"))

Outcome = dict[str, Any]


async def small_story(folder: Path) -> Scene:
    """Return a scene at the moment before a run that has something of everything to do, one by one."""
    scene = await Scene.open(folder, rows=ROWS)
    ids = [await scene.lead(f"old{n}@x.example", FirstName="Old", Nickname__c="N", Phone="1") for n in range(6)]
    twin = await scene.contact("old0@x.example", FirstName="Old", Nickname__c="N")
    await scene.sync()
    await scene.sync()
    acs = [scene.link(sf).ac_id for sf in ids]
    scene.world.clock.advance(3600)
    await scene.edit("Contact", twin, FirstName="Primary")
    await scene.edit("Lead", ids[1], FirstName="Edited", Email="renamed@x.example")
    await scene.change(acs[2], firstName="Changed", values={"Nickname": "M", "Annual budget": "$1,000"})
    await scene.edit("Lead", ids[3], Nickname__c="left")
    await scene.change(acs[3], phone="2")
    await scene.convert(ids[4])
    await scene.drop(acs[5])
    await scene.edit("Lead", ids[5], FirstName="Nobody")
    for n in range(2):
        await scene.lead(f"new{n}@x.example", FirstName="New", Annual_Budget__c=5, Company=f"Co {n}")
    await scene.lead("known@x.example", FirstName="Known", Nickname__c="K")
    await scene.person("known@x.example", lastName="There")
    for n in range(2):
        tags = ["create-salesforce-contact"]
        await scene.person(f"wish{n}@x.example", firstName="W", lastName=f"W{n}", tags_add=tags)
    return scene


async def bulk_story(folder: Path) -> Scene:
    """Return a scene before a run that works by bulk import on both new and linked people."""
    scene = await Scene.open(folder, rows=ROWS)
    ids = [await scene.lead(f"old{n}@x.example", FirstName="Old", Nickname__c="N") for n in range(12)]
    await scene.sync()
    await scene.sync()
    for n, sf in enumerate(ids):
        await scene.edit("Lead", sf, FirstName=f"Edited {n}")
        await scene.change(scene.link(sf).ac_id, values={"Nickname": f"M{n}"})
    for n in range(12):
        await scene.lead(f"new{n}@x.example", FirstName="New", Nickname__c="X", Company=f"Co {n % 2}")
    return scene


def outcome(scene: Scene) -> Outcome:
    """Return what must not depend on the fault."""
    return {**canonical(scene.world), "links": ledger_of(scene.engine.stores, scene.world), "issues": scene.codes()}


async def settled(scene: Scene) -> Outcome:
    """Let two more runs finish the work; the one after them must write nothing."""
    for _ in range(3):
        await scene.sync(yes=True)
    assert scene.record_writes() == []
    return outcome(scene)


class Sweep:
    """One moment and what an undisturbed run makes of it."""

    def __init__(self, snapshot: Snapshot, folder: Path) -> None:
        self.snapshot, self.folder = snapshot, folder
        self.calls = self.commits = self._copies = 0
        self.expected: Outcome = {}

    @classmethod
    async def of(cls, scene: Scene, folder: Path) -> Sweep:
        sweep = cls(await Snapshot.of(scene, folder), folder)
        await scene.close()
        calm = await sweep.copy()
        commits = calm.engine.profile.db.commits
        await calm.sync(yes=True)
        sweep.calls, sweep.commits = len(calm.calls()), calm.engine.profile.db.commits - commits
        sweep.expected = await settled(calm)
        await calm.close()
        return sweep

    async def copy(self) -> Scene:
        self._copies += 1
        return await self.snapshot.open(self.folder / f"copy{self._copies}")

    def where(self, count: int, kind: int) -> list[int]:
        return list(range(1 + kind % STRIDE, count + 1, STRIDE))


async def strike(sweep: Sweep, number: int, action: Mapping[str, Any], times: int) -> None:
    scene = await sweep.copy()
    scene.world.faults.add({"service": "*", "nth": number, "times": times, "action": dict(action)})
    with suppress(ProblemError):
        await scene.sync(yes=True)
    scene.world.faults.clear()
    assert await settled(scene) == sweep.expected, f"call {number}"
    await scene.close()


FAULTS = {
    "refused once": ({"kind": "status", "status": 503}, 1),
    "cut off once": ({"kind": "drop"}, 1),
    "answer lost once": ({"kind": "drop_after"}, 1),
    "down from here": ({"kind": "status", "status": 503}, -1),
    "cut off from here": ({"kind": "drop"}, -1),
    "answers lost from here": ({"kind": "drop_after"}, -1),
    "late": ({"kind": "delay", "seconds": 40}, 1),
}


@pytest.mark.parametrize("story", [small_story, bulk_story])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_any_call_changes_nothing_in_the_end(tmp_path: Path, story: Any, fault: str) -> None:
    sweep = await Sweep.of(await story(tmp_path / "story"), tmp_path)
    action, times = FAULTS[fault]
    for number in sweep.where(sweep.calls, list(FAULTS).index(fault)):
        await strike(sweep, number, action, times)


@pytest.mark.parametrize("story", [small_story, bulk_story])
async def test_a_kill_after_any_commit_changes_nothing_in_the_end(tmp_path: Path, story: Any) -> None:
    sweep = await Sweep.of(await story(tmp_path / "story"), tmp_path)
    for number in sweep.where(sweep.commits, 0):
        scene = await sweep.copy()
        kill_at_commit(scene, number)
        with pytest.raises(BaseException):  # noqa: B017 - whatever the torn run ends with
            await scene.sync(yes=True)
        await rise(scene)
        assert await settled(scene) == sweep.expected, f"commit {number}"
        await scene.close()


async def test_our_own_write_whose_answer_was_lost_is_not_taken_for_somebodys_edit(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path / "profile", rows=[ROWS[0]], conflict=ConflictRule.ASK)
    sf = await scene.lead("ann@x.example", Nickname__c="old")
    await scene.sync()
    await scene.sync()
    await scene.edit("Lead", sf, Nickname__c="one")
    lost = {"method": "PUT", "path": "/contacts/", "times": -1, "action": {"kind": "drop_after"}}
    scene.world.faults.add({"service": "activecampaign", **lost})
    await scene.sync_stops()
    scene.world.faults.clear()
    assert scene.value(scene.link(sf).ac_id, "Nickname") == "one"
    await scene.edit("Lead", sf, Nickname__c="two")
    await scene.sync()
    assert scene.value(scene.link(sf).ac_id, "Nickname") == "two"
    assert scene.issues() == []
    await scene.close()


def test_killed_is_no_ordinary_exception() -> None:
    assert not issubclass(Killed, Exception)
