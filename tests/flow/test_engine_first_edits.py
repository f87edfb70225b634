"""The first edits after a record or a contact was created count as edits, whichever fields had been sent."""

from __future__ import annotations

from pathlib import Path

from acassist.domain.mapping import Direction
from acassist.domain.profile import OutboundSettings
from tests.simulation.scene import ALL, NOBODY, Scene


async def test_what_is_typed_into_a_new_contact_flows_although_the_field_was_not_sent(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[("Nickname", "Nickname__c")], direction=Direction.TO_SALESFORCE)
    sf = await scene.lead("ann@x.example", Nickname__c="old")
    await scene.sync()
    await scene.change(scene.link(sf).ac_id, values={"Nickname": "typed"})
    await scene.sync()
    assert scene.row("Lead", sf)["Nickname__c"] == "typed"
    await scene.close()


async def test_a_box_that_is_ticked_in_a_new_contact_is_ticked_in_salesforce(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[("Newsletter", "Newsletter__c")], direction=Direction.TO_SALESFORCE)
    sf = await scene.lead("ann@x.example")
    await scene.sync()
    await scene.change(scene.link(sf).ac_id, values={"Newsletter": "||true||"})
    await scene.sync()
    assert scene.row("Lead", sf)["Newsletter__c"] is True
    await scene.close()


async def test_edits_on_both_sides_right_after_a_record_was_created_are_a_conflict(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, outbound=OutboundSettings(lead=NOBODY, contact=ALL))
    ac = await scene.person("ann@x.example", firstName="Ann", lastName="Roe", tags_add=["create-salesforce-lead"])
    await scene.change(ac, account="Acme")
    await scene.sync()
    [row] = scene.rows("Lead")
    scene.use(outbound=OutboundSettings(lead=ALL, contact=ALL))
    await scene.edit("Lead", row["Id"], Phone="1")
    await scene.change(ac, phone="2")
    await scene.sync()
    assert scene.codes() == ["conflict"]
    await scene.close()
