"""Who holds only ActiveCampaign Standard User sees and uses records, and neither sets up nor runs anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.assistant import Assistant
from acassist.assistant.setup.flow import Page
from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import Role, Step
from acassist.salesforce.provisioning.definitions import MANAGER, STANDARD
from tests.engine import connected
from tests.flow.records_world import mailable, ref_of
from tests.flow.viewer_world import VERA, Office

Ask = Callable[[Assistant], Awaitable[object]]


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    made = await Office.open(tmp_path)
    yield made
    await made.close()


# -- who is a viewer
async def test_only_the_standard_set_makes_a_viewer_who_prepares_nothing(office: Office) -> None:
    await office.hire()
    assistant = await office.profile()
    await office.log_in(assistant, VERA)
    flow = await assistant.open_step(Step.CONNECTIONS)
    assert flow.draft.role is Role.VIEWER
    assert flow.draft.salesforce.roles == (Role.VIEWER,)
    assert Page.PREPARE not in flow.pages


@pytest.mark.parametrize(
    ("sets", "roles"),
    [
        ((), (Role.MANAGER,)),
        ((MANAGER.name,), (Role.MANAGER,)),
        ((MANAGER.name, STANDARD.name), (Role.MANAGER, Role.VIEWER)),
    ],
)
async def test_other_users_stay_managers_and_who_holds_both_may_choose(
    office: Office, sets: tuple[str, ...], roles: tuple[Role, ...]
) -> None:
    await office.hire(sets=sets)
    assistant = await office.profile()
    await office.log_in(assistant, VERA)
    flow = await assistant.open_step(Step.CONNECTIONS)
    assert flow.draft.salesforce.roles == roles
    assert flow.draft.role is Role.MANAGER


async def test_an_administrator_who_holds_the_standard_set_too_may_choose(office: Office) -> None:
    admin = office.world.salesforce
    await office.admin.assistant.provisioning.remove([admin.user_id], MANAGER.name)
    await office.admin.assistant.provisioning.assign([admin.user_id], STANDARD.name)
    assistant = await office.profile()
    await office.log_in(assistant, admin.username)
    flow = await assistant.open_step(Step.CONNECTIONS)
    assert flow.draft.salesforce.roles == (Role.MANAGER, Role.VIEWER)
    await assistant.finish_step(flow.with_draft(replace(flow.draft, role=Role.VIEWER)))
    assert (await assistant.status()).role is Role.VIEWER


async def test_where_assignments_cannot_be_read_the_rights_to_our_fields_decide(office: Office) -> None:
    await office.hire()
    await office.admin.control.call("PATCH", "/salesforce/settings", {"objects_hidden": ["PermissionSetAssignment"]})
    assistant = await office.profile()
    await office.log_in(assistant, VERA)
    assert (await assistant.open_step(Step.CONNECTIONS)).draft.role is Role.VIEWER


async def test_a_profile_that_syncs_does_not_turn_into_a_viewer_by_another_login(office: Office) -> None:
    await office.hire()
    assistant = await office.profile()
    assistant.session.store(replace(connected(office.world), salesforce=None), what="test")
    await office.log_in(assistant, VERA)
    assert (await assistant.open_step(Step.CONNECTIONS)).draft.role is Role.MANAGER


# -- what a viewer sees and does
async def test_a_viewer_finds_both_ends_of_a_person_without_a_ledger(office: Office) -> None:
    link = mailable(office.admin)
    viewer = await office.viewer()
    card = await viewer.record(RecordRef(SObject.CONTACT, link.sf_id))
    assert card.ref.ac_id == link.ac_id
    assert card.link_state is None
    assert card.fields
    assert (await viewer.recent_activities(card.ref)).items is not None


async def test_a_viewer_adds_a_person_to_an_automation_and_nothing_is_written_to_the_org(office: Office) -> None:
    link = mailable(office.admin)
    viewer = await office.viewer()
    _, automations = await viewer.offers()
    offered = next(offer for offer in automations if offer.offered and offer.reason is None)
    card = await viewer.record(RecordRef(SObject.CONTACT, link.sf_id))
    mark = office.world.log.total
    result = await viewer.enter_automation(card.ref, offered.id, card.email or "")
    assert result.done, result.sentence.english()
    written = [e for e in office.world.log.since(mark) if e["method"] != "GET"]
    assert [(e["service"], e["path"]) for e in written] == [("activecampaign", "/api/3/contactAutomations")]


async def test_a_person_who_opted_out_is_not_mailed_by_a_viewer_either(office: Office) -> None:
    link = mailable(office.admin)
    viewer = await office.viewer()
    await office.admin.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": True})
    _, automations = await viewer.offers()
    offered = next(offer for offer in automations if offer.offered and offer.reason is None)
    card = await viewer.record(RecordRef(SObject.CONTACT, link.sf_id))
    result = await viewer.enter_automation(card.ref, offered.id, card.email or "")
    assert not result.done


async def test_a_field_that_the_viewer_does_not_see_is_left_out_and_the_record_still_opens(office: Office) -> None:
    link = mailable(office.admin)
    await office.admin.control.call("PATCH", "/salesforce/settings", {"fls_hidden": ["Contact.Phone"]})
    viewer = await office.viewer()
    card = await viewer.record(RecordRef(SObject.CONTACT, link.sf_id))
    assert card.name
    assert all(row.sf_field != "Phone" for row in (await viewer.setup()).mapping.contact)


# -- what a viewer may not
REFUSED: dict[str, Ask] = {
    "a sync": lambda a: a.sync_now(yes=True),
    "a preview": lambda a: a.preview(),
    "starting": lambda a: a.start(),
    "undoing a run": lambda a: a.undo_run(1),
    "explaining": lambda a: a.explain(RecordRef(SObject.CONTACT, "003")),
    "verifying": lambda a: a.verify(),
    "mapping": lambda a: a.open_step(Step.MAPPING),
    "the selection": lambda a: a.open_step(Step.OUTBOUND),
    "importing a set-up": lambda a: a.import_setup({}),
    "preparing the org": lambda a: a.provisioning.apply(),
    "assigning people": lambda a: a.provisioning.assign(["005"], STANDARD.name),
    "removing the additions": lambda a: a.provisioning.leave(confirm="x"),
    "taking over": lambda a: a.take_over(),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_a_viewer_is_refused_with_a_sentence(office: Office, what: str) -> None:
    viewer = await office.viewer()
    mark = office.world.log.total
    with pytest.raises(ProblemError) as caught:
        await REFUSED[what](viewer)
    assert caught.value.problem.code is ProblemCode.VIEWER_ONLY
    assert office.world.log.total == mark


async def test_syncing_one_record_is_refused_too(office: Office) -> None:
    viewer = await office.viewer()
    result = await viewer.sync_record(ref_of(mailable(office.admin)))
    assert not result.done


async def test_no_run_is_made_for_a_viewer_and_the_sync_of_the_administrator_goes_on(office: Office) -> None:
    viewer = await office.viewer()
    assert await viewer.runner.look() is None
    assert await viewer.runs() == []
    await office.admin.assistant.sync_now()
    (entry,) = office.world.activecampaign.tables["connections"]
    assert viewer.jobs.pairing.me().id not in entry["linkUrl"]


async def test_disconnecting_ends_the_own_login_only(office: Office) -> None:
    viewer = await office.viewer()
    assert await viewer.disconnect(forget=True)
    assert (await viewer.status()).role is Role.MANAGER
    await office.admin.assistant.sync_now()
    assert len(list(office.world.activecampaign.tables["connections"])) == 1
