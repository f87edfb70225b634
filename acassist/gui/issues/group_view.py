"""One cause: what it means, what to do, and the records it concerns with their actions."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import Level, RecordRef
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.icons import IconLabel
from acassist.gui.issues.choose_panel import DECIDED, panel_for
from acassist.gui.issues.grouping import IssueGroup, field_of, name_of, problem_of
from acassist.gui.issues.panels import Panel
from acassist.gui.strings import ago, message, tr, tr_n, when
from acassist.gui.theme import S1, S2, S3, S4, dress
from acassist.gui.widgets import BusyButton, Button, Card, ProblemBanner, Scroll, SelectableText, Text
from acassist.gui.widgets.activity_list_links import WebButton
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import ROW_HEIGHT, RowsTable

_ROWS = 4
_EDGES = 4
Work = Callable[[AssistantPort], Coroutine[Any, Any, Any]]


def _name(issue: Issue) -> str:
    return name_of(issue)


def _kind(issue: Issue) -> str:
    names = {"Lead": tr("Lead"), "Contact": tr("Contact"), "Account": tr("Account")}
    return names.get(issue.sobject.value, "") if issue.sobject is not None else tr("ActiveCampaign contact")


def columns() -> list[Column[Issue]]:
    """Describe the table of the records that share one cause."""
    return [
        Column(lambda: tr("Record"), _name, 5),
        Column(lambda: tr("Kind"), _kind, 3, spare=True),
        Column(lambda: tr("Field"), field_of, 4),
        Column(
            lambda: tr("Last seen"), lambda i: ago(i.last_seen), 4,
            order=lambda i: i.last_seen.timestamp() if i.last_seen else 0.0, tip=lambda i: when(i.last_seen),
        ),
    ]  # fmt: skip


def _table_height(count: int) -> int:
    """Return a height that shows a few records, so that what can be done about them is in sight below."""
    return ROW_HEIGHT * (1 + max(1, min(count, _ROWS))) + _EDGES


class IssueDetail(QWidget):
    """How often the chosen issue was tried, when it is tried next, and its technical words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(S4, S3, S4, S3)
        self._grid.setHorizontalSpacing(S4)
        self._grid.setVerticalSpacing(S1)
        self._grid.setColumnStretch(1, 1)
        self._lines: list[tuple[Text, SelectableText]] = []
        for line in range(1, 4):
            pair = (Text("", "muted", wrap=False), SelectableText())
            self._grid.addWidget(pair[0], line, 0)
            self._grid.addWidget(pair[1], line, 1)
            self._lines.append(pair)

    def show_issue(self, issue: Issue) -> None:
        """Show an issue."""
        facts = _facts(issue)
        for number, (label, value) in enumerate(self._lines):
            shown = number < len(facts)
            label.setVisible(shown)
            value.setVisible(shown)
            if shown:
                label.setText(facts[number][0])
                value.setText(facts[number][1])


def _facts(issue: Issue) -> list[tuple[str, str]]:
    tried = tr_n("{n} time, since {first}", "{n} times, since {first}", issue.attempts, first=when(issue.first_seen))
    facts = [(tr("Tried"), tried)]
    if issue.next_try is not None:
        facts.append((tr("Next try"), ago(issue.next_try)))
    if issue.detail:
        facts.append((tr("Technical"), issue.detail))
    return facts


