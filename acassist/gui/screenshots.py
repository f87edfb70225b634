"""Pictures of every screen, taken from the demo: light and dark, English and Spanish."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile, translator_for
from acassist.assistant.demo import demo_browser, guided_setup, start_sandbox
from acassist.assistant.engine_thread import EngineThread
from acassist.assistant.facade import AssistantPort
from acassist.domain.profile import Step
from acassist.domain.text import Message
from acassist.gui import strings
from acassist.gui.application import make_qapplication
from acassist.gui.bridge import Bridge
from acassist.gui.issues.shots import SHOTS as ISSUE_SHOTS
from acassist.gui.main_window import MainWindow, WindowStart
from acassist.gui.pages import PLACES
from acassist.gui.records.shots import SHOTS as RECORD_SHOTS
from acassist.gui.settings.shots import SHOTS as SETTINGS_SHOTS
from acassist.gui.setup.page import SetupPage
from acassist.gui.setup.prepare_shots import SHOTS as ORG_SHOTS
from acassist.gui.sync.shots import SHOTS as SYNC_SHOTS
from acassist.gui.theme import Mode, Theme, theme

_PATIENCE_MS = 60_000
_log = logging.getLogger(__name__)

Shot = tuple[str, Callable[[MainWindow], None]]
EXTRA: list[Shot] = [*SYNC_SHOTS, *RECORD_SHOTS, *ISSUE_SHOTS, *SETTINGS_SHOTS, *ORG_SHOTS]
"""Screens that other pages add: a name, and what brings the screen up in a window on a finished set-up."""


class Studio:
    """Takes pictures of one window."""

    def __init__(self, window: MainWindow, folder: Path, style: str) -> None:
        self.window, self._folder, self._style = window, folder, style
        self.taken: list[Path] = []

    def settle(self) -> None:
        """Wait until every request of the window has been answered."""
        clock = QElapsedTimer()
        clock.start()
        calm = 0
        while calm < 3 and clock.elapsed() < _PATIENCE_MS:
            loop = QEventLoop()
            QTimer.singleShot(40, loop.quit)
            loop.exec()
            calm = 0 if self.window.bridge.busy else calm + 1

    def take(self, name: str) -> None:
        """Save what the window shows."""
        self.settle()
        path = self._folder / f"{self._style}-{len(self.taken) + 1:02d}-{name}.png"
        if self.window.grab().save(str(path)):
            self.taken.append(path)


def _steps(studio: Studio, setup: SetupPage) -> None:
    """Open every page of every wizard; nothing is finished."""
    for step in Step:
        setup.open_step(step)
        studio.settle()
        wizard = setup.wizard
        if wizard is None:
            continue
        for number in range(len(wizard.flow.pages)):
            studio.take(wizard.flow.page.value)
            if number < len(wizard.flow.pages) - 1:
                wizard.next()
                studio.settle()
        wizard.ended.emit(False)
        studio.settle()


def _places(studio: Studio) -> None:
    for place in PLACES:
        studio.window.show_place(place.key)
        studio.take(place.key)
    for name, bring_up in EXTRA:
        bring_up(studio.window)
        studio.take(name)


def _engine(options: Options) -> EngineThread[AssistantPort]:
    opened: list[OpenProfile] = []

    async def build() -> AssistantPort:
        opened.append(await open_profile(options))
        return opened[0].assistant

    async def close(_assistant: AssistantPort) -> None:
        await close_profile(opened.pop())

    return EngineThread(build, close)


def _quiet(_message: Message) -> None:
    """The walk through the set-up is not told."""


def _session(options: Options, bridge: Bridge, engine: EngineThread[AssistantPort], folder: Path) -> Iterator[int]:
    """Take the pictures in every look and language."""
    for language in ("en", "es"):
        strings.install(translator_for(replace(options, language=language)))
        for mode in (Mode.LIGHT, Mode.DARK):
            theme().set_mode(mode)
            window = MainWindow(bridge, WindowStart(engine.submit(lambda a: a.status()).result()))
            window.show()
            studio = Studio(window, folder, f"{mode.value}-{language}")
            setup = window.page("setup")
            window.show_place("setup")
            studio.take("setup")
            if isinstance(setup, SetupPage):
                _steps(studio, setup)
                setup.show_ready()
                studio.take("ready")
                setup.show_home()
            _places(studio)
            window.close()
            window.deleteLater()
            yield len(studio.taken)


def render_all(options: Options, folder: Path) -> int:
    """Write pictures of every screen of the demo into the folder and return 0, or 1 when none could be taken."""
    folder.mkdir(parents=True, exist_ok=True)
    app = make_qapplication(["acassist"])
    Theme(app, Mode.LIGHT, marks=folder / ".marks")
    with start_sandbox() as running:
        engine = _engine(replace(options, browser=demo_browser(running.info)))
        assistant = engine.start().result()
        engine.submit(lambda _a: guided_setup(assistant, running.info, _quiet)).result()  # type: ignore[arg-type]
        bridge = Bridge(engine)
        try:
            taken = sum(_session(options, bridge, engine, folder))
        finally:
            bridge.close()
            QApplication.processEvents()
            engine.stop()
    _log.info("%d pictures were taken", taken)
    return 0 if taken else 1
