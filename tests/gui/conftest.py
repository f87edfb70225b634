"""Real widgets on an assistant with believable data, drawn off screen."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication

from acassist.assistant.engine_thread import EngineThread
from acassist.gui import strings
from acassist.gui.bridge import Bridge
from acassist.gui.garbage import GarbageCollector
from acassist.gui.theme import Mode, Theme, theme
from tests.gui.fake_assistant import FakeAssistant

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def pytest_configure(config: pytest.Config) -> None:
    """The off-screen platform cannot pass size hints on, and says so at every window."""
    config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


@pytest.fixture(scope="session", autouse=True)
def collected_here(qapp: QApplication) -> Iterator[GarbageCollector]:
    """As in the program: no widget may be torn down by the engine's thread."""
    collector = GarbageCollector(qapp)
    yield collector
    collector.close()


@pytest.fixture(autouse=True)
def look(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Theme:
    try:
        made = theme()
        if made.mode is not Mode.LIGHT:  # restyling every widget that still lives takes long
            made.set_mode(Mode.LIGHT)
    except RuntimeError:
        made = Theme(qapp, Mode.LIGHT, marks=tmp_path_factory.mktemp("marks"))
    strings.install(strings.English(), now=lambda: NOW)
    return made


@pytest.fixture
def fake() -> FakeAssistant:
    return FakeAssistant(now=NOW)


@pytest.fixture
def engine(fake: FakeAssistant) -> Iterator[EngineThread]:
    async def build() -> FakeAssistant:
        return fake

    async def close(_assistant: FakeAssistant) -> None:
        return None

    thread = EngineThread(build, close)
    thread.start().result(5)
    yield thread
    thread.stop()


@pytest.fixture
def bridge(engine: EngineThread, qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge(engine)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def settle(qtbot, bridge: Bridge) -> Callable[[], None]:
    """Wait until every request of the window has been answered."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not bridge.busy, timeout=5000)
        QApplication.processEvents()

    return wait
