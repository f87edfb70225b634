"""The place Setup: four cards, drafts, leaving a step, and the page Ready."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from acassist.assistant.setup.flow import Page
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.domain.selection import SelectionKind
from acassist.gui.dialogs.question import Question
from tests.gui.walking import open_page, press, shown_text


@pytest.fixture
def page(qtbot, bridge, settle):
    return open_page(qtbot, bridge, settle)


def buttons(page):
    return [card.button.text() for card in page.home.cards]


def answer(page, text):
    question = page.findChild(Question)
    next(b for b in question.findChildren(QPushButton) if b.text() == text).click()


def test_at_first_only_step_one_can_be_opened(page):
    assert buttons(page) == ["Get started", "Continue", "Continue", "Continue"]
    assert [card.button.isEnabled() for card in page.home.cards] == [True, False, False, False]
    assert page.home.cards[1].button.toolTip() == "Finish System connections first."


def test_finished_steps_can_be_edited_and_the_next_one_is_primary(fake, page, settle):
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=(Step.CONNECTIONS, Step.MAPPING))
    page.activate()
    settle()
    assert buttons(page) == ["Edit", "Edit", "Continue", "Continue"]
    assert [card.button.property("kind") == "primary" for card in page.home.cards] == [False, False, True, False]
    assert page.home.cards[0].accessibleName() == "System connections: Finished"


def test_the_button_that_goes_on_has_the_focus(page, qtbot):
    qtbot.waitUntil(lambda: page.home.cards[0].button.hasFocus() or page.focusWidget() is page.home.cards[0].button)


def test_a_set_up_that_cannot_be_read_is_told(fake, qtbot, bridge, settle):
    fake.fail["step_cards"] = Problem(ProblemCode.PROFILE_DAMAGED, values={"file": "profile.damaged.db"})
    page = open_page(qtbot, bridge, settle)
    assert "profile.damaged.db" in shown_text(page.home)


@pytest.fixture
def outbound(fake, page, settle):
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=(Step.CONNECTIONS, Step.MAPPING))
    page.open_step(Step.OUTBOUND)
    settle()
    return page.wizard


def test_cancel_without_changes_goes_back_at_once(outbound, page, settle):
    press(outbound, "Cancel", settle)
    assert page.wizard is None
    assert page.stack.currentWidget() is page.home


def test_escape_asks_when_something_would_be_lost(outbound, page, qtbot, settle):
    outbound.page_widget.choices[SelectionKind.NEW].click()
    qtbot.keyClick(outbound, Qt.Key.Key_Escape)
    assert page.findChild(Question) is not None
    answer(page, "Stay here")
    assert page.wizard is outbound


def test_a_draft_can_be_kept_and_comes_back(outbound, page, fake, settle):
    outbound.page_widget.choices[SelectionKind.NEW].click()
    press(outbound, "Cancel", settle)
    answer(page, "Keep as draft")
    settle()
    assert page.home.cards[2].card.draft
    page.open_step(Step.OUTBOUND)
    settle()
    assert page.wizard.page_widget.choices[SelectionKind.NEW].isChecked()
    assert fake.current.outbound.lead.kind is SelectionKind.NONE


def test_changes_can_be_discarded(outbound, page, fake, settle):
    outbound.page_widget.choices[SelectionKind.NEW].click()
    press(outbound, "Cancel", settle)
    answer(page, "Discard changes")
    settle()
    assert fake.drafts == {}
    assert page.wizard is None


def test_looking_at_another_place_keeps_the_draft_and_the_wizard(outbound, page, fake, settle):
    outbound.page_widget.choices[SelectionKind.NEW].click()
    page.hide()
    settle()
    assert fake.drafts[Step.OUTBOUND].draft.outbound.lead.kind is SelectionKind.NEW
    page.show()
    assert page.wizard is outbound


def test_nothing_takes_effect_before_finish(outbound, fake, settle):
    outbound.page_widget.choices[SelectionKind.NEW].click()
    press(outbound, "Next", settle)
    assert fake.current.outbound.lead.kind is SelectionKind.NONE
    press(outbound, "Next", settle)
    press(outbound, "Finish", settle)
    assert fake.current.outbound.lead.kind is SelectionKind.NEW


def test_a_wizard_opens_on_the_page_where_the_draft_was_left(outbound, page, settle):
    press(outbound, "Next", settle)
    press(outbound, "Next", settle)
    page.show_home()
    page._drop_wizard(keep=True)
    settle()
    page.open_step(Step.OUTBOUND)
    settle()
    assert page.wizard.flow.page is Page.SCHEDULING
    press(page.wizard, "Back", settle)
    assert page.wizard.flow.page is Page.CONTACT_SELECTION


@pytest.fixture
def ready(fake, page, settle):
    fake.finish_setup(started=False)
    page.show_ready()
    settle()
    return page.ready


def test_the_last_finish_leads_to_ready(fake, page, settle):
    fake.finish_setup(started=False)
    fake.current = replace(fake.current, finished=tuple(Step)[:3])
    page.open_step(Step.CX_AUTOMATION)
    settle()
    press(page.wizard, "Finish", settle)
    settle()
    assert page.stack.currentWidget() is page.ready


def test_ready_shows_what_would_happen(ready):
    words = shown_text(ready)
    for figure in ("1,204", "212", "49", "11"):
        assert figure in words
    assert ready.table.table.rowCount() == 4
    assert ready.table.table.item(1, 2).text() == "Phone: +34 600 111 222 → +34 600 111 333"
    assert ready.table.table.item(3, 3).text() == "No e-mail address"


def test_choices_are_offered_for_fields_that_differ_and_handed_to_start(ready, fake, settle):
    assert set(ready.choices._combos) == {"phone~Phone", "lastName~LastName"}
    combo = ready.choices._combos["phone~Phone"]
    combo.setCurrentIndex(1)
    ready.start.click()
    settle()
    assert ("start", ({"phone~Phone": FirstLinkChoice.SALESFORCE},)) in fake.calls


def test_start_waits_for_the_comparison(fake, page, qtbot, settle):
    fake.finish_setup(started=False)
    fake.delay["first_match"] = 0.2
    page.show_ready()
    assert not page.ready.start.isEnabled()
    settle()
    assert page.ready.start.isEnabled()


def test_a_failing_comparison_is_told_and_can_be_repeated(fake, page, settle):
    fake.finish_setup(started=False)
    fake.fail["first_match"] = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
    page.show_ready()
    settle()
    assert page.ready.banner.problem.code is ProblemCode.NO_NETWORK
    assert not page.ready.start.isEnabled()
    fake.fail.clear()
    page.ready.again.click()
    settle()
    assert page.ready.start.isEnabled()


def test_two_sides_that_agree_say_so(fake, page, settle):
    fake.finish_setup(started=False)
    fake.empty = True
    page.show_ready()
    settle()
    assert "there is nothing to write" in shown_text(page.ready)


def test_start_leads_to_the_place_sync(ready, page, qtbot, settle):
    with qtbot.waitSignal(page.navigate) as went:
        ready.start.click()
    assert went.args[0] == "sync"
    settle()


def test_existing_records_are_sent_after_the_start(ready, page, fake, settle):
    went = []
    page.navigate.connect(lambda place, subject: went.append((place, subject)))
    ready.backfill.click()
    settle()
    assert fake.called("start") == 1
    assert went[-1] == ("sync", "backfill")


def test_the_pages_on_the_org_are_offered_once_step_one_is_done(fake, page, settle, qtbot):
    assert page.home.more.isHidden()
    fake.finish_setup(started=False)
    page.activate()
    settle()
    assert page.home.more.isVisible()
    with qtbot.waitSignal(page.navigate) as asked:
        page.home.more.buttons["layouts"].click()
    assert asked.args == ["layouts", None]
