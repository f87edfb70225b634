"""Health: how all linked records stand, with lists, and a comparison of both sides on values read now."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from acassist.assistant.desk import Comparison, Health, HealthRow
from acassist.assistant.facade import AssistantPort
from acassist.assistant.health import LISTED
from acassist.assistant.views import ActionResult, Level, RecordRef
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.issues.health_compare import CompareCard
from acassist.gui.issues.health_entries import Entry, Repair, comparison_words, entries, repair_words
from acassist.gui.strings import message, number, tr, tr_n
from acassist.gui.theme import S1, S2, S3, S4, theme
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
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable
from acassist.gui.widgets.stateful import Stateful

_LEFT_WIDTH = 300


def _count(entry: Entry) -> str:
    return "–" if entry.count is None else number(entry.count)


class HealthView(QWidget):
    """Reads the counts without a call; compares on request."""

    back = Signal()
    openRecord = Signal(object)
    explain = Signal(object)
    syncWanted = Signal()
    sweepsWanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self._bridge = bridge
        self._call: Call | None = None
        self._health: Health | None = None
        self._compared: Comparison | None = None
        self.comparing, self.outcome = CompareCard(bridge), ProblemBanner(closable=True)
        self.comparing.began.connect(self.outcome.hide)
        self.comparing.done.connect(self._compared_all)
        self.comparing.failed.connect(self.outcome.show_problem)
        nothing = EmptyState("link", tr("Nothing is linked yet"), tr("Start the first sync on the Setup page."))
        self.state = Stateful(self._make_content(), empty=nothing, loading=tr("Counting…"), retry=self.reload)
        box = column(self, spacing=S3)
        box.addLayout(self._make_head())
        box.addWidget(self.comparing)
        box.addWidget(self.outcome)
        box.addWidget(self.state, 1)

    # -- building
    def _make_head(self) -> QBoxLayout:
        line = row(spacing=S3)
        line.addWidget(IconButton("arrow-left", tr("Back to Issues"), self._leave))
        line.addWidget(Heading(tr("Health")), 1)
        self.sweeps = Button(tr("Rolling checks"), self.sweepsWanted.emit)
        line.addWidget(IconButton("refresh", tr("Count again"), self.reload))
        line.addWidget(self.sweeps)
        return line

    def _make_content(self) -> QWidget:
        self.kinds: RowsModel[Entry] = RowsModel(
            [
                Column(lambda: tr("State"), lambda e: e.title, 5),
                Column(lambda: tr("Records"), _count, 3, order=lambda e: e.count or 0, numeric=True),
            ],
            self,
        )
        self.kind_table = RowsTable(self.kinds, tr("How records stand"))
        self.kind_table.setFixedWidth(round(_LEFT_WIDTH * theme().scale))
        self.kind_table.chosen.connect(self._choose)
        content = QWidget()
        content.setProperty("kind", "clear")
        line = row(content, spacing=S4)
        line.addWidget(self.kind_table)
        line.addWidget(self._make_list(), 1)
        return content

    def _make_list(self) -> QWidget:
        card = Card(spacing=S2)
        self.title, self.meaning = Text("", "section"), Text("", "muted")
        self.model: RowsModel[HealthRow] = RowsModel(
            [
                Column(lambda: tr("Record"), lambda r: r.name, 4),
                Column(lambda: tr("What was found"), lambda r: message(r.note) if r.note else "", 5),
            ],
            self,
        )
        self.table = RowsTable(self.model, tr("Records in this state"))
        self.table.opened.connect(self._open)
        self.table.chosen.connect(self._allow)
        self.nobody = EmptyState("check-circle", tr("None"), tr("No record is in this state."))
        self.more = Text("", "small")
        self.open_record, self.why = Button(tr("Open record"), self._open_current), Button(
            tr("Why isn’t it syncing?"), self._why, kind="link"
        )
        self.repair = BusyButton(tr("Sync again"), self._repair, kind="")
        self.note = Text("")
        actions = FlowLayout(spacing=S2)
        for button in (self.open_record, self.repair, self.why):
            actions.addWidget(button)
        head = column(spacing=S1)
        head.addWidget(self.title)
        head.addWidget(self.meaning)
        card.body.addLayout(head)
        for widget, stretch in ((self.table, 1), (self.nobody, 1), (self.more, 0)):
            card.body.addWidget(widget, stretch)
        card.body.addWidget(self.note)
        card.body.addLayout(actions)
        return card

    # -- content
    def reload(self) -> None:
        """Count again; what is shown stays until the answer is there."""
        if self._call is not None:
            self._call.cancel()
        if self._health is None:
            self.state.show_loading()
        self._call = self._bridge.call(lambda a: a.desk.health(), self._show, self._failed, owner=self)

    def _failed(self, problem: Problem) -> None:
        self._call, self._health = None, None
        self.state.show_problem(problem)

    def _show(self, health: Health) -> None:
        self._call, self._health = None, health
        if not sum(health.counts.values()):
            self.state.show_empty()
            return
        self._show_entries()
        self.state.show_content()

    def _show_entries(self, *, first: bool = False) -> None:
        if self._health is None:
            return
        kept = self.kind_table.current
        found = entries(self._health, self._compared)
        self.kinds.set_rows(found)
        known = next((n for n, entry in enumerate(found) if kept is not None and entry.title == kept.title), 0)
        self.kind_table.setCurrentIndex(self.kinds.index(0 if first else known, 0))

    def _choose(self, entry: Entry | None) -> None:
        if entry is None:
            return
        self.title.setText(entry.title)
        self.meaning.setText(entry.meaning)
        self.model.set_rows(entry.rows)
        self.table.setVisible(bool(entry.rows))
        self.nobody.setVisible(not entry.rows)
        self.more.setText(tr("The first {n} are listed; the count is complete.", n=number(LISTED)))
        self.more.setVisible((entry.count or 0) > len(entry.rows))
        unknown = entry.count is None
        self.nobody.title.setText(tr("Nobody has looked yet") if unknown else tr("None"))
        self.nobody.text.setText(tr("Press Compare now.") if unknown else tr("No record is in this state."))
        self.repair.setVisible(entry.repair is not Repair.NONE and bool(entry.rows))
        self.repair.rename(repair_words(entry.repair))
        self.open_record.setVisible(bool(entry.rows))
        self.why.setVisible(bool(entry.rows) and entry.repair is not Repair.NONE)
        self.table.setCurrentIndex(self.model.index(0, 0))
        self._allow()

    def _allow(self, _row: object = None) -> None:
        current = self.table.current
        self.note.setText(message(current.note) if current is not None and current.note is not None else "")
        self.note.setVisible(bool(self.note.text()))
        chosen = current is not None
        for button in (self.open_record, self.why):
            button.allow(chosen, tr("Choose a record first."))

    # -- comparing
    def _compared_all(self, found: Comparison | None) -> None:
        self._compared = found
        if found is None or not (found.checked or found.orphans):
            self.outcome.show_note(Level.IDLE, tr("Nothing to compare"), tr("No record is linked yet."))
            return
        trouble = found.missing + found.differing + found.untagged + (found.orphans or 0)
        title = tr_n("{n} pair compared", "{n} pairs compared", found.checked)
        self.outcome.show_note(Level.WARN if trouble else Level.OK, title, comparison_words(found), focus=True)
        self._show_entries(first=bool(trouble))

    # -- actions
    def _leave(self) -> None:
        self.comparing.stop()
        self.back.emit()

    def _open_current(self) -> None:
        self._open(self.table.current)

    def _open(self, chosen: HealthRow | None) -> None:
        if chosen is not None:
            self.openRecord.emit(chosen.ref)

    def _why(self) -> None:
        if self.table.current is not None:
            self.explain.emit(self.table.current.ref)

    def _repair(self) -> None:
        entry, current = self.kind_table.current, self.table.current
        if entry is None:
            return
        if entry.repair is Repair.ISSUES:
            self._leave()
        elif entry.repair is Repair.RUN:
            self.syncWanted.emit()
        elif entry.repair is Repair.RESUME and current is not None:
            self._resume(current.ref)
        elif entry.repair is Repair.AGAIN:
            self._send(lambda a, refs: a.desk.sync_again(refs), self._repaired)
        elif entry.repair is Repair.TAG:
            self._send(lambda a, refs: a.desk.tag_again(refs), self._tagged)
        elif entry.repair is Repair.LINK:
            self._send(lambda a, refs: a.desk.link_orphans(refs), self._linked)

    def _resume(self, ref: RecordRef) -> None:
        self.repair.set_busy(True, tr("One moment…"))

        async def work(assistant: AssistantPort) -> ActionResult:
            return await assistant.stop_syncing(ref, stop=False)

        self._bridge.call(work, self._resumed, self._not_repaired, owner=self)

    def _resumed(self, result: ActionResult) -> None:
        self._calm()
        if result.problem is not None:
            self.outcome.show_problem(result.problem)
            return
        self.outcome.show_note(Level.OK, message(result.sentence), "", focus=True)
        self.reload()

    def _calm(self) -> None:
        self.repair.set_busy(False)

    def _send(self, work: Callable[..., Coroutine[Any, Any, int]], done: Callable[[int], None]) -> None:
        """Do something for every record that is listed."""
        refs = [found.ref for found in self.model.shown]
        self.repair.set_busy(True, tr("One moment…"))
        self._bridge.call(lambda a: work(a, refs), done, self._not_repaired, owner=self)

    def _tagged(self, count: int) -> None:
        self._calm()
        words = tr_n("{n} contact holds its tag again.", "{n} contacts hold their tag again.", count)
        self.outcome.show_note(Level.OK, words, "", focus=True)

    def _linked(self, count: int) -> None:
        self._calm()
        words = tr_n("{n} contact is linked to its record.", "{n} contacts are linked to their records.", count)
        rest = tr("Contacts without exactly one record of their address stay as they are. Nobody was created.")
        self.outcome.show_note(Level.OK, words, rest, focus=True)
        self.reload()

    def _repaired(self, count: int) -> None:
        self._calm()
        words = tr_n("The next run looks at {n} record anew.", "The next run looks at {n} records anew.", count)
        self.outcome.show_note(Level.OK, words, "", focus=True)

    def _not_repaired(self, problem: Problem) -> None:
        self._calm()
        self.outcome.show_problem(problem)
