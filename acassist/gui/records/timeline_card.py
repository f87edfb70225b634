"""The timeline of one record: every sync with its changes field by field, each with rule, direction and undo."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from acassist.assistant.desk import UndoReport
from acassist.assistant.person_history import UNDONE, can_undo
from acassist.assistant.views import Level, RecordRef
from acassist.domain.foreign_text import one_line, shortened, wrappable
from acassist.domain.ids import Service
from acassist.domain.ledger import HistoryAction, HistoryItem
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.question import Answer, ask
from acassist.gui.icons import IconLabel, set_icon
from acassist.gui.strings import ago, message, tr, tr_n, when
from acassist.gui.sync import words
from acassist.gui.theme import S1, S2
from acassist.gui.widgets import Button, Card, Elided, EmptyState, IconButton, ProblemBanner, Rule, Text
from acassist.gui.widgets.activity_list_words import both_times
from acassist.gui.widgets.layout import clear, column, row
from acassist.gui.widgets.stateful import Stateful

_PAGE = 20
_VALUE = 300
_ICONS = {
    HistoryAction.CREATE: "plus",
    HistoryAction.UPDATE: "edit",
    HistoryAction.LINK: "link",
    HistoryAction.UNLINK: "unlink",
    HistoryAction.TAG: "tag",
    HistoryAction.UNTAG: "tag",
    HistoryAction.OPT_OUT: "mail-off",
    HistoryAction.SEND: "send",
    HistoryAction.ENTER: "automation",
    HistoryAction.SKIP: "minus-circle",
}


def direction_words(item: HistoryItem) -> str:
    """Say which way a change went."""
    return tr("To Salesforce") if item.target is Service.SALESFORCE else tr("To ActiveCampaign")


def what_words(item: HistoryItem) -> str:
    """Name the field, or what was done where no field was meant."""
    field = one_line(words.field_words(item))
    action = words.action_words(item.action)
    if not field:
        return action
    return field if item.action is HistoryAction.UPDATE else tr("{action}: {field}", action=action, field=field)


def value_words(item: HistoryItem) -> str:
    """Say from what to what, as far as there are values."""
    before, after = (_value(value) for value in (item.before, item.after))
    if item.action is HistoryAction.UPDATE:
        return tr("{before} → {after}", before=before or tr("blank"), after=after or tr("blank"))
    return after or before


def _value(value: str | None) -> str:
    shown, left_out = shortened(value or "", _VALUE)
    return wrappable(f"{shown}…" if left_out else shown)


def why_words(item: HistoryItem) -> str:
    """Say the direction, and the rule that decided where there was one."""
    rule = tr("Undone by a person") if item.rule == UNDONE else words.rule_words(item)
    return tr("{direction} · {rule}", direction=direction_words(item), rule=rule) if rule else direction_words(item)


class ChangeRow(QWidget):
    """One change: what, from what to what, which way and why, and Undo."""

    undoWanted = Signal(object)

    def __init__(self, item: HistoryItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.item = item
        box = row(self, spacing=S2, margins=(0, S1, 0, S1))
        icon = IconLabel(_ICONS.get(item.action, "sync"), "muted", 20)
        box.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        text = column(spacing=0)
        text.addWidget(Elided(what_words(item), "strong"))
        if value_words(item):
            text.addWidget(Text(value_words(item)))
        text.addWidget(Text(why_words(item), "small"))
        box.addLayout(text, 1)
        if can_undo(item):
            self.undo = Button(tr("Undo"), self._ask, kind="link")
            name(self.undo, tr("Undo the change of {field}", field=what_words(item)))
            box.addWidget(self.undo, 0, Qt.AlignmentFlag.AlignTop)

    def _ask(self) -> None:
        self.undoWanted.emit(self.item)


class TimelineCard(Card):
    """Reads and shows what was written to one person; `undone` tells that a change was taken back."""

    undone = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ref: RecordRef | None = None
        self._call: Call | None = None
        self.items: list[HistoryItem] = []
        self.rows: list[ChangeRow] = []
        self.outcome = ProblemBanner(closable=True)
        self.more = Button(tr("Show older changes"), self._read_more, kind="link")
        set_icon(self.more, "chevron-down", "accent", 16)
        content = QWidget()
        content.setProperty("kind", "clear")
        self._list = column(spacing=0)
        box = column(content, spacing=S2)
        box.addLayout(self._list)
        box.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        nothing = EmptyState(
            "history", tr("Nothing was synced yet"), tr("Every change of this record will be listed here, with undo.")
        )
        self.state = Stateful(content, empty=nothing, loading=tr("Reading the timeline…"), retry=self.reload)
        self.body.addLayout(self._make_head())
        self.body.addWidget(self.outcome)
        self.body.addWidget(self.state)

    def _make_head(self) -> QBoxLayout:
        line = row(spacing=S2)
        line.addWidget(Text(tr("Timeline"), "section", wrap=False))
        line.addStretch(1)
        line.addWidget(IconButton("refresh", tr("Read the timeline again"), self.reload))
        return line

    # -- content
    def show_ref(self, ref: RecordRef) -> None:
        """Show the timeline of a person."""
        self._ref = ref
        self.outcome.hide()
        self.state.show_loading()
        self.reload()

    def reload(self) -> None:
        """Read from the newest on."""
        self.items = []
        self._read(None)

    def _read_more(self) -> None:
        if self.items and self._call is None:
            self._read(self.items[-1].id)

    def _read(self, before_id: int | None) -> None:
        ref = self._ref
        if ref is None:
            return
        if self._call is not None:
            self._call.cancel()
        self._call = self._bridge.call(
            lambda a: a.timeline(ref, _PAGE, before_id), self._show, self._failed, owner=self
        )

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, page: Sequence[HistoryItem]) -> None:
        self._call = None
        fresh = not self.items
        self.items += page
        self.more.setVisible(len(page) == _PAGE)
        if fresh:
            clear(self._list)
            self.rows = []
        self._add_groups(page)
        if self.items:
            self.state.show_content()
        else:
            self.state.show_empty()

    def _add_groups(self, page: Sequence[HistoryItem]) -> None:
        for _, group in groupby(page, key=lambda item: (item.run_id, item.run_id is None and item.id)):
            changes = list(group)
            if self._list.count():
                self._list.addSpacing(S2)
                self._list.addWidget(Rule())
                self._list.addSpacing(S2)
            head = Text(both_times(ago(changes[0].at), when(changes[0].at)), "small")
            self._list.addWidget(head)
            for item in changes:
                self._list.addWidget(self._row(item))

    def _row(self, item: HistoryItem) -> ChangeRow:
        made = ChangeRow(item)
        made.undoWanted.connect(self._ask_undo)
        self.rows.append(made)
        return made

    # -- undo
    def _ask_undo(self, item: HistoryItem) -> None:
        back, now = _value(item.before) or tr("blank"), _value(item.after) or tr("blank")
        side = words.side_words(item.target)
        text = tr(
            "{field} in {side} goes back from {now} to {back}. Nothing is written if it was changed since.",
            field=what_words(item), side=side, now=now, back=back,
        )  # fmt: skip
        answers = (Answer("cancel", tr("Cancel"), default=True), Answer("undo", tr("Undo")))

        def answered(key: str) -> None:
            if key == "undo":
                self._undo(item)

        ask(self, tr("Undo this change?"), text, answers, answered)

    def _undo(self, item: HistoryItem) -> None:
        for change in self.rows:
            if can_undo(change.item):
                change.undo.setEnabled(False)
        self.outcome.show_note(Level.BUSY, tr("Undoing the change…"), "")
        self._bridge.call(lambda a: a.undo_change(item.id), self._done, self._undo_failed, owner=self)

    def _done(self, report: UndoReport) -> None:
        if report.restored:
            self.outcome.show_note(Level.OK, tr_n("{n} change was undone.", "{n} changes were undone.",
                                                  len(report.restored)), "", focus=True)  # fmt: skip
        else:
            reasons = " ".join(message(left.reason) for left in report.left)
            self.outcome.show_note(Level.WARN, tr("The change was left as it is."), reasons, focus=True)
        self.undone.emit()

    def _undo_failed(self, problem: Problem) -> None:
        self.outcome.show_problem(problem)
        self.reload()
