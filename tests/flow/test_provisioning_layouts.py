"""Page layouts on the sandbox: preview, change, put back, and exact steps where a program may not save."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.provision_views import Consent, LayoutPreview
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.storage.provisioning_journal import EntryKind, EntryState
from tests.flow.provisioning_world import PEOPLE_FIELDS, RELATION, REMOTE_ID, STATUS, YES, Place

PATCH = r"/tooling/sobjects/Layout/"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = await Place.open(tmp_path)
    await made.prepared()
    yield made
    await made.close()


async def lead_layout(place: Place) -> str:
    return next(row.id for row in await place.work.layouts() if row.sobject is SObject.LEAD)


async def preview(place: Place, *, link: bool = False) -> LayoutPreview:
    return await place.work.layout_preview(await lead_layout(place), link=link)


def form_page(place: Place, sobject: str = "Lead") -> None:
    """Give an object a Lightning page with Dynamic Forms."""
    item = {"fieldInstance": {"fieldItem": "Record.Name", "identifier": "RecordNameField"}}
    row = {"Id": "0M0000000000001AAA", "DeveloperName": "Lead_Page", "MasterLabel": "Lead Page", "Type": "RecordPage"}
    metadata = {"flexiPageRegions": [{"itemInstances": [item]}]}
    place.org.tables[True, "FlexiPage"].put({**row, "EntityDefinitionId": sobject, "Metadata": metadata})


async def test_layouts_are_listed_with_the_profiles_that_use_them(place: Place) -> None:
    rows = await place.work.layouts()
    assert [(row.sobject, row.name, row.used_by) for row in rows] == [
        (SObject.LEAD, "Lead Layout", ("System Administrator",)),
        (SObject.CONTACT, "Contact Layout", ("System Administrator",)),
    ]


async def test_a_preview_shows_the_new_section_and_writes_nothing(place: Place) -> None:
    mark = place.mark()
    shown = await preview(place)
    assert [(section.label, section.added) for section in shown.sections] == [
        ("Lead Information", False),
        ("ActiveCampaign", True),
    ]
    assert len(shown.added) == 3
    assert shown.changes
    assert place.writes(mark) == []


async def test_the_fields_are_added_read_only_and_a_second_time_changes_nothing(place: Place) -> None:
    key = await lead_layout(place)
    assert (await place.work.change_layout(key, consent=YES)).done
    assert place.layout_fields("Lead") == ["Name", "Phone", "Email", "OwnerId", STATUS, RELATION, REMOTE_ID]
    mark = place.mark()
    again = await place.work.change_layout(key, consent=YES)
    assert (again.done, again.sentence.english()) == (True, "Lead Layout already shows everything.")
    assert place.writes(mark) == []
    assert not (await preview(place)).changes


async def test_a_changed_layout_is_stored_before_and_can_be_put_back(place: Place) -> None:
    before = dict(place.layout("Lead")["Metadata"])
    key = await lead_layout(place)
    await place.work.change_layout(key, consent=YES)
    assert place.journal.saved_layouts(place.org_id)[key].before == before
    assert [row.changed_here for row in await place.work.layouts()] == [True, False]
    assert (await place.work.restore_layout(key)).done
    assert place.layout("Lead")["Metadata"] == before
    assert [row.changed_here for row in await place.work.layouts()] == [False, False]


async def test_putting_back_keeps_what_an_administrator_changed_since(place: Place) -> None:
    key = await lead_layout(place)
    await place.work.change_layout(key, consent=YES)
    items = place.layout("Lead")["Metadata"]["layoutSections"][0]["layoutColumns"][1]["layoutItems"]
    items.append({"behavior": "Edit", "field": "Fax"})
    await place.work.restore_layout(key)
    assert place.layout_fields("Lead") == ["Name", "Phone", "Email", "OwnerId", "Fax"]


async def test_a_layout_that_we_never_changed_is_not_put_back(place: Place) -> None:
    mark = place.mark()
    assert (await place.work.restore_layout(await lead_layout(place))).done
    assert place.writes(mark) == []


async def test_the_link_is_made_and_placed_on_request(place: Place) -> None:
    key = await lead_layout(place)
    assert (await preview(place, link=True)).link_added
    assert (await place.work.change_layout(key, link=True, consent=YES)).done
    assert {row["PageOrSobjectType"] for row in place.org.tables[True, "WebLink"].rows.values()} == {"Lead"}
    last = place.layout("Lead")["Metadata"]["layoutSections"][-1]
    assert last["layoutColumns"][0]["layoutItems"] == [{"customLink": "Open_in_Setup_Assistant"}]
    await place.work.restore_layout(key)
    assert not any(s["style"] == "CustomLinks" for s in place.layout("Lead")["Metadata"]["layoutSections"])


async def test_production_is_asked_for_once_more_here_too(place: Place) -> None:
    key = await lead_layout(place)
    with pytest.raises(ProblemError) as caught:
        await place.work.change_layout(key, consent=Consent())
    assert caught.value.problem.code is ProblemCode.CONFIRM_PRODUCTION


# -- what a program may not save
async def test_a_feed_based_layout_gets_exact_steps_and_is_left_alone(place: Place) -> None:
    place.layout("Lead")["Metadata"]["feedLayout"] = {"feedLayoutPosition": "Left"}
    shown = await preview(place, link=True)
    assert "feed-based" in shown.blocked.english()
    assert not shown.changes
    steps = [step.english() for step in shown.steps]
    assert steps[0] == "In Salesforce Setup, open Object Manager and choose Lead."
    assert any("acassist://record/{!Lead.Id}" in step for step in steps)
    mark = place.mark()
    answer = await place.work.change_layout(shown.id, consent=YES)
    assert (answer.done, answer.problem.code) == (False, ProblemCode.LAYOUT_BY_HAND)
    assert place.writes(mark) == []


async def test_a_page_with_dynamic_forms_gets_steps_of_its_own(place: Place) -> None:
    form_page(place)
    shown = await preview(place)
    assert "Lead Page" in shown.warnings[0].english()
    assert any("Edit Page" in step.english() for step in shown.steps)
    assert shown.changes


async def test_dynamic_forms_of_another_object_do_not_matter(place: Place) -> None:
    form_page(place, "Contact")
    shown = await preview(place)
    assert (shown.warnings, shown.steps) == ((), ())


async def test_a_refused_layout_is_as_it_was_and_the_next_try_works(place: Place) -> None:
    key = await lead_layout(place)
    before = place.layout_fields("Lead")
    body = [{"errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "Layout is locked."}]
    place.fault("PATCH", PATCH, {"kind": "status", "status": 400, "body": body})
    answer = await place.work.change_layout(key, consent=YES)
    assert answer.problem.code is ProblemCode.LAYOUT_REFUSED
    assert "Layout is locked" in answer.problem.sentence.english()
    assert place.layout_fields("Lead") == before
    assert place.states(EntryKind.LAYOUT) == [EntryState.FAILED]
    assert [row.changed_here for row in await place.work.layouts()] == [False, False]
    assert (await place.work.change_layout(key, consent=YES)).done


async def test_a_lost_answer_to_a_layout_is_settled_by_the_next_try(place: Place) -> None:
    key = await lead_layout(place)
    place.fault("PATCH", PATCH, {"kind": "drop_after"}, times=-1)
    with pytest.raises(ProblemError):
        await place.work.change_layout(key, consent=YES)
    place.calm()
    assert (await place.work.change_layout(key, consent=YES)).done
    assert set(place.layout_fields("Lead")) >= PEOPLE_FIELDS
    assert place.open_entries() == []
    assert (await place.work.restore_layout(key)).done
    assert not PEOPLE_FIELDS & set(place.layout_fields("Lead"))


async def test_layouts_that_may_not_be_read_name_the_permission(place: Place) -> None:
    place.fault("GET", "/tooling/query", {"kind": "status", "status": 403}, times=-1)
    with pytest.raises(ProblemError) as caught:
        await place.work.layouts()
    assert caught.value.problem.values["right"] == "View Setup and Configuration"
