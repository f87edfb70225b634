"""The record's header: who it is, its sync state on both sides, links, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QWidget

from acassist.assistant.views import ActionResult, Level, RecordCard
from acassist.domain.foreign_text import one_line, wrappable
from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState
from acassist.domain.problem import Problem
from acassist.domain.profile import Role
from acassist.gui.bridge import Bridge
from acassist.gui.records.record_parts import (
    FactLine,
    link_words,
    mail_states,
    opt_out_words,
    status_level,
    status_words,
)
from acassist.gui.strings import ago, message, tr, when
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import BusyButton, Button, Card, Chip, ProblemBanner, Text
from acassist.gui.widgets.activity_list_links import LINK_PADDING, WebButton
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import clear, column, row


class HeaderCard(Card):
    """Shows one record and its actions; `changed` asks for the record to be read again.

    What is only looked up stands on a card of its own, `details`, so that what is done every day stays in sight.
    """

    changed = Signal()
    explain = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S3)
        self._bridge = bridge
        self._record: RecordCard | None = None
        self._wide = False
        self._viewer = False
        self.name = Text("", "title")
        self.kind = Text("", "muted")
        self.chips = FlowLayout(spacing=S2)
        self.problems = column(spacing=S2)
        self.outcome = ProblemBanner(closable=True)
        head = column(spacing=S1)
        head.addWidget(self.name)
        head.addWidget(self.kind)
        self.body.addLayout(head)
        self.body.addLayout(self.chips)
        self.body.addLayout(self._make_buttons())
        self.body.addWidget(self.outcome)
        self.body.addLayout(self.problems)
        self.body.addLayout(self._make_links())
        self.details = Card(spacing=S3)
        self.details.body.addWidget(Text(tr("Details"), "section"))
        self.details.body.addLayout(self._make_facts())

    def _make_facts(self) -> QGridLayout:
        self.status = FactLine(tr("ActiveCampaign Sync Status"))
        self.contact_id = FactLine(tr("ActiveCampaign ID"))
        self.relation = FactLine(tr("ActiveCampaign Relation Sync Status"))
        self.email = FactLine(tr("E-mail"))
        self.account = FactLine(tr("Account"))
        self.owner = FactLine(tr("Owner"))
        self.opt_out = FactLine(tr("Email Opt Out"))
        self.last_sync = FactLine(tr("Last sync"))
        self.lists = FactLine(tr("Lists"))
        self.tags = FactLine(tr("Tags"))
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(S4)
        self._facts.setVerticalSpacing(S3)
        self._place_facts(1)
        return self._facts

    def _place_facts(self, columns: int) -> None:
        facts = (
            self.status,
            self.contact_id,
            self.relation,
            self.email,
            self.account,
            self.owner,
            self.opt_out,
            self.last_sync,
            self.lists,
            self.tags,
        )
        for place, fact in enumerate(facts):
            self._facts.addWidget(fact, place // columns, place % columns)
        self._facts.setColumnStretch(0, 1)
        self._facts.setColumnStretch(1, columns - 1)

    def set_wide(self, wide: bool) -> None:
        """Use the width of the page: facts in two columns, buttons side by side."""
        if wide != self._wide:
            self._wide = wide
            self._place_facts(2 if wide else 1)
            box = QBoxLayout.Direction
            for part in (self._actions, self._links):
                part.setDirection(box.LeftToRight if wide else box.TopToBottom)

    def _make_links(self) -> QBoxLayout:
        self.salesforce = WebButton(tr("Open in Salesforce"))
        self.activecampaign = WebButton(tr("Open in ActiveCampaign"))
        self._links = box = column(spacing=0, margins=(-LINK_PADDING, 0, 0, 0))
        for button in (self.salesforce, self.activecampaign):
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)
        return box

    def _make_buttons(self) -> QBoxLayout:
        self.sync = BusyButton(tr("Sync this record"), self._sync, kind="primary")
        self.stop = BusyButton(tr("Stop syncing"), self._stop, kind="")
        self._actions = box = column(spacing=S2, margins=(0, S1, 0, 0))
        self.why = Button(tr("Why isn’t this record syncing?"), self.explain.emit, kind="link")
        for button in (self.sync, self.stop):
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)
        outer = column(spacing=S1)
        outer.addLayout(box)
        beside = row(margins=(-LINK_PADDING, 0, 0, 0))
        beside.addWidget(self.why, 0, Qt.AlignmentFlag.AlignLeft)
        outer.addLayout(beside)
        return outer

    # -- content
    def show_record(self, record: RecordCard) -> None:
        """Show a record; what an action said about another one goes away."""
        if self._record is None or self._record.ref != record.ref:
            self.outcome.hide()
        self._record = record
        self.name.setText(wrappable(one_line(record.name)) or tr("without a name"))
        kind = message(record.kind)
        company = wrappable(one_line(record.company))
        self.kind.setText(tr("{kind} · {company}", kind=kind, company=company) if company else kind)
        self._show_chips(record)
        self._show_facts(record)
        self._show_problems(record)
        self.salesforce.set_address(record.salesforce_url)
        self.activecampaign.set_address(record.activecampaign_url)
        self._show_actions(record)

    def _show_chips(self, record: RecordCard) -> None:
        clear(self.chips)
        states = [(status_level(record.sync_status), status_words(record.sync_status))]
        link = link_words(record)
        states = [*states, *([link] if link else []), *mail_states(record)]
        for level, words in states:
            self.chips.addWidget(Chip(level, words))

    def _show_facts(self, record: RecordCard) -> None:
        blank = tr("Blank")
        self.status.show_value(status_words(record.sync_status) if record.sync_status else None, tr("Not synced"))
        self.contact_id.show_value(record.contact_id, tr("Not in ActiveCampaign"))
        self.relation.show_value(status_words(record.relation_status) if record.relation_status else None, blank)
        self.email.show_address(one_line(record.email), tr("no e-mail address"))
        lead = record.ref.sobject is SObject.LEAD
        self.account.label.setText(tr("Company") if lead else tr("Account"))
        self.account.show_value(one_line(record.company), tr("None"))
        self.owner.show_value(one_line(record.owner), tr("Unknown"))
        for fact in (self.account, self.owner):
            fact.setVisible(record.ref.sf_id is not None)
        self.opt_out.show_value(opt_out_words(record), blank)
        self.last_sync.show_value(ago(record.last_sync) if record.last_sync else None, tr("never"))
        self.last_sync.value.setToolTip(when(record.last_sync) if record.last_sync else "")
        for fact, names in ((self.lists, record.lists), (self.tags, record.tags)):
            fact.show_value("" if record.naming else ", ".join(map(one_line, names)), _no_names(record))

    def _show_problems(self, record: RecordCard) -> None:
        clear(self.problems)
        for problem in record.problems:
            banner = ProblemBanner()
            self.problems.addWidget(banner)
            banner.show_problem(problem, focus=False)

    def _show_actions(self, record: RecordCard) -> None:
        stopped = record.link_state is LinkState.STOPPED
        self.sync.set_busy(False)
        self.sync.allow(not stopped, tr("Syncing is stopped for this record."))
        self.stop.setText(tr("Resume syncing") if stopped else tr("Stop syncing"))
        self.stop.setVisible(not self._viewer and record.link_state in (LinkState.ACTIVE, LinkState.STOPPED))

    def show_role(self, role: Role) -> None:
        """Leave out what only the person who runs the sync can do."""
        self._viewer = role is Role.VIEWER
        for button in (self.sync, self.why):
            button.setVisible(not self._viewer)
        if self._record is not None:
            self._show_actions(self._record)

    # -- actions
    def _sync(self) -> None:
        record = self._record
        if record is None or not self.sync.isEnabled():
            return
        self.sync.set_busy(True, tr("Syncing…"))
        self._bridge.call(lambda a: a.sync_record(record.ref), self._done, self._failed, owner=self)

    def _stop(self) -> None:
        record = self._record
        if record is None or not self.stop.isEnabled():
            return
        stop = record.link_state is not LinkState.STOPPED
        self.stop.set_busy(True, tr("One moment…"))
        self._bridge.call(lambda a: a.stop_syncing(record.ref, stop=stop), self._done, self._failed, owner=self)

    def _done(self, result: ActionResult) -> None:
        self._calm()
        if result.problem is not None:
            self.outcome.show_problem(result.problem)
            return
        level = Level.OK if result.done else Level.WARN
        self.outcome.show_note(level, message(result.sentence), "", focus=True)
        self.changed.emit()

    def _failed(self, problem: Problem) -> None:
        self._calm()
        self.outcome.show_problem(problem)

    def _calm(self) -> None:
        for button in (self.sync, self.stop):
            button.set_busy(False)
        if self._record is not None:
            self._show_actions(self._record)


def _no_names(record: RecordCard) -> str:
    """Tell names that are still being read from there being none."""
    return tr("Reading…") if record.naming else tr("None")
