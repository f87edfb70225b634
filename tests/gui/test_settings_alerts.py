"""Notifications: each kind can be switched off and on, at once; what puts data at stake is always told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from acassist.assistant.events import Alert
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.alert_kinds import AlertKind, kinds_off, told
from acassist.gui.main_window import MainWindow, WindowStart
from acassist.gui.settings.page import SettingsPage
from tests.gui.keyboard import press

LATE = Problem(ProblemCode.RUN_OVERDUE, values={"when": "9:00"})
LOST = Problem(ProblemCode.SF_RECONNECT, values={"reason": "expired"})


@pytest.fixture
def window(bridge, fake, qtbot, settle, engine) -> MainWindow:
    fake.finish_setup()
    made = MainWindow(bridge, WindowStart(engine.submit(lambda a: a.status()).result(5)))
    qtbot.addWidget(made)
    made.resize(1180, 900)
    made.show()
    settle()
    return made


@pytest.fixture
def alert(window, engine, settle) -> Callable[[Problem], bool]:
    """Tell a problem and return whether the window shows it."""

    async def tell(assistant, problem: Problem) -> None:
        assistant.events.emit(Alert(problem))

    def made(problem: Problem) -> bool:
        engine.submit(lambda a: tell(a, problem)).result(5)
        settle()
        return window.alerts.problem == problem

    return made


@pytest.fixture
def settings(window, settle) -> SettingsPage:
    window.show_place("settings")
    settle()
    return window.page("settings")


def test_everything_is_told_at_first(settings, alert):
    assert all(box.isChecked() for box in settings.alerts.switches.values())
    assert alert(LATE)


def test_a_kind_that_is_switched_off_is_told_no_more_and_the_others_are(settings, alert, settle):
    press(settings.alerts.switches[AlertKind.OVERDUE])
    settle()
    assert not alert(LATE)
    assert alert(LOST)


def test_a_kind_comes_back_when_it_is_switched_on(settings, alert, settle):
    for _ in range(2):
        press(settings.alerts.switches[AlertKind.OVERDUE])
        settle()
    assert alert(LATE)


def test_the_choice_is_remembered(settings, fake, settle):
    press(settings.alerts.switches[AlertKind.QUOTA])
    settle()
    assert fake.preferences["alerts.off"] == ["quota"]
    settings.activate()
    settle()
    assert [kind for kind, box in settings.alerts.switches.items() if not box.isChecked()] == [AlertKind.QUOTA]


def test_a_new_window_keeps_to_the_choice(fake, bridge, qtbot, settle, engine):
    fake.finish_setup()
    fake.preferences["alerts.off"] = ["overdue"]
    made = MainWindow(bridge, WindowStart(engine.submit(lambda a: a.status()).result(5)))
    qtbot.addWidget(made)
    settle()
    made._alert(Alert(LATE))
    assert made.alerts.problem is None


def test_a_choice_that_cannot_be_stored_is_taken_back(settings, fake, settle):
    fake.fail["set_preference"] = Problem(ProblemCode.DISK_FULL)
    press(settings.alerts.switches[AlertKind.QUOTA])
    settle()
    settle()
    assert settings.alerts.switches[AlertKind.QUOTA].isChecked()
    assert settings.alerts.trouble.problem.code is ProblemCode.DISK_FULL


def test_what_puts_data_at_stake_is_always_told():
    everything = [kind.value for kind in AlertKind]
    for code in (ProblemCode.PROFILE_DAMAGED, ProblemCode.OTHER_ORG, ProblemCode.OTHER_ACCOUNT, ProblemCode.INTERNAL):
        assert told(Problem(code), everything)


@pytest.mark.parametrize("stored", [None, "quota", {"quota": False}, [7], ["unknown"]])
def test_a_preference_that_makes_no_sense_switches_nothing_off(stored):
    assert kinds_off(stored) == ()
