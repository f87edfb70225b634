"""A field that both sides, or both records of a person, changed: three values side by side, the choice below each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from acassist.assistant.decisions import Choice, Decisions
from acassist.domain.ledger import Issue
from acassist.gui.bridge import Bridge
from acassist.gui.issues.grouping import field_of
from acassist.gui.issues.panels import Panel
from acassist.gui.issues.sides import SideBySide, ValueBox, WrappedCheck
from acassist.gui.strings import tr, tr_n
from acassist.gui.theme import S1, S2
from acassist.gui.widgets import BusyButton, Text
from acassist.gui.widgets.layout import column, row

__all__ = ["ConflictPanel", "ThreeValuesPanel", "TwinPanel", "ValueBox"]


@dataclass(frozen=True, slots=True)
class Words:
    """What a panel of three values says: whose value stands in the middle, what the last button means, for how many."""

    record: str
    meaning: str
    same: Callable[[int, str], str]


class ThreeValuesPanel(Panel):
    """The value synced last and what each side holds, with a button for each and one below."""

    def __init__(
        self,
        bridge: Bridge,
        buttons: tuple[BusyButton, BusyButton, BusyButton],
        words: Words,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(bridge, parent)
        left, right, other = buttons
        self.buttons = [left, right, other]
        self._same = words.same
        self.sides = SideBySide(
            {
                "base": ValueBox(tr("Last synced")),
                "salesforce": ValueBox(words.record, left),
                "activecampaign": ValueBox(tr("ActiveCampaign now"), right),
            }
        )
        self.boxes = self.sides.boxes
        self.all = WrappedCheck()
        foot = row(spacing=S2)
        foot.addWidget(other)
        foot.addWidget(Text(words.meaning, "small"), 1)
        lines = column(spacing=S1)
        lines.addWidget(self.all)
        lines.addLayout(foot)
        self.body.addWidget(self.sides)
        self.body.addLayout(lines)

    def show_issue(self, issue: Issue, same: Sequence[Issue]) -> None:
        """Show the three values, and how many more are asked about the same field."""
        if self.issue is None or self.issue.id != issue.id:
            self.all.setChecked(False)
        super().show_issue(issue, same)
        for key, box in self.boxes.items():
            box.show_value(issue.values.get(key))
        alike = [i for i in same if _field(i) == _field(issue)]
        self.all.setVisible(len(alike) > 1)
        self.all.setText(self._same(len(alike), field_of(issue)))

    def choose(self, choice: Choice, button: BusyButton, sentence: str) -> None:
        """Decide for this record, or for all of the same field."""
        issue = self.issue
        if issue is None:
            return
        every = not self.all.isHidden() and self.all.isChecked()

        def work(decisions: Decisions) -> Any:
            return decisions.resolve_conflict(issue.id, choice, same_field=every)

        self.decide(button, work, sentence)


class ConflictPanel(ThreeValuesPanel):
    """Keeps one side's value, or both; for one record or for every conflict of the same field."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.salesforce = BusyButton(tr("Keep Salesforce"), kind="")
        self.activecampaign = BusyButton(tr("Keep ActiveCampaign"), kind="")
        self.both = BusyButton(tr("Keep both values"), kind="link")
        words = Words(tr("Salesforce now"), tr("The difference stays until one side changes."), _same_conflicts)
        super().__init__(bridge, (self.salesforce, self.activecampaign, self.both), words, parent)
        self.salesforce.clicked.connect(self._keep_salesforce)
        self.activecampaign.clicked.connect(self._keep_activecampaign)
        self.both.clicked.connect(self._keep_both)

    def _keep_salesforce(self) -> None:
        sentence = tr("The next run writes the Salesforce value to ActiveCampaign.")
        self.choose(Choice.SALESFORCE, self.salesforce, sentence)

    def _keep_activecampaign(self) -> None:
        sentence = tr("The next run writes the ActiveCampaign value to Salesforce.")
        self.choose(Choice.ACTIVECAMPAIGN, self.activecampaign, sentence)

    def _keep_both(self) -> None:
        self.choose(Choice.KEEP_BOTH, self.both, tr("Both values are kept."))


class TwinPanel(ThreeValuesPanel):
    """A person's second record changed: make it the one that decides, take over the value, or unlink it (rule 2.2)."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        self.primary = BusyButton(tr("Make primary"), kind="")
        self.take = BusyButton(tr("Take this value"), kind="")
        self.end = BusyButton(tr("Unlink this record"), kind="link")
        words = Words(
            tr("This record now"),
            tr("It is then not synced any more; the person’s other record is. It can be resumed on its page."),
            _same_twins,
        )
        super().__init__(bridge, (self.primary, self.take, self.end), words, parent)
        self.primary.clicked.connect(self._make_primary)
        self.take.clicked.connect(self._take)
        self.end.clicked.connect(self._unlink)

    def _make_primary(self) -> None:
        issue = self.issue
        if issue is not None:
            sentence = tr("This record is the primary one now. Its values flow with the next run.")
            self.decide(self.primary, lambda d: d.make_primary(issue.id), sentence)

    def _take(self) -> None:
        sentence = tr("The next run writes the ActiveCampaign value to this record.")
        self.choose(Choice.ACTIVECAMPAIGN, self.take, sentence)

    def _unlink(self) -> None:
        issue = self.issue
        if issue is not None:
            self.decide(self.end, lambda d: d.unlink(issue.id), tr("This record is no longer synced."))


def _field(issue: Issue) -> tuple[object, object]:
    return issue.sobject, issue.values.get("key") or issue.field


def _same_conflicts(count: int, field: str) -> str:
    return tr_n(
        "Do the same for the {n} conflict of {field}",
        "Do the same for all {n} conflicts of {field}",
        count,
        field=field,
    )


def _same_twins(count: int, field: str) -> str:
    return tr_n(
        "Take the ActiveCampaign value for the {n} record asked about {field}",
        "Take the ActiveCampaign value for all {n} records asked about {field}",
        count,
        field=field,
    )
