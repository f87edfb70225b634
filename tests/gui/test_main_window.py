"""The shell: navigation, header, footer, alerts, single instance, application."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from acassist.assistant.events import Alert, IssuesChanged, StatusChanged
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.gui import strings
from acassist.gui.application import Application, GuiOptions
from acassist.gui.main_window import MainWindow, WindowStart
from acassist.gui.single_instance import SingleInstance, instance_name
from acassist.gui.theme import Mode
from tests.gui.walking import shown_text


@pytest.fixture
def make(qtbot, bridge, engine, settle):
    def build() -> MainWindow:
        status = engine.submit(lambda a: a.status()).result(5)
        window = MainWindow(bridge, WindowStart(status))
        qtbot.addWidget(window)
        window.show()
        settle()
        return window

    return build


def test_the_window_opens_on_setup_until_the_sync_was_started(make, fake):
    assert make().current == "setup"


def test_the_window_opens_on_sync_later(make, fake):
    fake.finish_setup()
    assert make().current == "sync"


def test_the_five_places_are_reached_by_button_and_by_key(make, qtbot, settle):
    window = make()
    for key in ("setup", "sync", "records", "issues", "settings"):
        window.navigation.button(key).click()
        assert window.current == key
        assert window.navigation.button(key).accessibleName().casefold() == key
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.current == "setup")
    settle()


def test_sync_now_is_off_with_the_reason_until_the_sync_was_started(make):
    window = make()
    assert not window.header.sync.isEnabled()
    assert window.header.sync.toolTip() == "Finish the four steps and press Start first."


def test_the_header_says_profile_and_state(make, fake):
    fake.finish_setup()
    window = make()
    assert window.header.profile.text() == "Acme GmbH"
    assert window.header.sentence.text() == "Everything is in sync"


def test_the_footer_counts_calls_and_has_a_meter_for_salesforce_only(make, fake):
    fake.finish_setup()
    window = make()
    meter = window.navigation.meter
    assert "Salesforce: 12,588 of 100,000" in shown_text(meter)
    assert "ActiveCampaign: 431" in shown_text(meter)
    assert meter._bar.value() == 13


def test_practice_mode_is_marked(make, fake):
    assert make().navigation.sandbox.isHidden()
    fake.sandbox = True
    assert make().navigation.sandbox.isVisible()


def test_the_state_follows_the_engine(make, fake, settle, qtbot, engine):
    window = make()
    fake.finish_setup()

    async def tell(assistant):
        assistant.events.emit(StatusChanged())

    engine.submit(tell).result(5)
    qtbot.waitUntil(lambda: window.header.sentence.text() == "Everything is in sync")
    settle()


def test_issues_are_counted_in_the_navigation(make, settle, engine, qtbot):
    window = make()

    async def tell(assistant):
        assistant.events.emit(IssuesChanged(7))

    engine.submit(tell).result(5)
    qtbot.waitUntil(lambda: window.navigation.button("issues").accessibleDescription() == "7 issues")
    settle()


def test_an_alert_stays_until_it_is_dismissed_and_leads_to_the_remedy(make, engine, qtbot, settle):
    window = make()
    problem = Problem(ProblemCode.SF_RECONNECT, values={"reason": "expired"})

    async def tell(assistant):
        assistant.events.emit(Alert(problem))

    engine.submit(tell).result(5)
    qtbot.waitUntil(lambda: window.alerts.problem == problem)
    window.alerts._remedy.click()
    settle()
    assert window.page("setup").wizard.flow.step is Step.CONNECTIONS
    assert window.alerts.problem is None


def test_sync_now_makes_one_run_and_cannot_be_pressed_twice(make, fake, settle, qtbot):
    fake.finish_setup()
    fake.delay["sync_now"] = 0.1
    window = make()
    window.header.sync.click()
    assert not window.header.sync.isEnabled()
    settle()
    qtbot.waitUntil(window.header.sync.isEnabled)
    assert fake.called("sync_now") == 1
    settle()


def test_a_run_that_needs_a_person_opens_sync_and_says_why(make, fake, settle):
    fake.finish_setup()
    fake.fail["sync_now"] = Problem(ProblemCode.BRAKE, values={"count": 300, "what": "phone", "limit": 200})
    window = make()
    window.show_place("records")
    window.header.sync.click()
    settle()
    assert window.current == "sync"
    assert window.page("sync").preview.question.problem.code is ProblemCode.BRAKE


def test_the_window_remembers_its_size(make, fake, settle):
    window = make()
    window.close()
    settle()
    assert fake.preferences["window"]


def test_a_second_start_shows_the_first_and_ends(qtbot, tmp_path):
    name = instance_name(tmp_path, "anna")
    first, second = SingleInstance(name), SingleInstance(name)
    assert first.claim()
    with qtbot.waitSignal(first.show_wanted):
        assert not second.claim()
    first.close()


def test_instances_of_two_profiles_do_not_meet(tmp_path):
    assert instance_name(tmp_path / "a", "anna") != instance_name(tmp_path / "b", "anna")
    assert instance_name(tmp_path / "a", "anna") != instance_name(tmp_path / "a", "bert")


@pytest.fixture
def application(qapp, engine, tmp_path, look, qtbot):
    class Shouting(strings.English):
        language = "es"

        def text(self, text: str) -> str:
            return text.upper()

        def message(self, message):
            return super().message(message).upper()

    options = GuiOptions(tmp_path, lambda code: Shouting() if code == "es" else strings.English(), hidden=True)
    made = Application(qapp, engine, options)
    yield made
    made.bridge.close()
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
    made.deleteLater()


def wait_for_window(application, qtbot):
    application.begin()
    qtbot.waitUntil(lambda: application.window is not None)
    qtbot.waitUntil(lambda: not application.bridge.busy)
    return application.window


def test_the_application_opens_with_the_stored_look(application, fake, qtbot):
    fake.preferences["theme"] = "dark"
    wait_for_window(application, qtbot)
    assert application.theme.mode is Mode.DARK


def test_another_language_makes_the_window_anew_on_the_same_page(application, qtbot):
    window = wait_for_window(application, qtbot)
    window.show_place("settings")
    window.language_wanted.emit("es")
    qtbot.waitUntil(lambda: application.window is not window)
    qtbot.waitUntil(lambda: not application.bridge.busy)
    assert application.window.current == "settings"
    assert application.window.header.sync.text() == "SYNC NOW"


def test_what_nobody_caught_is_shown_and_does_not_end_the_program(application, qtbot):
    window = wait_for_window(application, qtbot)
    before = sys.excepthook
    application.install_net()
    try:
        sys.excepthook(ValueError, ValueError("secret-value"), None)
    finally:
        sys.excepthook = before
    assert window.alerts.problem.code is ProblemCode.INTERNAL
    assert "secret-value" not in window.alerts.problem.detail


def test_all_buttons_of_the_shell_have_words(make):
    window = make()
    assert all(b.text() or b.accessibleName() for b in window.findChildren(QPushButton))
