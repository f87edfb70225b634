"""Outbound settings and CX Automation: selections, schedule, offers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acassist.assistant.setup.flow import Page
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.domain.schedule import Frequency
from acassist.domain.selection import Criterion, Join, Operator, SelectionKind
from tests.gui.walking import open_wizard, press, shown_text, type_into


@pytest.fixture
def ready(fake):
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=(Step.CONNECTIONS, Step.MAPPING))
    return fake


@pytest.fixture
def wizard(qtbot, bridge, ready, settle):
    return open_wizard(qtbot, bridge, settle, Step.OUTBOUND)


@pytest.fixture
def lead(wizard):
    return wizard.page_widget


def criteria(lead, settle):
    lead.choices[SelectionKind.CRITERIA].click()
    settle()
    return lead.editor


def set_field(row, name):
    index = row.field.findText(name)
    row.field.setCurrentIndex(index)
    row.field.activated.emit(index)


def test_there_are_four_choices_and_nothing_is_sent_at_first(lead):
    assert [b.accessibleName() for b in lead.choices.values()] == [
        "Not using leads",
        "All leads created from this point forward",
        "Leads marked via Process Builder or other custom method",
        "Only leads that match certain criteria",
    ]
    assert lead.choices[SelectionKind.NONE].isChecked()


def test_marked_is_off_with_the_reason_while_the_field_is_missing(lead):
    button = lead.choices[SelectionKind.MARKED]
    assert not button.isEnabled()
    assert "ActiveCampaign Sync Status does not exist" in button.accessibleDescription()


def test_marked_can_be_chosen_once_the_field_is_there(ready, qtbot, bridge, settle):
    ready.marked = None
    wizard = open_wizard(qtbot, bridge, settle, Step.OUTBOUND)
    wizard.page_widget.choices[SelectionKind.MARKED].click()
    assert wizard.flow.draft.outbound.lead.kind is SelectionKind.MARKED


def test_a_choice_reaches_the_flow_of_its_object_only(lead, wizard, settle):
    lead.choices[SelectionKind.NEW].click()
    assert wizard.flow.draft.outbound.lead.kind is SelectionKind.NEW
    assert wizard.flow.draft.outbound.contact.kind is SelectionKind.NONE
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.CONTACT_SELECTION
    new = wizard.page_widget.choices[SelectionKind.NEW]
    assert new.accessibleName() == "All contacts created from this point forward"


def test_criteria_are_counted_and_shown_as_soql(lead, fake, qtbot, settle):
    editor = criteria(lead, settle)
    set_field(editor.rows[0], "Title")
    type_into(editor.rows[0].value.text, "CEO")
    qtbot.waitUntil(lambda: fake.called("count_selection") > 0)
    settle()
    assert lead.count.text() == "1,204 leads match right now."
    assert lead.soql.text() == "Title = 'CEO'"
    assert lead.flow.draft.outbound.lead.criteria.rows == (Criterion("Title", Operator.EQUALS, "CEO"),)


def test_typing_is_counted_once_after_a_pause(lead, fake, qtbot, settle):
    editor = criteria(lead, settle)
    set_field(editor.rows[0], "Title")
    type_into(editor.rows[0].value.text, "Chief Executive Officer")
    qtbot.waitUntil(lambda: fake.called("count_selection") > 0)
    settle()
    assert fake.called("count_selection") == 1


def test_operators_follow_the_type_of_the_field(lead, settle):
    editor = criteria(lead, settle)
    set_field(editor.rows[0], "Newsletter")
    assert [editor.rows[0].operator.itemText(i) for i in range(editor.rows[0].operator.count())] == ["equals"]
    set_field(editor.rows[0], "Annual Revenue")
    assert editor.rows[0].operator.findText("is at least") >= 0


def test_a_picklist_offers_its_values(lead, settle):
    editor = criteria(lead, settle)
    set_field(editor.rows[0], "Industry")
    choice = editor.rows[0].value.choice
    assert [choice.itemText(i) for i in range(choice.count())] == ["Agriculture", "Banking", "Energy"]
    assert editor.criteria().rows[0].value == "Agriculture"


def test_blank_needs_no_value(lead, settle):
    editor = criteria(lead, settle)
    row = editor.rows[0]
    set_field(row, "Title")
    assert not row.complete
    index = row.operator.findText("is blank")
    row.operator.setCurrentIndex(index)
    row.operator.activated.emit(index)
    assert row.complete


def test_rows_can_be_joined_by_or(lead, settle):
    editor = criteria(lead, settle)
    assert editor._joins.isHidden()
    editor.add.click()
    editor.any.click()
    assert lead.flow.draft.outbound.lead.criteria.join is Join.OR


def test_an_incomplete_condition_is_pointed_out_and_keeps_the_page(lead, wizard, settle):
    editor = criteria(lead, settle)
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.LEAD_SELECTION
    assert editor.rows[0].error.isVisible()
    assert wizard.focusWidget() is editor.rows[0].field


def test_criteria_without_a_condition_keep_the_page(lead, wizard, settle):
    editor = criteria(lead, settle)
    editor.rows[0].remove.click()
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.LEAD_SELECTION
    assert "Add at least one condition" in shown_text(lead)


def test_a_failing_count_is_told_next_to_it(lead, fake, qtbot, settle):
    fake.fail["count_selection"] = Problem(ProblemCode.SF_PERMISSION, values={"what": "Lead"})
    editor = criteria(lead, settle)
    set_field(editor.rows[0], "Industry")
    qtbot.waitUntil(lambda: fake.called("count_selection") > 0)
    settle()
    assert lead.count.text() == "The records could not be counted."


@pytest.fixture
def scheduling(wizard, settle):
    press(wizard, "Next", settle)
    press(wizard, "Next", settle)
    return wizard.page_widget


def test_the_start_time_is_asked_only_for_once_a_day(scheduling):
    assert scheduling._start.isHidden()
    scheduling.frequency.setCurrentIndex(7)
    scheduling.frequency.activated.emit(7)
    assert scheduling._start.isVisible()


def test_all_eight_frequencies_are_offered(scheduling):
    offered = [scheduling.frequency.itemData(i) for i in range(scheduling.frequency.count())]
    assert offered == [frequency.value for frequency in Frequency]


def test_schedule_locks_the_frequency_until_the_job_is_removed(scheduling, wizard):
    scheduling.schedule.click()
    assert wizard.flow.draft.outbound.schedule.frequency is Frequency.HOURLY
    assert not scheduling.frequency.isEnabled()
    assert scheduling.chip.text() == "Scheduled"
    scheduling.remove.click()
    assert wizard.flow.draft.outbound.schedule is None
    assert scheduling.frequency.isEnabled()


def test_the_next_run_of_a_daily_job_is_told_in_local_time(scheduling):
    scheduling.frequency.setCurrentIndex(7)
    scheduling.frequency.activated.emit(7)
    scheduling.hour.setCurrentIndex(6)
    scheduling.schedule.click()
    assert scheduling.next.text().startswith("Next run: 3/3/26")
    assert "6:00" in scheduling.next.text()


def test_other_jobs_of_the_org_are_listed(scheduling):
    names = [scheduling.table.item(i, 0).text() for i in range(scheduling.table.rowCount())]
    assert names == ["Nightly duplicate check", "Weekly sales report"]


def test_the_state_of_a_job_is_said_in_words(scheduling):
    states = [scheduling.table.item(i, 1).text() for i in range(scheduling.table.rowCount())]
    assert states == ["Waiting", "Paused"]


def test_no_other_jobs_is_a_sentence(ready, qtbot, bridge, settle):
    ready.empty = True
    wizard = open_wizard(qtbot, bridge, settle, Step.OUTBOUND)
    press(wizard, "Next", settle)
    press(wizard, "Next", settle)
    assert wizard.page_widget.table.isHidden()
    assert "no other scheduled jobs" in shown_text(wizard.page_widget)


@pytest.fixture
def cx(ready, qtbot, bridge, settle):
    ready.current = replace(ready.current, finished=(Step.CONNECTIONS, Step.MAPPING, Step.OUTBOUND))
    return open_wizard(qtbot, bridge, settle, Step.CX_AUTOMATION)


def boxes(card):
    return {row.offer.name: row.box for row in card._rows}


def test_offers_show_only_while_the_switch_is_on(cx):
    assert cx.page_widget._lists.isHidden()
    cx.page_widget.switch.click()
    assert cx.page_widget._lists.isVisible()


def test_labelled_items_are_offered_and_cannot_be_unticked(cx):
    cx.page_widget.switch.click()
    box = boxes(cx.page_widget.campaigns)["Spring offer"]
    assert box.isChecked()
    assert not box.isEnabled()


def test_items_that_cannot_be_offered_say_why(cx):
    cx.page_widget.switch.click()
    box = boxes(cx.page_widget.automations)["Old reminder"]
    assert not box.isEnabled()
    assert box.accessibleDescription() == "The automation is not active."


def test_a_tick_reaches_the_set_up(cx, ready, settle):
    cx.page_widget.switch.click()
    boxes(cx.page_widget.campaigns)["Price list 2026"].click()
    press(cx, "Finish", settle)
    assert ready.current.cx.enabled
    assert ready.current.cx.campaigns == ("12",)
    assert ready.current.cx.automations == ("22",)


def test_an_empty_account_says_so(ready, qtbot, bridge, settle):
    ready.empty = True
    wizard = open_wizard(qtbot, bridge, settle, Step.CX_AUTOMATION)
    wizard.page_widget.switch.click()
    settle()
    assert "There are no campaigns yet." in shown_text(wizard.page_widget)
