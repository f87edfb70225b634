"""A value corrected in an issue: checked, written to one side, carried to the other, undone, and safe in a crash."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acassist.assistant.value_edits import Edit, EditableValue, InputKind
from acassist.assistant.views import ActionResult, RecordRef
from acassist.domain.ids import Service
from acassist.domain.ledger import HistoryAction, Issue, LinkState
from acassist.domain.mapping import ConflictRule
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import CxSettings
from tests.simulation.scene import Scene

ROWS = [
    ("Nickname", "Nickname__c"),
    ("Annual budget", "Annual_Budget__c"),
    ("Trial ends", "Trial_End__c"),
    ("Segment", "Segment__c"),
    ("Interests", "Product_Interest__c"),
    ("Newsletter", "Newsletter__c"),
    ("Notes", "Notes__c"),
]
SF, AC = Service.SALESFORCE, Service.ACTIVECAMPAIGN


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=ROWS, conflict=ConflictRule.ASK)
    yield made
    await made.close()


async def pair(scene: Scene, **fields: Any) -> tuple[str, str]:
    sf_id = await scene.lead("ann@x.example", FirstName="Ann", **fields)
    await scene.sync()
    await scene.sync()
    return sf_id, scene.link(sf_id).ac_id


async def wrong(scene: Scene, title: str, text: str, **fields: Any) -> tuple[str, str, Issue]:
    sf_id, ac_id = await pair(scene, **fields)
    await scene.change(ac_id, values={title: text})
    await scene.sync()
    (issue,) = scene.issues()
    return sf_id, ac_id, issue


async def offered(scene: Scene, issue: Issue) -> EditableValue:
    found: EditableValue = (await scene.engine.assistant.decisions.editable(issue.id))[0]
    return found


async def save(scene: Scene, issue: Issue, side: Service, value: str | None) -> ActionResult:
    field = await offered(scene, issue)
    edit = Edit(field.key, side, value, field.side(side).value)
    result: ActionResult = await scene.engine.assistant.decisions.edit_value(issue.id, edit)
    return result


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Annual budget", "lots", InputKind.NUMBER),
        ("Trial ends", "soon", InputKind.DATE),
        ("Segment", "Nope", InputKind.CHOICE),
        ("Newsletter", "maybe", InputKind.YES_NO),
        ("Nickname", "x" * 90, InputKind.TEXT),
        ("Interests", "||a;b||", InputKind.CHOICES),
        ("Notes", "x\x01", InputKind.LONG_TEXT),
    ],
)
async def test_the_input_fits_the_field(scene: Scene, title: str, text: str, kind: InputKind) -> None:
    _, _, issue = await wrong(scene, title, text)
    field = await offered(scene, issue)
    assert (field.kind, field.wrong) == (kind, AC)
    assert bool(field.options) == (kind in (InputKind.CHOICE, InputKind.CHOICES))


async def test_only_values_that_both_sides_take_are_offered(scene: Scene) -> None:
    _, _, issue = await wrong(scene, "Segment", "Nope")
    options = {option.value for option in (await offered(scene, issue)).options}
    rows = scene.world.activecampaign.tables["fieldOptions"]
    assert options
    assert options <= {row["value"] for row in rows}


async def test_a_value_saved_on_the_wrong_side_reaches_the_other_at_once(scene: Scene) -> None:
    sf_id, ac_id, issue = await wrong(scene, "Annual budget", "lots", Annual_Budget__c=5)
    result = await save(scene, issue, AC, "12.5")
    assert result.done
    assert (scene.row("Lead", sf_id)["Annual_Budget__c"], scene.value(ac_id, "Annual budget")) == (12.5, "12.5")
    assert scene.codes() == []
    await scene.sync()
    assert scene.record_writes() == []


async def test_the_saved_value_counts_also_when_the_other_side_had_changed(scene: Scene) -> None:
    sf_id, ac_id, issue = await wrong(scene, "Annual budget", "lots", Annual_Budget__c=5)
    await scene.edit("Lead", sf_id, Annual_Budget__c=7)
    await save(scene, issue, AC, "8")
    assert (scene.row("Lead", sf_id)["Annual_Budget__c"], scene.value(ac_id, "Annual budget")) == (8, "8")
    assert scene.codes() == []


async def test_a_correction_stands_in_the_history_and_undo_brings_the_old_text_and_its_issue_back(scene: Scene) -> None:
    sf_id, ac_id, issue = await wrong(scene, "Annual budget", "lots", Annual_Budget__c=5)
    await save(scene, issue, AC, "12")
    run = next(r for r in await scene.engine.assistant.runs() if r.cause == "edit")
    (item,) = await scene.engine.assistant.run_items(run.id)
    assert (item.action, item.before, item.after) == (HistoryAction.UPDATE, "lots", "12")
    report = await scene.engine.assistant.undo_run(run.id)
    assert [left.item.id for left in report.left] == []
    assert scene.value(ac_id, "Annual budget") == "lots"
    await scene.sync()
    assert scene.codes() == ["value_not_number"]
    assert scene.row("Lead", sf_id)["Annual_Budget__c"] == 12


async def test_a_value_that_the_other_side_does_not_take_is_refused_before_it_is_written(scene: Scene) -> None:
    _, ac_id, issue = await wrong(scene, "Annual budget", "lots")
    with pytest.raises(ProblemError) as caught:
        await save(scene, issue, AC, "plenty")
    assert caught.value.problem.code is ProblemCode.VALUE_NOT_NUMBER
    assert scene.value(ac_id, "Annual budget") == "lots"


async def test_a_value_that_changed_meanwhile_is_not_overwritten(scene: Scene) -> None:
    _, ac_id, issue = await wrong(scene, "Annual budget", "lots")
    field = await offered(scene, issue)
    await scene.change(ac_id, values={"Annual budget": "77"})
    edit = Edit(field.key, AC, "12", field.activecampaign.value)
    with pytest.raises(ProblemError) as caught:
        await scene.engine.assistant.decisions.edit_value(issue.id, edit)
    assert caught.value.problem.code is ProblemCode.VALUE_MOVED
    assert scene.value(ac_id, "Annual budget") == "77"


async def test_a_service_that_refuses_the_correction_leaves_everything_as_it_was(scene: Scene) -> None:
    sf_id, _, issue = await wrong(scene, "Nickname", "x" * 90)
    rule = {"sobject": "Lead", "field": "Nickname__c", "pattern": "^bad", "message": "No bad nicknames."}
    await scene.org(validation_rules=[rule])
    with pytest.raises(ProblemError) as caught:
        await save(scene, issue, SF, "bad one")
    assert caught.value.problem.code is ProblemCode.SF_VALIDATION
    assert scene.row("Lead", sf_id).get("Nickname__c") is None
    assert scene.engine.stores.intents.pending() == []


async def test_a_correction_whose_answer_was_lost_in_a_crash_is_recorded_by_the_next_run(scene: Scene) -> None:
    _, ac_id, issue = await wrong(scene, "Annual budget", "lots")
    field = await offered(scene, issue)
    lost = {"method": "PUT", "path": f"/contacts/{ac_id}$", "times": -1, "action": {"kind": "drop_after"}}
    # The contact is read once before the write; afterwards nobody can look any more.
    blind = {"method": "GET", "path": "/contacts$", "nth": 2, "times": -1, "action": {"kind": "drop"}}
    for rule in (lost, blind):
        scene.world.faults.add(rule)
    with pytest.raises(ProblemError):
        await scene.engine.assistant.decisions.edit_value(issue.id, Edit(field.key, AC, "12", "lots"))
    assert len(scene.engine.stores.intents.pending()) == 1
    scene.world.faults.clear()
    await scene.sync()
    assert scene.engine.stores.intents.pending() == []
    assert scene.codes() == []
    items = scene.engine.stores.history.items(ac_id=ac_id, limit=100)
    assert [(i.before, i.after) for i in items if i.rule == "person"] == [("lots", "12")]


async def test_a_record_without_a_contact_gets_its_address(scene: Scene) -> None:
    sf_id = await scene.lead(None, LastName="Nomail")
    await scene.sync()
    (issue,) = scene.issues()
    field = await offered(scene, issue)
    assert field.activecampaign.refusal is not None
    await save(scene, issue, SF, "nomail@x.example")
    assert scene.link(sf_id).state is LinkState.ACTIVE
    assert scene.codes() == []


async def test_a_contact_that_lacks_what_a_lead_needs_becomes_one_once_it_is_filled_in(scene: Scene) -> None:
    await scene.person("bare@x.example", firstName="Bare", tags_add=["create-salesforce-lead"])
    await scene.sync()
    (issue,) = scene.issues()
    for text in ("Bones", "Bones Ltd"):
        await save(scene, next(iter(scene.issues())), AC, text)
    assert issue.code is ProblemCode.SF_REQUIRED
    (lead,) = scene.rows("Lead")
    assert (lead["LastName"], lead["Company"]) == ("Bones", "Bones Ltd")
    assert scene.codes() == []


async def test_nobody_is_mailed_while_the_opt_out_is_hidden(scene: Scene) -> None:
    sf_id, ac_id = await pair(scene)
    session = scene.engine.assistant.session
    campaigns = [row["id"] for row in scene.world.activecampaign.tables["campaigns"]]
    session.store(replace(session.setup, cx=CxSettings(enabled=True, campaigns=tuple(campaigns))), what="test")
    await scene.org(fls_hidden=["Lead.HasOptedOutOfEmail", "Contact.HasOptedOutOfEmail"])
    offers, _ = await scene.engine.assistant.offers()
    chosen = next(o.id for o in offers if o.reason is None)
    ref = RecordRef(scene.link(sf_id).sobject, sf_id, ac_id)
    result = await scene.engine.assistant.send_campaign(ref, chosen, "ann@x.example")
    assert result.problem is not None
    assert result.problem.code is ProblemCode.OPT_OUT_UNREADABLE
    assert scene.world.activecampaign.sends == []
