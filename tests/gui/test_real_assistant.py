"""The window on the real assistant and the sandbox: four steps with the keyboard, Start, and what Salesforce got."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile
from acassist.assistant.demo import demo_browser, start_sandbox
from acassist.assistant.engine_thread import EngineThread
from acassist.gui.main_window import MainWindow
from tests.gui.real_window import main_window
from tests.gui.test_accessibility import spoken


@pytest.fixture
def info() -> Iterator[dict[str, str]]:
    with start_sandbox() as running:
        yield running.info


@pytest.fixture
def real(info: dict[str, str], tmp_path: Path) -> Iterator[EngineThread]:
    opened: list[OpenProfile] = []

    async def build():
        options = Options(tmp_path / "profile", in_memory_secrets=True, browser=demo_browser(info))
        opened.append(await open_profile(options))
        return opened[0].assistant

    async def close(_assistant) -> None:
        await close_profile(opened[0])

    engine = EngineThread(build, close)
    engine.start().result(30)
    yield engine
    engine.stop()


class Person:
    """Somebody without a mouse."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        self.window, self._qtbot = window, qtbot

    def wait(self) -> None:
        self._qtbot.waitUntil(lambda: not self.window.bridge.busy, timeout=60_000)
        QApplication.processEvents()

    def tab_to(self, name: str) -> QWidget:
        for _ in range(200):
            focus = self.window.focusWidget()
            if focus is not None and spoken(focus)[0] == name:
                return focus
            QTest.keyClick(focus or self.window, Qt.Key.Key_Tab)
        raise AssertionError(f"{name} is not reached by Tab")

    def type(self, name: str, text: str) -> None:
        QTest.keyClicks(self.tab_to(name), text)

    def press(self, name: str) -> None:
        self.wait()
        QTest.keyClick(self.tab_to(name), Qt.Key.Key_Space)
        self.wait()


@pytest.fixture
def window(real, qtbot) -> Iterator[MainWindow]:
    with main_window(real, qtbot) as shown:
        yield shown


def connect(person: Person, info: dict[str, str]) -> None:
    person.press("Get started")
    person.press("Next")
    person.type("ActiveCampaign account name", info["activecampaign"])
    person.type("API key", info["api_key"])
    person.press("Authorize")
    person.press("Next")
    QTest.keyClick(person.tab_to("Production"), Qt.Key.Key_Right)
    QTest.keyClick(person.tab_to("Sandbox"), Qt.Key.Key_Right)
    person.type("My Domain", info["salesforce_login"])
    person.type("Consumer key", info["client_id"])
    person.press("Authorize")
    person.press("Next")
    person.press("Finish")


@pytest.mark.slow
def test_a_newcomer_sets_everything_up_with_the_keyboard_and_starts(window, info, real, qtbot):
    person = Person(window, qtbot)
    person.wait()
    connect(person, info)
    person.press("Continue")
    for _ in range(4):
        person.press("Next")
    person.press("Finish")
    person.press("Continue")
    QTest.keyClick(person.tab_to("Not using leads"), Qt.Key.Key_Down)
    person.press("Next")
    person.press("Next")
    person.press("Schedule")
    person.press("Finish")
    person.press("Continue")
    person.press("Offer CX Automation on records")
    person.press("Finish")
    person.press("Start")
    status = real.submit(lambda a: a.status()).result(30)
    assert status.started
    assert status.sync_blocked is None
    qtbot.waitUntil(lambda: window.header.sync.isEnabled(), timeout=30_000)
    assert window.current == "sync"


def test_a_wrong_key_is_told_by_the_real_service(window, info, qtbot):
    person = Person(window, qtbot)
    person.wait()
    person.press("Get started")
    person.press("Next")
    person.type("ActiveCampaign account name", info["activecampaign"])
    person.type("API key", "not-the-key")
    person.press("Authorize")
    page = window.page("setup").wizard.page_widget
    assert "refused the API key" in page.bar.text
    assert page.focusWidget() is page.key
