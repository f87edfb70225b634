"""Records: sending a campaign and adding to an automation, once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from acassist.assistant.views import ActionResult, Offer, Passages
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.records.kit import OFFLINE, SEEN, choose, shown, words


def test_the_card_is_there_only_when_step_four_is_on(opened, fake, settle):
    assert opened.record.automation.isVisible()
    fake.current = replace(fake.current, cx=replace(fake.current.cx, enabled=False))
    opened.record._read_setup()
    settle()
    assert not opened.record.automation.isVisible()


@pytest.mark.parametrize("changes", [{"opted_out": True}, {"unsubscribed": True}, {"bounced": True}])
def test_nothing_can_be_sent_to_a_person_who_must_not_get_it(page, settle, monkeypatch, changes):
    shown(monkeypatch, **changes)
    page.open(data.REF)
    settle()
    settle()
    automation = page.record.automation
    assert not automation.send.isEnabled()
    assert automation.reason.text() == automation.send.toolTip() != ""


def test_only_offered_items_are_listed_and_unusable_ones_are_grey_with_the_reason(opened, monkeypatch, settle, qtbot):
    reason = Message("The automation is not active.")
    offers = [
        Offer("1", "Good", "", True, False),
        Offer("2", "Hidden", "", None, False),
        Offer("3", "Old", "", None, True, reason),
    ]
    monkeypatch.setattr(data, "offer_lists", lambda: ([], offers))
    qtbot.mouseClick(opened.record.automation.enter, Qt.MouseButton.LeftButton)
    settle()
    model = opened.record.automation.dialog.model
    names = [model.data(model.index(n)) for n in range(model.rowCount())]
    assert names == ["Good", "Old"]
    assert not model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEnabled
    assert model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole) == "Old, The automation is not active."
    opened.record.automation.dialog.reject()


def test_next_waits_for_a_choice(dialog):
    assert not dialog.next.isEnabled()
    choose(dialog)
    assert dialog.next.isEnabled()


def test_the_confirmation_names_the_person_and_the_campaign(dialog):
    choose(dialog)
    dialog.next.click()
    assert dialog.question.text() == "Send the campaign “Spring offer” to José Peña?"
    assert "jose@pena.example" in words(dialog)


def test_nothing_is_sent_before_the_confirmation(dialog, fake):
    choose(dialog)
    dialog.next.click()
    assert fake.called("send_campaign") == 0


def test_a_double_click_sends_once(dialog, fake, settle, qtbot):
    fake.delay["send_campaign"] = 0.05
    choose(dialog)
    dialog.next.click()
    qtbot.mouseDClick(dialog.go, Qt.MouseButton.LeftButton)
    dialog.go.click()
    dialog._go()
    settle()
    assert [args for called, args in fake.calls if called == "send_campaign"] == [(data.REF, "11", "jose@pena.example")]


def test_the_result_is_shown_and_nothing_is_left_to_press_but_close(dialog, settle):
    choose(dialog)
    dialog.next.click()
    dialog.go.click()
    settle()
    assert "The campaign was handed to ActiveCampaign." in words(dialog)
    assert (dialog.go.isVisible(), dialog.back.isVisible(), dialog.cancel.text()) == (False, False, "Close")


def test_an_unclear_outcome_is_shown_and_not_sent_again(dialog, fake, settle):
    fake.fail["send_campaign"] = Problem(ProblemCode.SEND_UNKNOWN)
    choose(dialog)
    dialog.next.click()
    dialog.go.click()
    settle()
    dialog._go()
    assert dialog.outcome.problem.code is ProblemCode.SEND_UNKNOWN
    assert fake.called("send_campaign") == 1
    assert not dialog.go.isVisible()


def test_a_refusal_of_the_engine_is_shown_with_its_remedy(dialog, fake, settle, monkeypatch):
    problem = Problem(ProblemCode.PERSON_CHANGED)
    choose(dialog)
    dialog.next.click()
    dialog._done(ActionResult(False, Message("Not sent."), problem))
    assert "Look at the record again and confirm." in words(dialog)


def test_one_dialog_is_open_at_a_time(dialog, opened):
    opened.record.automation._enter()
    assert opened.record.automation.dialog is dialog


@pytest.mark.parametrize("changes", [{"opted_out": True}, {"unsubscribed": True}, {"bounced": True}])
def test_nobody_who_must_not_get_mail_can_be_added_to_an_automation(page, settle, monkeypatch, changes):
    card = replace(data.card(NOW), **changes)
    monkeypatch.setattr(data, "card", lambda _now: card)
    page.open(data.REF)
    settle()
    settle()
    enter = page.record.automation.enter
    assert (enter.isEnabled(), enter.toolTip() != "") == (False, True)


def open_dialog(page, button, settle):
    button.click()
    settle()
    dialog = page.record.automation.dialog
    dialog.view.setCurrentIndex(dialog.model.index(0))
    dialog.next.click()
    settle()
    return dialog


def test_the_subject_of_a_campaign_is_shown_before_it_is_sent(opened, settle):
    dialog = open_dialog(opened, opened.record.automation.send, settle)
    assert dialog.note.text().startswith("Subject: ")
    dialog.reject()


def test_the_address_in_activecampaign_is_the_one_shown_and_used(page, settle, monkeypatch, fake):
    card = replace(data.card(NOW), contact_email="jose@new.example")
    monkeypatch.setattr(data, "card", lambda _now: card)
    page.open(data.REF)
    settle()
    settle()
    dialog = open_dialog(page, page.record.automation.send, settle)
    assert dialog.mail.text() == "jose@new.example"
    assert "jose@pena.example" in dialog.other.text()
    dialog.go.click()
    settle()
    assert ("send_campaign", (data.REF, "11", "jose@new.example")) in fake.calls
    dialog.reject()


@pytest.mark.parametrize(
    ("found", "allowed", "expected"),
    [
        (Passages(False, 0, None, False), True, "has not been in this automation yet"),
        (Passages(True, 1, SEEN, True), False, "in this automation already, since 3 hours ago"),
        (Passages(False, 2, SEEN, True), True, "2 times, last 3 hours ago. It lets people enter again."),
        (Passages(False, 1, SEEN, False), False, "only once"),
    ],
)
def test_whether_the_person_is_inside_decides_before_adding(opened, fake, settle, found, allowed, expected):
    fake.through = found
    dialog = open_dialog(opened, opened.record.automation.enter, settle)
    assert expected in dialog.standing.text()
    assert dialog.go.isEnabled() is allowed
    dialog.reject()


def test_nothing_is_added_while_it_is_not_known_whether_the_person_is_inside(opened, fake, settle):
    fake.fail["passages"] = OFFLINE
    dialog = open_dialog(opened, opened.record.automation.enter, settle)
    assert dialog.outcome.problem == OFFLINE
    assert not dialog.go.isEnabled()
    dialog._go()
    assert fake.called("enter_automation") == 0
    dialog.reject()


def test_the_first_focus_is_on_the_choices_and_chooses_nothing_by_itself(dialog, fake):
    assert dialog.focusWidget() is dialog.view
    assert not dialog.view.currentIndex().isValid()
    assert not dialog.next.isEnabled()


def test_the_keyboard_alone_chooses_and_confirms_and_the_first_focus_there_sends_nothing(dialog, fake, qtbot, settle):
    qtbot.keyClick(dialog.view, Qt.Key.Key_Down)
    assert dialog.next.isEnabled()
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
    assert dialog.go.isVisible()
    assert dialog.focusWidget() is dialog.cancel
    dialog.go.setFocus()
    qtbot.keyClick(dialog.go, Qt.Key.Key_Space)
    settle()
    assert fake.called("send_campaign") == 1


def test_whoever_has_begun_to_filter_keeps_the_cursor(opened, fake, settle, qtbot):
    fake.delay["offers"] = 0.2
    opened.record.automation.send.click()
    dialog = opened.record.automation.dialog
    dialog.search.setFocus()
    qtbot.keyClicks(dialog.search, "s")
    settle()
    assert dialog.focusWidget() is dialog.search
    dialog.reject()
