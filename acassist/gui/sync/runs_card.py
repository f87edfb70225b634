"""The run history: newest first, endless, each run opens its changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.domain.ledger import RunSummary
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.files import TABLE_FILTERS, SavedBanner, save_as
from acassist.gui.icons import paint_icon
from acassist.gui.strings import ago, message, tr, when
from acassist.gui.sync import words
from acassist.gui.theme import CONTROL_HEIGHT, S2, theme
from acassist.gui.widgets import Button, Card, EmptyState, IconButton, Text
from acassist.gui.widgets import list_painting as lp
from acassist.gui.widgets.layout import row
from acassist.gui.widgets.rows_model import ROW_ROLE, Column, RowsModel
from acassist.gui.widgets.stateful import Stateful
from acassist.gui.widgets.states import LEVEL_ICONS

PAGE = 100
_MARK = 22
_SIDES = 42


def run_sentence(run: RunSummary) -> str:
    """Say a run in one sentence, for the list's accessible text."""
    return tr(
        "{time}, {covered}: {done}. {state}",
        time=ago(run.started), covered=words.direction_words(run.direction),
        done=words.run_words(run), state=words.state_words(run.state),
    )  # fmt: skip


def _tip(run: RunSummary) -> str:
    problem = words.run_problem(run)
    if problem is None:
        return when(run.started)
    return tr("{time}: {why}", time=when(run.started), why=message(problem.sentence))


@dataclass(frozen=True, slots=True)
class _Layout:
    """Which words of a run stand on which line, so that none is cut."""

    beside: bool
    """Whether the state fits beside the time; else it has a line of its own."""
    below: tuple[str, ...]

    @property
    def lines(self) -> int:
        return 1 + len(self.below) + (not self.beside)


def _layout(option: QStyleOptionViewItem, run: RunSummary) -> _Layout:
    width = (option.widget.width() if option.widget is not None else 400) - _SIDES
    state = lp.width_of(lp.small(option), words.state_words(run.state))
    first = lp.width_of(lp.strong(option), ago(run.started)) + state
    below = _filled([words.direction_words(run.direction), *words.run_parts(run)], option, width)
    return _Layout(first + _MARK + 12 <= width, below)


def _filled(parts: list[str], option: QStyleOptionViewItem, width: float) -> tuple[str, ...]:
    """Put as many pieces on each line as fit."""
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]} · {part}" if lines else part
        if lines and lp.width_of(option.font, longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(lines)


class RunDelegate(QStyledItemDelegate):
    """Draws a run: when, its state at the right, what it covered and did; more lines where the view is narrow."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        run = index.data(ROW_ROLE)
        lines = 2 if run is None else _layout(option, run).lines
        return QSize(160, option.fontMetrics.height() * lines + 20)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        run = index.data(ROW_ROLE)
        if run is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lp.paint_ground(painter, option, last=index.row() == index.model().rowCount() - 1)
        self._paint_run(painter, option, run)
        painter.restore()

    @staticmethod
    def _paint_run(painter: QPainter, option: QStyleOptionViewItem, run: RunSummary) -> None:
        plan, height = _layout(option, run), option.fontMetrics.height()
        line = QRectF(option.rect.left() + 12, option.rect.top() + 10, option.rect.width() - 24, height)
        lp.paint_text(painter, line, ago(run.started), font=lp.strong(option), role="text")
        state = words.state_words(run.state)
        wide = lp.width_of(lp.small(option), state) + 1
        if not plan.beside:
            line.translate(0, height)
        left = line.right() - wide if plan.beside else line.left() + _MARK
        icon_name, role = LEVEL_ICONS[words.RUN_LEVELS[run.state]]
        paint_icon(painter, QRectF(left - _MARK, line.center().y() - 8, 16, 16), icon_name, theme().color(role))
        lp.paint_text(painter, QRectF(left, line.top(), wide, height), state, font=lp.small(option), role=role)
        for text in plan.below:
            line.translate(0, height)
            lp.paint_text(painter, line, text, font=option.font, role="muted")


class RunsCard(Card):
    """Reads and shows the last runs."""

    opened = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self._bridge = bridge
        self._call: Call | None = None
        self.model: RowsModel[RunSummary] = RowsModel([Column(lambda: tr("Run"), run_sentence, tip=_tip)], self)
        self.more = Button(tr("Older runs"), self._read_more, kind="link")
        self.more.hide()
        self.export = IconButton("download", tr("Export the history…"), self._ask_where)
        self.saved = SavedBanner()
        nothing = EmptyState("history", tr("No runs yet"), tr("Each run will be listed here with what it changed."))
        self.state = Stateful(self._make_list(), empty=nothing, loading=tr("Reading the history…"), retry=self.reload)
        head = row(spacing=S2)
        head.addStrut(CONTROL_HEIGHT)
        head.addWidget(Text(tr("Last runs"), "section", wrap=False))
        head.addStretch(1)
        head.addWidget(self.more)
        head.addWidget(self.export)
        self.body.addLayout(head)
        self.body.addWidget(self.saved)
        self.body.addWidget(self.state, 1)

    def _make_list(self) -> QListView:
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(RunDelegate(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setMinimumHeight(140)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        name(self.list, tr("Last runs"))
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        return self.list

    def _open(self, index: QModelIndex) -> None:
        run = self.model.row_at(index)
        if run is not None:
            self.opened.emit(run)

    def reload(self) -> None:
        """Read the newest runs; what is shown stays until the answer is there."""
        if self._call is not None:
            self._call.cancel()
        if not self.model.total:
            self.state.show_loading()
        self._call = self._bridge.call(lambda a: a.runs(PAGE), self._show, self._failed, owner=self)

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, runs: Sequence[RunSummary]) -> None:
        self._call = None
        self.export.allow(bool(runs), tr("No runs yet"))
        self.export.describe(tr("Export the history…"))
        self.model.set_rows(runs)
        self.more.setVisible(len(runs) >= PAGE)
        if runs:
            self.state.show_content()
        else:
            self.state.show_empty()

    def _read_more(self) -> None:
        oldest = min(run.id for run in self.model.shown)

        async def read(assistant: AssistantPort) -> list[RunSummary]:
            return await assistant.runs(PAGE, oldest)

        self.more.setEnabled(False)
        self._bridge.call(read, self._add, self._failed, owner=self)

    def _add(self, runs: list[RunSummary]) -> None:
        self.model.append_rows(runs)
        self.more.setEnabled(True)
        self.more.setVisible(len(runs) >= PAGE)

    # -- export
    def _ask_where(self) -> None:
        save_as(self, tr("Export the history"), "runs.csv", TABLE_FILTERS, self._save)

    def _save(self, path: Path) -> None:
        async def write(assistant: AssistantPort) -> Path:
            return await assistant.desk.export_runs(path)

        self._bridge.call(write, self.saved.show_saved, self.saved.show_problem, owner=self)
