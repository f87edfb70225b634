"""What a viewer may change: the own login, and what is offered on records."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from acassist.domain.profile import Step
from acassist.gui.strings import tr
from acassist.gui.theme import S3
from acassist.gui.widgets import Button, Card, Text
from acassist.gui.widgets.layout import row


class ViewerCard(Card):
    """Says what this profile is for; `wanted` carries the step to open."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.addWidget(Text(tr("Records only"), "section"))
        self.body.addWidget(
            Text(
                tr(
                    "You hold ActiveCampaign Standard User: you see records and use CX Automation. Somebody else sets "
                    "up and runs the sync."
                ),
                "muted",
            )
        )
        line = row(spacing=S3)
        self.choose = Button(tr("Choose what records offer"), self._choose)
        self.again = Button(tr("Log in again"), self._log_in)
        for button in (self.choose, self.again):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        line.addStretch(1)
        self.body.addLayout(line)
        self.hide()

    def _choose(self) -> None:
        self.wanted.emit(Step.CX_AUTOMATION)

    def _log_in(self) -> None:
        self.wanted.emit(Step.CONNECTIONS)
