"""Records: the timeline of one record, and taking back one change."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from acassist.assistant.person_history import can_undo
from acassist.domain.ledger import HistoryAction
from acassist.domain.text import Message
from acassist.gui.dialogs.question import Question
from tests.gui import fake_data as data
from tests.gui.records.kit import OFFLINE, words


def test_every_change_says_field_values_direction_and_rule(opened):
    first = opened.record.timeline.rows[0]
    text = words(first)
    for expected in ("Phone", "+34 600 111 222 → +34 600 111 333", "To ActiveCampaign · changed"):
        assert expected in text


def test_only_replaced_values_can_be_undone(opened):
    rows = opened.record.timeline.rows
    assert [bool(row.findChildren(QPushButton)) for row in rows] == [can_undo(row.item) for row in rows]
    assert [row.item.action for row in rows if can_undo(row.item)] == [HistoryAction.UPDATE] * 3


def answer(opened, key: str) -> None:
    question = opened.window().findChild(Question)
    next(b for b in question.findChildren(QPushButton) if b.property("answer") == key).click()


def test_undo_asks_and_then_says_what_it_did(opened, fake, settle):
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "undo")
    settle()
    assert ("undo_change", (9,)) in fake.calls
    assert "1 change was undone." in words(opened.record.timeline.outcome)
    assert fake.called("timeline") == 2


def test_undo_that_is_not_confirmed_does_nothing(opened, fake, settle):
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "cancel")
    settle()
    assert fake.called("undo_change") == 0


def test_what_was_not_undone_says_why(opened, fake, settle):
    fake.undo_left = Message("It was changed again since.")
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "undo")
    settle()
    assert "It was changed again since." in words(opened.record.timeline.outcome)


def test_an_undo_that_fails_shows_the_remedy_and_can_be_tried_again(opened, fake, settle):
    fake.fail["undo_change"] = OFFLINE
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "undo")
    settle()
    assert opened.record.timeline.outcome.problem == OFFLINE
    assert opened.record.timeline.rows[0].undo.isEnabled()


def test_a_record_without_history_says_so(page, fake, settle):
    fake.empty = True
    page.open(data.REF)
    settle()
    settle()
    timeline = page.record.timeline
    assert timeline.state.currentWidget() is timeline.state.empty
