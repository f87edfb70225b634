"""The Settings page, and the pages that open on top of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.profile import Role, Setup
from acassist.gui.bridge import Bridge
from acassist.gui.page import Page
from acassist.gui.settings.about_card import AboutCard
from acassist.gui.settings.alerts_card import AlertsCard
from acassist.gui.settings.computer_card import ComputerCard
from acassist.gui.settings.connection_card import ConnectionCard
from acassist.gui.settings.data_card import DataCard
from acassist.gui.settings.defaults_card import DefaultsCard
from acassist.gui.settings.import_view import ImportView
from acassist.gui.settings.limits_card import LimitsCard
from acassist.gui.settings.look_card import LookCard
from acassist.gui.settings.parts_list import PartsList
from acassist.gui.settings.practice_card import PracticeCard
from acassist.gui.settings.reports import AuditView, DiagnosticsView, LogView
from acassist.gui.settings.restore_view import RestoreView
from acassist.gui.settings.sub_page import SubPage
from acassist.gui.settings.sweeps_card import SweepsCard
from acassist.gui.settings.viewer_card import ViewerCard
from acassist.gui.strings import tr
from acassist.gui.theme import S4, S5, S7, theme
from acassist.gui.widgets import Heading, ProblemBanner, Scroll
from acassist.gui.widgets.layout import column, row

_READABLE = 880
_CARDS = 580
"""The parts are listed at the side where at least this width is left for the cards."""


class SettingsPage(Page):
    """Look, notifications, limits, checks, defaults, connections, data and reports, this computer, practice, about."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.trouble, self.note = ProblemBanner(), ProblemBanner(closable=True)
        self.trouble.add_action(tr("Try again"), self.activate)
        self.look, self.limits, self.defaults = LookCard(bridge), LimitsCard(bridge), DefaultsCard(bridge)
        self.sweeps, self.alerts = SweepsCard(bridge), AlertsCard(bridge)
        self.connections, self.data = ConnectionCard(), DataCard(bridge)
        self.computer, self.practice, self.about = ComputerCard(bridge), PracticeCard(bridge), AboutCard()
        self.audit, self.log = AuditView(bridge), LogView(bridge)
        self.diagnostics, self.importing, self.copies = DiagnosticsView(bridge), ImportView(bridge), RestoreView(bridge)
        self.overview = self._make_overview()
        self.stack = QStackedWidget()
        for part in (self.overview, self.audit, self.log, self.diagnostics, self.importing, self.copies):
            self.stack.addWidget(part)
        column(self, margins=(S7, S5, S7, S5)).addWidget(self.stack)
        self._connect()

    def _make_overview(self) -> QWidget:
        self._scroll = scroll = Scroll()
        self.viewer = ViewerCard()
        self.viewer.wanted.connect(self._open_step)
        manage = (self.alerts, self.limits, self.sweeps, self.defaults, self.data, self.computer, self.practice)
        self._managers = manage
        above = (self.look, self.viewer, self.alerts, self.limits, self.sweeps, self.defaults, self.connections)
        for card in (*above, self.data, self.computer, self.practice, self.about):
            scroll.body.addWidget(card)
        scroll.body.addStretch(1)
        overview = QWidget()
        overview.setProperty("kind", "clear")
        box = column(overview, spacing=S4)
        box.addWidget(Heading(tr("Settings")))
        box.addWidget(self.trouble)
        box.addWidget(self.note)
        beside = row(spacing=S5)
        beside.addWidget(self._make_parts(), 0, Qt.AlignmentFlag.AlignTop)
        beside.addWidget(scroll, 1)
        box.addLayout(beside, 1)
        return overview

    def _make_parts(self) -> PartsList:
        titles = (
            (tr("Language and look"), self.look),
            (tr("Your profile"), self.viewer),
            (tr("Notifications"), self.alerts),
            (tr("Quotas and brakes"), self.limits),
            (tr("Rolling checks"), self.sweeps),
            (tr("Defaults"), self.defaults),
            (tr("Connections"), self.connections),
            (tr("Data and reports"), self.data),
            (tr("This computer"), self.computer),
            (tr("Practice"), self.practice),
            (tr("About"), self.about),
        )
        self.parts = PartsList(self._scroll, titles)
        return self.parts

    def _connect(self) -> None:
        self.look.languageChosen.connect(self.language_wanted)
        self.alerts.changed.connect(self.alerts_off)
        self.connections.leave.connect(self._to_leave)
        self.sweeps.standingsWanted.connect(self._to_standings)
        self.data.auditWanted.connect(self.show_audit)
        self.data.logWanted.connect(self.show_log)
        self.data.diagnosticsWanted.connect(self.show_diagnostics)
        self.data.importWanted.connect(self.show_import)
        self.data.restoreWanted.connect(self.show_copies)
        for part in (self.audit, self.log, self.diagnostics, self.importing, self.copies):
            part.back.connect(self.show_overview)
        self.importing.imported.connect(self._imported)
        self.bridge.setupChanged.connect(self._read_setup)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep lines of text readable on wide windows."""
        super().resizeEvent(event)
        wide = self.width() - 2 * S7 - S5 - self.parts.width() >= _CARDS * theme().scale
        self.parts.setVisible(wide)
        side = self.parts.width() + S5 if wide else 0
        self._scroll.body.setContentsMargins(0, 0, max(0, self.width() - 2 * S7 - side - _READABLE), 0)

    # -- what the window asks for
    def activate(self) -> None:
        """Read what is chosen and connected."""
        self.trouble.hide()
        self.look.load()
        self.data.reload()
        self.sweeps.load()
        self.alerts.load()
        self._read_setup()

    def open(self, subject: object) -> None:
        """Show one part: the limits, or a report."""
        views = {
            "audit": self.show_audit,
            "log": self.show_log,
            "diagnostics": self.show_diagnostics,
            "copies": self.show_copies,
        }
        if subject == "limits":
            self.show_card(self.limits)
            self.limits.count.setFocus()
        elif subject == "sweeps":
            self.show_card(self.sweeps)
        elif isinstance(subject, str) and subject in views:
            views[subject]()

    def show_card(self, card: QWidget) -> None:
        """Scroll to one card."""
        self.show_overview()
        self._scroll.ensureWidgetVisible(card)
        self._scroll.verticalScrollBar().setValue(card.y())

    def show_overview(self) -> None:
        """Go back to the cards."""
        self.stack.setCurrentWidget(self.overview)

    def show_audit(self) -> None:
        """Open the audit log."""
        self._show_view(self.audit)

    def show_log(self) -> None:
        """Open the log."""
        self._show_view(self.log)

    def show_diagnostics(self) -> None:
        """Open the diagnostics."""
        self._show_view(self.diagnostics)

    def show_copies(self) -> None:
        """Open the copies of the profile, to go back to one."""
        self._show_view(self.copies)

    def show_import(self, path: Path) -> None:
        """Open what a set-up file would change."""
        self.stack.setCurrentWidget(self.importing)
        self.importing.open_path(path)

    def _show_view(self, view: SubPage) -> None:
        self.stack.setCurrentWidget(view)
        view.start()

    # -- content
    def _read_setup(self, _event: object = None) -> None:
        self.bridge.call(lambda a: a.setup(), self._show, self._failed, owner=self)

    def _show(self, setup: Setup) -> None:
        self._show_role(setup.role)
        self.limits.show_limits(setup.limits)
        self.defaults.show_defaults(setup.defaults)
        self.connections.show_setup(setup)

    def _show_role(self, role: Role) -> None:
        """Leave out what only the person who runs the sync decides."""
        viewer = role is Role.VIEWER
        self.viewer.setVisible(viewer)
        for card in self._managers:
            card.setVisible(not viewer)
        self.parts.show_present()

    def _open_step(self, step: object) -> None:
        self.navigate.emit("setup", step)

    def _failed(self, problem: Problem) -> None:
        self.trouble.show_problem(problem, focus=False)

    def _imported(self, file: str) -> None:
        self.show_overview()
        sentence = tr("{file} is in effect. A changed mapping is shown to you before the next run.", file=file)
        self.note.show_note(Level.OK, tr("Imported"), sentence, focus=True)
        self._read_setup()

    def _to_standings(self) -> None:
        self.navigate.emit("issues", "sweeps")

    def _to_leave(self) -> None:
        self.navigate.emit("leave", None)
