"""The main window: navigation, header, alerts, and the page that is shown."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from acassist.assistant.events import Alert, IssuesChanged, RunEnded
from acassist.assistant.views import Status
from acassist.domain.problem import Problem
from acassist.domain.profile import Role, Step
from acassist.gui.alert_kinds import PREFERENCE, kinds_off, told
from acassist.gui.alerts import DECISIONS, Alerts
from acassist.gui.assets import asset
from acassist.gui.bridge import Bridge
from acassist.gui.header import Header
from acassist.gui.navigation import Navigation
from acassist.gui.page import Page
from acassist.gui.pages import PLACES, place, viewer_may_see
from acassist.gui.strings import tr
from acassist.gui.theme import S7
from acassist.gui.widgets import column, row

MINIMUM = (960, 640)
PREFERRED = (1180, 760)


@dataclass(frozen=True, slots=True)
class WindowStart:
    """What the window opens with: the state, and its last size and place."""

    status: Status
    geometry: str = ""


class MainWindow(QMainWindow):
    """Opens on Setup until the four steps are done and the sync was started, later on Sync."""

    closing = Signal()
    language_wanted = Signal(str)

    def __init__(self, bridge: Bridge, start: WindowStart) -> None:
        super().__init__()
        self.bridge = bridge
        self.setWindowTitle(tr("ActiveCampaign Setup Assistant"))
        self.setWindowIcon(QIcon(str(asset("icons/app.svg"))))
        self.setMinimumSize(*MINIMUM)
        self.resize(*PREFERRED)
        if start.geometry:
            self.restoreGeometry(QByteArray.fromBase64(start.geometry.encode()))
        self.navigation, self.header, self.alerts = Navigation(), Header(), Alerts()
        self._stack = QStackedWidget()
        self._pages: dict[str, Page] = {}
        self._viewer = False
        self._alerts_off: tuple[str, ...] = ()
        self._build()
        self._connect()
        self._show_status(start.status)
        self.show_place("records" if self._viewer else "sync" if start.status.started else "setup")

    def _build(self) -> None:
        shell = QWidget()
        shell.setProperty("kind", "page")
        across = row(shell, spacing=0)
        across.addWidget(self.navigation)
        right = column(spacing=0)
        right.addWidget(self.header)
        alerts = column(spacing=0, margins=(S7, 0, S7, 0))
        alerts.addWidget(self.alerts)
        right.addLayout(alerts)
        right.addWidget(self._stack, 1)
        across.addLayout(right, 1)
        self.setCentralWidget(shell)

    def _connect(self) -> None:
        self.navigation.chosen.connect(self.show_place)
        self.header.sync_wanted.connect(self._sync_now)
        self.alerts.follow.connect(self.show_place)
        self._timer = QTimer(self, singleShot=True, interval=80)
        self._timer.timeout.connect(self._ask_status)
        for signal in (
            self.bridge.statusChanged, self.bridge.setupChanged, self.bridge.runStarted, self.bridge.runEnded,
        ):  # fmt: skip
            signal.connect(self._soon)
        self.bridge.issuesChanged.connect(self._issues)
        self.bridge.alert.connect(self._alert)
        self.bridge.runEnded.connect(self._ended)
        self.bridge.failed.connect(self.alerts.show_problem)
        self.bridge.call(lambda a: a.preference(PREFERENCE), self._show_alerts_off, owner=self)
        for number, item in enumerate(PLACES, start=1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self, self.navigation.button(item.key).click)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)

    # -- pages
    def page(self, key: str) -> Page:
        """Return a page, made when it is first asked for."""
        if key not in self._pages:
            page = place(key).make(self.bridge)
            page.navigate.connect(self.show_place)
            page.language_wanted.connect(self.language_wanted)
            page.alerts_off.connect(self._show_alerts_off)
            self._pages[key] = page
            self._stack.addWidget(page)
        return self._pages[key]

    @property
    def current(self) -> str:
        """Return the key of the page that is shown."""
        shown = self._stack.currentWidget()
        return next(key for key, page in self._pages.items() if page is shown)

    def show_place(self, key: str, subject: object = None) -> None:
        """Show a page, and a subject on it; a viewer lands on Records instead of a page of the set-up."""
        if self._viewer and not viewer_may_see(key, subject):
            key, subject = "records", None
        page = self.page(key)
        self._stack.setCurrentWidget(page)
        # A viewer's step of the set-up opens from Settings.
        shown = "settings" if self._viewer and key == "setup" else place(key).parent or key
        self.navigation.select(shown)
        page.activate()
        if subject is not None:
            page.open(subject)
        if self.alerts.problem is not None and self.alerts.problem == page.told:
            self.alerts.dismiss()

    # -- state
    def _soon(self, _event: object = None) -> None:
        self._timer.start()

    def _ask_status(self) -> None:
        self.bridge.call(lambda a: a.status(), self._show_status, owner=self)

    def _show_status(self, status: Status) -> None:
        self._show_role(status.role)
        self.header.show_status(status)
        self.navigation.show_status(status)

    def _show_role(self, role: Role) -> None:
        became_viewer = role is Role.VIEWER and not self._viewer
        self._viewer = role is Role.VIEWER
        if became_viewer and self._pages and not viewer_may_see(self.current, None):
            self.show_place("records")

    def _issues(self, event: IssuesChanged) -> None:
        self.navigation.button("issues").set_count(event.count)
        self._soon()

    def _show_alerts_off(self, stored: object) -> None:
        self._alerts_off = kinds_off(stored)

    def _alert(self, event: Alert) -> None:
        if not told(event.problem, self._alerts_off):
            return
        if self._pages[self.current].told != event.problem:
            self.alerts.show_problem(event.problem)

    def _ended(self, event: RunEnded) -> None:
        if event.problem is None:
            self.alerts.settle()

    def _sync_now(self) -> None:
        self.header.sync.set_busy(True, tr("Syncing…"))
        self.bridge.call(lambda a: a.sync_now(), self._soon, self._sync_failed, owner=self)

    def _sync_failed(self, problem: Problem) -> None:
        self._soon()
        if problem.code in DECISIONS:
            # The page says it all, so the alert of the same run is not needed beside it.
            self.alerts.dismiss()
            self.show_place("sync", problem)
            return
        self.alerts.show_problem(problem)

    def reconnect(self) -> None:
        """Open System connections."""
        self.show_place("setup", Step.CONNECTIONS)

    # -- end
    def closeEvent(self, event: QCloseEvent) -> None:
        saved = self.saveGeometry().toBase64().toStdString()
        self.bridge.call(lambda a: a.set_preference("window", saved), lambda _n: None, owner=self)
        self.closing.emit()
        super().closeEvent(event)
