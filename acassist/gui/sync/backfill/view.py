"""Backfill existing records: a page on top of Sync with form and estimate, or with the backfill that is there."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from acassist.assistant.events import RunProgress
from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import Status
from acassist.domain.backfill import BackfillEstimate, BackfillPhase, BackfillState
from acassist.domain.ledger import RunSummary
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.strings import tr
from acassist.gui.sync.backfill.estimate import EstimateCard
from acassist.gui.sync.backfill.form import BackfillForm
from acassist.gui.sync.backfill.standing import StandingCard
from acassist.gui.theme import S3, S5
from acassist.gui.widgets import EmptyState, Heading, IconButton, ProblemBanner, Scroll, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful

_REFRESH_MS = 250
_REVEAL_MS = 60
"""The figures have their place only after the layout that makes room for them."""


class BackfillView(QWidget):
    """`stateRead` carries each state that was read, for the line on the overview."""

    back = Signal()
    runWanted = Signal(object)
    issuesWanted = Signal()
    stateRead = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._reading: Call | None = None
        self._estimating: Call | None = None
        self._anew = False
        self.form, self.estimate, self.standing = BackfillForm(bridge), EstimateCard(), StandingCard()
        self.trouble = ProblemBanner(closable=True)
        nothing = EmptyState("records", tr("No backfill"), "")
        self.state = Stateful(self._make_content(), empty=nothing, retry=self.start)
        box = column(self, spacing=S3)
        head = row(spacing=S3)
        head.addWidget(IconButton("arrow-left", tr("Back to Sync"), self.back.emit))
        head.addWidget(Heading(tr("Backfill existing records")), 1)
        box.addLayout(head)
        box.addWidget(
            Text(
                tr("Sends people who were in Salesforce before the sync began. Nobody is created twice or deleted."),
                "muted",
            )
        )
        box.addWidget(self.trouble)
        box.addWidget(self.state, 1)
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self.reload)
        self._connect()

    def _make_content(self) -> QWidget:
        self.sheet, self.working, self.asking = Scroll(spacing=S3), Scroll(spacing=S3), QWidget()
        for card in (self.form, self.estimate):
            self.sheet.body.addWidget(card)
        self.working.body.addWidget(self.standing)
        for scroll in (self.sheet, self.working):
            scroll.body.addStretch(1)
        self.asking.setProperty("kind", "clear")
        box = column(self.asking, spacing=S3)
        box.addWidget(self.sheet, 1)
        box.addWidget(self.estimate.foot)
        self.pages = QStackedWidget()
        self.pages.setProperty("kind", "clear")
        for page in (self.asking, self.working):
            self.pages.addWidget(page)
        return self.pages

    def _connect(self) -> None:
        self.form.changed.connect(self._changed)
        self.estimate.wanted.connect(self._estimate)
        self.estimate.startWanted.connect(self._start)
        self.standing.pauseWanted.connect(self._pause)
        self.standing.goWanted.connect(self._go)
        self.standing.abandonWanted.connect(self._ask_abandon)
        self.standing.runWanted.connect(self._find_run)
        self.standing.issuesWanted.connect(self.issuesWanted)
        self.standing.newWanted.connect(self.new)
        self._bridge.runProgress.connect(self._progress)
        for signal in (self._bridge.statusChanged, self._bridge.runStarted, self._bridge.runEnded):
            signal.connect(self._soon)

    # -- content
    def start(self) -> None:
        """Show the page: the backfill that is there, or the form."""
        self._anew = False
        self.trouble.dismiss()
        self.form.activate()
        self.state.show_loading()
        self.reload()

    def show_status(self, status: Status) -> None:
        """Take over whether the first sync was made."""
        self.estimate.set_started(status.started)

    def reload(self) -> None:
        """Read where the backfill stands; makes no call to a service."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading = self._bridge.call(lambda a: a.backfill_state(), self.show_state, self._unread, owner=self)

    def _soon(self, _event: object = None) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _progress(self, event: RunProgress) -> None:
        if self.standing.state.active:
            self.standing.show_progress(event)
            self._soon()

    def _unread(self, problem: Problem) -> None:
        self._reading = None
        self.state.show_problem(problem)

    def show_state(self, state: BackfillState) -> None:
        """Show the form, or a backfill."""
        self._reading = None
        self.stateRead.emit(state)
        self.standing.show_state(state)
        idle = state.phase is BackfillPhase.IDLE or (self._anew and state.phase is BackfillPhase.DONE)
        self.pages.setCurrentWidget(self.asking if idle else self.working)
        self.state.show_content()

    def new(self) -> None:
        """Show the form although the last backfill is still known."""
        self._anew = True
        self.estimate.forget()
        self.pages.setCurrentWidget(self.asking)
        self.form.leads.setFocus()

    # -- estimate and start
    def _changed(self) -> None:
        if self._estimating is not None:
            self._estimating.cancel()
            self._estimating = None
        self.estimate.forget(changed=True)

    def _estimate(self) -> None:
        if not self.form.point_out():
            return
        request = self.form.request
        self.estimate.show_busy()

        async def work(assistant: AssistantPort) -> BackfillEstimate:
            return await assistant.backfill_estimate(request)

        self._estimating = self._bridge.call(work, self._estimated, self._not_estimated, owner=self)

    def _estimated(self, found: BackfillEstimate) -> None:
        self._estimating = None
        self.estimate.show_estimate(found)
        if self.estimate.start.isEnabled():
            self.estimate.start.setFocus()
        QTimer.singleShot(_REVEAL_MS, self, self._to_estimate)

    def _to_estimate(self) -> None:
        self.sheet.ensureWidgetVisible(self.estimate.cost, 0, S5)

    def _not_estimated(self, problem: Problem) -> None:
        self._estimating = None
        self.estimate.show_problem(problem)

    def _start(self) -> None:
        request = self.form.request
        self.estimate.start.set_busy(True, tr("Starting…"))

        async def work(assistant: AssistantPort) -> BackfillState:
            return await assistant.start_backfill(request)

        self._anew = False
        self._bridge.call(work, self._worked, self._not_started, owner=self)

    def _not_started(self, problem: Problem) -> None:
        self.estimate.show_problem(problem)
        self._soon()

    # -- the backfill that is there
    def _worked(self, state: BackfillState) -> None:
        self.trouble.dismiss()
        self.estimate.forget()
        self.show_state(state)

    def _go(self) -> None:
        self.standing.go.set_busy(True, tr("One moment…"))
        self._bridge.call(lambda a: a.resume_backfill(), self._worked, self._not_done, owner=self)
        self._soon()

    def _pause(self) -> None:
        self.standing.pause.set_busy(True, tr("Pausing…"))
        self.standing.next.setText(tr("It pauses after the requests under way. Nothing is left half-done."))
        self._bridge.call(lambda a: a.pause_backfill(), self._soon, self._not_done, owner=self)

    def _ask_abandon(self) -> None:
        text = tr(
            "What was written stays and is kept in sync. The rest is not sent. You can start another backfill later; "
            "people who were sent already are recognised."
        )
        answers = (
            Answer("keep", tr("Keep it"), default=True),
            Answer("abandon", tr("Abandon"), danger=True),
        )
        ask(self, tr("Abandon this backfill?"), text, answers, self._answered)

    def _answered(self, answer: str) -> None:
        if answer == "abandon":
            self.standing.abandon.set_busy(True, tr("One moment…"))
            self._bridge.call(lambda a: a.abandon_backfill(), self._soon, self._not_done, owner=self)

    def _not_done(self, problem: Problem) -> None:
        self.trouble.show_problem(problem)
        self._soon()

    def _find_run(self, run_id: int) -> None:
        async def find(assistant: AssistantPort) -> list[RunSummary]:
            return await assistant.runs(1, run_id + 1)

        self._bridge.call(find, self._found_run, self._not_done, owner=self)

    def _found_run(self, runs: list[RunSummary]) -> None:
        if runs:
            self.runWanted.emit(runs[0])
