"""Fault sweeps: whatever fails at any call or commit, later runs reach the state of an undisturbed one (I5, I6)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from acassist.domain.mapping import ConflictRule
from tests.flow.fault_stories import ROWS, STORIES, Sweep, run_and_act, settled
from tests.simulation.forks import Killed, disarm, kill_at_call, kill_at_commit, rise
from tests.simulation.scene import Scene

# Every call and every commit; a higher stride is for a quick look.
STRIDE = int(os.environ.get("ACASSIST_SWEEP_STRIDE", "1"))
# Each sweep is cut into so many tests, so that they spread over the processes.
PARTS = 3


class Sweeps:
    """The moments that the tests of one process share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.get = cache(self._build)

    def _build(self, story: str) -> Sweep:
        folder = self.folder / story.replace(" ", "_")
        folder.mkdir()
        return Sweep.of(STORIES[story], folder)


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory: pytest.TempPathFactory) -> Sweeps:
    return Sweeps(tmp_path_factory.mktemp("sweeps"))


@pytest.fixture
def sweep(sweeps: Sweeps, story: str) -> Sweep:
    return sweeps.get(story)


def numbers(count: int, part: int) -> range:
    """Return the calls or commits of one part."""
    return range(1 + part * STRIDE, count + 1, PARTS * STRIDE)


async def ends_alike(sweep: Sweep, scene: Scene, what: str) -> None:
    assert await settled(scene) == sweep.expected, what
    folder = scene.engine.options.data_dir
    await scene.close()
    shutil.rmtree(folder)


async def strike(sweep: Sweep, number: int, action: Mapping[str, Any], times: int) -> None:
    scene = await sweep.copy()
    scene.world.faults.add({"service": "*", "nth": number, "times": times, "action": dict(action)})
    await run_and_act(scene)
    scene.world.faults.clear()
    await ends_alike(sweep, scene, f"call {number}")


async def killed(scene: Scene) -> None:
    """Run into a kill that was ordered, and start the program again."""
    try:
        await run_and_act(scene)
    except BaseException:  # whatever a torn program ends with
        await rise(scene)
    disarm(scene)


FAULTS = {
    "refused once": ({"kind": "status", "status": 503}, 1),
    "cut off once": ({"kind": "drop"}, 1),
    "answer lost once": ({"kind": "drop_after"}, 1),
    "down from here": ({"kind": "status", "status": 503}, -1),
    "cut off from here": ({"kind": "drop"}, -1),
    "answers lost from here": ({"kind": "drop_after"}, -1),
    "late": ({"kind": "delay", "seconds": 40}, 1),
}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_any_call_changes_nothing_in_the_end(sweep: Sweep, fault: str, part: int) -> None:
    action, times = FAULTS[fault]
    for number in numbers(sweep.calls, part):
        await strike(sweep, number, action, times)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("carried_out", [False, True], ids=["before", "after"])
async def test_a_kill_at_any_call_changes_nothing_in_the_end(sweep: Sweep, part: int, *, carried_out: bool) -> None:
    for number in numbers(sweep.calls, part):
        scene = await sweep.copy()
        kill_at_call(scene, number, carried_out=carried_out)
        await killed(scene)
        await ends_alike(sweep, scene, f"killed at call {number}")


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("story", STORIES)
async def test_a_kill_after_any_commit_changes_nothing_in_the_end(sweep: Sweep, part: int) -> None:
    for number in numbers(sweep.commits, part):
        scene = await sweep.copy()
        kill_at_commit(scene, number)
        await killed(scene)
        await ends_alike(sweep, scene, f"killed at commit {number}")


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
