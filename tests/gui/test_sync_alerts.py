"""Alerts in the window: they lead to their remedy, and go away once a run shows that all is well again."""

from __future__ import annotations

import pytest

from acassist.assistant.events import Alert, RunEnded
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.gui.alerts import remedy_for
from acassist.gui.main_window import MainWindow, WindowStart
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.keyboard import press, seen

LOST = Problem(ProblemCode.SF_RECONNECT, values={"reason": "expired"})
BRAKE = Problem(ProblemCode.BRAKE, values={"what": "mapping", "count": 300, "limit": 200})
LATE = Problem(ProblemCode.RUN_OVERDUE, values={"when": NOW})


@pytest.fixture
def window(bridge, fake, engine, qtbot, settle) -> MainWindow:
    fake.finish_setup()
    made = MainWindow(bridge, WindowStart(engine.submit(lambda a: a.status()).result(5)))
    qtbot.addWidget(made)
    made.show()
    settle()
    return made


def tell(window, fake, qtbot, problem: Problem) -> None:
    fake.events.emit(Alert(problem))
    qtbot.waitUntil(window.alerts.isVisible)


@pytest.mark.parametrize(
    ("problem", "place", "subject"),
    [
        (LOST, "setup", Step.CONNECTIONS),
        (BRAKE, "sync", BRAKE),
        (Problem(ProblemCode.SF_QUOTA), "settings", "limits"),
        (LATE, "sync", None),
    ],
)
def test_each_alert_leads_to_the_place_that_mends_it(problem, place, subject):
    remedy = remedy_for(problem)
    assert (remedy.place, remedy.subject) == (place, subject)


def test_an_alert_about_a_brake_opens_its_page(window, fake, qtbot, settle):
    tell(window, fake, qtbot, BRAKE)
    press(window.alerts._remedy)
    settle()
    assert window.current == "sync"
    assert window.page("sync").preview.question.problem == BRAKE
    assert not window.alerts.isVisible()


def test_a_good_run_takes_the_alert_away(window, fake, qtbot):
    tell(window, fake, qtbot, LOST)
    fake.events.emit(RunEnded(data.run_list(NOW)[0]))
    qtbot.waitUntil(lambda: not window.alerts.isVisible())


def test_a_bad_run_leaves_it(window, fake, qtbot, settle):
    tell(window, fake, qtbot, LOST)
    fake.events.emit(RunEnded(data.run_list(NOW)[2], LOST))
    settle()
    assert window.alerts.isVisible()


def test_a_late_schedule_is_told_with_the_time_it_was_due(window, fake, qtbot):
    tell(window, fake, qtbot, LATE)
    assert "A run was due" in seen(window.alerts)
    assert "Press Sync now" in seen(window.alerts)


def test_sync_now_that_needs_a_decision_shows_the_page_and_no_alert(window, fake, qtbot, settle):
    fake.fail["sync_now"] = BRAKE
    press(window.header.sync)
    settle()
    settle()
    assert window.page("sync").preview.question.problem == BRAKE
    assert not window.alerts.isVisible()


def test_the_sync_page_tells_once_what_it_tells_itself(window, fake, qtbot, settle):
    window.show_place("sync")
    settle()
    fake.events.emit(RunEnded(data.run_list(NOW)[2], LOST))
    fake.events.emit(Alert(LOST))
    page = window.page("sync")
    qtbot.waitUntil(page.banner.isVisible)
    settle()
    assert not window.alerts.isVisible()
    with qtbot.waitSignal(page.navigate) as asked:
        press(page.look)
    assert asked.args == ["setup", Step.CONNECTIONS]


def test_an_alert_given_elsewhere_goes_away_where_the_page_tells_it(window, fake, qtbot, settle):
    window.show_place("sync")
    window.show_place("records")
    settle()
    fake.events.emit(RunEnded(data.run_list(NOW)[2], BRAKE))
    tell(window, fake, qtbot, BRAKE)
    window.show_place("sync")
    assert not window.alerts.isVisible()
    assert window.page("sync").banner.isVisible()
