"""One refused record becomes an issue, never stops the others, and is tried again when it changed (rule 6.3)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.domain.mapping import ConflictRule
from acassist.sandbox.salesforce.save import Writer
from tests.simulation.scene import Scene

ROWS = [("Nickname", "Nickname__c"), ("Segment", "Segment__c"), ("Annual budget", "Annual_Budget__c")]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=ROWS)
    yield made
    await made.close()


async def pair(scene: Scene, name: str = "ann", **lead: object) -> tuple[str, str]:
    sf = await scene.lead(f"{name}@x.example", FirstName="Ann", **lead)
    await scene.sync()
    return sf, scene.link(sf).ac_id


async def test_a_validation_rule_refuses_one_record_and_not_the_others(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    other, other_ac = await pair(scene, "bob", Nickname__c="old")
    await scene.org(validation_rules=[{"sobject": "Lead", "field": "Nickname__c", "pattern": "^bad$"}])
    await scene.change(ac, values={"Nickname": "bad"})
    await scene.change(other_ac, values={"Nickname": "good"})
    await scene.sync()
    assert scene.row("Lead", other)["Nickname__c"] == "good"
    assert scene.row("Lead", sf)["Nickname__c"] == "old"
    assert scene.codes() == ["sf_validation"]
    await scene.sync()
    assert scene.record_writes() == []
    await scene.change(ac, values={"Nickname": "fine"})
    await scene.sync()
    assert scene.row("Lead", sf)["Nickname__c"] == "fine"
    assert scene.codes() == []


async def test_a_value_outside_a_restricted_picklist_is_an_issue_and_other_fields_flow(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.change(ac, firstName="Anna", values={"Segment": "No such segment"})
    await scene.sync()
    assert scene.row("Lead", sf)["FirstName"] == "Anna"
    assert scene.codes() == ["value_not_in_list"]


async def test_text_that_is_no_amount_is_an_issue_until_it_is_one(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.change(ac, values={"Annual budget": "about 10k"})
    await scene.sync()
    assert scene.codes() == ["value_not_number"]
    assert scene.row("Lead", sf).get("Annual_Budget__c") is None
    await scene.change(ac, values={"Annual budget": "$10,000.50"})
    await scene.sync()
    assert scene.row("Lead", sf)["Annual_Budget__c"] == 10000.5
    assert scene.value(ac, "Annual budget") == "$10,000.50"
    assert scene.codes() == []
    await scene.sync()
    assert scene.record_writes() == []


async def test_a_problem_value_keeps_the_base_so_that_the_next_good_value_flows(scene: Scene) -> None:
    sf, ac = await pair(scene, Annual_Budget__c=5)
    await scene.change(ac, values={"Annual budget": "lots"})
    await scene.sync()
    await scene.change(ac, values={"Annual budget": "7"})
    await scene.sync()
    assert scene.row("Lead", sf)["Annual_Budget__c"] == 7


async def test_an_emptied_required_field_is_an_issue(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS)
    sf, ac = await pair(scene)
    session = scene.engine.assistant.session
    from dataclasses import replace

    rows = tuple(replace(r, copy_blanks=True) for r in session.setup.mapping.lead)
    scene.use(rows=replace(session.setup.mapping, lead=rows))
    await scene.sync(yes=True)
    await scene.change(ac, lastName="", firstName="Anna")
    await scene.sync()
    assert scene.row("Lead", sf)["LastName"] == "Doe"
    assert scene.codes() == ["sf_required"]
    await scene.sync()
    assert scene.record_writes() == []
    await scene.close()


async def test_a_locked_row_is_tried_again_without_an_edit(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.org(locked_rows=[sf])
    await scene.change(ac, values={"Nickname": "new"})
    await scene.sync()
    assert scene.codes() == ["sf_locked"]
    await scene.org(locked_rows=[])
    await scene.sync()
    assert scene.row("Lead", sf)["Nickname__c"] == "new"
    assert scene.codes() == []


async def test_an_excluded_address_is_an_issue_and_the_others_arrive(scene: Scene) -> None:
    await scene.account(excluded=["p3@x.example"])
    for n in range(12):
        await scene.lead(f"p{n}@x.example", FirstName="P")
    await scene.sync()
    assert len(scene.people()) == 11
    assert len(scene.issues()) == 1
    await scene.sync()
    assert scene.record_writes() == []


async def test_the_status_is_not_written_over_an_edit_made_meanwhile(scene: Scene) -> None:
    sf = await scene.lead("ann@x.example", FirstName="Ann", Nickname__c="old")
    append, done = scene.world.log.append, []

    def meanwhile(at, entry):  # type: ignore[no-untyped-def]
        if "contact/sync" in entry["path"] and not done:
            done.append(1)
            scene.world.clock.advance(5)
            org = scene.world.salesforce
            Writer(org, org.other_actor).update(org.schema.find("Lead"), sf, {"Nickname__c": "edited"})
        return append(at, entry)

    scene.world.log.append = meanwhile  # type: ignore[method-assign]
    await scene.sync()
    assert not [w for w in scene.record_writes("salesforce")]
    await scene.sync()
    assert scene.value(scene.link(sf).ac_id, "Nickname") == "edited"


async def test_a_hidden_mapped_field_stops_the_run_without_a_write(scene: Scene) -> None:
    sf, _ = await pair(scene, Nickname__c="old")
    await scene.edit("Lead", sf, FirstName="Anna")
    await scene.org(fls_hidden=["Lead.Nickname__c"])
    problem = await scene.sync_stops()
    assert problem.code.value == "sf_field_hidden"
    assert scene.record_writes() == []
    await scene.org(fls_hidden=[])
    await scene.sync()
    assert scene.ac(scene.link(sf).ac_id)["firstName"] == "Anna"


async def test_an_edit_made_after_the_record_was_read_is_asked_about_and_not_overwritten(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS, conflict=ConflictRule.ASK)
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.sync()
    await scene.edit("Lead", sf, Phone="1")
    await scene.change(ac, values={"Nickname": "theirs"})
    append, done = scene.world.log.append, []

    def meanwhile(at, entry):  # type: ignore[no-untyped-def]
        if entry["path"].endswith("/query") and "FROM+Lead" in entry["query"] and not done:
            done.append(1)
            scene.world.clock.advance(5)
            org = scene.world.salesforce
            Writer(org, org.other_actor).update(org.schema.find("Lead"), sf, {"Nickname__c": "mine"})
        return append(at, entry)

    scene.world.log.append = meanwhile  # type: ignore[method-assign]
    await scene.sync()
    assert done
    assert scene.row("Lead", sf)["Nickname__c"] == "mine"
    assert scene.value(ac, "Nickname") == "theirs"
    assert scene.codes() == ["conflict"]
    await scene.close()


async def test_an_edit_made_after_the_contact_was_read_is_asked_about_and_not_overwritten(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=ROWS, conflict=ConflictRule.ASK)
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.sync()
    await scene.edit("Lead", sf, Nickname__c="mine")
    append, done = scene.world.log.append, []

    def meanwhile(at, entry):  # type: ignore[no-untyped-def]
        if "queryAll" in entry["path"] and "Lead" in entry["query"] and not done:
            done.append(1)
            scene.world.clock.advance(5)
            account = scene.world.activecampaign
            account.set_value(account.contact(ac), int(scene.key("Nickname").removeprefix("field:")), "theirs")
        return append(at, entry)

    scene.world.log.append = meanwhile  # type: ignore[method-assign]
    await scene.sync()
    assert done
    assert (scene.row("Lead", sf)["Nickname__c"], scene.value(ac, "Nickname")) == ("mine", "theirs")
    assert scene.codes() == ["conflict"]
    await scene.close()
