"""The line on the Sync page that says where the backfill stands and leads to it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from acassist.domain.backfill import BackfillPhase, BackfillState
from acassist.gui.icons import IconLabel
from acassist.gui.strings import tr
from acassist.gui.sync.backfill import words
from acassist.gui.theme import S2, S3, S4
from acassist.gui.widgets import Button, Card, Chip, Text
from acassist.gui.widgets.layout import row


class BackfillLine(Card):
    """One sentence, a state, and the button `Backfill existing records`."""

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S2, spacing=0)
        self.sentence, self.chip = Text(""), Chip()
        self.button = Button(tr("Backfill existing records"), self.wanted.emit)
        line = row(spacing=S3, margins=(S2, 0, 0, 0))
        line.addWidget(IconLabel("database", "muted", 18))
        line.addWidget(self.sentence, 1)
        line.addWidget(self.chip)
        line.addWidget(self.button)
        line.setContentsMargins(S4 - S2, 0, 0, 0)
        self.body.addLayout(line)
        self.show_state(BackfillState())

    def show_state(self, state: BackfillState) -> None:
        """Show where the backfill stands."""
        self.sentence.setText(words.line_words(state))
        idle = state.phase is BackfillPhase.IDLE
        self.chip.setVisible(not idle)
        self.chip.show_state(words.level(state), words.phase_words(state))
