"""Several records share one address: one is chosen for the contact, or the link of one is ended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from acassist.assistant.relinking import AccountCandidate, Candidate
from acassist.gui.bridge import Bridge
from acassist.gui.issues.candidates_panel import CandidateBox, CandidatesPanel, Offer
from acassist.gui.strings import tr, tr_n, when
from acassist.gui.widgets import BusyButton

_NAMED = {"Email", "FirstName", "LastName"}
"""What the question or the name of the candidate says already."""


def compared(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Return the fields in which the candidates differ with their labels, then those that any of them fills."""
    labels = {name: label for c in candidates for name, label in c.labels.items() if name not in _NAMED}
    filled = [n for n in labels if any(c.record.fields.get(n) not in (None, "", False) for c in candidates)]
    ordered = sorted(filled, key=lambda n: len({str(c.record.fields.get(n) or "") for c in candidates}) == 1)
    return {name: labels[name] for name in ordered}


class RecordBox(CandidateBox):
    """A record of Salesforce, with the fields that tell it from its rivals."""

    def __init__(self, candidate: Candidate, rivals: Sequence[Candidate]) -> None:
        record = candidate.record
        spoken = tr("{name}, {id}", name=record.name, id=record.id)
        chip = tr("Linked now") if candidate.linked else ""
        super().__init__(record.name or record.id, spoken, chip=chip)
        self.record, self.linked = record, candidate.linked
        for field, label in compared(rivals).items():
            values = {str(rival.record.fields.get(field) or "") for rival in rivals}
            self.add_fact(label, str(record.fields.get(field) or "") or tr("blank"), differs=len(values) > 1)
        self.add_fact(tr("Last changed"), when(record.stamp))
        self.add_fact("Id", record.id)


class DuplicatePanel(CandidatesPanel):
    """Chooses the record that belongs to a contact."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        offer = Offer(
            tr("Which of these records belongs to the contact?"),
            tr("No record has this address any more. Press Retry, and the issue goes away."),
            tr("The others are not linked. Nothing is merged or deleted."),
            lambda decisions, issue_id: decisions.candidates(issue_id),
            RecordBox,
        )
        super().__init__(bridge, offer, BusyButton(tr("Use this record"), kind=""), parent)
        self.end = BusyButton(tr("Unlink"), self._unlink, kind="")
        self.buttons.append(self.end)
        self.foot.addWidget(self.end)
        self.use.clicked.connect(self._use)

    def _allow(self, on: bool = False) -> None:
        super()._allow(on)
        chosen = self.chosen
        self.end.setVisible(any(isinstance(c, RecordBox) and c.linked for c in self.candidates))
        linked = isinstance(chosen, RecordBox) and chosen.linked
        self.end.allow(linked, tr("Choose the record that is linked now."))

    def _use(self) -> None:
        issue, chosen = self.issue, self.chosen
        if issue is not None and isinstance(chosen, RecordBox):
            sentence = tr("The record was linked with the contact. Its values flow with the next run.")
            self.decide(self.use, lambda d: d.choose_record(issue.id, chosen.record.id), sentence)

    def _unlink(self) -> None:
        issue, chosen = self.issue, self.chosen
        if issue is not None and isinstance(chosen, RecordBox):
            self.candidates = []
            sentence = tr("The link was ended. Choose the record that belongs to the contact.")
            self.decide(self.end, lambda d: d.unlink(issue.id, chosen.record.id), sentence)


class AccountBox(CandidateBox):
    """One of several ActiveCampaign accounts of the same name."""

    def __init__(self, account: AccountCandidate) -> None:
        super().__init__(account.name, tr("{name}, {id}", name=account.name, id=account.id))
        self.account = account
        self.add_fact(tr("People"), tr_n("{n} person", "{n} people", account.people), differs=True)
        self.add_fact("Id", account.id, differs=True)


class AccountPanel(CandidatesPanel):
    """Chooses the account that an account of Salesforce is linked with."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        offer = Offer(
            tr("Which of these accounts is the same company?"),
            tr("No account has this name any more. Press Retry, and the issue goes away."),
            tr("The others stay as they are. Nothing is merged or deleted."),
            lambda decisions, issue_id: decisions.account_candidates(issue_id),
            lambda item, _every: AccountBox(item),
        )
        super().__init__(bridge, offer, BusyButton(tr("Use this account"), kind=""), parent)
        self.use.clicked.connect(self._use)

    def _use(self) -> None:
        issue, chosen = self.issue, self.chosen
        if issue is not None and isinstance(chosen, AccountBox):
            sentence = tr("The accounts were linked. Their values flow with the next run.")
            self.decide(self.use, lambda d: d.choose_account(issue.id, chosen.account.id), sentence)
