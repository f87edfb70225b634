"""Several records share one address: the candidates side by side; one is chosen for the contact."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.domain.record import SalesforceRecord
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.issues.panels import Panel
from acassist.gui.strings import tr, when
from acassist.gui.theme import S2, S3, dress
from acassist.gui.widgets import BusyButton, SelectableText, Text
from acassist.gui.widgets.layout import clear, column, row

_BOX_WIDTH = 230
_HIDDEN = {"Id", "Email", "IsDeleted", "IsConverted", "SystemModstamp", "attributes", "FirstName", "LastName", "Name"}


def compared(records: Sequence[SalesforceRecord]) -> list[str]:
    """Name the fields in which the candidates differ, then those that any of them fills."""
    names = dict.fromkeys(key for record in records for key in record.fields if key not in _HIDDEN and "." not in key)
    filled = [n for n in names if any(r.fields.get(n) not in (None, "", False) for r in records)]
    return sorted(filled, key=lambda n: len({str(r.fields.get(n) or "") for r in records}) == 1)


class Candidate(QFrame):
    """One record: its name to choose it by, and its values; those that differ stand out."""

    def __init__(self, record: SalesforceRecord, rivals: Sequence[SalesforceRecord], fields: Sequence[str]) -> None:
        super().__init__()
        dress(self, kind="card")
        self.record = record
        self.choice = QRadioButton(record.name or record.id)
        name(self.choice, tr("{name}, {id}", name=record.name, id=record.id))
        box = column(self, spacing=S2, margins=S3)
        box.addWidget(self.choice)
        for field in fields:
            values = {str(rival.fields.get(field) or "") for rival in rivals}
            self._add(box, field, str(record.fields.get(field) or "") or tr("blank"), differs=len(values) > 1)
        self._add(box, tr("Last changed"), when(record.stamp), differs=False)
        self._add(box, "Id", record.id, differs=False)
        box.addStretch(1)

    @staticmethod
    def _add(box: object, label: str, value: str, *, differs: bool) -> None:
        pair = column(spacing=0)
        pair.addWidget(Text(label, "small"))
        pair.addWidget(SelectableText(value, "strong" if differs else ""))
        box.addLayout(pair)  # type: ignore[attr-defined]


class DuplicatePanel(Panel):
    """Reads the candidates when an issue is chosen."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._call: Call | None = None
        self.candidates: list[Candidate] = []
        self._group = QButtonGroup(self)
        self.words = Text("", "muted")
        self._grid = QGridLayout()
        self._grid.setSpacing(S2)
        self.use = BusyButton(tr("Use this record"), self._use, kind="")
        self.buttons = [self.use]
        foot = row(spacing=S2)
        foot.addWidget(self.use)
        foot.addWidget(Text(tr("The others stay unlinked. Nothing is merged or deleted."), "small"), 1)
        self.body.addWidget(self.words)
        self.body.addLayout(self._grid)
        self.body.addLayout(foot)

    def show_issue(self, issue: Issue, same: Sequence[Issue]) -> None:
        """Read the candidates of an issue; those on show stay while it is the same one."""
        known = self.issue
        super().show_issue(issue, same)
        if known is not None and known.id == issue.id and self.candidates:
            return
        self._clear()
        self.words.setText(tr("Reading the records…"))
        self._allow()
        if self._call is not None:
            self._call.cancel()

        async def read(assistant: AssistantPort) -> list[SalesforceRecord]:
            return await assistant.decisions.candidates(issue.id)

        self._call = self._bridge.call(read, self._show, self._not_read, owner=self)

    def _clear(self) -> None:
        for candidate in self.candidates:
            self._group.removeButton(candidate.choice)
        clear(self._grid)
        self.candidates = []

    def _not_read(self, problem: Problem) -> None:
        self._call = None
        self.words.setText(tr("The records could not be read."))
        self.failed.emit(problem)

    def _show(self, records: list[SalesforceRecord]) -> None:
        self._call = None
        self._clear()
        if not records:
            self.words.setText(tr("No record has this address any more. Press Retry, and the issue goes away."))
            self._allow()
            return
        self.words.setText(tr("Which of these records belongs to the contact?"))
        fields = compared(records)
        self.candidates = [Candidate(record, records, fields) for record in records]
        for candidate in self.candidates:
            self._group.addButton(candidate.choice)
            candidate.choice.toggled.connect(self._allow)
        self._place(self.width())
        self._allow()

    def _allow(self, _on: bool = False) -> None:
        self.use.allow(self._group.checkedButton() is not None, tr("Choose a record first."))

    def _place(self, width: int) -> None:
        columns = max(1, min(len(self.candidates), width // _BOX_WIDTH))
        for place, candidate in enumerate(self.candidates):
            self._grid.addWidget(candidate, place // columns, place % columns, Qt.AlignmentFlag(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side as far as there is room."""
        super().resizeEvent(event)
        self._place(event.size().width())

    def _use(self) -> None:
        issue = self.issue
        chosen = next((c.record.id for c in self.candidates if c.choice.isChecked()), None)
        if issue is not None and chosen is not None:
            sentence = tr("The record was linked with the contact. Its values flow with the next run.")
            self.decide(self.use, lambda d: d.choose_record(issue.id, chosen), sentence)
