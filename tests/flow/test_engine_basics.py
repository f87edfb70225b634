"""Runs of the whole engine on the sandbox: first links, updates, rules, and runs with nothing to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.domain.ledger import LinkState, RunDirection, RunState
from acassist.domain.mapping import ConflictRule, Direction, UpdateRule
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import OutboundSettings
from acassist.sandbox.settings import Settings
from tests.simulation.scene import ALL, NOBODY, Scene, mapping

NICK = ("Nickname", "Nickname__c")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=[NICK])
    yield made
    await made.close()


async def pair(scene: Scene, **lead: str) -> tuple[str, str]:
    """Return a lead and the contact that a first run made of it."""
    sf = await scene.lead("ann@x.example", FirstName="Ann", **lead)
    await scene.sync()
    return sf, scene.link(sf).ac_id


# -- first runs
async def test_a_new_lead_becomes_a_tagged_contact_with_its_values_and_account(scene: Scene) -> None:
    sf = await scene.lead("Ann@X.example", FirstName="Ann", Phone="555", Nickname__c="Annie")
    await scene.sync()
    person = scene.by_email("ann@x.example")
    assert (person["firstName"], person["lastName"], person["phone"]) == ("Ann", "Doe", "555")
    assert person["account"] == "Acme"
    assert "created-from-salesforce-lead" in person["tags"]
    assert scene.value(person["id"], "Nickname") == "Annie"
    row = scene.row("Lead", sf)
    status = next(v for k, v in row.items() if k.lower().endswith("sync_status__c") and "relation" not in k.lower())
    assert status == "Synced successfully"
    assert person["id"] in {str(v) for k, v in row.items() if k.lower().endswith("activecampaign_id__c")}


async def test_a_first_link_fills_blanks_on_both_sides_and_overwrites_nothing(scene: Scene) -> None:
    sf = await scene.lead("ann@x.example", FirstName="Ann", Nickname__c="Annie")
    ac = await scene.person("ann@x.example", firstName="Anna", phone="555")
    await scene.sync()
    await scene.sync()
    row, person = scene.row("Lead", sf), scene.ac(ac)
    assert (row["FirstName"], person["firstName"]) == ("Ann", "Anna")
    assert row["Phone"] == "555"
    assert person["lastName"] == "Doe"
    assert scene.value(ac, "Nickname") == "Annie"


async def test_the_second_run_writes_nothing(scene: Scene) -> None:
    for n in range(15):
        await scene.lead(f"p{n}@x.example", FirstName="P")
    await scene.contact("c@x.example", FirstName="C")
    await scene.sync()
    await scene.sync()
    assert scene.record_writes() == []
    await scene.sync()
    assert scene.record_writes() == []


async def test_people_without_an_address_are_listed_and_sent_once_they_have_one(scene: Scene) -> None:
    await scene.lead(None)
    sf = await scene.lead(None, LastName="Roe")
    await scene.sync()
    assert scene.people() == []
    assert scene.codes() == ["no_email", "no_email"]
    await scene.edit("Lead", sf, Email="roe@x.example")
    await scene.sync()
    assert [p["email"] for p in scene.people()] == ["roe@x.example"]
    assert scene.codes() == ["no_email"]


@pytest.mark.parametrize("count", [1, 9, 10, 24, 260])
async def test_any_number_of_new_people_arrives_once_with_tag_account_and_status(scene: Scene, count: int) -> None:
    for n in range(count):
        await scene.lead(f"p{n}@x.example", FirstName=f"P{n}", Nickname__c=f"N{n}", Company=f"Co {n % 3}")
    await scene.sync()
    people = {p["email"]: p for p in scene.people()}
    assert len(people) == count == len(scene.people()) == len(scene.links())
    for n in range(count):
        person = people[f"p{n}@x.example"]
        assert person["firstName"] == f"P{n}"
        assert person["account"] == f"Co {n % 3}"
        assert person["tags"] == ["created-from-salesforce-lead"]
        assert scene.value(person["id"], "Nickname") == f"N{n}"
    assert {next(v for k, v in r.items() if "Sync_Status" in k) for r in scene.rows("Lead")} == {"Synced successfully"}
    assert scene.issues() == []


async def test_an_org_without_our_fields_syncs_without_status(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, settings=Settings(leads=0, contacts=0, custom_fields=False))
    sf = await scene.lead("ann@x.example", FirstName="Ann")
    await scene.sync()
    await scene.edit("Lead", sf, FirstName="Anna")
    await scene.sync()
    assert scene.by_email("ann@x.example")["firstName"] == "Anna"
    await scene.sync()
    assert scene.record_writes() == []
    await scene.close()


async def test_a_plan_without_accounts_syncs_people(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, settings=Settings(leads=0, contacts=0, accounts_plan=False))
    for n in range(3):
        await scene.lead(f"p{n}@x.example", FirstName="P")
    await scene.sync()
    await scene.sync()
    assert len(scene.people()) == len(scene.links()) == 3
    assert scene.record_writes() == []
    await scene.close()


# -- updates
async def test_an_edit_in_salesforce_reaches_activecampaign(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="Annie")
    await scene.edit("Lead", sf, FirstName="Anna", Nickname__c="Nan")
    await scene.sync()
    assert scene.ac(ac)["firstName"] == "Anna"
    assert scene.value(ac, "Nickname") == "Nan"


async def test_an_edit_in_activecampaign_reaches_salesforce(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="Annie")
    await scene.change(ac, firstName="Anna", values={"Nickname": "Nan"})
    await scene.sync()
    assert scene.row("Lead", sf)["FirstName"] == "Anna"
    assert scene.row("Lead", sf)["Nickname__c"] == "Nan"
    await scene.sync()
    assert scene.record_writes() == []


async def test_edits_of_different_fields_cross(scene: Scene) -> None:
    sf, ac = await pair(scene, Phone="1")
    await scene.edit("Lead", sf, FirstName="Anna")
    await scene.change(ac, phone="2")
    await scene.sync()
    assert (scene.row("Lead", sf)["Phone"], scene.ac(ac)["firstName"]) == ("2", "Anna")
    assert (scene.row("Lead", sf)["FirstName"], scene.ac(ac)["phone"]) == ("Anna", "2")


@pytest.mark.parametrize("count", [12, 270])
async def test_many_edits_on_both_sides_all_arrive(scene: Scene, count: int) -> None:
    ids = [await scene.lead(f"p{n}@x.example", FirstName="P", Nickname__c="N") for n in range(count)]
    await scene.sync()
    for n, sf in enumerate(ids):
        await scene.edit("Lead", sf, FirstName=f"F{n}")
        await scene.change(scene.link(sf).ac_id, values={"Nickname": f"K{n}"}) if n % 2 else None
    await scene.sync(yes=True)
    people, rows = {p["id"]: p for p in scene.people()}, {r["Id"]: r for r in scene.rows("Lead")}
    for n, sf in enumerate(ids):
        assert people[scene.link(sf).ac_id]["firstName"] == f"F{n}"
        assert rows[sf]["Nickname__c"] == (f"K{n}" if n % 2 else "N")
    await scene.sync()
    assert scene.record_writes() == []


@pytest.mark.parametrize(
    ("rule", "winner"), [(ConflictRule.SALESFORCE, "sf"), (ConflictRule.ACTIVECAMPAIGN, "ac"), (ConflictRule.ASK, None)]
)
async def test_both_changed_follows_the_conflict_rule(tmp_path: Path, rule: ConflictRule, winner: str | None) -> None:
    scene = await Scene.open(tmp_path, rows=[NICK], conflict=rule)
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.edit("Lead", sf, Nickname__c="sf")
    await scene.change(ac, values={"Nickname": "ac"})
    await scene.sync()
    values = (scene.row("Lead", sf)["Nickname__c"], scene.value(ac, "Nickname"))
    assert values == ((winner, winner) if winner else ("sf", "ac"))
    assert scene.codes() == ([] if winner else ["conflict"])
    await scene.sync()
    assert scene.record_writes() == []
    await scene.close()


async def test_the_newer_of_two_changes_wins_when_the_field_has_a_stamp(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.edit("Lead", sf, Nickname__c="sf")
    scene.world.clock.advance(900)
    await scene.change(ac, values={"Nickname": "ac"})
    await scene.sync()
    assert scene.row("Lead", sf)["Nickname__c"] == scene.value(ac, "Nickname") == "ac"
    [run] = await scene.engine.assistant.runs(1)
    assert any(item.before == "sf" for item in await scene.engine.assistant.run_items(run.id))


async def test_two_changes_within_five_minutes_are_asked_and_settled_by_an_edit(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.edit("Lead", sf, Nickname__c="sf")
    await scene.change(ac, values={"Nickname": "ac"})
    await scene.sync()
    assert scene.codes() == ["conflict"]
    await scene.change(ac, values={"Nickname": "sf"})
    await scene.sync()
    assert scene.codes() == []


async def test_both_changed_to_the_same_value_writes_nothing_more(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.edit("Lead", sf, Nickname__c="new")
    await scene.change(ac, values={"Nickname": "new"})
    await scene.sync()
    assert scene.record_writes("activecampaign") == []
    assert scene.link(sf).base[f"{scene.key('Nickname')}~Nickname__c"].salesforce == "new"


async def test_a_blank_does_not_overwrite_unless_blanks_are_copied(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="Annie")
    await scene.edit("Lead", sf, Nickname__c=None)
    await scene.sync()
    assert scene.value(ac, "Nickname") == "Annie"
    assert scene.row("Lead", sf).get("Nickname__c") is None


async def test_blanks_are_copied_when_the_mapping_says_so(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[NICK], copy_blanks=True)
    sf, ac = await pair(scene, Nickname__c="Annie")
    await scene.edit("Lead", sf, Nickname__c=None)
    await scene.sync()
    assert not scene.value(ac, "Nickname")
    await scene.edit("Lead", sf, Nickname__c="Nan")
    await scene.sync()
    await scene.change(ac, values={"Nickname": ""})
    await scene.sync()
    assert scene.row("Lead", sf).get("Nickname__c") is None
    await scene.close()


@pytest.mark.parametrize(
    ("direction", "expected"),
    [(Direction.TO_ACTIVECAMPAIGN, ("ac-edit", "sf")), (Direction.TO_SALESFORCE, ("ac", "sf-edit"))],
)
async def test_a_one_way_mapping_never_writes_the_other_way(
    tmp_path: Path, direction: Direction, expected: tuple[str, str]
) -> None:
    scene = await Scene.open(tmp_path, rows=[NICK], direction=direction)
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.change(ac, values={"Nickname": "old"})
    await scene.sync()
    if direction is Direction.TO_ACTIVECAMPAIGN:
        await scene.change(ac, values={"Nickname": "ac-edit"})
    else:
        await scene.edit("Lead", sf, Nickname__c="sf-edit")
    await scene.sync()
    sides = (scene.value(ac, "Nickname"), scene.row("Lead", sf)["Nickname__c"])
    assert sides == (("ac-edit", "old") if direction is Direction.TO_ACTIVECAMPAIGN else ("old", "sf-edit"))
    if direction is Direction.TO_ACTIVECAMPAIGN:
        await scene.edit("Lead", sf, Nickname__c="sf")
    else:
        await scene.change(ac, values={"Nickname": "ac"})
    await scene.sync()
    assert scene.value(ac, "Nickname") == scene.row("Lead", sf)["Nickname__c"]
    assert expected
    await scene.close()


async def test_update_if_blank_fills_and_never_overwrites(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[NICK], update=UpdateRule.IF_BLANK)
    sf, ac = await pair(scene)
    await scene.edit("Lead", sf, Nickname__c="one")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "one"
    await scene.edit("Lead", sf, Nickname__c="two")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "one"
    await scene.close()


async def test_an_outbound_run_writes_nothing_to_mapped_salesforce_fields(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.change(ac, values={"Nickname": "ac"})
    await scene.sync(RunDirection.OUTBOUND)
    assert scene.row("Lead", sf)["Nickname__c"] == "old"
    await scene.sync(RunDirection.INBOUND)
    assert scene.row("Lead", sf)["Nickname__c"] == "ac"


async def test_an_inbound_run_leaves_the_salesforce_edit_for_the_next_run(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.edit("Lead", sf, Nickname__c="sf")
    await scene.change(ac, firstName="Anna")
    await scene.sync(RunDirection.INBOUND)
    assert scene.value(ac, "Nickname") == "old"
    assert scene.row("Lead", sf)["FirstName"] == "Anna"
    await scene.sync()
    assert scene.value(ac, "Nickname") == "sf"


async def test_linked_records_get_no_updates_once_nobody_of_their_object_is_selected(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    scene.use(outbound=OutboundSettings(lead=NOBODY, contact=ALL))
    await scene.edit("Lead", sf, Nickname__c="sf")
    await scene.change(ac, firstName="Anna")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "old"
    assert scene.row("Lead", sf)["FirstName"] == "Anna"


async def test_a_record_that_was_told_to_stop_gets_no_updates_either_way(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    link = scene.link(sf)
    from dataclasses import replace

    scene.engine.stores.ledger.save_link(replace(link, state=LinkState.STOPPED))
    await scene.edit("Lead", sf, Nickname__c="sf")
    await scene.change(ac, firstName="Anna")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "old"
    assert scene.row("Lead", sf)["FirstName"] == "Ann"


# -- tags
async def test_removing_the_sync_tag_ends_inbound_updates_only(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="old")
    await scene.change(ac, tags_remove=["created-from-salesforce-lead"], firstName="Anna")
    await scene.edit("Lead", sf, Nickname__c="sf")
    await scene.sync()
    assert scene.row("Lead", sf)["FirstName"] == "Ann"
    assert scene.value(ac, "Nickname") == "sf"
    await scene.sync()
    assert scene.record_writes() == []


async def test_a_tag_of_the_older_generation_still_counts(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.change(ac, tags_remove=["created-from-salesforce-lead"], tags_add=["added-to-salesforce"])
    await scene.change(ac, firstName="Anna")
    await scene.sync()
    assert scene.row("Lead", sf)["FirstName"] == "Anna"


# -- stops
async def test_another_org_stops_the_run_before_any_write(scene: Scene) -> None:
    await scene.lead("ann@x.example")
    session = scene.engine.assistant.session
    from dataclasses import replace

    other = replace(session.setup.salesforce, org_id="00D000000000999AAA")
    session.store(replace(session.setup, salesforce=other), what="test")
    problem = await scene.sync_stops()
    assert problem.code is ProblemCode.OTHER_ORG
    assert scene.record_writes() == []


async def test_a_changed_mapping_stops_until_a_person_says_yes_and_pushes_no_old_value(scene: Scene) -> None:
    sf, ac = await pair(scene, Title="Boss")
    await scene.change(ac, values={"Notes": "hello"})
    await scene.edit("Lead", sf, Notes__c="world")
    await scene.sync()
    scene.use(rows=mapping(scene.world, NICK, ("Notes", "Notes__c")))
    problem = await scene.sync_stops()
    assert problem.code is ProblemCode.MAPPING_CHANGED
    assert scene.record_writes() == []
    await scene.sync(yes=True)
    assert (scene.row("Lead", sf)["Notes__c"], scene.value(ac, "Notes")) == ("world", "hello")
    await scene.sync()
    assert scene.record_writes() == []


async def test_a_new_mapping_fills_blanks_of_linked_people(scene: Scene) -> None:
    _sf, ac = await pair(scene, Notes__c="hello")
    scene.use(rows=mapping(scene.world, NICK, ("Notes", "Notes__c")))
    await scene.sync(yes=True)
    assert scene.value(ac, "Notes") == "hello"


async def test_cancelling_stops_between_two_actions_and_the_next_run_finishes(scene: Scene) -> None:
    for n in range(6):
        await scene.lead(f"p{n}@x.example")
    engine, log = scene.engine, scene.world.log
    append, seen = log.append, []

    def watch(at, entry):  # type: ignore[no-untyped-def]
        if "contact/sync" in entry["path"]:
            seen.append(entry)
            if len(seen) == 3:
                engine.assistant.jobs.cancel()
        return append(at, entry)

    log.append = watch  # type: ignore[method-assign]
    problem = await scene.sync_stops()
    assert problem.code is ProblemCode.CANCELLED
    assert len(scene.people()) == 3
    assert engine.stores.history.runs(1, None)[0].state is RunState.CANCELLED
    await scene.sync()
    assert len(scene.people()) == len(scene.links()) == 6
    assert all(p["account"] == "Acme" for p in scene.people())
