"""Who is who: twins, changed addresses, conversion, merge, delete and undelete (rule 2), seen through whole runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState
from acassist.domain.profile import OutboundSettings
from tests.simulation.scene import ALL, NOBODY, Scene

NICK = ("Nickname", "Nickname__c")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=[NICK])
    yield made
    await made.close()


async def pair(scene: Scene, **lead: str) -> tuple[str, str]:
    sf = await scene.lead("ann@x.example", FirstName="Ann", **lead)
    await scene.sync()
    return sf, scene.link(sf).ac_id


async def twins(scene: Scene) -> tuple[str, str, str]:
    """Return a lead and a contact with one address, and the person in ActiveCampaign."""
    lead = await scene.lead("ann@x.example", FirstName="Ann", Nickname__c="Annie")
    contact = await scene.contact("ann@x.example", FirstName="Ann", Nickname__c="Annie")
    await scene.sync()
    await scene.sync()
    assert scene.link(lead).ac_id == scene.link(contact).ac_id
    return lead, contact, scene.link(contact).ac_id


# -- twins
async def test_a_lead_and_a_contact_with_one_address_share_a_person_and_the_contact_leads(scene: Scene) -> None:
    lead, contact, _ = await twins(scene)
    assert len(scene.people()) == 1
    assert (scene.link(lead).primary, scene.link(contact).primary) == (False, True)
    await scene.sync()
    assert scene.record_writes() == []


async def test_the_echo_of_one_twin_is_no_change_for_the_other(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.edit("Contact", contact, Nickname__c="Nan")
    await scene.sync()
    await scene.sync()
    assert scene.value(ac, "Nickname") == "Nan"
    assert scene.row("Lead", lead)["Nickname__c"] == "Annie"
    assert scene.issues() == []
    # Nor later, when the person changes for another reason.
    await scene.change(ac, phone="555")
    await scene.sync()
    assert (scene.row("Lead", lead)["Phone"], scene.row("Lead", lead)["Nickname__c"]) == ("555", "Annie")


async def test_what_an_undo_took_back_is_an_edit_for_the_twin_when_somebody_types_it_again(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.edit("Contact", contact, Nickname__c="Nan")
    await scene.sync()
    run = (await scene.engine.assistant.runs())[0]
    await scene.engine.assistant.undo_run(run.id)
    assert (scene.value(ac, "Nickname"), scene.row("Lead", lead)["Nickname__c"]) == ("Annie", "Annie")
    await scene.sync()
    await scene.change(ac, values={"Nickname": "Nan"})
    await scene.sync()
    assert scene.row("Lead", lead)["Nickname__c"] == "Nan"


async def test_one_record_speaks_for_a_person_also_around_a_stop(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.engine.assistant.stop_syncing(RecordRef(SObject.CONTACT, contact))
    assert scene.link(lead).primary
    await scene.edit("Lead", lead, Nickname__c="Nan")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "Nan"
    await scene.engine.assistant.stop_syncing(RecordRef(SObject.CONTACT, contact), stop=False)
    assert (scene.link(contact).primary, scene.link(lead).primary) == (True, False)


async def test_a_genuine_edit_in_activecampaign_goes_to_both_twins(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.change(ac, values={"Nickname": "Nan"})
    await scene.sync()
    assert scene.row("Lead", lead)["Nickname__c"] == scene.row("Contact", contact)["Nickname__c"] == "Nan"
    await scene.sync()
    assert scene.record_writes() == []


async def test_a_differing_edit_of_the_secondary_becomes_an_issue(scene: Scene) -> None:
    lead, _, ac = await twins(scene)
    await scene.edit("Lead", lead, Nickname__c="Nan")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "Annie"
    assert scene.codes() == ["twin_edit"]
    await scene.edit("Lead", lead, Nickname__c="Annie")
    await scene.sync()
    assert scene.codes() == []


async def test_a_lead_speaks_for_the_person_again_when_its_twin_is_deleted(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.delete("Contact", contact)
    await scene.sync()
    await scene.edit("Lead", lead, Nickname__c="Nan")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "Nan"
    assert scene.codes() == ["sf_gone"]
    await scene.undelete("Contact", contact)
    await scene.sync()
    await scene.sync()
    assert (scene.link(lead).primary, scene.link(contact).primary) == (False, True)


async def test_two_leads_with_one_address_are_not_linked_but_listed(scene: Scene) -> None:
    first = await scene.lead("ann@x.example")
    second = await scene.lead("ANN@x.example")
    await scene.sync()
    assert scene.people() == []
    assert scene.codes() == ["duplicate", "duplicate"]
    await scene.delete("Lead", second)
    await scene.sync()
    await scene.sync()
    assert [link.sf_id for link in scene.links()] == [first]
    assert scene.codes() == []


async def test_a_second_lead_with_the_address_of_a_linked_one_is_listed(scene: Scene) -> None:
    sf, _ = await pair(scene)
    await scene.lead("ann@x.example")
    await scene.sync()
    assert [link.sf_id for link in scene.links()] == [sf]
    assert scene.codes() == ["duplicate"]


# -- addresses
async def test_an_address_changed_in_salesforce_renames_the_same_person(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.edit("Lead", sf, Email="new@x.example")
    await scene.sync()
    assert [(p["id"], p["email"]) for p in scene.people()] == [(ac, "new@x.example")]
    await scene.sync()
    assert scene.record_writes() == []


async def test_an_address_changed_in_activecampaign_reaches_salesforce(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.change(ac, email="new@x.example")
    await scene.sync()
    assert scene.row("Lead", sf)["Email"] == "new@x.example"
    await scene.sync()
    assert len(scene.people()) == 1
    assert scene.record_writes() == []


async def test_an_address_that_belongs_to_somebody_else_is_an_issue_and_changes_nobody(scene: Scene) -> None:
    sf, ac = await pair(scene)
    other = await scene.person("taken@x.example", firstName="Other")
    await scene.edit("Lead", sf, Email="taken@x.example")
    await scene.sync()
    await scene.sync()
    assert (scene.ac(ac)["email"], scene.ac(other)["firstName"]) == ("ann@x.example", "Other")
    assert "ac_email_taken" in scene.codes()
    assert scene.record_writes() == []


async def test_a_freed_address_may_be_used_by_a_new_lead(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.edit("Lead", sf, Email="new@x.example")
    fresh = await scene.lead("ann@x.example", FirstName="Anna")
    await scene.sync()
    await scene.sync()
    assert scene.ac(ac)["email"] == "new@x.example"
    assert scene.by_email("ann@x.example")["firstName"] == "Anna"
    assert scene.link(fresh).ac_id != ac
    assert scene.issues() == []


# -- conversion and merge
@pytest.mark.parametrize("contacts", [ALL, NOBODY])
async def test_a_converted_lead_hands_its_person_to_the_contact(scene: Scene, contacts: object) -> None:
    scene.use(outbound=OutboundSettings(lead=ALL, contact=contacts))  # type: ignore[arg-type]
    sf, ac = await pair(scene)
    contact = await scene.convert(sf)
    await scene.sync()
    await scene.sync()
    link = scene.link(contact)
    assert (link.ac_id, link.sobject, link.primary) == (ac, SObject.CONTACT, True)
    assert len(scene.links()) == len(scene.people()) == 1
    assert "salesforce-lead-converted-to-contact" in scene.ac(ac)["tags"]
    before = scene.row("Lead", sf)
    await scene.change(ac, firstName="Anna")
    await scene.sync()
    assert scene.row("Contact", contact)["FirstName"] == "Anna"
    assert scene.row("Lead", sf) == before
    assert scene.issues() == []


async def test_an_edit_under_way_when_the_lead_is_converted_is_not_lost(scene: Scene) -> None:
    sf, ac = await pair(scene, Nickname__c="Annie")
    await scene.change(ac, firstName="Anna")
    contact = await scene.convert(sf)
    await scene.sync()
    await scene.sync()
    assert scene.row("Contact", contact)["FirstName"] == "Anna"


async def test_a_lead_converted_into_its_twin_leaves_one_link(scene: Scene) -> None:
    lead, contact, ac = await twins(scene)
    await scene.convert(lead, contact)
    await scene.sync()
    await scene.sync()
    assert [(x.sf_id, x.ac_id, x.primary) for x in scene.links()] == [(contact, ac, True)]
    assert scene.issues() == []


async def test_a_merged_lead_hands_its_person_to_the_survivor(scene: Scene) -> None:
    sf, ac = await pair(scene)
    survivor = await scene.lead("other@x.example", FirstName="Olga")
    await scene.merge("Lead", survivor, sf)
    await scene.sync()
    await scene.sync()
    assert scene.link(survivor).ac_id == ac
    assert len(scene.people()) == len(scene.links()) == 1
    await scene.sync()
    assert scene.record_writes() == []


async def test_two_linked_leads_merged_keep_the_survivors_person_and_list_the_other(scene: Scene) -> None:
    sf, ac = await pair(scene)
    other = await scene.lead("other@x.example", FirstName="Olga")
    await scene.sync()
    await scene.merge("Lead", other, sf)
    await scene.sync()
    assert scene.link(sf).state is LinkState.BROKEN
    assert scene.link(other).state is LinkState.ACTIVE
    assert {p["id"] for p in scene.people()} == {ac, scene.link(other).ac_id}
    assert scene.codes() == ["sf_gone"]


# -- delete
async def test_a_deleted_lead_breaks_the_link_and_deletes_nobody(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.delete("Lead", sf)
    await scene.sync()
    assert scene.link(sf).state is LinkState.BROKEN
    assert scene.ac(ac)["email"] == "ann@x.example"
    assert scene.codes() == ["sf_gone"]
    await scene.undelete("Lead", sf)
    await scene.change(ac, firstName="Anna")
    await scene.sync()
    await scene.sync()
    assert scene.link(sf).state is LinkState.ACTIVE
    assert scene.row("Lead", sf)["FirstName"] == "Anna"
    assert scene.codes() == []


async def test_a_new_lead_takes_the_place_of_a_deleted_one(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.delete("Lead", sf)
    await scene.sync()
    fresh = await scene.lead("ann@x.example", FirstName="Ann")
    await scene.sync()
    assert scene.link(fresh).ac_id == ac
    await scene.undelete("Lead", sf)
    await scene.sync()
    assert [x.sf_id for x in scene.links() if x.state is LinkState.ACTIVE] == [fresh]


async def test_a_person_deleted_in_activecampaign_breaks_the_link_and_is_not_recreated(scene: Scene) -> None:
    sf, ac = await pair(scene)
    await scene.drop(ac)
    await scene.edit("Lead", sf, FirstName="Anna")
    await scene.sync()
    await scene.sync()
    assert scene.people() == []
    assert scene.link(sf).state is LinkState.BROKEN
    assert scene.codes() == ["ac_gone"]


async def test_a_person_deleted_before_the_first_link_is_created_anew(scene: Scene) -> None:
    ac = await scene.person("ann@x.example", firstName="Old")
    await scene.sync()
    await scene.drop(ac)
    sf = await scene.lead("ann@x.example", FirstName="Ann")
    await scene.sync()
    assert scene.by_email("ann@x.example")["firstName"] == "Ann"
    assert scene.link(sf).ac_id != ac


async def test_somebody_created_meanwhile_is_linked_and_not_overwritten(scene: Scene) -> None:
    await scene.sync()
    sf = await scene.lead("ann@x.example", FirstName="Ann")
    append, log, made = scene.world.log.append, scene.world.log, []

    def meanwhile(at, entry):  # type: ignore[no-untyped-def]
        if entry["service"] == "salesforce" and "query" in entry["path"] and not made:
            made.append(scene.world.activecampaign.create("ann@x.example", {"firstName": "Anna"}))
        return append(at, entry)

    log.append = meanwhile  # type: ignore[method-assign]
    await scene.sync()
    await scene.sync()
    assert scene.by_email("ann@x.example")["firstName"] == "Anna"
    assert scene.link(sf).ac_id == scene.by_email("ann@x.example")["id"]


async def test_what_a_conversion_does_not_carry_over_is_filled_from_the_person_and_not_emptied(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[NICK], copy_blanks=True)
    sf, ac = await pair(scene, Nickname__c="Annie")
    contact = await scene.convert(sf)
    assert scene.row("Contact", contact).get("Nickname__c") is None
    await scene.sync()
    await scene.sync()
    assert scene.value(ac, "Nickname") == "Annie"
    assert scene.row("Contact", contact)["Nickname__c"] == "Annie"
    await scene.close()
