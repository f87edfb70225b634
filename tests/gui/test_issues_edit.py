"""Correcting a value inside an issue, with the keyboard: the input fits, and what is refused is said beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QListWidget, QPlainTextEdit

from acassist.assistant.value_edits import Edit, EditableValue, InputKind, Option, SideValue
from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui.accessibility import crawl
from tests.gui.keyboard import press, seen
from tests.gui.test_issues_decide import issue, show

SF, AC = Service.SALESFORCE, Service.ACTIVECAMPAIGN
OPTIONS = tuple(Option(x.lower(), x) for x in ("Hardware", "Software", "Training"))
__all__ = ["show"]


def value(kind: InputKind, sf: str | None, ac: str | None, **more: object) -> EditableValue:
    made = EditableValue("k~F", "Budget", kind, SideValue(sf, None), SideValue(ac, None), AC)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def edit(show, fake, settle):
    """Open an issue about these fields."""

    def opened(*fields: EditableValue):
        fake.editable = fields
        page = show(issue(ProblemCode.VALUE_NOT_NUMBER, field="Budget"))
        settle()
        return page.group.panel

    return opened


def saved(fake) -> list[Edit]:
    return [args[1] for called, args in fake.calls if called == "edit_value"]


@pytest.mark.parametrize(
    ("field", "widget", "shown"),
    [
        (value(InputKind.TEXT, "a", "b"), QLineEdit, "b"),
        (value(InputKind.NUMBER, "5", "lots"), QLineEdit, "lots"),
        (value(InputKind.LONG_TEXT, "a", "b\nc"), QPlainTextEdit, "b\nc"),
        (value(InputKind.DATE, None, "2026-05-04"), QDateEdit, "2026-05-04"),
        (value(InputKind.YES_NO, "false", "true"), QComboBox, "true"),
        (value(InputKind.CHOICE, None, "software", options=OPTIONS), QComboBox, "software"),
        (value(InputKind.CHOICES, None, "hardware;training", options=OPTIONS), QListWidget, "hardware;training"),
    ],
    ids=lambda x: x.kind.value if isinstance(x, EditableValue) else "",
)
def test_the_input_fits_the_field_and_begins_with_the_wrong_value(edit, field, widget, shown):
    panel = edit(field)
    assert isinstance(panel.input.inner, widget)
    assert panel.input.value == shown
    assert panel.input.inner.accessibleName() == "New value of Budget"
    assert crawl(panel.window()) == []


def test_both_sides_stand_above_the_input_as_people_call_their_values(edit):
    panel = edit(value(InputKind.CHOICES, "hardware", None, options=OPTIONS))
    assert panel.sides.boxes["salesforce"].value.text() == "hardware"
    assert panel.sides.boxes["activecampaign"].value.text() == "blank"


@pytest.mark.parametrize(("button", "side", "before"), [("to_salesforce", SF, "5"), ("to_activecampaign", AC, "lots")])
def test_a_value_is_saved_to_the_chosen_side_with_what_was_shown_there(edit, fake, settle, button, side, before):
    panel = edit(value(InputKind.NUMBER, "5", "lots"))
    panel.input.inner.setFocus()
    panel.input.inner.selectAll()
    QTest.keyClicks(panel.input.inner, "12.5")
    press(getattr(panel, button))
    settle()
    assert saved(fake) == [Edit("k~F", side, "12.5", before)]


def test_enter_saves_to_the_side_whose_value_is_wrong(edit, fake, settle):
    panel = edit(value(InputKind.TEXT, "a", "b"))
    QTest.keyClick(panel.input.inner, Qt.Key.Key_Return)
    settle()
    assert [e.side for e in saved(fake)] == [AC]


def test_the_side_whose_value_is_wrong_comes_first(edit):
    panel = edit(value(InputKind.TEXT, "a", "b", wrong=SF))
    assert panel.save_row.itemAt(0).widget() is panel.to_salesforce
    assert panel.input.value == "a"


def test_a_side_that_cannot_be_changed_offers_no_button_and_says_why(edit):
    field = value(InputKind.TEXT, None, "b", salesforce=SideValue(None, Message("The person is not there.")))
    panel = edit(field)
    assert not panel.to_salesforce.isVisible()
    assert "The person is not there." in seen(panel.sides)


def test_several_choices_are_ticked_with_the_space_bar(edit, fake, settle):
    panel = edit(value(InputKind.CHOICES, None, None, options=OPTIONS))
    shown = panel.input.inner
    shown.setFocus()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space):
        QTest.keyClick(shown, key)
    press(panel.to_activecampaign)
    settle()
    assert saved(fake)[0].value == "hardware;training"


def test_a_day_may_be_left_blank(edit, fake, settle):
    panel = edit(value(InputKind.DATE, None, "2026-05-04"))
    press(panel.input.parts[1])
    assert panel.input.value is None
    press(panel.to_activecampaign)
    settle()
    assert saved(fake)[0].value is None


def test_the_length_is_counted_against_what_salesforce_takes(edit):
    panel = edit(value(InputKind.TEXT, None, "abcdef", length=4))
    assert panel.line.hint.text() == "6 characters; Salesforce takes 4."


def test_what_is_refused_is_said_beside_the_input_and_can_be_saved_again(edit, fake, settle):
    panel = edit(value(InputKind.NUMBER, "5", "lots"))
    fake.fail["edit_value"] = Problem(ProblemCode.VALUE_NOT_NUMBER, values={"field": "Budget"})
    press(panel.to_activecampaign)
    settle()
    assert panel.line.error.text().startswith("The value of Budget cannot be read as a number.")
    assert panel.window().focusWidget() is panel.input.inner
    assert panel.to_activecampaign.isEnabled()


def test_a_value_that_moved_is_read_again(edit, fake, settle):
    panel = edit(value(InputKind.NUMBER, "5", "lots"))
    fake.fail["edit_value"] = Problem(ProblemCode.VALUE_MOVED, values={"field": "Budget"})
    fake.editable = (value(InputKind.NUMBER, "5", "seven"),)
    press(panel.to_activecampaign)
    settle()
    assert panel.input.value == "seven"


def test_one_of_several_fields_is_chosen(edit):
    panel = edit(value(InputKind.TEXT, None, "a"), value(InputKind.TEXT, None, "b", key="k~G", label="Company"))
    assert panel.which.isVisible()
    QTest.keyClick(panel.which, Qt.Key.Key_Down)
    assert panel.line.label.text() == "New value of Company"
    assert panel.input.value == "b"


def test_what_cannot_be_corrected_here_is_said(edit):
    assert "This value cannot be corrected here." in seen(edit())


def test_values_that_cannot_be_read_are_told(edit, fake, settle):
    fake.fail["editable"] = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
    assert "The values could not be read." in seen(edit(value(InputKind.TEXT, None, "a")))
