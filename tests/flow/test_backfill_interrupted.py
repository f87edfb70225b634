"""A backfill that is torn away or disturbed anywhere and then resumed ends as an undisturbed one."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from acassist.domain.backfill import UNFINISHED, BackfillPhase, BackfillRequest, BackfillState
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemError
from acassist.domain.profile import OutboundSettings
from tests.simulation.canonical import canonical, ledger_of
from tests.simulation.forks import Snapshot, kill_at_commit, rise
from tests.simulation.scene import Scene

LEADS = BackfillRequest(SObject.LEAD)
STRIDE = int(os.environ.get("ACASSIST_SWEEP_STRIDE", "7"))
Outcome = dict[str, Any]


async def story(folder: Path) -> Scene:
    """Return a scene before a backfill of new people, known ones, doubles and somebody without an address."""
    scene = await Scene.open(folder, rows=[("Nickname", "Nickname__c")], outbound=OutboundSettings())
    for n in range(16):
        await scene.lead(f"p{n}@x.example", FirstName=f"F{n}", Nickname__c=f"N{n}", Company=f"Co {n % 3}")
    await scene.lead(None, FirstName="Nameless")
    await scene.lead("p3@x.example", FirstName="Double")
    for n in range(5, 9):
        await scene.person(f"p{n}@x.example", firstName="There")
    return scene


async def carry_on(scene: Scene) -> BackfillState:
    """Start the backfill, or go on with it as often as it takes."""
    assistant = scene.engine.assistant
    state = await assistant.backfill_state()
    if state.phase is BackfillPhase.IDLE:
        state = await assistant.start_backfill(LEADS, yes=True)
    for _ in range(3):
        if state.phase in UNFINISHED:
            scene.world.clock.advance(3600)
            state = await assistant.resume_backfill()
    return state


async def settled(scene: Scene) -> Outcome:
    """Let two runs look at everything; the one after them must write nothing."""
    for _ in range(3):
        await scene.sync(yes=True)
    assert scene.record_writes() == []
    found = {"links": ledger_of(scene.engine.stores, scene.world), "issues": scene.codes()}
    return {**canonical(scene.world), **found}


class Calm:
    """The moment before the backfill, and what an undisturbed one makes of it."""

    def __init__(self, snapshot: Snapshot, folder: Path) -> None:
        self.snapshot, self.folder = snapshot, folder
        self.calls = self.commits = self._copies = 0
        self.expected: Outcome = {}

    @classmethod
    async def of(cls, folder: Path) -> Calm:
        scene = await story(folder / "story")
        calm = cls(await Snapshot.of(scene, folder), folder)
        await scene.close()
        copy = await calm.copy()
        commits, calls = copy.engine.profile.db.commits, copy.world.log.total
        assert (await carry_on(copy)).phase is BackfillPhase.DONE
        calm.commits, calm.calls = copy.engine.profile.db.commits - commits, copy.world.log.total - calls
        calm.expected = await settled(copy)
        await copy.close()
        return calm

    async def copy(self) -> Scene:
        self._copies += 1
        return await self.snapshot.open(self.folder / f"copy{self._copies}")


async def test_a_kill_after_any_commit_of_a_backfill_changes_nothing_in_the_end(tmp_path: Path) -> None:
    calm = await Calm.of(tmp_path)
    for number in range(1, calm.commits + 1):
        scene = await calm.copy()
        kill_at_commit(scene, number)
        with pytest.raises(BaseException):  # noqa: B017 - whatever the torn stretch ends with
            await carry_on(scene)
        await rise(scene)
        assert (await carry_on(scene)).phase is BackfillPhase.DONE, f"commit {number}"
        assert await settled(scene) == calm.expected, f"commit {number}"
        await scene.close()


FAULTS = {
    "refused once": ({"kind": "status", "status": 503}, 1),
    "cut off once": ({"kind": "drop"}, 1),
    "answer lost once": ({"kind": "drop_after"}, 1),
    "answers lost from here": ({"kind": "drop_after"}, -1),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_any_call_of_a_backfill_changes_nothing_in_the_end(tmp_path: Path, fault: str) -> None:
    calm = await Calm.of(tmp_path)
    action, times = FAULTS[fault]
    for number in range(1 + list(FAULTS).index(fault) % STRIDE, calm.calls + 1, STRIDE):
        scene = await calm.copy()
        scene.world.faults.add({"service": "*", "nth": number, "times": times, "action": dict(action)})
        with suppress(ProblemError):
            await carry_on(scene)
        scene.world.faults.clear()
        assert (await carry_on(scene)).phase is BackfillPhase.DONE, f"call {number}"
        assert await settled(scene) == calm.expected, f"call {number}"
        await scene.close()


async def test_a_backfill_found_in_the_middle_at_the_start_can_be_resumed(tmp_path: Path) -> None:
    calm = await Calm.of(tmp_path)
    scene = await calm.copy()
    kill_at_commit(scene, calm.commits - 8)
    with pytest.raises(BaseException):  # noqa: B017 - whatever the torn stretch ends with
        await carry_on(scene)
    await rise(scene)
    state = await scene.engine.assistant.backfill_state()
    assert (state.phase, state.active, state.resumable) == (BackfillPhase.PAUSED, False, True)
    assert state.request == LEADS
    await scene.close()


async def test_people_of_a_large_import_whose_answer_was_lost_are_found_by_listing(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, outbound=OutboundSettings())
    for n in range(60):
        await scene.lead(f"p{n}@x.example", FirstName=f"F{n}")
    lost = {"method": "POST", "path": "bulk_import", "nth": 2, "times": 1, "action": {"kind": "drop_after"}}
    scene.world.faults.add({"service": "activecampaign", **lost})
    assert (await scene.engine.assistant.start_backfill(LEADS, yes=True)).phase is BackfillPhase.STOPPED
    scene.world.clock.advance(60)
    before = scene.world.log.total
    state = await scene.engine.assistant.resume_backfill()
    assert (state.phase, state.created, len(scene.people())) == (BackfillPhase.DONE, 60, 60)
    asked = [e for e in scene.world.log.since(before) if e["service"] == "activecampaign"]
    assert [e["path"] for e in asked if "email=" in e["query"] or "contactTags" in e["path"]] == []
    await scene.close()
