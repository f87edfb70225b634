"""A run in progress: phase, counts, rate, time left, calls, and Cancel."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

from acassist.assistant.events import RunProgress, RunStarted
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.strings import duration, message, number, tr, tr_n
from acassist.gui.sync import words
from acassist.gui.theme import S3
from acassist.gui.widgets import BusyButton, Card, Text
from acassist.gui.widgets.layout import row


def progress_words(event: RunProgress) -> str:
    """Say where a run stands, as far as it is known."""
    parts = []
    if event.total:
        parts.append(tr("{done} of {total}", done=number(event.done), total=number(event.total)))
    elif event.done:
        parts.append(tr_n("{n} record", "{n} records", event.done))
    if event.per_minute:
        parts.append(tr("{rate} a minute", rate=number(round(event.per_minute))))
    if event.seconds_left is not None:
        parts.append(tr("about {time} left", time=duration(event.seconds_left)))
    calls = event.calls_sf + event.calls_ac
    parts.append(tr_n("{n} call so far", "{n} calls so far", calls))
    return " · ".join(parts)


class ProgressCard(Card):
    """Shown only while a run is under way."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S3)
        self._bridge = bridge
        self.phase = Text("", "section")
        self.cancel = BusyButton(tr("Cancel run"), self._cancel, kind="")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.line = Text("", "small")
        head = row(spacing=S3)
        head.addWidget(self.phase, 1)
        head.addWidget(self.cancel)
        self.body.addLayout(head)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.line)
        self.hide()

    def show_started(self, event: RunStarted) -> None:
        """Show that a run began."""
        self.phase.setText(tr("Running {direction}", direction=words.direction_words(event.direction)))
        self._begin(tr("Looking for what changed…"))

    def show_running(self) -> None:
        """Show that a run is under way whose start was not seen."""
        if self.isHidden():
            self.phase.setText(tr("Syncing"))
            self._begin(tr("Looking for what changed…"))

    def _begin(self, line: str) -> None:
        self.line.setText(line)
        self.bar.setRange(0, 0)
        name(self.bar, tr("Progress of the run"))
        self.cancel.set_busy(False)
        self.show()

    def show_progress(self, event: RunProgress) -> None:
        """Show where the run stands."""
        self.phase.setText(message(event.phase))
        self.bar.setRange(0, event.total or 0)
        self.bar.setValue(event.done if event.total else 0)
        self.line.setText(progress_words(event))
        name(self.bar, tr("Progress of the run"), self.line.text())
        self.show()

    def show_ended(self) -> None:
        """Go away."""
        self.hide()
        self.cancel.set_busy(False)

    def _cancel(self) -> None:
        self.cancel.set_busy(True, tr("Cancelling…"))
        self._bridge.call(lambda a: a.cancel_run(), self._asked, self._failed, owner=self)

    def _asked(self, _answer: object) -> None:
        self.line.setText(tr("The run stops after the action it is in. Nothing is left half-done."))

    def _failed(self, problem: Problem) -> None:
        self.cancel.set_busy(False)
        self._bridge.failed.emit(problem)
