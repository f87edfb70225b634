"""A run that would change unusually much, or use too many calls, stops before it writes (rules 6.1 and 6.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.domain.ledger import RunState
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import Limits
from acassist.sandbox.settings import Settings
from tests.simulation.scene import Scene

NICK = ("Nickname", "Nickname__c")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=[NICK], copy_blanks=True)
    yield made
    await made.close()


async def leads(scene: Scene, count: int) -> list[str]:
    """Create leads with a nickname and return their ids."""
    return [await scene.lead(f"p{n}@x.example", FirstName="P", Nickname__c=f"N{n}") for n in range(count)]


def limit(scene: Scene, **limits: int) -> None:
    """Set brakes."""
    session = scene.engine.assistant.session
    session.store(replace(session.setup, limits=replace(Limits(), **limits)), what="test")


def nicknames(scene: Scene) -> int:
    """Count the people that hold a nickname in ActiveCampaign."""
    return sum(bool(scene.value(person["id"], "Nickname")) for person in scene.people())


async def empty_nicknames(scene: Scene, ids: list[str]) -> None:
    """Empty one field of many leads, as a wrong mass edit would."""
    for sf_id in ids:
        await scene.edit("Lead", sf_id, Nickname__c="")


async def test_a_field_emptied_on_more_records_than_allowed_stops_the_run(scene: Scene) -> None:
    ids = await leads(scene, 21)
    await scene.sync()
    await empty_nicknames(scene, ids)
    problem = await scene.sync_stops()
    assert problem.code is ProblemCode.BRAKE
    assert (problem.values["count"], problem.values["limit"]) == (21, 20)
    assert scene.record_writes() == []
    assert nicknames(scene) == 21


async def test_as_many_emptied_records_as_allowed_go_through(scene: Scene) -> None:
    ids = await leads(scene, 21)
    await scene.sync()
    await empty_nicknames(scene, ids[:20])
    assert (await scene.sync()).state is RunState.DONE
    assert nicknames(scene) == 1


async def test_a_persons_yes_releases_the_brake(scene: Scene) -> None:
    ids = await leads(scene, 21)
    await scene.sync()
    await empty_nicknames(scene, ids)
    await scene.sync_stops()
    await scene.sync(yes=True)
    assert nicknames(scene) == 0


async def test_nobody_is_sent_beyond_what_the_plan_has_room_for_and_no_yes_changes_that(scene: Scene) -> None:
    await scene.account(subscriber_limit=3)
    await leads(scene, 4)
    problem = await scene.sync_stops(yes=True)
    assert problem.code is ProblemCode.BRAKE
    assert (problem.values["count"], problem.values["limit"]) == (4, 3)
    assert scene.people() == []


async def test_the_days_calls_of_salesforce_are_left_to_others_beyond_the_share(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, settings=Settings(leads=0, contacts=0, daily_api_requests=100))
    await scene.lead("ann@x.example")
    limit(scene, salesforce_share=1)
    problem = await scene.sync_stops()
    assert problem.code is ProblemCode.SF_QUOTA
    assert scene.record_writes() == []
    limit(scene, salesforce_share=80)
    assert (await scene.sync()).state is RunState.DONE
    await scene.close()
