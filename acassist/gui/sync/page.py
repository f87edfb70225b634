"""The Sync page: state, counters, progress, chart and history; preview, backfill and single runs open on top of it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from acassist.assistant.events import RunEnded
from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import Level, RecordRef, Status
from acassist.domain.ledger import RunSummary
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.problem import Problem
from acassist.gui.alerts import DECISIONS, Remedy, remedy_for
from acassist.gui.bridge import Bridge
from acassist.gui.icons import set_icon
from acassist.gui.page import Page
from acassist.gui.strings import ago, message, tr, when
from acassist.gui.sync import words
from acassist.gui.sync.backfill.line import BackfillLine
from acassist.gui.sync.backfill.view import BackfillView
from acassist.gui.sync.daily_card import DailyCard
from acassist.gui.sync.preview_view import PreviewView
from acassist.gui.sync.progress_card import ProgressCard
from acassist.gui.sync.run_view import RunView
from acassist.gui.sync.runs_card import RunsCard
from acassist.gui.sync.tiles import Tiles
from acassist.gui.theme import S1, S2, S3, S4, S5, S7
from acassist.gui.widgets import BusyButton, Button, Heading, LevelIcon, ProblemBanner, Scroll, Text
from acassist.gui.widgets.layout import column, row

BACKFILL = "backfill"
"""The subject that opens the backfill of existing records."""
_REFRESH_MS = 120


class SyncPage(Page):
    """What the sync does, did, and will do."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._paused = False
        self.preview, self.run, self.backfill = PreviewView(bridge), RunView(bridge), BackfillView(bridge)
        self.overview = self._make_overview()
        self.stack = QStackedWidget()
        for widget in (self.overview, self.preview, self.run, self.backfill):
            self.stack.addWidget(widget)
        column(self, margins=(S7, S5, S7, S5)).addWidget(self.stack)
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._ask_status)
        self._connect()

    # -- building
    def _make_overview(self) -> QWidget:
        page = Scroll()
        self.banner = ProblemBanner(closable=True)
        self._remedy: Remedy | None = None
        self.look = self.banner.add_action(tr("Look and decide"), self._look)
        self.look.hide()
        self.tiles, self.progress = Tiles(), ProgressCard(self.bridge)
        self.backfill_line = BackfillLine()
        self.daily, self.runs = DailyCard(self.bridge), RunsCard(self.bridge)
        below = row(spacing=S4)
        below.addWidget(self.daily, 5)
        below.addWidget(self.runs, 6)
        box = page.body
        box.addLayout(self._make_head())
        for widget in (self.banner, self.tiles, self.progress):
            box.addWidget(widget)
        box.addLayout(below, 1)
        box.addWidget(self.backfill_line)
        return page

    def _make_head(self) -> QBoxLayout:
        self.mark, self.times = LevelIcon(Level.BUSY), Text("", "small")
        self.sentence = Text(tr("Reading the state…"), "strong")
        self.preview_button = Button(tr("Preview changes"), self._open_preview)
        set_icon(self.preview_button, "preview", "text", 16)
        self.pause = BusyButton(tr("Pause"), self._toggle_pause, kind="")
        state = row(spacing=S2)
        state.addWidget(self.mark)
        state.addWidget(self.sentence, 1)
        words_box = column(spacing=S1)
        words_box.addWidget(Heading(tr("Sync")))
        words_box.addLayout(state)
        words_box.addWidget(self.times)
        line = row(spacing=S3)
        line.addLayout(words_box, 1)
        line.addWidget(self.preview_button)
        line.addWidget(self.pause)
        return line

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.runStarted.connect(self.progress.show_started)
        bridge.runProgress.connect(self.progress.show_progress)
        bridge.runEnded.connect(self._on_ended)
        for signal in (bridge.statusChanged, bridge.setupChanged, bridge.issuesChanged):
            signal.connect(self._soon)
        self.tiles.issuesWanted.connect(self._to_issues)
        self.runs.opened.connect(self._open_run)
        self.run.undone.connect(self._reload)
        for part in (self.preview, self.run, self.backfill):
            part.back.connect(self._to_overview)
        for table in (self.preview, self.run):
            table.openRecord.connect(self._to_record)
        self.backfill_line.wanted.connect(self.show_backfill)
        self.backfill.stateRead.connect(self.backfill_line.show_state)
        self.backfill.runWanted.connect(self._open_run)
        self.backfill.issuesWanted.connect(self._to_issues)
        self.preview.goOn.connect(self._go_on)
        self.preview.leadTo.connect(self.navigate)

    # -- what the window asks for
    def activate(self) -> None:
        """Read the state and the history again."""
        self._ask_status()
        self.backfill.reload()
        self._reload()

    def _reload(self) -> None:
        self.runs.reload()
        self.daily.reload()

    def open(self, subject: object) -> None:
        """Show the preview that a person must look at, or a run."""
        if isinstance(subject, Problem):
            self.stack.setCurrentWidget(self.preview)
            self.preview.start(subject)
        elif isinstance(subject, RunSummary):
            self._open_run(subject)
        elif subject == BACKFILL:
            self.show_backfill()

    def show_backfill(self) -> None:
        """Open the backfill of existing records."""
        self.stack.setCurrentWidget(self.backfill)
        self.backfill.start()

    @property
    def told(self) -> Problem | None:
        """Return the problem that the overview shows."""
        return self.banner.problem if self.stack.currentWidget() is self.overview else None

    # -- state
    def _soon(self, _event: object = None) -> None:
        self._timer.start()

    def _ask_status(self) -> None:
        self.bridge.call(lambda a: a.status(), self._show_status, owner=self)

    def _show_status(self, status: Status) -> None:
        self.mark.show_level(status.level)
        self.sentence.setText(message(status.sentence))
        self.times.setText(_times(status))
        self.tiles.show_status(status)
        self.backfill.show_status(status)
        self._paused = status.paused
        self.pause.set_busy(False)
        self.pause.setText(tr("Resume") if status.paused else tr("Pause"))
        set_icon(self.pause, "play" if status.paused else "pause", "text", 16)
        reason = tr("Scheduled runs begin once the sync was started.")
        self.pause.allow(status.started, reason)
        self.preview_button.allow(status.steps_done == 4, tr("Finish the four steps of Setup first."))
        if status.running:
            self.progress.show_running()
        else:
            self.progress.show_ended()

    def _on_ended(self, event: RunEnded) -> None:
        self.progress.show_ended()
        self._remedy = remedy_for(event.problem) if event.problem is not None else None
        self.look.setVisible(self._remedy is not None and (self._remedy.place, self._remedy.subject) != ("sync", None))
        if self._remedy is not None:
            self.look.setText(self._remedy.words)
        if event.problem is not None:
            self.banner.show_problem(event.problem, focus=False)
        else:
            self.banner.dismiss()
        self._reload()
        self._soon()

    # -- actions
    def _toggle_pause(self) -> None:
        paused = not self._paused
        self.pause.set_busy(True, tr("One moment…"))
        self.bridge.call(lambda a: a.set_paused(paused), self._soon, self._pause_failed, owner=self)

    def _pause_failed(self, problem: Problem) -> None:
        self.pause.set_busy(False)
        self.banner.show_problem(problem)
        self._soon()

    def _go_on(self, choices: dict[str, FirstLinkChoice] | None) -> None:
        """Make the run that was looked at; `yes`, because its page was shown."""
        self.preview.go.set_busy(True, tr("Syncing…"))
        self._to_overview()

        async def work(assistant: AssistantPort) -> RunSummary:
            if choices is None:
                return await assistant.sync_now(yes=True)
            return await assistant.start(choices)

        self.bridge.call(work, self._soon, self._run_failed, owner=self)

    def _run_failed(self, problem: Problem) -> None:
        if problem.code in DECISIONS:
            self.open(problem)
        else:
            self.banner.show_problem(problem)
        self._soon()

    # -- moving
    def _look(self) -> None:
        """Open what mends the stopped run: its decision, or another place."""
        remedy = self._remedy
        if remedy is None:
            return
        if remedy.place == "sync":
            self.open(remedy.subject)
        else:
            self.navigate.emit(remedy.place, remedy.subject)

    def _open_preview(self) -> None:
        self.stack.setCurrentWidget(self.preview)
        self.preview.start()

    def _open_run(self, run: RunSummary) -> None:
        self.stack.setCurrentWidget(self.run)
        self.run.show_run(run)

    def _to_overview(self) -> None:
        self.stack.setCurrentWidget(self.overview)

    def _to_issues(self) -> None:
        self.navigate.emit("issues", None)

    def _to_record(self, ref: RecordRef) -> None:
        self.navigate.emit("records", ref)


def _times(status: Status) -> str:
    """Say when the last run was and when the next one is due."""
    last = status.last_run
    if last is None:
        before = tr("No run yet.")
    else:
        before = tr("Last run {time}: {result}.", time=ago(last.started), result=words.run_words(last))
    if status.paused:
        return tr("{last} Scheduled runs are paused.", last=before)
    if status.next_run is None:
        return tr("{last} No run is scheduled.", last=before)
    return tr("{last} Next run {time} ({exact}).", last=before, time=ago(status.next_run), exact=when(status.next_run))
