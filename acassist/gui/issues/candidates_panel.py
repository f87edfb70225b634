"""Several of the same name or address: the candidates side by side, one of which is chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from acassist.assistant.decisions import Decisions
from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import Level
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.issues.panels import Panel
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S3, dress
from acassist.gui.widgets import BusyButton, Chip, SelectableText, Text
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import clear, column

_BOX_WIDTH = 230


class CandidateBox(QFrame):
    """One candidate: its name to choose it by, and facts to tell it from the others."""

    def __init__(self, title: str, spoken: str, *, chip: str = "") -> None:
        super().__init__()
        dress(self, kind="card")
        self.choice = QRadioButton(title)
        self.choice.setAccessibleName(spoken)
        self.facts: QVBoxLayout = column(self, spacing=S2, margins=S3)
        self.facts.addWidget(self.choice)
        if chip:
            self.facts.addWidget(Chip(Level.BUSY, chip))

    def add_fact(self, label: str, value: str, *, differs: bool = False) -> None:
        """Add one fact; what differs from the other candidates stands out."""
        pair = column(spacing=0)
        pair.addWidget(Text(label, "small"))
        pair.addWidget(SelectableText(value, "strong" if differs else ""))
        self.facts.addLayout(pair)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is asked, what is said when nobody is left and below the choice; how candidates are read and drawn."""

    question: str
    nobody: str
    foot: str
    read: Callable[[Decisions, int], Awaitable[list[Any]]]
    box: Callable[[Any, list[Any]], CandidateBox]


class CandidatesPanel(Panel):
    """Reads the candidates when an issue is chosen."""

    def __init__(self, bridge: Bridge, offer: Offer, use: BusyButton, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._offer = offer
        self._call: Call | None = None
        self.candidates: list[CandidateBox] = []
        self._group = QButtonGroup(self)
        self.words = Text("", "muted")
        self._grid = QGridLayout()
        self._grid.setSpacing(S2)
        self.use = use
        self.buttons = [use]
        self.foot = FlowLayout(spacing=S2)
        self.foot.addWidget(use)
        self.body.addWidget(self.words)
        self.body.addLayout(self._grid)
        self.body.addLayout(self.foot)
        self.body.addWidget(Text(offer.foot, "small"))

    # -- content
    def show_issue(self, issue: Issue, same: Sequence[Issue]) -> None:
        """Read the candidates of an issue; those on show stay while it is the same one."""
        known = self.issue
        super().show_issue(issue, same)
        if known is not None and known.id == issue.id and self.candidates:
            return
        self.reload()

    def reload(self) -> None:
        """Read the candidates again."""
        issue = self.issue
        if issue is None:
            return
        self._clear()
        self.words.setText(tr("Reading the records…"))
        self._allow()
        if self._call is not None:
            self._call.cancel()

        async def read(assistant: AssistantPort) -> list[Any]:
            return await self._offer.read(assistant.decisions, issue.id)

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

    def _show(self, items: list[Any]) -> None:
        self._call = None
        self._clear()
        self.words.setText(self._offer.question if items else self._offer.nobody)
        self.candidates = [self._offer.box(item, items) for item in items]
        for candidate in self.candidates:
            candidate.facts.addStretch(1)
            self._group.addButton(candidate.choice)
            candidate.choice.toggled.connect(self._allow)
        self._place(self.width())
        self._allow()

    @property
    def chosen(self) -> CandidateBox | None:
        """Return the candidate that is marked."""
        return next((c for c in self.candidates if c.choice.isChecked()), None)

    def _allow(self, _on: bool = False) -> None:
        self.use.allow(self.chosen is not None, tr("Choose a record first."))

    def _place(self, width: int) -> None:
        columns = max(1, min(len(self.candidates), width // _BOX_WIDTH))
        for place, candidate in enumerate(self.candidates):
            self._grid.addWidget(candidate, place // columns, place % columns, Qt.AlignmentFlag(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand side by side as far as there is room."""
        super().resizeEvent(event)
        self._place(event.size().width())
