"""Taking back what was taken back leads to where one was, and nothing moves afterwards (rule 6.5)."""

from __future__ import annotations

from pathlib import Path

from tests.simulation.scene import Scene


async def test_an_undo_can_be_taken_back_and_the_next_run_writes_nothing(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[("Nickname", "Nickname__c")])
    sf = await scene.lead("ann@x.example", Nickname__c="old")
    await scene.sync()
    await scene.sync()
    await scene.edit("Lead", sf, Nickname__c="new")
    await scene.sync()
    assistant, ac = scene.engine.assistant, scene.link(sf).ac_id
    await assistant.undo_run((await assistant.runs())[0].id)
    assert scene.value(ac, "Nickname") == "old"
    await assistant.undo_run((await assistant.runs())[0].id)
    assert scene.value(ac, "Nickname") == "new"
    base = scene.link(sf).base[f"{scene.key('Nickname')}~Nickname__c"]
    assert (base.salesforce, base.activecampaign) == ("new", "new")
    await scene.edit("Lead", sf, Nickname__c="newest")
    await scene.sync()
    assert scene.value(ac, "Nickname") == "newest"
    await scene.close()
