"""Practice: the same program on two sandboxes on this computer, without any real data."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge
from acassist.gui.strings import message, tr
from acassist.gui.widgets import BusyButton, Card, CopyField, Text
from acassist.gui.widgets.layout import row

COMMAND = "acassist demo"


class PracticeCard(Card):
    """Starts the practice mode, and says how to start it from a terminal."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.body.addWidget(Text(tr("Practice"), "section"))
        self.body.addWidget(
            Text(
                tr(
                    "Try everything without risk: a second window opens on a practice org and a practice account on "
                    "this computer. Nothing of this profile is touched."
                ),
                "muted",
            )
        )
        self.command = CopyField(tr("Command for the practice mode"), COMMAND)
        self.body.addWidget(self.command)
        self.start = BusyButton(tr("Start practice mode"), self._start)
        self.told = Text("", "muted")
        self.told.hide()
        line = row()
        line.addWidget(self.start)
        line.addWidget(self.told, 1)
        self.body.addLayout(line)

    def _start(self) -> None:
        self.start.set_busy(True)
        self._bridge.call(lambda a: a.desk.start_practice(), self._started, self._failed, owner=self)

    def _started(self, _process: int) -> None:
        self._say(tr("The second window opens in a moment. Its login page says what to type."))

    def _failed(self, problem: Problem) -> None:
        self._say(message(problem.sentence))

    def _say(self, text: str) -> None:
        self.start.set_busy(False)
        self.told.setText(text)
        self.told.show()
