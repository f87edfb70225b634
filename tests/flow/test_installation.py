"""Two computers on one pair: one runs the sync, the other says who does, and takes over only when it may."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from acassist.assistant.container import close_profile, open_profile
from acassist.assistant.events import Alert
from acassist.assistant.jobs import Jobs
from acassist.assistant.setup.flow import SetupFlow
from acassist.domain.ledger import RunDirection
from acassist.domain.problem import Problem, ProblemCode, ProblemError, exit_code_for
from acassist.domain.profile import Step
from acassist.sandbox.world import World
from acassist.sync.installation import Holding
from tests.engine import Engine, connected, open_engine
from tests.sandbox import in_process

MINUTE, HOUR = 60, 3600


@dataclass(slots=True)
class Desk:
    """Two profiles on two computers, connected to the same org and account."""

    world: World
    first: Engine
    second: Engine

    def calls(self, mark: int = 0) -> list[str]:
        """Return the requests about connections."""
        log = self.world.log.since(mark)
        return [e["method"] for e in log if e["path"].startswith("/api/3/connections")]

    @property
    def entry(self) -> dict[str, str]:
        (row,) = self.world.activecampaign.tables["connections"]
        return dict(row)


async def on_computer(world: World, folder: Path, name: str) -> Engine:
    engine = await open_engine(folder, world=world)
    await engine.close()
    engine.options = replace(engine.options, computer=name)
    engine.profile = await open_profile(engine.options)
    return engine


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    world = in_process()
    first = await on_computer(world, tmp_path / "a", "LAPTOP-1")
    made = Desk(world, first, await on_computer(world, tmp_path / "b", "DESK-2"))
    yield made
    for engine in (made.first, made.second):
        await close_profile(engine.profile)


async def refusal(work: object) -> Problem:
    with pytest.raises(ProblemError) as caught:
        await work  # type: ignore[misc]
    return caught.value.problem


async def test_the_first_run_creates_the_entry_and_names_the_computer(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    assert "LAPTOP-1" in desk.entry["name"]
    assert desk.entry["externalid"] == desk.world.salesforce.org_id
    assert desk.calls() == ["GET", "POST"]


async def test_runs_within_the_hour_ask_nothing_about_it(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    mark = desk.world.log.total
    for _ in range(5):
        desk.world.clock.advance(10 * MINUTE)
        await desk.first.assistant.sync_now()
    assert desk.calls(mark) == []


async def test_the_sign_of_life_is_given_once_an_hour_while_the_program_is_open(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    mark = desk.world.log.total
    for _ in range(36):
        desk.world.clock.advance(5 * MINUTE)
        assert await desk.first.assistant.jobs.pairing.tend() is None
    assert desk.calls(mark) == ["GET", "PUT"] * 3


async def test_another_installation_does_not_run_beside_it_and_says_who_does(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    mark = desk.world.log.total
    problem = await refusal(desk.second.assistant.sync_now(yes=True))
    assert problem.code is ProblemCode.OTHER_INSTALLATION
    assert "LAPTOP-1" in problem.sentence.english()
    assert exit_code_for(problem) == 5
    changed = [e for e in desk.world.log.since(mark) if e["kind"] == "write"]
    assert changed == []
    assert await desk.second.assistant.runs() == []


async def test_nobody_takes_over_from_an_installation_that_is_alive(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    desk.world.clock.advance(HOUR + 50 * MINUTE)
    problem = await refusal(desk.second.assistant.take_over())
    assert problem.code is ProblemCode.OTHER_INSTALLATION
    assert "LAPTOP-1" in desk.entry["name"]


async def test_after_two_hours_of_silence_a_person_must_confirm_and_then_it_runs(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    desk.world.clock.advance(2 * HOUR)
    problem = await refusal(desk.second.assistant.sync_now(yes=True))
    assert problem.code is ProblemCode.TAKE_OVER_NEEDED
    assert exit_code_for(problem) == 5
    await desk.second.assistant.take_over()
    await desk.second.assistant.sync_now(yes=True)
    assert "DESK-2" in desk.entry["name"]


async def test_the_one_that_was_taken_over_stops_when_it_comes_back(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    desk.world.clock.advance(2 * HOUR)
    await desk.second.assistant.take_over()
    problem = await refusal(desk.first.assistant.sync_now())
    assert problem.code is ProblemCode.OTHER_INSTALLATION
    assert "DESK-2" in problem.sentence.english()


async def test_no_run_begins_on_a_sign_of_life_that_others_may_take_for_silence(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    desk.world.clock.advance(HOUR + 55 * MINUTE)
    mark = desk.world.log.total
    await desk.first.assistant.sync_now()
    assert desk.calls(mark) == ["GET", "PUT"]
    desk.world.clock.advance(10 * MINUTE)
    problem = await refusal(desk.second.assistant.take_over())
    assert problem.code is ProblemCode.OTHER_INSTALLATION


async def test_a_run_under_way_stops_when_somebody_took_over_meanwhile(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    told: list[object] = []
    desk.first.assistant.events.subscribe(told.append)
    desk.world.clock.advance(2 * HOUR)
    await desk.second.assistant.take_over()
    jobs: Jobs = desk.first.assistant.jobs
    jobs._cancelled = False
    jobs.pairing.tend_aside(jobs._lost)
    await jobs.pairing._beating
    assert jobs._cancelled
    assert [e.problem.code for e in told if isinstance(e, Alert)] == [ProblemCode.OTHER_INSTALLATION]


async def test_two_that_begin_at_the_same_moment_do_not_both_hold_the_pair(desk: Desk) -> None:
    rows = desk.world.activecampaign.tables["connections"]
    first, second = desk.first.assistant.jobs.pairing, desk.second.assistant.jobs.pairing
    client = await desk.second.assistant.session.activecampaign()
    seen = await client.find_connection(desk.world.salesforce.org_id)
    await first.introduce()
    signed = await client.sign_connection(seen, desk.world.salesforce.org_id, second.me(), desk.world.clock.now())
    assert signed.installation == first.me().id
    assert len(list(rows)) == 1


@pytest.mark.parametrize("status", [402, 403, 404])
async def test_an_account_that_does_not_offer_connections_syncs_all_the_same(desk: Desk, status: int) -> None:
    body = {"message": "You do not have permission to do that."} if status == 403 else None
    action = {"kind": "status", "status": status, **({"body": body} if body else {})}
    desk.world.faults.add({"service": "activecampaign", "path": "/connections", "times": -1, "action": action})
    await desk.first.assistant.sync_now(yes=True)
    mark = desk.world.log.total
    desk.world.clock.advance(3 * HOUR)
    await desk.first.assistant.sync_now()
    assert desk.calls(mark) == []
    assert (await desk.first.assistant.jobs.pairing.holder()).holding is Holding.UNAVAILABLE


async def test_step_one_writes_the_entry_when_it_is_finished(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path)
    session = engine.assistant.session
    session.store(replace(connected(engine.world), finished=(), started=False), what="test")
    flow: SetupFlow = await engine.assistant.open_step(Step.CONNECTIONS)
    await engine.assistant.finish_step(replace(flow, index=len(flow.pages) - 1))
    assert (await engine.assistant.jobs.pairing.holder()).holding is Holding.OURS
    await engine.close()


async def test_a_profile_that_came_from_another_computer_gets_an_id_of_its_own(desk: Desk) -> None:
    await desk.first.assistant.sync_now(yes=True)
    before = desk.first.assistant.jobs.pairing.me()
    await close_profile(desk.first.profile)
    desk.first.options = replace(desk.first.options, computer="NEW-3")
    desk.first.profile = await open_profile(desk.first.options)
    pairing = desk.first.assistant.jobs.pairing
    assert pairing.me().id == before.id
    pairing.settle_in()
    assert pairing.me().id != before.id


async def test_a_due_sign_of_life_costs_no_run_of_the_schedule(desk: Desk) -> None:
    await desk.first.assistant.sync_now(RunDirection.BOTH, yes=True)
    desk.world.clock.advance(HOUR)
    runs = len(await desk.first.assistant.runs())
    await desk.first.assistant.jobs.pairing.tend()
    assert len(await desk.first.assistant.runs()) == runs
