"""The application object: look, language, single instance, and the life of the main window."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from acassist.assistant.engine_thread import EngineThread
from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import RecordRef, Status
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record_link import linked_record
from acassist.gui import strings
from acassist.gui.assets import asset
from acassist.gui.bridge import Bridge
from acassist.gui.garbage import GarbageCollector
from acassist.gui.link_application import LinkApplication
from acassist.gui.main_window import MainWindow, WindowStart
from acassist.gui.single_instance import SingleInstance, instance_name
from acassist.gui.strings import Translator
from acassist.gui.theme import Mode, Theme

DESKTOP_NAME = "io.github.acassist.Acassist"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuiOptions:
    """How the window is opened. `translators` makes the translator of a language code ("" for the system's).

    `link` is shown once the window is open.
    """

    data_dir: Path
    translators: Callable[[str], Translator] | None = None
    arguments: Sequence[str] = ("acassist",)
    theme: str = ""
    hidden: bool = False
    link: str = ""


class _Net(QObject):
    """Brings what nobody caught to the window's thread, where it is shown."""

    caught = Signal(object)

    def hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an uncaught exception and report it; keyboard interrupts end the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _log.critical("uncaught %s", kind.__name__, exc_info=(kind, error, trace))
        self.caught.emit(Problem(ProblemCode.INTERNAL, detail=kind.__name__))


class Application(QObject):
    """Owns the window; makes it anew when the language changes."""

    def __init__(self, app: QApplication, engine: EngineThread[AssistantPort], options: GuiOptions) -> None:
        super().__init__(app)
        self.app, self.options = app, options
        self.bridge = Bridge(engine, self)
        self.theme = Theme(app, Mode(options.theme) if options.theme else Mode.SYSTEM, marks=_marks(options.data_dir))
        app.setProperty("acassist.data_dir", str(options.data_dir))
        self.window: MainWindow | None = None
        self._net = _Net(self)
        self._net.caught.connect(self._caught)
        self._status: Status | None = None
        self._link = options.link
        self.bridge.reopened.connect(self._read_again)

    def install_net(self) -> None:
        """Catch what nothing else caught, in front of the hook that logging installed."""
        sys.excepthook = self._net.hook

    def begin(self) -> None:
        """Read what the window opens with, then open it."""
        self.bridge.call(_first_look, self._open, owner=self)

    def _open(self, found: tuple[Status, dict[str, Any]]) -> None:
        status, preferences = found
        self._status = status
        if not self.options.theme:
            self.theme.set_mode(_mode(preferences.get("theme")))
        self.speak(str(preferences.get("language") or ""), rebuild=False)
        self._make_window(str(preferences.get("window") or ""))
        if self._link:
            self.open_link(self._link)

    def _read_again(self) -> None:
        """The profile is another one now: take its look and language, and make the window anew."""
        self.bridge.call(_first_look, self._open_again, owner=self)

    def _open_again(self, found: tuple[Status, dict[str, Any]]) -> None:
        status, preferences = found
        if not self.options.theme:
            self.theme.set_mode(_mode(preferences.get("theme")))
        self.speak(str(preferences.get("language") or ""), rebuild=False)
        self._replace_window(status)

    def speak(self, language: str, *, rebuild: bool = True) -> None:
        """Switch the language; an open window is made anew in it, on the page that was shown."""
        if self.options.translators is not None:
            strings.install(self.options.translators("" if language == "system" else language))
        words = strings.words()
        self.app.setLayoutDirection(words.locale.textDirection())
        if rebuild and self.window is not None:
            QTimer.singleShot(0, self, self._rebuild)

    def _rebuild(self) -> None:
        self.bridge.call(lambda a: a.status(), self._replace_window, owner=self)

    def _replace_window(self, status: Status) -> None:
        old = self.window
        self._status = status
        place = old.current if old is not None else "setup"
        geometry = old.saveGeometry().toBase64().toStdString() if old is not None else ""
        self._make_window(geometry)
        if self.window is not None:
            self.window.show_place(place)
        if old is not None:
            old.deleteLater()

    def _make_window(self, geometry: str) -> None:
        if self._status is None:
            return
        self.window = MainWindow(self.bridge, WindowStart(self._status, geometry))
        self.window.language_wanted.connect(self.speak)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Quit), self.window, self.app.quit)
        if not self.options.hidden:
            self.window.show()

    def show_window(self) -> None:
        """Bring the window to the front."""
        if self.window is not None:
            self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
            self.window.show()
            self.window.raise_()
            self.window.activateWindow()

    def open_link(self, link: str) -> None:
        """Show the record that a link names; a link never does more, and any other text only shows the window."""
        if self.window is None:
            self._link = link
            return
        self.show_window()
        found = linked_record(link)
        if found is None:
            _log.warning("a link was not understood")
        elif self.window is not None:
            self.window.show_place("records", RecordRef(*found))

    def _caught(self, problem: Problem) -> None:
        if self.window is not None:
            self.window.alerts.show_problem(problem)


def _mode(stored: object) -> Mode:
    return Mode(str(stored)) if stored in {mode.value for mode in Mode} else Mode.SYSTEM


def _marks(data_dir: Path) -> Path:
    return data_dir / "cache"


async def _first_look(assistant: AssistantPort) -> tuple[Status, dict[str, Any]]:
    names = ("language", "theme", "window")
    return await assistant.status(), {name: await assistant.preference(name) for name in names}


def make_qapplication(arguments: Sequence[str]) -> QApplication:
    """Return the one application object, ready for high resolutions and for the desktop to recognise."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QGuiApplication.setDesktopFileName(DESKTOP_NAME)
    app = LinkApplication(list(arguments))
    app.setApplicationName("acassist")
    app.setApplicationDisplayName("ActiveCampaign Setup Assistant")
    app.setWindowIcon(QIcon(str(asset("icons/app.svg"))))
    app.setStyle("Fusion")
    return app


def _end_on_signals(app: QApplication) -> Callable[[], None]:
    """End the event loop on Ctrl+C and on the system's request; returns what restores the handlers."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in kept:
        signal.signal(number, lambda _number, _frame: app.quit())
    # Python runs handlers only when the interpreter gets a turn, which Qt's loop gives it through this timer.
    turn = QTimer(app, interval=300)
    turn.timeout.connect(_nothing)
    turn.start()

    def undo() -> None:
        turn.stop()
        for number, handler in kept.items():
            signal.signal(number, handler)

    return undo


def _nothing() -> None:
    """Give the interpreter a turn."""


def run(engine: EngineThread[AssistantPort], translator: Translator, options: GuiOptions) -> int:
    """Open the window and return the exit code; a second start of the same profile shows the first and returns 0."""
    app = make_qapplication(options.arguments)
    instance = SingleInstance(instance_name(options.data_dir))
    if not instance.claim(options.link):
        return 0
    strings.install(translator)
    application = Application(app, engine, options)
    instance.show_wanted.connect(application.show_window)
    instance.link_wanted.connect(application.open_link)
    if isinstance(app, LinkApplication):
        app.link_opened.connect(application.open_link)
    application.begin()
    before = sys.excepthook
    application.install_net()
    undo = _end_on_signals(app)
    garbage = GarbageCollector(app)
    try:
        return app.exec()
    finally:
        undo()
        sys.excepthook = before
        instance.close()
        application.bridge.close()
        garbage.close()
