"""Several records share one address: one is chosen for the contact, or the link of one is ended."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from acassist.assistant.relinking import AccountCandidate, Candidate
from acassist.domain.record import SalesforceRecord
from acassist.gui.bridge import Bridge
from acassist.gui.issues.candidates_panel import CandidateBox, CandidatesPanel, Offer
from acassist.gui.strings import tr, tr_n, when
from acassist.gui.widgets import BusyButton

_HIDDEN = {"Id", "Email", "IsDeleted", "IsConverted", "SystemModstamp", "attributes", "FirstName", "LastName", "Name"}


def compared(records: Sequence[SalesforceRecord]) -> list[str]:
    """Name the fields in which the candidates differ, then those that any of them fills."""
    names = dict.fromkeys(key for record in records for key in record.fields if key not in _HIDDEN and "." not in key)
    filled = [n for n in names if any(r.fields.get(n) not in (None, "", False) for r in records)]
    return sorted(filled, key=lambda n: len({str(r.fields.get(n) or "") for r in records}) == 1)


class RecordBox(CandidateBox):
    """A record of Salesforce, with the fields that tell it from its rivals."""

    def __init__(self, candidate: Candidate, rivals: Sequence[SalesforceRecord]) -> None:
        record = candidate.record
        spoken = tr("{name}, {id}", name=record.name, id=record.id)
        chip = tr("Linked now") if candidate.linked else ""
        super().__init__(record.name or record.id, spoken, chip=chip)
        self.record, self.linked = record, candidate.linked
        for field in compared(rivals):
            values = {str(rival.fields.get(field) or "") for rival in rivals}
            self.add_fact(field, str(record.fields.get(field) or "") or tr("blank"), differs=len(values) > 1)
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
            lambda item, every: RecordBox(item, [candidate.record for candidate in every]),
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
