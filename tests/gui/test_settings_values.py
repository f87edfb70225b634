"""Quotas, brakes and sync defaults: shown as in effect, explained, changed with the keyboard, in effect once saved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Defaults, Limits
from acassist.gui.accessibility import crawl
from acassist.gui.settings.page import SettingsPage
from tests.gui.keyboard import press, seen

OFFLINE = Problem(ProblemCode.DISK_FULL)


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> SettingsPage:
    fake.finish_setup()
    made = SettingsPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 1400)
    made.show()
    made.activate()
    settle()
    return made


def test_limits_are_shown_as_they_are_in_effect(page, fake, settle):
    fake.current = replace(fake.current, limits=Limits(1500, 35, 7, 60))
    page.activate()
    settle()
    assert [amount.text() for amount in page.limits.amounts] == ["1,500", "35 %", "7", "60 %"]


def test_each_limit_is_explained(page):
    assert "A run stops for your decision before it empties one field on more records than this." in seen(page.limits)


def test_a_limit_is_changed_and_saved_with_the_keyboard(page, fake, qtbot, settle):
    assert not page.limits.save.isEnabled()
    page.limits.emptied.setFocus()
    qtbot.keyClick(page.limits.emptied, Qt.Key.Key_Up)
    press(page.limits.save)
    settle()
    assert ("set_limits", (Limits(emptied_count=21),)) in fake.calls
    assert "The limits hold from the next run on." in seen(page.limits)
    assert not page.limits.save.isEnabled()


def test_a_brake_cannot_be_switched_off(page):
    assert [(amount.minimum(), amount.maximum()) for amount in (page.limits.count, page.limits.share)] == [
        (1, 1_000_000), (1, 95),
    ]  # fmt: skip


def test_what_is_typed_survives_a_change_elsewhere(page, fake, settle):
    page.limits.emptied.setValue(99)
    page.activate()
    settle()
    assert page.limits.emptied.value() == 99


def test_revert_brings_back_what_is_in_effect(page):
    page.limits.emptied.setValue(99)
    press(page.limits.revert)
    assert page.limits.typed == Limits()


def test_limits_that_cannot_be_saved_say_why_and_stay_typed(page, fake, settle):
    fake.fail["set_limits"] = OFFLINE
    page.limits.emptied.setValue(99)
    press(page.limits.save)
    settle()
    assert page.limits.outcome.problem == OFFLINE
    assert page.limits.save.isEnabled()


def test_defaults_are_typed_and_saved(page, fake, qtbot, settle):
    page.defaults.last_name.setFocus()
    qtbot.keyClicks(page.defaults.last_name, " Unknown ")
    press(page.defaults.automations)
    press(page.defaults.save)
    settle()
    assert ("set_defaults", (Defaults(last_name="Unknown", run_automations=True),)) in fake.calls


def test_every_default_is_explained(page):
    text = seen(page.defaults)
    for words in ("Without a stand-in such people become an issue", "Keep this on.", "your active assignment rule"):
        assert words in text


def test_a_question_about_limits_leads_to_them(page):
    page.open("limits")
    assert page.limits.count.hasFocus()


def test_the_practice_mode_is_named_with_its_command(page):
    assert page.practice.command.edit.text() == "acassist demo"


def test_the_practice_mode_starts_from_the_page(page, qtbot, fake):
    page.practice.start.click()
    qtbot.waitUntil(lambda: page.practice.told.isVisibleTo(page))
    assert "start_practice" in [name for name, _ in fake.calls]
    assert page.practice.start.isEnabled()


def test_everything_that_takes_the_focus_has_a_name(page):
    page.limits.emptied.setValue(99)
    assert crawl(page) == []
