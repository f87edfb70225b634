"""Trigger tags create Salesforce records, once (rule 1.5)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.domain.profile import Defaults
from tests.simulation.scene import Scene

NICK = ("Nickname", "Nickname__c")
CONTACT, LEAD = "create-salesforce-contact", "create-salesforce-lead"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=[NICK])
    await made.sync()
    yield made
    await made.close()


async def test_a_contact_is_created_with_the_persons_values_and_the_tags_are_exchanged(scene: Scene) -> None:
    ac = await scene.person("ann@x.example", firstName="Ann", lastName="Doe", tags_add=[CONTACT])
    await scene.change(ac, values={"Nickname": "Annie"})
    await scene.sync()
    [row] = scene.rows("Contact")
    assert (row["FirstName"], row["LastName"], row["Nickname__c"]) == ("Ann", "Doe", "Annie")
    assert scene.ac(ac)["tags"] == ["added-to-salesforce-contact"]
    assert scene.link(row["Id"]).ac_id == ac
    await scene.sync()
    assert scene.record_writes() == []
    await scene.change(ac, firstName="Anna")
    await scene.sync()
    assert scene.row("Contact", row["Id"])["FirstName"] == "Anna"


async def test_a_lead_takes_its_company_from_the_account(scene: Scene) -> None:
    await scene.person("ann@x.example", firstName="Ann", lastName="Doe", account="Acme", tags_add=[LEAD])
    await scene.sync()
    assert [r["Company"] for r in scene.rows("Lead")] == ["Acme"]


async def test_a_missing_required_field_is_an_issue_until_it_has_a_value(scene: Scene) -> None:
    ac = await scene.person("ann@x.example", firstName="Ann", tags_add=[CONTACT])
    await scene.sync()
    assert scene.rows("Contact") == []
    assert scene.codes() == ["sf_required"]
    await scene.change(ac, lastName="Doe")
    await scene.sync()
    assert len(scene.rows("Contact")) == 1
    assert scene.codes() == []


async def test_a_missing_required_field_takes_the_admins_placeholder(scene: Scene) -> None:
    session = scene.engine.assistant.session
    session.store(replace(session.setup, defaults=Defaults(last_name="Unknown", company="None")), what="test")
    await scene.person("ann@x.example", firstName="Ann", tags_add=[LEAD])
    await scene.sync()
    assert [(r["LastName"], r["Company"]) for r in scene.rows("Lead")] == [("Unknown", "None")]


async def test_a_person_who_came_from_a_lead_gets_a_new_contact_and_the_lead_is_untouched(scene: Scene) -> None:
    sf = await scene.lead("ann@x.example", FirstName="Ann")
    await scene.sync()
    await scene.sync()
    ac, before = scene.link(sf).ac_id, scene.row("Lead", sf)
    await scene.change(ac, tags_add=[CONTACT])
    await scene.sync()
    await scene.sync()
    assert len(scene.rows("Contact")) == 1
    assert scene.row("Lead", sf) == before
    assert {x.ac_id for x in scene.links()} == {ac}
    assert sorted(scene.ac(ac)["tags"]) == ["added-to-salesforce-contact", "created-from-salesforce-lead"]


async def test_a_record_with_the_address_is_linked_instead_of_created(scene: Scene) -> None:
    from acassist.domain.profile import OutboundSettings
    from tests.simulation.scene import NOBODY

    scene.use(outbound=OutboundSettings(lead=NOBODY, contact=NOBODY))
    sf = await scene.contact("ann@x.example", FirstName="Ann")
    ac = await scene.person("ann@x.example", firstName="Ann", tags_add=[CONTACT])
    await scene.sync()
    assert [r["Id"] for r in scene.rows("Contact")] == [sf]
    assert scene.link(sf).ac_id == ac
    assert scene.ac(ac)["tags"] == ["added-to-salesforce-contact"]


async def test_two_records_with_the_address_are_an_issue(scene: Scene) -> None:
    from acassist.domain.profile import OutboundSettings
    from tests.simulation.scene import NOBODY

    scene.use(outbound=OutboundSettings(lead=NOBODY, contact=NOBODY))
    await scene.contact("ann@x.example")
    await scene.contact("ann@x.example")
    ac = await scene.person("ann@x.example", lastName="Doe", tags_add=[CONTACT])
    await scene.sync()
    assert len(scene.rows("Contact")) == 2
    assert scene.codes() == ["duplicate"]
    assert scene.ac(ac)["tags"] == [CONTACT]


async def test_a_rule_of_the_org_refuses_one_person_and_not_the_others(scene: Scene) -> None:
    await scene.org(validation_rules=[{"sobject": "Contact", "field": "FirstName", "pattern": "^Bad$"}])
    bad = await scene.person("bad@x.example", firstName="Bad", lastName="Doe", tags_add=[CONTACT])
    await scene.person("ann@x.example", firstName="Ann", lastName="Doe", tags_add=[CONTACT])
    await scene.sync()
    assert [r["FirstName"] for r in scene.rows("Contact")] == ["Ann"]
    assert scene.codes() == ["sf_validation"]
    await scene.sync()
    assert scene.record_writes() == []
    await scene.change(bad, firstName="Good")
    await scene.sync()
    assert sorted(r["FirstName"] for r in scene.rows("Contact")) == ["Ann", "Good"]
    assert scene.codes() == []


async def test_both_trigger_tags_create_a_lead_and_a_contact_once(scene: Scene) -> None:
    await scene.person("ann@x.example", firstName="Ann", lastName="Doe", account="Acme", tags_add=[CONTACT, LEAD])
    await scene.sync()
    await scene.sync()
    assert (len(scene.rows("Contact")), len(scene.rows("Lead"))) == (1, 1)
    assert scene.record_writes() == []


async def test_a_contact_whose_record_was_deleted_gets_a_new_one_on_request(scene: Scene) -> None:
    ac = await scene.person("ann@x.example", firstName="Ann", lastName="Doe", tags_add=[CONTACT])
    await scene.sync()
    await scene.delete("Contact", scene.rows("Contact")[0]["Id"])
    await scene.sync()
    await scene.change(ac, tags_add=[CONTACT])
    await scene.sync()
    assert len(scene.rows("Contact")) == 1
