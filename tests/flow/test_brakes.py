"""A run that would change unusually much, or use too many calls, stops before it writes (rules 6.1 and 6.2)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import RunDirection, RunState
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Limits
from acassist.sandbox.settings import Settings
from tests.simulation.scene import Scene, mapping

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


# -- what a preview announced
async def newcomers(scene: Scene, count: int, name: str = "new") -> None:
    for number in range(count):
        await scene.lead(f"{name}{number}@x.example")


async def start_stops(scene: Scene) -> Problem:
    scene.marks["run"] = scene.world.log.total
    with pytest.raises(ProblemError) as stopped:
        await scene.engine.assistant.start()
    return stopped.value.problem


async def test_a_start_that_would_create_more_than_its_preview_announced_stops_with_both_totals(scene: Scene) -> None:
    await newcomers(scene, 5)
    assert (await scene.engine.assistant.first_match()).creates_ac == 5
    await newcomers(scene, 21, "more")
    problem = await start_stops(scene)
    assert (problem.code, problem.values["count"], problem.values["limit"]) == (ProblemCode.BRAKE, 26, 5)
    assert scene.record_writes() == []
    assert scene.people() == []
    # Whoever looked at the new preview has seen the new total.
    assert (await scene.engine.assistant.preview()).creates_ac == 26
    await scene.engine.assistant.start()
    assert len(scene.people()) == 26


async def test_a_few_more_than_announced_are_no_surprise(scene: Scene) -> None:
    await newcomers(scene, 5)
    await scene.engine.assistant.first_match()
    await newcomers(scene, 20, "more")
    await scene.engine.assistant.start()
    assert len(scene.people()) == 25


async def test_going_on_from_a_brake_is_the_answer_to_it(scene: Scene) -> None:
    await newcomers(scene, 5)
    await scene.engine.assistant.first_match()
    await newcomers(scene, 21, "more")
    await start_stops(scene)
    await scene.engine.assistant.start()
    assert len(scene.people()) == 26


async def test_going_on_answers_no_brake_of_a_set_up_that_was_changed_since(scene: Scene) -> None:
    await newcomers(scene, 5)
    await scene.engine.assistant.first_match()
    await newcomers(scene, 21, "more")
    await start_stops(scene)
    limit(scene, emptied_count=30)
    assert (await start_stops(scene)).code is ProblemCode.BRAKE
    assert scene.people() == []


async def test_a_scheduled_run_after_a_preview_is_held_to_it_and_later_ones_are_not(scene: Scene) -> None:
    await scene.sync()
    await newcomers(scene, 2)
    await scene.engine.assistant.preview()
    await newcomers(scene, 30, "more")
    jobs = scene.engine.assistant.jobs
    with pytest.raises(ProblemError) as stopped:
        await jobs.sync(RunDirection.BOTH, yes=False, cause="schedule")
    assert (stopped.value.problem.values["count"], stopped.value.problem.values["limit"]) == (32, 2)
    await scene.sync(yes=True)
    await newcomers(scene, 40, "later")
    await jobs.sync(RunDirection.BOTH, yes=False, cause="schedule")
    assert len(scene.people()) == 72


async def test_records_asked_for_by_tags_are_held_to_the_preview_too(scene: Scene) -> None:
    await scene.sync()
    for number in range(22):
        await scene.person(f"p{number}@x.example", lastName="Doe")
    await scene.engine.assistant.preview()
    for person in scene.people():
        await scene.change(person["id"], tags_add=["create-salesforce-contact"])
    problem = await scene.sync_stops()
    assert (problem.values["what"], problem.values["count"], problem.values["limit"]) == ("creates_sf", 22, 0)
    assert scene.rows("Contact") == []
    await scene.sync(yes=True)
    assert len(scene.rows("Contact")) == 22


async def test_a_preview_of_one_direction_announces_nothing_about_the_other(scene: Scene) -> None:
    await scene.sync()
    await scene.engine.assistant.preview(RunDirection.INBOUND)
    await newcomers(scene, 30)
    await scene.sync()
    assert len(scene.people()) == 30


# -- overwriting by a change of mapping
async def differing(scene: Scene, count: int) -> None:
    """Bring leads in sync whose title differs from a field that is not mapped yet, then map the two."""
    for number in range(count):
        await scene.lead(f"p{number}@x.example", FirstName="P", Title=f"Left {number}")
    await scene.sync()
    for person in scene.people():
        await scene.change(person["id"], values={"Nickname": "Right"})
    await scene.sync()
    scene.use(mapping(scene.world, ("Nickname", "Title")))


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path)
    yield made
    await made.close()


async def accept(scene: Scene, choice: FirstLinkChoice) -> None:
    key = next(row.key for row in scene.engine.assistant.session.setup.mapping.for_object(SObject.LEAD)[::-1])
    scene.marks["run"] = scene.world.log.total
    await scene.engine.assistant.start({key: choice})


async def test_a_new_mapping_that_overwrites_a_fifth_of_the_links_stops_before_it_writes(bare: Scene) -> None:
    await differing(bare, 50)
    with pytest.raises(ProblemError) as stopped:
        await accept(bare, FirstLinkChoice.SALESFORCE)
    problem = stopped.value.problem
    assert (problem.code, problem.values["what"]) == (ProblemCode.BRAKE, "mapping")
    assert (problem.values["count"], problem.values["limit"]) == (50, 10)
    assert bare.record_writes() == []
    assert {bare.value(p["id"], "Nickname") for p in bare.people()} == {"Right"}
    # A scheduled run meets the same brake; a person's word releases it.
    assert (await bare.sync_stops()).values["count"] == 50
    await bare.sync(yes=True)
    assert "Right" not in {bare.value(p["id"], "Nickname") for p in bare.people()}


async def test_a_new_mapping_that_keeps_both_values_overwrites_nothing_and_goes_through(bare: Scene) -> None:
    await differing(bare, 50)
    await accept(bare, FirstLinkChoice.KEEP)
    assert {bare.value(p["id"], "Nickname") for p in bare.people()} == {"Right"}


async def test_the_number_of_overwritten_links_has_a_limit_of_its_own(bare: Scene) -> None:
    await differing(bare, 12)
    limit(bare, overwrite_count=11, overwrite_percent=100)
    with pytest.raises(ProblemError) as stopped:
        await accept(bare, FirstLinkChoice.SALESFORCE)
    assert (stopped.value.problem.values["count"], stopped.value.problem.values["limit"]) == (12, 11)
    limit(bare, overwrite_count=12, overwrite_percent=100)
    await accept(bare, FirstLinkChoice.SALESFORCE)
    assert "Right" not in {bare.value(p["id"], "Nickname") for p in bare.people()}


async def test_the_brake_on_a_new_mapping_costs_a_later_run_nothing(bare: Scene) -> None:
    await differing(bare, 3)
    await accept(bare, FirstLinkChoice.SALESFORCE)
    await bare.sync()
    quiet = len(bare.calls())
    await bare.sync()
    assert len(bare.calls()) <= quiet
