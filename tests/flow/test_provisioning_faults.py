"""What goes wrong while an org is prepared: each gives a clear problem, and a second Apply finishes or undoes it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acassist.assistant.views import Level
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import Message
from acassist.salesforce.provisioning.definitions import MANAGER
from acassist.storage.provisioning_journal import EntryKind, EntryState
from tests.flow.provisioning_world import PEOPLE_FIELDS, RELATION, REMOTE_ID, STATUS, YES, Place, by_title

DEPLOY = r"/metadata/deployRequest$"
POLL = r"/metadata/deployRequest/0Af"
COLLECTIONS = r"/composite/sobjects$"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = await Place.open(tmp_path)
    yield made
    await made.close()


async def refused(place: Place) -> Problem:
    with pytest.raises(ProblemError) as caught:
        await place.apply()
    return caught.value.problem


def failed(*failures: tuple[str, str, str]) -> dict[str, Any]:
    """Return a canned answer in which components failed."""
    entries = [{"componentType": kind, "fullName": name, "problem": text} for kind, name, text in failures]
    result = {"id": "0Af1", "status": "Failed", "done": True, "success": False}
    body = {"deployResult": {**result, "details": {"componentFailures": entries}}}
    return {"kind": "status", "status": 200, "body": body}


# -- permissions
async def test_without_the_right_to_change_metadata_nothing_is_sent(place: Place) -> None:
    place.take_right("PermissionsModifyMetadata", "PermissionsModifyAllData")
    problem = await refused(place)
    assert problem.code is ProblemCode.NO_SETUP_RIGHT
    assert "Modify Metadata Through Metadata API Functions" in problem.sentence.english()
    assert place.writes() == []


async def test_rights_that_cannot_be_read_are_left_to_salesforce(place: Place) -> None:
    place.take_right("PermissionsModifyMetadata", "PermissionsModifyAllData")
    place.fault("GET", "/sobjects/PermissionSet/describe", {"kind": "status", "status": 403}, times=-1)
    problem = await refused(place)
    assert problem.code is ProblemCode.NO_SETUP_RIGHT
    assert place.states(EntryKind.DEPLOY) == [EntryState.FAILED]
    assert place.rows("PermissionSet", Name=MANAGER.name) == []


async def test_where_everything_is_there_no_right_is_needed(place: Place) -> None:
    await place.prepared()
    place.take_right("PermissionsModifyMetadata", "PermissionsModifyAllData")
    assert (await place.apply()).complete


# -- deployments
async def test_a_component_that_fails_is_named_and_nothing_is_left_half_made(place: Place) -> None:
    place.fault("GET", POLL, failed(("CustomField", f"Lead.{RELATION}", "Field is bad.")))
    applied = await place.apply()
    (problem,) = applied.problems
    assert problem.code is ProblemCode.DEPLOY_COMPONENT
    assert problem.sentence.english().startswith(f"Salesforce refused Lead.{RELATION}: Field is bad.")
    assert not applied.changed
    assert place.states(EntryKind.ASSIGN) == []
    assert place.states(EntryKind.DEPLOY) == [EntryState.FAILED]
    assert (await place.apply()).complete


async def test_a_deployment_that_takes_too_long_is_followed_by_the_next_apply(place: Place) -> None:
    place.org.switches.deploy_polls = 10_000
    problem = await refused(place)
    assert problem.code is ProblemCode.DEPLOY_TIMEOUT
    assert "10 minutes" in problem.sentence.english()
    (entry,) = place.open_entries()
    assert entry.remote_id.startswith("0Af")
    place.org.switches.deploy_polls = 0
    assert (await place.apply()).complete
    assert place.deployments() == 1
    assert place.open_entries() == []


async def test_polling_becomes_slower_and_costs_few_calls(place: Place) -> None:
    place.org.switches.deploy_polls = 10_000
    await refused(place)
    polls = [e for e in place.engine.world.log.since() if "deployRequest/0Af" in e["path"]]
    assert len(polls) < 80


async def test_a_deployment_that_succeeded_after_we_stopped_waiting_is_recognised(place: Place) -> None:
    place.fault("GET", POLL, {"kind": "drop"}, times=-1)
    assert (await refused(place)).code is ProblemCode.NO_NETWORK
    place.calm()
    applied = await place.apply()
    assert (applied.complete, applied.changed) == (True, True)
    assert place.deployments() == 1


async def test_a_lost_answer_to_the_deployment_is_settled_by_the_next_apply(place: Place) -> None:
    place.fault("POST", DEPLOY, {"kind": "drop_after"})
    assert (await refused(place)).ambiguous
    (entry,) = place.open_entries()
    assert entry.remote_id == ""
    assert (await place.apply()).complete
    assert place.states(EntryKind.DEPLOY) == [EntryState.OVERTAKEN, EntryState.DONE]


async def test_a_deployment_that_salesforce_forgot_is_made_again(place: Place) -> None:
    place.org.switches.deploy_polls = 10_000
    await refused(place)
    place.org.deploys.clear()
    place.org.switches.deploy_polls = 0
    assert (await place.apply()).complete
    assert place.deployments() == 2


async def test_the_program_may_end_while_salesforce_works(place: Place) -> None:
    place.org.switches.deploy_polls = 10_000
    await refused(place)
    await place.engine.close()
    place.org.switches.deploy_polls = 0
    await place.engine.reopen()
    assert (await place.apply()).complete
    assert place.deployments() == 1


# -- fields
async def test_a_field_of_another_type_is_left_alone_and_the_rest_is_made(place: Place) -> None:
    place.add_field(f"Lead.{REMOTE_ID}", label="ActiveCampaign ID", type="Checkbox")
    applied = await place.apply()
    (problem,) = applied.problems
    assert problem.code is ProblemCode.FIELD_TYPE
    assert (problem.subject, problem.values["type"]) == (f"Lead.{REMOTE_ID}", "boolean")
    items = by_title(applied.items)
    assert items["ActiveCampaign ID on Lead"].level is Level.BAD
    assert {i.level for title, i in items.items() if title != "ActiveCampaign ID on Lead"} == {Level.OK}
    mark = place.mark()
    assert len((await place.apply()).problems) == 1
    assert place.writes(mark) == []


async def test_a_hidden_field_of_another_type_is_noticed_too(place: Place) -> None:
    place.add_field(f"Contact.{STATUS}", granted=False, label="ActiveCampaign Sync Status", type="Checkbox")
    (problem,) = (await place.apply()).problems
    assert (problem.code, problem.values["type"]) == (ProblemCode.FIELD_TYPE, "Checkbox")


async def test_a_text_too_short_for_a_status_counts_as_another_type(place: Place) -> None:
    place.add_field(f"Lead.{STATUS}", label="ActiveCampaign Sync Status", type="Text", length=10)
    (problem,) = (await place.apply()).problems
    assert (problem.code, problem.subject) == (ProblemCode.FIELD_TYPE, f"Lead.{STATUS}")


async def test_a_number_that_holds_the_id_is_used_as_it_is(place: Place) -> None:
    place.add_field(f"Lead.{REMOTE_ID}", label="ActiveCampaign ID", type="Number", precision=18, scale=0)
    assert (await place.apply()).complete


async def test_an_object_with_25_external_ids_goes_without_the_id_field(place: Place) -> None:
    for number in range(25):
        place.add_field(f"Lead.Key{number}__c", label=f"Key {number}", type="Text", length=20, externalId=True)
    (problem,) = (await place.apply()).problems
    assert problem.code is ProblemCode.ID_LIMIT
    assert await place.seen(SObject.LEAD) == PEOPLE_FIELDS - {REMOTE_ID}
    assert await place.seen(SObject.CONTACT) == PEOPLE_FIELDS


async def test_the_limit_is_recognised_when_only_salesforce_knows_it(place: Place) -> None:
    text = "You have reached the maximum number of 25 external ID fields."
    place.fault("GET", POLL, failed(("CustomField", f"Lead.{REMOTE_ID}", text)))
    (problem,) = (await place.apply()).problems
    assert problem.code is ProblemCode.ID_LIMIT


async def test_fields_that_stay_hidden_are_said_to_be_not_visible_yet(place: Place) -> None:
    place.org.switches.fls_hidden = [f"Lead.{RELATION}"]
    (problem,) = (await place.apply()).problems
    assert problem.code is ProblemCode.NOT_VISIBLE_YET
    place.org.switches.fls_hidden = []
    assert (await place.apply()).complete


# -- access
async def test_a_refused_assignment_is_told_and_made_by_the_next_apply(place: Place) -> None:
    text = "The user license doesn't allow the permission: Edit Leads"
    answer = [{"success": False, "errors": [{"statusCode": "FIELD_INTEGRITY_EXCEPTION", "message": text}]}]
    place.fault("POST", COLLECTIONS, {"kind": "status", "status": 200, "body": answer})
    applied = await place.apply()
    (problem,) = applied.problems
    assert problem.code is ProblemCode.ASSIGN_REFUSED
    assert "Sasha Admin" in problem.sentence.english()
    assert text in problem.sentence.english()
    assert (await place.apply()).complete
    assert place.deployments() == 1


async def test_without_the_right_to_assign_the_problem_names_it(place: Place) -> None:
    body = [{"errorCode": "INSUFFICIENT_ACCESS", "message": "insufficient access rights"}]
    place.fault("POST", COLLECTIONS, {"kind": "status", "status": 403, "body": body})
    (problem,) = (await place.apply()).problems
    assert (problem.code, problem.values["right"]) == (ProblemCode.NO_SETUP_RIGHT, "Assign Permission Sets")


async def test_a_token_revoked_in_the_middle_stops_and_the_next_apply_goes_on(place: Place) -> None:
    def revoke_while_waiting(phase: Message, _done: int, _total: int | None) -> None:
        if "making" in phase.english():
            place.revoke()

    with pytest.raises(ProblemError) as caught:
        await place.work.apply(revoke_while_waiting, YES)
    assert caught.value.problem.code is ProblemCode.SF_RECONNECT
    assert len(place.open_entries()) == 1
    await place.reconnect()
    assert (await place.apply()).complete
    assert place.deployments() == 1


async def test_another_org_than_the_one_set_up_is_never_written_to(place: Place) -> None:
    session = place.engine.assistant.session
    other = replace(session.setup.salesforce, org_id="00D000000000001AAA")
    session.store(replace(session.setup, salesforce=other), what="test")
    assert (await refused(place)).code is ProblemCode.OTHER_ORG
    assert place.writes() == []


# -- leaving
async def test_leaving_that_fails_at_salesforce_can_be_repeated(place: Place) -> None:
    await place.prepared()
    plan = await place.work.leave_plan()
    place.fault("GET", POLL, failed(("CustomField", f"Lead.{STATUS}", "It is referenced by a flow.")))
    left = await place.work.leave(confirm=plan.org)
    assert [problem.code for problem in left.problems] == [ProblemCode.DEPLOY_COMPONENT]
    place.calm()
    again = await place.work.leave(confirm=plan.org)
    assert again.problems == ()
    assert await place.seen(SObject.LEAD) == set()


async def test_leaving_that_was_interrupted_goes_on_where_it_was(place: Place) -> None:
    await place.prepared()
    plan = await place.work.leave_plan()
    place.org.switches.deploy_polls = 10_000
    with pytest.raises(ProblemError) as caught:
        await place.work.leave(confirm=plan.org)
    assert caught.value.problem.code is ProblemCode.DEPLOY_TIMEOUT
    place.org.switches.deploy_polls = 0
    assert (await place.work.leave(confirm=plan.org)).problems == ()
    assert place.deployments() == 2
    assert (await place.work.leave_plan()).empty
