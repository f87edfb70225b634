"""The days behind the charts: every record and every call is in the day it belongs to, and none is counted twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from acassist.assistant.daily import last_days
from acassist.domain.ids import Service
from acassist.domain.ledger import Counters, RunDirection, RunState
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_engine(tmp_path / "profile", outbound=OutboundSettings(lead=EVERYBODY, contact=EVERYBODY))
    yield opened
    await opened.close()


def sent(engine: Engine) -> dict[Service, int]:
    budget = engine.assistant.session.machine.wiring.budget
    return {service: budget.calls_made(service) for service in Service}


async def test_each_call_that_left_is_counted_once_for_its_service(engine: Engine) -> None:
    await engine.assistant.sync_now(yes=True)
    await engine.assistant.sync_now(yes=True)
    await engine.assistant.search("ana")
    found = await engine.assistant.desk.last_days()
    made = sent(engine)
    assert (sum(d.calls_ac for d in found.days), sum(d.calls_sf for d in found.days)) == (
        made[Service.ACTIVECAMPAIGN], made[Service.SALESFORCE],
    )  # fmt: skip


async def test_calls_survive_the_program(engine: Engine) -> None:
    await engine.assistant.sync_now(yes=True)
    await engine.assistant.search("ana")
    made = sent(engine)
    await engine.close()
    await engine.reopen()
    found = await engine.assistant.desk.last_days()
    assert sum(d.calls_sf for d in found.days) >= made[Service.SALESFORCE]


async def test_the_records_of_the_runs_are_the_records_of_the_days(engine: Engine) -> None:
    runs = [await engine.assistant.sync_now(yes=True) for _ in range(2)]
    found = await engine.assistant.desk.last_days()
    assert len(found.days) == 14
    assert sum(d.to_activecampaign for d in found.days) == sum(
        r.counters.created_ac + r.counters.updated_ac for r in runs
    )
    assert found.allowance == engine.assistant.session.calls()[0][1]


def store_run(engine: Engine, counters: Counters) -> None:
    history = engine.stores.history
    with engine.stores.db.transaction():
        history.finish_run(history.start_run(RunDirection.BOTH, "schedule"), RunState.DONE, counters)


async def test_a_run_counts_for_the_local_day_on_which_it_began(engine: Engine) -> None:
    session = engine.assistant.session
    now = engine.world.clock.now()
    engine.world.clock.advance((now.replace(hour=23, minute=30, second=0) - now).total_seconds() % 86_400)
    store_run(engine, Counters(updated_ac=7))
    engine.world.clock.advance(timedelta(hours=2).total_seconds())
    for zone, counted in (("UTC", [7, 0]), ("Europe/Berlin", [0, 7])):
        session.machine = replace(session.machine, zone=ZoneInfo(zone))
        assert [d.to_activecampaign for d in (await last_days(session, 2)).days] == counted


async def test_more_runs_than_one_page_are_all_counted(engine: Engine) -> None:
    for _ in range(520):
        store_run(engine, Counters(created_sf=1))
    assert sum(d.to_salesforce for d in (await engine.assistant.desk.last_days()).days) == 520
