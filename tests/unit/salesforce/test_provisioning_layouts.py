"""What is added to a layout, what is taken back, and what has to be left out when it is written."""

from __future__ import annotations

from typing import Any

from acassist.domain.ids import SObject
from acassist.salesforce.provisioning.definitions import LINK_NAME
from acassist.salesforce.provisioning.layouts import (
    Layout,
    LayoutState,
    Obstacle,
    fields_of,
    has_link,
    sections_of,
    with_fields,
    without_ours,
    writable,
)

OURS = ["A__c", "B__c", "C__c"]


def section(label: str, *fields: str, style: str = "TwoColumnsTopToBottom") -> dict[str, Any]:
    items = [{"behavior": "Edit", "field": field} for field in fields]
    return {"label": label, "style": style, "layoutColumns": [{"layoutItems": items}, {"layoutItems": []}]}


def layout(*sections: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"layoutSections": list(sections), **more}


def state(metadata: dict[str, Any]) -> LayoutState:
    return LayoutState(Layout("00h1", "Lead Layout", SObject.LEAD), "Lead-Lead Layout", metadata)


def test_the_fields_come_read_only_in_a_section_of_their_own_after_the_first():
    changed = with_fields(layout(section("Main", "Name"), section("More", "Phone")), OURS, link=False)
    assert [label for label, _ in sections_of(changed)] == ["Main", "ActiveCampaign", "More"]
    items = [i for c in changed["layoutSections"][1]["layoutColumns"] for i in c["layoutItems"]]
    assert {item["field"] for item in items} == set(OURS)
    assert {item["behavior"] for item in items} == {"Readonly"}


def test_a_field_that_is_on_the_layout_already_is_not_added_again():
    changed = with_fields(layout(section("Main", "Name", "B__c")), OURS, link=False)
    assert sorted(fields_of(changed)) == ["A__c", "B__c", "C__c", "Name"]


def test_a_layout_that_shows_everything_stays_as_it_is():
    before = layout(section("Main", *OURS))
    assert with_fields(before, OURS, link=False) == before


def test_the_original_is_never_changed_in_place():
    before = layout(section("Main", "Name"))
    with_fields(before, OURS, link=True)
    assert before == layout(section("Main", "Name"))


def test_the_link_goes_into_the_section_of_custom_links():
    links = section("Custom Links", style="CustomLinks")
    changed = with_fields(layout(section("Main", *OURS), links), OURS, link=True)
    assert len(changed["layoutSections"]) == 2
    assert changed["layoutSections"][1]["layoutColumns"][0]["layoutItems"] == [{"customLink": LINK_NAME}]


def test_a_section_for_the_link_is_made_where_there_is_none():
    changed = with_fields(layout(section("Main", *OURS)), OURS, link=True)
    assert changed["layoutSections"][-1]["style"] == "CustomLinks"
    assert has_link(changed)
    assert with_fields(changed, OURS, link=True) == changed


def test_taking_back_gives_the_layout_as_it_was():
    before = layout(section("Main", "Name"), section("More", "Phone"), relatedLists=[])
    assert without_ours(with_fields(before, OURS, link=True), OURS) == before


def test_taking_back_keeps_what_somebody_else_added_since():
    changed = with_fields(layout(section("Main", "Name")), OURS, link=False)
    changed["layoutSections"][1]["layoutColumns"][0]["layoutItems"].append({"behavior": "Edit", "field": "Fax"})
    assert fields_of(without_ours(changed, OURS)) == ["Name", "Fax"]


def test_taking_back_leaves_a_field_that_was_there_before_us():
    before = layout(section("Main", "Name", "B__c"))
    assert without_ours(with_fields(before, OURS, link=False), ["A__c", "C__c"]) == before


def test_an_empty_section_of_somebody_else_stays():
    before = layout(section("Main", "Name"), section("Empty"))
    assert without_ours(before, OURS) == before


def test_what_salesforce_cannot_read_back_is_left_out():
    body = writable(
        layout(
            section("Main", "Name"),
            platformActionList={"actionListContext": "Record"},
            summaryLayout={"summaryLayoutStyle": "Default"},
            relatedLists=[{"relatedList": "Tasks", "quickActions": []}, {"quickActions": ["NewTask"]}],
        )
    )
    assert "platformActionList" not in body
    assert "summaryLayout" not in body
    assert [related["quickActions"] for related in body["relatedLists"]] == [None, ["NewTask"]]


def test_a_layout_with_its_own_actions_is_said_to_lose_them():
    assert state(layout(platformActionList={"actionListContext": "Record"})).loses_actions
    assert not state(layout()).loses_actions


def test_a_feed_based_layout_is_an_obstacle():
    assert state(layout(feedLayout={"feedLayoutPosition": "Left"})).obstacle is Obstacle.FEED
    assert state(layout(feedLayout=None)).obstacle is None
    assert state({}).obstacle is Obstacle.UNREADABLE
