"""Where a backfill stands: phase, progress, counts, and what a person may do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from acassist.assistant.events import RunProgress
from acassist.domain.backfill import BackfillPhase, BackfillState
from acassist.gui.accessibility import name
from acassist.gui.strings import tr, when
from acassist.gui.sync.backfill import words
from acassist.gui.sync.backfill.estimate import Figures
from acassist.gui.theme import S1, S2, S3
from acassist.gui.widgets import BusyButton, Button, Card, Chip, ProblemBanner, Text
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import column, row


class StandingCard(Card):
    """Shows a state; its signals ask for what the buttons say."""

    pauseWanted = Signal()
    goWanted = Signal()
    abandonWanted = Signal()
    runWanted = Signal(int)
    issuesWanted = Signal()
    newWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S3)
        self.state = BackfillState()
        self._event: RunProgress | None = None
        self.title, self.effects, self.chip = Text("", "section"), Text("", "muted"), Chip()
        head = row(spacing=S3)
        titles = column(spacing=S1)
        titles.addWidget(self.title)
        titles.addWidget(self.effects)
        head.addLayout(titles, 1)
        head.addWidget(self.chip)
        self.cause = ProblemBanner()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.line, self.next = Text("", "small"), Text("")
        self.figures = Figures()
        self.body.addLayout(head)
        for part in (self.cause, self.bar, self.line, self.figures, self.next):
            self.body.addWidget(part)
        self.body.addLayout(self._make_actions())

    def _make_actions(self) -> FlowLayout:
        self.pause = BusyButton(tr("Pause"), self.pauseWanted.emit, kind="")
        self.go = BusyButton(tr("Resume"), self.goWanted.emit)
        self.again = Button(tr("New backfill"), self.newWanted.emit, kind="primary")
        self.look = Button(tr("Show what was written"), self._look)
        self.issues = Button(tr("Open issues"), self.issuesWanted.emit)
        self.abandon = BusyButton(tr("Abandon…"), self.abandonWanted.emit, kind="danger")
        actions = FlowLayout(spacing=S2)
        for button in (self.pause, self.go, self.again, self.look, self.issues, self.abandon):
            actions.addWidget(button)
        return actions

    def show_progress(self, event: RunProgress) -> None:
        """Take rate and time left from the progress of the run."""
        self._event = event
        if self.state.active:
            self._show_line()

    def show_state(self, state: BackfillState) -> None:
        """Show where it stands."""
        self.state = state
        if not state.active:
            self._event = None
        request = state.request
        self.title.setText(words.request_words(request) if request is not None else "")
        self.effects.setText(_begun(state))
        self.chip.show_state(words.level(state), words.phase_words(state))
        self.figures.show_figures([(title, figure, "") for title, figure in words.count_figures(state)])
        self.next.setText(words.next_words(state))
        if state.problem is None:
            self.cause.hide()
        elif self.cause.problem != state.problem or self.cause.isHidden():
            self.cause.show_problem(state.problem, focus=False)
        self._show_line()
        self._show_actions()

    def _show_line(self) -> None:
        state = self.state
        self.bar.setRange(0, state.total)
        self.bar.setValue(min(state.done, state.total))
        self.bar.setVisible(state.active or bool(state.total))
        self.line.setText(words.progress_words(state, self._event))
        name(self.bar, tr("Progress of the backfill"), self.line.text())

    def _show_actions(self) -> None:
        state = self.state
        done = state.phase is BackfillPhase.DONE
        for button in (self.pause, self.go, self.abandon):
            button.set_busy(False)
        self.pause.setVisible(state.active)
        self.go.rename(words.go_words(state))
        self.go.setVisible(state.resumable)
        self.again.setVisible(done)
        self.look.setVisible(state.run_id is not None)
        self.issues.setVisible(state.problems > 0)
        self.abandon.setVisible(not done)

    def _look(self) -> None:
        if self.state.run_id is not None:
            self.runWanted.emit(self.state.run_id)


def _begun(state: BackfillState) -> str:
    if state.request is None:
        return ""
    effects = words.effect_words(state.request)
    return tr("{effects} · begun {time}", effects=effects, time=when(state.started)) if state.started else effects
