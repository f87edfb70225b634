"""A bare org is prepared, a second Apply changes nothing, a partly prepared one is completed, leaving restores it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.provision_views import Consent
from acassist.assistant.views import Level
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.salesforce.provisioning.definitions import MANAGER, STANDARD
from acassist.storage.provisioning_journal import EntryKind, EntryState
from tests.flow.provisioning_world import PEOPLE_FIELDS, RELATION, REMOTE_ID, STATUS, YES, Place, by_title

TEXT = {"label": "ActiveCampaign Sync Status", "type": "Text", "length": 255}


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = await Place.open(tmp_path)
    yield made
    await made.close()


# -- preparing
async def test_a_bare_org_gets_seven_fields_that_our_user_sees_and_may_write(place: Place) -> None:
    assert await place.seen(SObject.LEAD) == set()
    applied = await place.apply()
    assert applied.complete
    assert applied.changed
    assert await place.seen(SObject.LEAD) == PEOPLE_FIELDS
    assert await place.seen(SObject.CONTACT) == PEOPLE_FIELDS
    assert await place.seen(SObject.ACCOUNT) == {STATUS}
    found = {f.name: f for f in (await place.described(SObject.LEAD)).fields}
    assert (found[REMOTE_ID].external_id, found[REMOTE_ID].length, found[STATUS].length) == (True, 64, 255)
    assert all(found[name].updateable for name in PEOPLE_FIELDS)


async def test_everything_is_made_in_one_deployment_and_one_assignment(place: Place) -> None:
    await place.apply()
    assert place.writes() == ["POST metadata/deployRequest", "POST composite/sobjects"]


async def test_the_manager_set_is_assigned_to_our_user_and_the_other_to_nobody(place: Place) -> None:
    await place.apply()
    (manager,) = place.rows("PermissionSet", Name=MANAGER.name)
    (standard,) = place.rows("PermissionSet", Name=STANDARD.name)
    (held,) = place.rows("PermissionSetAssignment", PermissionSetId=manager["Id"])
    assert held["AssigneeId"] == place.org.user_id
    assert place.rows("PermissionSetAssignment", PermissionSetId=standard["Id"]) == []


async def test_the_standard_user_reads_our_fields_and_the_three_objects_only(place: Place) -> None:
    await place.apply()
    (standard,) = place.rows("PermissionSet", Name=STANDARD.name)
    fields = place.rows("FieldPermissions", ParentId=standard["Id"])
    assert {row["Field"] for row in fields} == {
        *(f"{owner}.{name}" for owner in ("Lead", "Contact") for name in PEOPLE_FIELDS),
        f"Account.{STATUS}",
    }
    assert not any(row["PermissionsEdit"] for row in fields)
    objects = place.rows("ObjectPermissions", ParentId=standard["Id"])
    assert {row["SobjectType"] for row in objects} == {"Lead", "Contact", "Account"}
    assert not any(row["PermissionsEdit"] or row["PermissionsCreate"] for row in objects)


async def test_a_second_apply_writes_nothing(place: Place) -> None:
    await place.prepared()
    mark = place.mark()
    again = await place.apply()
    assert (again.complete, again.changed) == (True, False)
    assert place.writes(mark) == []


async def test_every_write_is_in_the_journal_with_its_end(place: Place) -> None:
    await place.prepared()
    assert place.states(EntryKind.DEPLOY) == [EntryState.DONE]
    assert place.states(EntryKind.ASSIGN) == [EntryState.DONE]
    assert place.open_entries() == []


async def test_the_plan_says_what_is_missing_and_writes_nothing(place: Place) -> None:
    items = by_title(await place.work.plan())
    assert items["ActiveCampaign ID on Lead"].level is Level.IDLE
    assert items["Permission set ActiveCampaign Standard User"].remedy.english() == "Apply adds it."
    assert place.writes() == []


async def test_production_is_asked_for_once_more_before_anything_is_written(place: Place) -> None:
    with pytest.raises(ProblemError) as caught:
        await place.apply(Consent())
    assert caught.value.problem.code is ProblemCode.CONFIRM_PRODUCTION
    assert "Northwind Trading" in caught.value.problem.sentence.english()
    assert place.writes() == []


async def test_a_sandbox_org_needs_no_second_question(place: Place) -> None:
    for row in place.org.rows_of("Organization").rows.values():
        row["IsSandbox"] = True
    assert (await place.apply(Consent())).complete


async def test_the_sync_sees_the_new_fields_at_once(place: Place) -> None:
    client = await place.engine.assistant.session.salesforce()
    assert not (await client.describe(SObject.LEAD)).has(STATUS)
    await place.apply()
    assert (await client.describe(SObject.LEAD)).has(STATUS)


# -- partly prepared
async def test_a_partly_prepared_org_is_completed(place: Place) -> None:
    place.add_field(f"Lead.{STATUS}", granted=True, **TEXT)
    applied = await place.apply()
    assert applied.complete
    assert await place.seen(SObject.LEAD) == PEOPLE_FIELDS
    assert await place.seen(SObject.CONTACT) == PEOPLE_FIELDS


async def test_a_field_that_nobody_sees_is_found_and_shown_instead_of_made_again(place: Place) -> None:
    place.add_field(f"Lead.{STATUS}", granted=False, **TEXT)
    items = by_title(await place.work.plan())
    assert "hidden from you" in items["ActiveCampaign Sync Status on Lead"].state.english()
    assert (await place.apply()).complete
    assert STATUS in await place.seen(SObject.LEAD)


async def test_a_set_that_lost_a_right_is_completed(place: Place) -> None:
    await place.prepared()
    (manager,) = place.rows("PermissionSet", Name=MANAGER.name)
    grants = place.org.rows_of("FieldPermissions")
    for row in place.rows("FieldPermissions", ParentId=manager["Id"], Field=f"Lead.{RELATION}"):
        grants.remove(row["Id"])
    place.org.schema_changed()
    items = by_title(await place.work.plan())
    assert items["Permission set ActiveCampaign Package Manager"].level is Level.WARN
    assert (await place.apply()).complete
    assert RELATION in await place.seen(SObject.LEAD)


async def test_an_assignment_that_was_taken_away_is_given_again_without_a_deployment(place: Place) -> None:
    await place.prepared()
    table = place.org.rows_of("PermissionSetAssignment")
    (manager,) = place.rows("PermissionSet", Name=MANAGER.name)
    for row in place.rows("PermissionSetAssignment", PermissionSetId=manager["Id"]):
        table.remove(row["Id"])
    place.org.schema_changed()
    mark = place.mark()
    assert (await place.apply()).complete
    assert place.writes(mark) == ["POST composite/sobjects"]


async def test_fields_of_a_package_are_used_with_their_namespace(place: Place) -> None:
    name = f"acsync__{STATUS}"
    place.put_field(f"Lead.{STATUS}", TEXT, name)
    items = by_title(await place.work.plan())
    state = items["ActiveCampaign Sync Status on Lead"].state.english()
    assert state == f"Found as {name}, from the installed package."
    applied = await place.apply(Consent(production=True, package_stopped=True))
    assert applied.complete
    assert await place.seen(SObject.LEAD) == {name, REMOTE_ID, RELATION}
    (manager,) = place.rows("PermissionSet", Name=MANAGER.name)
    assert place.rows("FieldPermissions", ParentId=manager["Id"], Field=f"Lead.{name}")


async def test_an_installed_package_stops_apply_until_its_sync_is_off(place: Place) -> None:
    place.install_package()
    with pytest.raises(ProblemError) as caught:
        await place.apply()
    assert caught.value.problem.code is ProblemCode.PACKAGE_PRESENT
    assert "ActiveCampaign for Salesforce" in caught.value.problem.sentence.english()
    assert place.writes() == []
    assert (await place.apply(Consent(production=True, package_stopped=True))).complete


async def test_the_link_is_made_only_on_request(place: Place) -> None:
    await place.prepared()
    assert not place.org.tables[True, "WebLink"].rows
    await place.apply(Consent(production=True, link=True))
    links = {row["PageOrSobjectType"]: row["Url"] for row in place.org.tables[True, "WebLink"].rows.values()}
    assert links == {"Lead": "acassist://record/{!Lead.Id}", "Contact": "acassist://record/{!Contact.Id}"}
    mark = place.mark()
    await place.apply(Consent(production=True, link=True))
    assert place.writes(mark) == []


# -- leaving
async def test_leaving_counts_the_values_first(place: Place) -> None:
    await place.prepared()
    key = next(iter(place.rows("Lead")))["Id"]
    await place.engine.control.call("PATCH", f"/salesforce/Lead/{key}", {REMOTE_ID: "77"})
    plan = await place.work.leave_plan()
    counts = {(count.sobject, count.name): count.records for count in plan.fields}
    assert counts[SObject.LEAD, REMOTE_ID] == 1
    assert counts[SObject.CONTACT, REMOTE_ID] == 0
    assert dict(plan.sets) == {MANAGER.label: 1, STANDARD.label: 0}
    assert place.writes().count("POST metadata/deployRequest") == 1


async def test_leaving_restores_the_org(place: Place) -> None:
    before = {key: dict(row["Metadata"]) for key, row in place.org.tables[True, "Layout"].rows.items()}
    await place.apply(Consent(production=True, link=True))
    for row in await place.work.layouts():
        assert (await place.work.change_layout(row.id, link=True, consent=YES)).done
    plan = await place.work.leave_plan()
    left = await place.work.leave(confirm=plan.org)
    assert left.problems == ()
    assert await place.seen(SObject.LEAD) == await place.seen(SObject.ACCOUNT) == set()
    assert not place.org.tables[True, "WebLink"].rows
    assert not [row for row in place.rows("PermissionSet") if row["Name"].startswith("ActiveCampaign")]
    after = {key: row["Metadata"] for key, row in place.org.tables[True, "Layout"].rows.items()}
    assert after == before
    assert (await place.work.leave_plan()).empty


async def test_leaving_needs_the_count_and_the_name_of_the_org(place: Place) -> None:
    await place.prepared()
    mark = place.mark()
    for typed, counted in (("Northwind Trading", False), ("Northwind", True), ("", True)):
        if counted:
            await place.work.leave_plan()
        with pytest.raises(ProblemError) as caught:
            await place.work.leave(confirm=typed)
        assert caught.value.problem.code is ProblemCode.CONFIRM_LEAVE
    assert place.writes(mark) == []


async def test_leaving_takes_only_what_this_program_made(place: Place) -> None:
    place.add_field(f"Lead.{STATUS}", granted=True, **TEXT)
    await place.prepared()
    plan = await place.work.leave_plan()
    assert (SObject.LEAD, STATUS) not in {(count.sobject, count.name) for count in plan.fields}
    await place.work.leave(confirm=plan.org)
    assert await place.seen(SObject.LEAD) == {STATUS}
    assert await place.seen(SObject.CONTACT) == set()


async def test_another_computer_recognises_what_this_program_made(place: Place) -> None:
    await place.prepared()
    with place.engine.stores.db.transaction():
        place.engine.stores.db.execute("DELETE FROM provisioning")
    plan = await place.work.leave_plan()
    assert len(plan.fields) == 7
    assert (await place.work.leave(confirm=plan.org)).problems == ()
    assert await place.seen(SObject.LEAD) == set()


async def test_an_org_that_was_left_can_be_prepared_again(place: Place) -> None:
    await place.prepared()
    plan = await place.work.leave_plan()
    await place.work.leave(confirm=plan.org)
    assert (await place.apply()).complete
    assert await place.seen(SObject.LEAD) == PEOPLE_FIELDS
