"""The Settings page."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from acassist.domain.problem import Problem
from acassist.domain.profile import Setup
from acassist.gui.bridge import Bridge
from acassist.gui.page import Page
from acassist.gui.settings.about_card import AboutCard
from acassist.gui.settings.computer_card import ComputerCard
from acassist.gui.settings.connection_card import ConnectionCard
from acassist.gui.settings.limits_card import LimitsCard
from acassist.gui.settings.look_card import LookCard
from acassist.gui.strings import tr
from acassist.gui.theme import S4, S5, S7
from acassist.gui.widgets import Heading, ProblemBanner, Scroll
from acassist.gui.widgets.layout import column

_READABLE = 880


class SettingsPage(Page):
    """Language, look, limits, connections, this computer, about."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.trouble = ProblemBanner()
        self.trouble.add_action(tr("Try again"), self.activate)
        self.look, self.limits = LookCard(bridge), LimitsCard()
        self.connections, self.computer, self.about = ConnectionCard(bridge), ComputerCard(bridge), AboutCard()
        self._scroll = scroll = Scroll()
        for card in (self.look, self.limits, self.connections, self.computer, self.about):
            scroll.body.addWidget(card)
        scroll.body.addStretch(1)
        box = column(self, spacing=S4, margins=(S7, S5, S7, S5))
        box.addWidget(Heading(tr("Settings")))
        box.addWidget(self.trouble)
        box.addWidget(scroll, 1)
        self.look.languageChosen.connect(self.language_wanted)
        bridge.setupChanged.connect(self._read_setup)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep lines of text readable on wide windows."""
        super().resizeEvent(event)
        self._scroll.body.setContentsMargins(0, 0, max(0, self.width() - 2 * S7 - _READABLE), 0)

    def activate(self) -> None:
        """Read what is chosen and connected."""
        self.trouble.hide()
        self.look.load()
        self._read_setup()

    def _read_setup(self, _event: object = None) -> None:
        self.bridge.call(lambda a: a.setup(), self._show, self._failed, owner=self)

    def _show(self, setup: Setup) -> None:
        self.limits.show_limits(setup.limits)
        self.connections.show_setup(setup)

    def _failed(self, problem: Problem) -> None:
        self.trouble.show_problem(problem, focus=False)
