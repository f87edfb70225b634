"""The top of the window: profile, the state in one sentence, and Sync now."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from acassist.assistant.views import Level, Status
from acassist.domain.profile import Role
from acassist.gui.accessibility import name
from acassist.gui.strings import message, tr
from acassist.gui.theme import S2, S3, S4, S7
from acassist.gui.widgets import BusyButton, Elided, LevelIcon, row


class Header(QFrame):
    """Shows the state; asks for a sync when the button is pressed."""

    sync_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "header")
        box = row(self, spacing=S2, margins=(S7, S3, S7, S3))
        self.profile = Elided("", "strong")
        self._icon = LevelIcon(Level.IDLE, 18)
        self.sentence = Elided("", "muted")
        self.sentence.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.sync = BusyButton(tr("Sync now"), self._press)
        self.sync.allow(False, tr("The state is being read."))
        box.addWidget(self.profile, 1)
        box.addSpacing(S4)
        box.addWidget(self._icon)
        box.addWidget(self.sentence)
        box.addSpacing(S2)
        box.addWidget(self.sync)

    def _press(self) -> None:
        self.sync_wanted.emit()

    def show_status(self, status: Status) -> None:
        """Show the state, and why Sync now is off."""
        self.profile.setText(status.profile)
        self.sync.setVisible(status.role is Role.MANAGER)
        self.sentence.setText(message(status.sentence))
        name(self.sentence, tr("State: {sentence}", sentence=status.sentence))
        self._icon.show_level(status.level)
        self.sync.set_busy(status.running, tr("Syncing…"))
        if not status.running:
            blocked = status.sync_blocked
            self.sync.allow(blocked is None, message(blocked) if blocked else "")
