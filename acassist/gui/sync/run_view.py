"""One run: how it ended, what it counted, and every change it made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from acassist.assistant.desk import UndoReport
from acassist.assistant.facade import AssistantPort
from acassist.domain.ledger import HistoryItem, RunState, RunSummary
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.files import TABLE_FILTERS, SavedBanner, save_as
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.icons import set_icon
from acassist.gui.strings import duration, number, tr, when
from acassist.gui.sync import words
from acassist.gui.sync.changes_table import ChangesTable
from acassist.gui.sync.undo_report import UndoReportCard
from acassist.gui.theme import S2, S3, S4
from acassist.gui.widgets import BusyButton, Button, Chip, EmptyState, Heading, IconButton, ProblemBanner, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful

PAGE = 500


class RunView(QWidget):
    """Reads the items of a run page by page."""

    back = Signal()
    undone = Signal()
    openRecord = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run: RunSummary | None = None
        self._oldest: int | None = None
        self._call: Call | None = None
        self.changes = ChangesTable(bridge, "run", tr("Changes of this run"))
        self.changes.openRecord.connect(self.openRecord)
        self.cause, self.saved, self.report = ProblemBanner(), SavedBanner(), UndoReportCard()
        self.report.openRecord.connect(self.openRecord)
        self.more = Button(tr("Read more"), self._read, kind="link")
        nothing = EmptyState("check-circle", tr("This run changed nothing"), tr("No record had to be written."))
        content = QWidget()
        content.setProperty("kind", "clear")
        inner = column(content, spacing=S2)
        inner.addWidget(self.changes, 1)
        inner.addWidget(self.more)
        self.state = Stateful(content, empty=nothing, loading=tr("Reading the history…"), retry=self._restart)
        box = column(self, spacing=S4)
        box.addLayout(self._make_head())
        for part in (self.cause, self.saved):
            box.addWidget(part)
        box.addWidget(self.report, 1)
        box.addWidget(self.state, 1)
        self.report.closed.connect(self.state.show)

    def _make_head(self) -> QBoxLayout:
        self.heading, self.chip, self.line = Heading(""), Chip(), Text("", "muted")
        self.heading.setWordWrap(False)
        top = row(spacing=S3)
        top.addWidget(IconButton("arrow-left", tr("Back to Sync"), self.back.emit))
        top.addWidget(self.heading)
        top.addWidget(self.chip)
        top.addStretch(1)
        self.export = Button(tr("Export…"), self._export)
        set_icon(self.export, "download", "text", 16)
        self.undo = BusyButton(tr("Undo this run"), self._ask, kind="")
        set_icon(self.undo, "undo", "text", 16)
        below = row(spacing=S2)
        below.addWidget(self.line, 1)
        for button in (self.export, self.undo):
            below.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        box = column(spacing=S2)
        box.addLayout(top)
        box.addLayout(below)
        return box

    def show_run(self, run: RunSummary) -> None:
        """Show a run."""
        self._run = run
        self.saved.hide()
        self.report.hide()
        self.state.show()
        self.undo.set_busy(False)
        self._allow(False)
        self.heading.setText(tr("Run of {time}", time=when(run.started)))
        self.chip.show_state(words.RUN_LEVELS[run.state], words.state_words(run.state))
        self.line.setText(_summary(run))
        problem = words.run_problem(run)
        if problem is None or run.state is RunState.CANCELLED:
            self.cause.hide()
        else:
            self.cause.show_problem(problem, focus=False)
        self._restart()

    def _restart(self) -> None:
        if self._call is not None:
            self._call.cancel()
        self._oldest = None
        self.state.show_loading()
        self._read()

    def _read(self) -> None:
        run, before = self._run, self._oldest
        if run is None:
            return
        run_id = run.id

        async def read(assistant: AssistantPort) -> list[HistoryItem]:
            return await assistant.run_items(run_id, PAGE, before)

        self.more.setEnabled(False)
        self._call = self._bridge.call(read, self._show, self._failed, owner=self)

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, items: list[HistoryItem]) -> None:
        self._call = None
        first = self._oldest is None
        if first:
            self._allow(bool(items))
        if first and not items:
            self.state.show_empty()
            return
        if first:
            self.changes.show_changes(list(items))
        else:
            self.changes.add_changes(list(items))
        self._oldest = min((item.id for item in items), default=self._oldest)
        self.more.setEnabled(True)
        self.more.setVisible(len(items) >= PAGE)
        self.state.show_content()


    # -- undo and export
    def _allow(self, found: bool) -> None:
        reason = tr("This run changed nothing.")
        self.export.allow(found, reason)
        running = self._run is not None and self._run.state is RunState.RUNNING
        self.undo.allow(found and not running, tr("The run is not over yet.") if running else reason)

    def _ask(self) -> None:
        text = tr(
            "Every value that this run wrote is set back to what it was, on both sides. Values that were changed again "
            "since then stay as they are, and nothing that was created is deleted. The report lists what was left."
        )
        answers = (
            Answer("keep", tr("Keep the run"), default=True),
            Answer("undo", tr("Undo this run"), danger=True),
        )
        ask(self, tr("Undo this run?"), text, answers, self._answered)

    def _answered(self, answer: str) -> None:
        run = self._run
        if answer != "undo" or run is None:
            return
        self.undo.set_busy(True, tr("Restoring…"))
        self.cause.hide()
        self._bridge.call(lambda a: a.undo_run(run.id), self._undone, self._not_undone, owner=self)

    def _undone(self, report: UndoReport) -> None:
        self.undo.set_busy(False)
        self.state.hide()
        self.report.show_report(report)
        self.report.close_button.setFocus()
        self.undone.emit()

    def _not_undone(self, problem: Problem) -> None:
        self.undo.set_busy(False)
        self.cause.show_problem(problem)

    def _export(self) -> None:
        if self._run is not None:
            save_as(self, tr("Export the run"), f"run-{self._run.id}.csv", TABLE_FILTERS, self._save)

    def _save(self, path: Path) -> None:
        run = self._run
        if run is None:
            return

        async def write(assistant: AssistantPort) -> Path:
            return await assistant.desk.export_run(run.id, path)

        self._bridge.call(write, self.saved.show_saved, self.saved.show_problem, owner=self)


def _summary(run: RunSummary) -> str:
    """Say what a run covered, did, took and cost."""
    done = words.run_words(run)
    calls = tr(
        "{sf} Salesforce calls, {ac} ActiveCampaign calls",
        sf=number(run.counters.calls_sf),
        ac=number(run.counters.calls_ac),
    )
    covered = words.direction_words(run.direction)
    if run.ended is None:
        return tr("{covered} · {done} · {calls}", covered=covered, done=done, calls=calls)
    took = duration((run.ended - run.started).total_seconds())
    return tr("{covered} · {done} · took {took} · {calls}", covered=covered, done=done, took=took, calls=calls)
