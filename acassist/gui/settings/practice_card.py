"""Practice: the same program on two sandboxes on this computer, without any real data."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from acassist.gui.strings import tr
from acassist.gui.widgets import Card, CopyField, Text

COMMAND = "acassist demo"


class PracticeCard(Card):
    """Says how to start the practice mode."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.addWidget(Text(tr("Practice"), "section"))
        self.body.addWidget(
            Text(
                tr(
                    "Try everything without risk: this command opens a second window on a practice org and a practice "
                    "account on this computer. Nothing of this profile is touched."
                ),
                "muted",
            )
        )
        self.command = CopyField(tr("Command for the practice mode"), COMMAND)
        self.body.addWidget(self.command)
