"""Comparing both sides on values read now: a sample or all, with progress and Cancel."""

from __future__ import annotations

from collections.abc import AsyncIterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from acassist.assistant.desk import Comparison
from acassist.assistant.facade import AssistantPort
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.strings import number, tr
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import BusyButton, Button, Card, Combo, Text
from acassist.gui.widgets.layout import row

SAMPLE = 100


class CompareCard(Card):
    """`done` carries the last step of the comparison, None when there was nothing to compare."""

    began = Signal()
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S3, spacing=S2)
        self._bridge = bridge
        self._call: Call | None = None
        self._last: Comparison | None = None
        self.scope = Combo()
        self.scope.addItem(tr("A sample"), SAMPLE)
        self.scope.addItem(tr("All records"), None)
        name(self.scope, tr("What to compare"))
        self.compare = BusyButton(tr("Compare now"), self._compare)
        self.cancel = Button(tr("Cancel"), self.stop)
        self.words = Text("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        name(self.bar, tr("Progress of the comparison"))
        line = row(spacing=S2)
        line.addWidget(self.words, 1)
        for widget in (self.scope, self.compare, self.cancel):
            line.addWidget(widget)
        self.body.addLayout(line)
        self.body.addWidget(self.bar)
        self._rest()

    def _compare(self) -> None:
        limit = self.scope.currentData()
        self._last = None
        self.compare.set_busy(True, tr("Comparing…"))
        self.cancel.show()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.began.emit()

        def work(assistant: AssistantPort) -> AsyncIterator[Comparison]:
            return assistant.desk.compare(limit)

        self._call = self._bridge.stream(work, self._step, self._finished, self._failed, owner=self)

    def _step(self, step: Comparison) -> None:
        self._last = step
        self.bar.setRange(0, max(1, step.total))
        self.bar.setValue(step.checked)
        self.words.setText(tr("{done} of {total} compared", done=number(step.checked), total=number(step.total)))

    def _finished(self, _answer: object) -> None:
        self._rest()
        self.done.emit(self._last)

    def _failed(self, problem: Problem) -> None:
        self._rest()
        self.failed.emit(problem)

    def stop(self) -> None:
        """Give up a comparison under way; nothing was written by it."""
        if self._call is not None:
            self._call.cancel()
        self._rest()

    def _rest(self) -> None:
        self._call = None
        self.compare.set_busy(False)
        self.cancel.hide()
        self.bar.hide()
        self.words.setText(tr("Reads both sides and compares every mapped value. Nothing is written."))
