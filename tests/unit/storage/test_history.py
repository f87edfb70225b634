from __future__ import annotations

from dataclasses import replace

import pytest

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Counters, HistoryAction, HistoryItem, RunDirection, RunState
from acassist.domain.problem import Problem, ProblemCode
from acassist.storage.history import History


@pytest.fixture
def history(db) -> History:
    return History(db)


def item(clock, run_id: int | None, **more) -> HistoryItem:
    return HistoryItem(run_id, clock.now(), Service.SALESFORCE, HistoryAction.UPDATE, "003A", **more)


def test_a_finished_run_tells_what_it_did(history, clock):
    run_id = history.start_run(RunDirection.OUTBOUND, "schedule")
    started = clock.now()
    clock.pass_time(minutes=2)
    problem = Problem(ProblemCode.SF_QUOTA, values={"used": 80, "when": clock.now()})
    history.finish_run(run_id, RunState.STOPPED, Counters(updated_ac=3), problem)
    run = history.run(run_id)
    assert (run.direction, run.cause, run.state) == (RunDirection.OUTBOUND, "schedule", RunState.STOPPED)
    assert (run.started, run.ended, run.counters) == (started, clock.now(), Counters(updated_ac=3))
    assert (run.problem, run.problem_values) == (ProblemCode.SF_QUOTA, problem.values)


def test_finishing_an_unknown_run_is_an_error(history):
    with pytest.raises(LookupError):
        history.finish_run(1, RunState.DONE, Counters())


def test_runs_come_newest_first_in_pages(history):
    ids = [history.start_run(RunDirection.BOTH, "person") for _ in range(3)]
    first = history.runs(limit=2)
    assert [run.id for run in first] == [ids[2], ids[1]]
    assert [run.id for run in history.runs(limit=2, before_id=first[-1].id)] == [ids[0]]


def test_items_are_found_by_run_link_and_record(history, clock):
    run_id = history.start_run(RunDirection.BOTH, "person")
    full = item(
        clock, run_id, name="Ana", link_id=4, sobject=SObject.CONTACT, sf_id="003A", ac_id="7",
        field="Phone", before=None, after="1", rule="unchanged", reply="ok",
    )  # fmt: skip
    history.add([full, item(clock, None, link_id=5)])
    found = history.items(run_id=run_id)
    assert found == [replace(full, id=found[0].id)]
    assert history.items(link_id=4) == history.items(sf_id="003A") == found
    assert [i.link_id for i in history.items()] == [5, 4]
    assert [i.link_id for i in history.items(limit=1, before_id=history.items()[0].id)] == [4]


def test_runs_that_never_ended_are_closed_as_interrupted(history, db):
    ended = history.start_run(RunDirection.BOTH, "a")
    history.finish_run(ended, RunState.DONE, Counters())
    killed = history.start_run(RunDirection.BOTH, "b")
    assert history.close_killed() == 1
    assert (history.run(ended).state, history.run(killed).state) == (RunState.DONE, RunState.KILLED)
    commits = db.commits
    assert history.close_killed() == 0
    assert db.commits == commits


def test_days_add_up_their_runs(history, clock):
    for hours, created in ((0, 1), (1, 2), (24, 5)):
        clock.pass_time(hours=hours)
        run_id = history.start_run(RunDirection.BOTH, "schedule")
        history.finish_run(run_id, RunState.DONE, Counters(created_ac=created, calls_sf=1))
    days = history.per_day(7)
    assert [(d.day.isoformat(), d.runs, d.counters.created_ac, d.counters.calls_sf) for d in days] == [
        ("2026-03-01", 2, 3, 2),
        ("2026-03-02", 1, 5, 1),
    ]
    assert len(history.per_day(1)) == 1


def test_pruning_goes_in_slices_and_keeps_the_newest_run_whole(history, clock):
    old, newest = (history.start_run(RunDirection.BOTH, "a") for _ in range(2))
    for run_id in (old, newest):
        history.add([item(clock, run_id) for _ in range(3)])
        history.finish_run(run_id, RunState.DONE, Counters())
    history.add([item(clock, None)])
    clock.pass_time(days=400)
    assert [history.prune(clock.now(), limit=2) for _ in range(3)] == [2, 2, 0]
    assert [run.id for run in history.runs()] == [newest]
    assert len(history.items()) == len(history.items(run_id=newest)) == 3


def test_pruning_spares_what_is_young_enough(history, clock):
    run_id = history.start_run(RunDirection.BOTH, "a")
    history.add([item(clock, run_id)])
    history.start_run(RunDirection.BOTH, "b")
    assert history.prune(clock.now()) == 0
    assert len(history.items()) == 1
    assert len(history.runs()) == 2
