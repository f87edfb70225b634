"""Backfill existing records: chosen, estimated, tried on five people, paused, resumed, abandoned; all with words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from acassist.assistant.events import RunProgress, StatusChanged
from acassist.domain.backfill import BackfillPhase, BackfillRequest, BackfillState
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.selection import Operator
from acassist.domain.text import Message
from acassist.gui.accessibility import crawl
from acassist.gui.sync.page import SyncPage
from tests.gui.conftest import NOW
from tests.gui.keyboard import answer, press, seen

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
LEADS = BackfillRequest(SObject.LEAD)


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> SyncPage:
    fake.finish_setup()
    made = SyncPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 760)
    made.show()
    made.activate()
    settle()
    return made


@pytest.fixture
def view(page, settle):
    press(page.backfill_line.button)
    settle()
    return page.backfill


@pytest.fixture
def estimated(view, settle):
    press(view.estimate.estimate)
    settle()
    return view


def at(fake, phase: BackfillPhase, **more) -> None:
    fake.backfill = BackfillState(phase, LEADS, 6_200, 10_268, started=NOW, run_id=41, **more)


def reopen(page, settle):
    page.show_backfill()
    settle()
    return page.backfill


# -- the form and the estimate


def test_the_sync_page_leads_to_it(page, view):
    assert page.stack.currentWidget() is view
    assert view.pages.currentWidget() is view.asking


def test_automations_stay_off_and_no_list_is_joined_unless_chosen(view):
    assert view.form.request == BackfillRequest(SObject.LEAD)
    assert "nobody gets an e-mail because of the backfill" in seen(view)


def test_it_says_that_five_people_come_first(view):
    assert "Five people are written, read back and compared value by value. A difference stops it." in seen(view)


def test_it_cannot_be_started_before_it_is_estimated(view):
    assert not view.estimate.start.isEnabled()
    assert view.estimate.start.toolTip() == "Estimate first."


def test_the_estimate_says_how_many_what_happens_to_them_and_what_it_costs(estimated):
    text = seen(estimated)
    for words in ("12,480", "10,000", "are created in ActiveCampaign", "only blank fields are filled"):
        assert words in text
    assert "About 35 seconds, 160 Salesforce calls and 150 ActiveCampaign calls." in text


def test_the_estimate_writes_nothing(estimated, fake):
    assert fake.called("backfill_estimate") == 1
    assert fake.called("start_backfill") == 0


def test_a_changed_choice_makes_the_estimate_void(estimated):
    press(estimated.form.automations)
    assert not estimated.estimate.start.isEnabled()
    assert "What you chose changed. Estimate again." in seen(estimated)


def test_nobody_to_send_cannot_be_started(view, fake, settle):
    fake.backfill_answer = replace(fake.backfill_answer, new=0, existing=0)
    press(view.estimate.estimate)
    settle()
    assert view.estimate.start.toolTip() == "There is nobody to send."


def test_a_plan_without_room_cannot_be_started_and_says_so(view, fake, settle):
    fake.backfill_answer = replace(fake.backfill_answer, fits_plan=False)
    press(view.estimate.estimate)
    settle()
    assert not view.estimate.start.isEnabled()
    assert "The ActiveCampaign plan has no room for all of them. Make room, or choose fewer records." in seen(view)


def test_calls_that_do_not_suffice_today_are_said_and_do_not_forbid_it(view, fake, settle):
    fake.backfill_answer = replace(fake.backfill_answer, fits_today=False)
    press(view.estimate.estimate)
    settle()
    assert view.estimate.start.isEnabled()
    assert "Salesforce’s calls of today do not suffice." in seen(view)


def test_before_the_first_sync_it_cannot_be_started(bridge, fake, qtbot, settle):
    fake.finish_setup(started=False)
    made = SyncPage(bridge)
    qtbot.addWidget(made)
    made.activate()
    made.show_backfill()
    settle()
    assert made.backfill.estimate.start.toolTip().startswith("Make the first sync on the Setup page")


def test_an_estimate_that_fails_says_why_and_can_be_asked_again(view, fake, settle):
    fake.fail["backfill_estimate"] = OFFLINE
    press(view.estimate.estimate)
    settle()
    assert view.estimate.trouble.problem == OFFLINE
    assert view.estimate.estimate.isEnabled()


@pytest.fixture
def condition(view, settle):
    view.form.contacts.click()
    view.form.some.click()
    settle()
    return view.form.editor.rows[0]


def fill(condition) -> None:
    condition.field.set_key("LastName")
    condition._field_chosen("LastName")
    condition.value.text.setText("Peña")
    condition._edited()


def test_conditions_are_counted_while_they_are_made(view, condition, qtbot):
    fill(condition)
    qtbot.waitUntil(lambda: view.form.count.text() == "1,204 contacts match right now.")


def test_an_incomplete_condition_is_pointed_out_instead_of_estimated(view, condition, fake):
    press(view.estimate.estimate)
    assert condition.error.isVisible()
    assert fake.called("backfill_estimate") == 0


def test_object_conditions_automations_and_lists_are_handed_on(view, condition, fake, settle):
    fill(condition)
    press(view.form.automations)
    view.form.lists.list.item(1).setCheckState(Qt.CheckState.Checked)
    press(view.estimate.estimate)
    settle()
    ((asked,),) = [args for called, args in fake.calls if called == "backfill_estimate"]
    assert (asked.sobject, asked.run_automations, asked.subscribe_lists) == (SObject.CONTACT, True, ("1",))
    assert [(r.field, r.operator, r.value) for r in asked.selection.criteria.rows] == [
        ("LastName", Operator.EQUALS, "Peña")
    ]


def test_another_object_drops_the_conditions_of_the_one_before(view, condition, settle):
    fill(condition)
    view.form.leads.click()
    settle()
    assert [row.complete for row in view.form.editor.rows] == [False]


def test_an_account_without_lists_says_so(bridge, fake, qtbot, settle):
    fake.finish_setup()
    fake.empty = True
    made = SyncPage(bridge)
    qtbot.addWidget(made)
    made.show()
    made.show_backfill()
    settle()
    assert "The account has no list." in seen(made.backfill)


# -- the five people, the rest, and its end


def test_after_the_five_it_waits_for_a_person(estimated, settle, fake):
    press(estimated.estimate.start)
    settle()
    assert estimated.pages.currentWidget() is estimated.working
    assert ("start_backfill", (LEADS, False)) in fake.calls
    assert "every value is right" in estimated.standing.next.text()
    assert estimated.standing.go.text() == "Go on with the rest"


def test_the_rest_follows_on_request_and_is_counted(estimated, settle):
    press(estimated.estimate.start)
    settle()
    press(estimated.standing.go)
    settle()
    card = estimated.standing
    assert card.chip.text() == "Done"
    assert "10,000\nCreated" in seen(card)
    assert not card.abandon.isVisible()


def test_a_running_backfill_says_counts_rate_time_left_and_calls(page, fake, settle, qtbot):
    at(fake, BackfillPhase.RUNNING, active=True)
    view = reopen(page, settle)
    fake.events.emit(RunProgress(41, Message("Sending existing records"), 6_200, 10_268, 1_500.0, 120.0, 9, 41))
    qtbot.waitUntil(lambda: "a minute" in view.standing.line.text())
    assert view.standing.line.text().startswith("6,200 of 10,268 · 1,500 a minute · about 2 minutes left · ")
    assert view.standing.pause.isVisible()


def test_it_is_paused_between_two_requests_and_resumed(page, fake, settle):
    at(fake, BackfillPhase.RUNNING, active=True)
    view = reopen(page, settle)
    press(view.standing.pause)
    settle()
    assert fake.called("pause_backfill") == 1
    view.reload()
    settle()
    assert view.standing.chip.text() == "Paused"
    press(view.standing.go)
    settle()
    assert fake.called("resume_backfill") == 1


def test_one_that_the_end_of_the_program_interrupted_can_be_resumed(page, fake, settle):
    at(fake, BackfillPhase.RUNNING)
    view = reopen(page, settle)
    assert view.standing.chip.text() == "Interrupted"
    assert view.standing.go.isVisible()
    assert "It goes on where it stopped; nobody is created twice." in seen(view)


def test_a_stopped_one_says_why_and_can_be_resumed(page, fake, settle):
    at(fake, BackfillPhase.STOPPED, problem=Problem(ProblemCode.SF_QUOTA))
    view = reopen(page, settle)
    assert view.standing.cause.problem.code is ProblemCode.SF_QUOTA
    assert view.standing.go.isVisible()


def test_it_is_abandoned_only_after_a_question(page, fake, settle):
    at(fake, BackfillPhase.PAUSED)
    view = reopen(page, settle)
    press(view.standing.abandon)
    answer(view, "keep")
    assert fake.called("abandon_backfill") == 0
    press(view.standing.abandon)
    answer(view, "abandon")
    settle()
    view.reload()
    settle()
    assert fake.called("abandon_backfill") == 1
    assert view.pages.currentWidget() is view.asking


def test_what_was_written_is_shown_as_a_run(page, fake, settle):
    at(fake, BackfillPhase.PAUSED)
    view = reopen(page, settle)
    press(view.standing.look)
    settle()
    assert page.stack.currentWidget() is page.run


def test_a_finished_one_makes_room_for_another(page, fake, settle):
    at(fake, BackfillPhase.DONE)
    view = reopen(page, settle)
    press(view.standing.again)
    assert view.pages.currentWidget() is view.asking
    fake.events.emit(StatusChanged())
    view.reload()
    settle()
    assert view.pages.currentWidget() is view.asking


def test_the_sync_page_says_where_it_stands(page, fake, settle):
    assert page.backfill_line.sentence.text() == "Send leads and contacts that were there before the sync began."
    at(fake, BackfillPhase.PAUSED)
    page.activate()
    settle()
    assert page.backfill_line.sentence.text() == "All leads: Paused, 6,200 of 10,268"


def test_a_state_that_cannot_be_read_offers_another_try(page, fake, settle):
    fake.fail["backfill_state"] = OFFLINE
    view = reopen(page, settle)
    assert view.state.banner.problem == OFFLINE


def test_everything_that_takes_the_focus_has_a_name(view, condition, estimated, page, fake, settle):
    assert crawl(page) == []
    at(fake, BackfillPhase.STOPPED, problem=OFFLINE)
    reopen(page, settle)
    assert crawl(page) == []
