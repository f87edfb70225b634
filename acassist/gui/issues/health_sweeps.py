"""Rolling checks: what is read again by turns, how old the last full turn is, and what the next one costs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QProgressBar, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.domain.sweeps import SWEEP_NAMES, SWEEP_NOTES, SweepKind, SweepStanding
from acassist.domain.text import Message
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.issues import sweep_words as said
from acassist.gui.strings import message, tr
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import (
    BusyButton,
    Button,
    Card,
    EmptyState,
    Heading,
    IconButton,
    ProblemBanner,
    Text,
)
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable
from acassist.gui.widgets.stateful import Stateful


class SweepsView(QWidget):
    """Reads the standings without a call; a full turn is made on request."""

    back = Signal()
    limitsWanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self._bridge = bridge
        self._call: Call | None = None
        nothing = EmptyState("refresh", tr("Nothing to check yet"), tr("The checks begin with the first sync."))
        self.outcome = ProblemBanner(closable=True)
        self.state = Stateful(self._make_content(), empty=nothing, retry=self.reload)
        box = column(self, spacing=S3)
        box.addLayout(self._make_head())
        meaning = tr(
            "Neither service reports every change. So a part of everything is read again each day, and the runs carry "
            "out what is found."
        )
        box.addWidget(Text(meaning, "muted"))
        box.addWidget(self.outcome)
        box.addWidget(self.state, 1)
        bridge.runEnded.connect(self._soon)

    def _make_head(self) -> QBoxLayout:
        line = row(spacing=S3)
        line.addWidget(IconButton("arrow-left", tr("Back to Health"), self.back.emit))
        line.addWidget(Heading(tr("Rolling checks")), 1)
        line.addWidget(Button(tr("Change the allowances"), self.limitsWanted.emit))
        return line

    def _make_content(self) -> QWidget:
        self.model: RowsModel[SweepStanding] = RowsModel(
            [
                Column(lambda: tr("What is checked"), lambda s: message(Message(SWEEP_NAMES[s.kind])), 7),
                Column(lambda: tr("Last full turn"), said.age_words, 5, order=_age),
                Column(lambda: tr("A full turn takes"), said.forecast_words, 6, order=lambda s: s.days_per_turn or 0.0),
                Column(lambda: tr("Calls today"), said.calls_words, 4, order=lambda s: s.calls_today, numeric=True),
            ],
            self,
        )
        self.table = RowsTable(self.model, tr("Rolling checks"))
        self.table.chosen.connect(self._choose)
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S3)
        box.addWidget(self.table, 1)
        box.addWidget(self._make_detail())
        return content

    def _make_detail(self) -> Card:
        self.detail = Card(spacing=S2)
        self.title, self.note, self.found = Text("", "section"), Text("", "muted"), Text("")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.progress = Text("", "small")
        self.now = BusyButton(tr("Check all now"), self._check, kind="")
        foot = row(spacing=S2)
        foot.addWidget(self.found, 1)
        foot.addWidget(self.now)
        for part in (self.title, self.note, self.bar, self.progress):
            self.detail.body.addWidget(part)
        self.detail.body.addLayout(foot)
        return self.detail

    # -- content
    def reload(self) -> None:
        """Read where every check stands; what is shown stays until the answer is there."""
        if self._call is not None:
            self._call.cancel()
        if not self.model.total:
            self.state.show_loading()
        self._call = self._bridge.call(lambda a: a.sweeps(), self._show, self._failed, owner=self)

    def _soon(self, _event: object = None) -> None:
        if self.isVisible():
            self.reload()

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, standings: tuple[SweepStanding, ...]) -> None:
        self._call = None
        kept = self.table.current
        self.model.set_rows(standings)
        if not any(standing.total or standing.last_turn for standing in standings):
            self.state.show_empty()
            return
        place = next((n for n, s in enumerate(self.model.shown) if kept is not None and s.kind is kept.kind), 0)
        self.table.setCurrentIndex(self.model.index(place, 0))
        self.state.show_content()

    def _choose(self, standing: SweepStanding | None) -> None:
        if standing is None:
            return
        self.title.setText(message(Message(SWEEP_NAMES[standing.kind])))
        self.note.setText(message(Message(SWEEP_NOTES[standing.kind])))
        self.found.setText(said.found_words(standing))
        under_way = standing.started is not None and standing.total > 0
        self.bar.setVisible(under_way)
        self.bar.setRange(0, max(1, standing.total))
        self.bar.setValue(min(standing.done, standing.total))
        self.progress.setText(said.progress_words(standing))
        name(self.bar, tr("Progress of this turn"), self.progress.text())
        self.now.allow(standing.on, tr("There is nothing to watch."))

    # -- a full turn
    def _check(self) -> None:
        standing = self.table.current
        if standing is None:
            return
        kind: SweepKind = standing.kind
        self.now.set_busy(True, tr("Checking…"))
        self.outcome.dismiss()

        async def work(assistant: AssistantPort) -> SweepStanding:
            return await assistant.sweep_now(kind)

        self._bridge.call(work, self._checked, self._not_checked, owner=self)

    def _checked(self, standing: SweepStanding) -> None:
        self.now.set_busy(False)
        title = tr("{what}: checked", what=Message(SWEEP_NAMES[standing.kind]))
        self.outcome.show_note(Level.OK, title, said.found_words(standing), focus=True)
        self.reload()

    def _not_checked(self, problem: Problem) -> None:
        self.now.set_busy(False)
        self.outcome.show_problem(problem)


def _age(standing: SweepStanding) -> float:
    return standing.last_turn.timestamp() if standing.last_turn is not None else 0.0
