"""When an inbound batch is made: ten minutes after a change, at once for a hundred, hourly in any case (rule 5.5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.domain.ledger import RunDirection
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sandbox.settings import Settings
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("Email", Operator.IS_NOT_BLANK),)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    outbound = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
    made = await open_engine(tmp_path / "p", outbound=outbound, settings=Settings(leads=130, contacts=4))
    for _ in range(3):
        await made.assistant.sync_now(yes=True)
        made.world.clock.advance(3600)
    await made.assistant.sync_now(yes=True)
    yield made
    await made.close()


def inbound_runs(engine: Engine) -> int:
    return sum(run.direction is RunDirection.INBOUND for run in engine.stores.history.runs(50))


def change(engine: Engine, count: int) -> None:
    account = engine.world.activecampaign
    for contact in list(account.contacts.values())[:count]:
        account.set_standard(contact, {"firstName": f"Changed {contact.id}"})


async def look(engine: Engine, seconds: float) -> None:
    engine.world.clock.advance(seconds)
    assert await engine.assistant.runner.look() is None


async def test_without_a_change_no_batch_is_made_for_an_hour(engine: Engine) -> None:
    for _ in range(5):
        await look(engine, 660)
    assert inbound_runs(engine) == 0
    await look(engine, 400)
    assert inbound_runs(engine) == 1


async def test_a_change_goes_to_salesforce_ten_minutes_after_the_last_batch(engine: Engine) -> None:
    change(engine, 1)
    await look(engine, 590)
    assert inbound_runs(engine) == 0
    await look(engine, 11)
    assert inbound_runs(engine) == 1


async def test_a_hundred_changes_do_not_wait(engine: Engine) -> None:
    change(engine, 99)
    await look(engine, 30)
    assert inbound_runs(engine) == 0
    change(engine, 120)
    await look(engine, 121)
    assert inbound_runs(engine) == 1


async def test_who_looks_often_asks_at_most_every_two_minutes(engine: Engine) -> None:
    engine.world.log.clear()
    for _ in range(30):
        await look(engine, 20)
    # After 20, 140, 260, 380 and 500 seconds, and when a batch would be due.
    assert engine.world.log.counts()["calls"] == {"activecampaign GET /api/3/contacts": 6}