class GroupView(Card):
    """Cause, remedy, table, detail, actions; `changed` asks for the list to be read again."""

    changed = Signal()
    openRecord = Signal(object)
    explain = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._group: IssueGroup | None = None
        self._busy = False
        self._looking: Call | None = None
        self._ignored_shown = False
        self.title, self.sentence, self.remedy = Text("", "section"), SelectableText("", "strong"), Text("")
        self.model: RowsModel[Issue] = RowsModel(columns(), self)
        self.table = RowsTable(self.model, tr("Records with this issue"))
        self.table.remember(bridge, "issues")
        self.outcome = ProblemBanner(closable=True)
        self.detail_frame = Card(padding=0)
        dress(self.detail_frame, kind="well")
        self.detail = IssueDetail()
        self.detail_frame.body.addWidget(self.detail)
        self.why = Button(tr("Why isn’t it syncing?"), self._why, kind="link")
        below, edge = FlowLayout(spacing=S2), row(margins=(S2, 0, S4, S2))
        edge.addLayout(below, 1)
        self.salesforce = WebButton(tr("Open in Salesforce"))
        self.activecampaign = WebButton(tr("Open in ActiveCampaign"))
        for button in (self.why, self.salesforce, self.activecampaign):
            below.addWidget(button)
        self.detail_frame.body.addLayout(edge)
        self.detail_frame.body.setSpacing(0)
        inner = Scroll(spacing=S3)
        inner.body.addLayout(self._make_head())
        for widget in (self._make_remedy(), self.outcome):
            inner.body.addWidget(widget)
        inner.body.addWidget(self.table)
        inner.body.addWidget(self.detail_frame)
        inner.body.addStretch(1)
        self.panel: Panel | None = None
        self._inner = inner.body
        self.body.addWidget(inner, 1)
        self.body.addLayout(self._make_actions())
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(self._open_issue)
        self._choose(None)

    def _make_head(self) -> QBoxLayout:
        self.retry_all = BusyButton(tr("Retry all"), self._retry_all, kind="primary")
        line = row(spacing=S3)
        line.addWidget(self.title, 1)
        line.addWidget(self.retry_all, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _make_remedy(self) -> QWidget:
        holder = QWidget()
        line = row(holder, spacing=S2)
        words = column(spacing=0)
        words.addWidget(self.sentence)
        words.addWidget(self.remedy)
        line.addWidget(IconLabel("info", "accent", 20), 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        return holder

    def _make_actions(self) -> FlowLayout:
        self.open_record = Button(tr("Open record"), self._open_current)
        self.retry = BusyButton(tr("Retry"), self._retry, kind="")
        self.ignore = BusyButton(tr("Ignore until it changes"), self._ignore, kind="")
        line = FlowLayout(spacing=S2)
        for button in (self.retry, self.open_record, self.ignore):
            line.addWidget(button)
        return line

    # -- content
    def show_group(self, group: IssueGroup) -> None:
        """Show a cause; the chosen record stays chosen while it is there."""
        kept = self.table.current
        if self._group is None or self._group.code is not group.code:
            self.outcome.hide()
            self._make_panel(group)
        self._group = group
        self.title.setText(message(group.title))
        self.sentence.setText(message(problem_of(group.issues[0]).sentence))
        self.remedy.setText(message(group.remedy))
        self.model.set_rows(group.issues)
        self.table.setFixedHeight(_table_height(len(group.issues)))
        place = next((n for n, issue in enumerate(self.model.shown) if kept is not None and issue.id == kept.id), 0)
        self.table.setCurrentIndex(self.model.index(place, 0))

    def _make_panel(self, group: IssueGroup) -> None:
        """Put the choices that go with the cause below the chosen record."""
        if self.panel is not None:
            self._inner.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
        self.panel = panel_for(group.code, self._bridge)
        if self.panel is not None:
            self._inner.insertWidget(self._inner.indexOf(self.detail_frame), self.panel)
            self.panel.decided.connect(self._decided)
            self.panel.failed.connect(self._failed)
        self.retry_all.setVisible(group.code not in DECIDED and not self._ignored_shown)
        # One button is the remedy: the panel's where there is one.
        self.retry_all.make("" if self.panel is not None else "primary")

    def show_ignored(self, ignored: bool) -> None:
        """Offer to take an ignored issue back instead of ignoring it."""
        self._ignored_shown = ignored
        self.ignore.setVisible(not ignored)
        self.retry.rename(tr("Stop ignoring") if ignored else tr("Retry"))
        code = self._group.code if self._group is not None else None
        self.retry_all.setVisible(not ignored and code not in DECIDED)
        if self.panel is not None and ignored:
            self.panel.hide()

    def _choose(self, issue: Issue | None) -> None:
        self.detail_frame.setVisible(issue is not None)
        if self.panel is not None:
            self.panel.setVisible(issue is not None and not self._ignored_shown)
            if issue is not None and self._group is not None:
                self.panel.show_issue(issue, self._group.issues)
        if issue is not None:
            self.detail.show_issue(issue)
            self._read_addresses(issue)
            self.sentence.setText(message(problem_of(issue).sentence))
            self.remedy.setText(message(problem_of(issue).next_step))
        self._allow()

    def _allow(self) -> None:
        issue = self.table.current
        reason = tr("Choose a record first.")
        for button in (self.retry, self.ignore, self.retry_all):
            button.set_busy(False)
        known = issue is not None and bool(issue.sf_id or issue.ac_id)
        self.open_record.allow(known, reason)
        self.why.allow(known, reason)
        self.retry.allow(issue is not None and not self._busy, reason)
        self.ignore.allow(issue is not None and not self._busy, reason)
        self.retry_all.allow(not self._busy)

    # -- actions
    def _open_current(self) -> None:
        self._open_issue(self.table.current)

    def _open_issue(self, issue: Issue | None) -> None:
        if issue is not None and (issue.sf_id or issue.ac_id):
            self.openRecord.emit(RecordRef(issue.sobject, issue.sf_id, issue.ac_id))

    def _read_addresses(self, issue: Issue) -> None:
        """Ask where the record is to be mended; the buttons hide until the answer is there."""
        self._show_addresses((None, None))
        if self._looking is not None:
            self._looking.cancel()
        ref = RecordRef(issue.sobject, issue.sf_id, issue.ac_id)
        self._looking = self._bridge.call(lambda a: a.desk.addresses(ref), self._show_addresses, owner=self)

    def _show_addresses(self, found: tuple[str | None, str | None]) -> None:
        self._looking = None
        self.salesforce.set_address(found[0])
        self.activecampaign.set_address(found[1])

    def _why(self) -> None:
        issue = self.table.current
        if issue is not None:
            self.explain.emit(RecordRef(issue.sobject, issue.sf_id, issue.ac_id))

    def _decided(self, sentence: str) -> None:
        self._done(sentence)

    def _retry(self) -> None:
        issue = self.table.current
        if issue is not None:
            self._run(lambda a: a.retry_issue(issue.id), self.retry, self._retried_one)

    def _retry_all(self) -> None:
        group = self._group
        if group is not None:
            self._run(lambda a: a.desk.retry_all(group.code), self.retry_all, self._retried_all)

    def _ignore(self) -> None:
        issue = self.table.current
        if issue is not None:
            self._run(lambda a: a.ignore_issue(issue.id), self.ignore, self._ignored)

    def _run(self, work: Work, button: BusyButton, done: Callable[[Any], None]) -> None:
        if self._busy:
            return
        self._busy = True
        self._allow()
        button.set_busy(True, tr("One moment…"))
        self._bridge.call(work, done, self._failed, owner=self)

    def _retried_one(self, _answer: object) -> None:
        self._done(tr("The record will be tried again in the next run."))

    def _retried_all(self, _answer: object) -> None:
        self._done(tr("All these records will be tried again in the next run."))

    def _ignored(self, _answer: object) -> None:
        self._done(tr("Ignored until the record or its mapping changes."))

    def _done(self, sentence: str) -> None:
        self._busy = False
        self._allow()
        self.outcome.show_note(Level.OK, sentence, "")
        self.changed.emit()

    def _failed(self, problem: Problem) -> None:
        self._busy = False
        self._allow()
        self.outcome.show_problem(problem)
