"""One end of a link is gone: search for another one, link anew, or let the link go (rule 2.5)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QListView, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import SearchHit
from acassist.domain.ledger import Issue
from acassist.domain.problem import Problem
from acassist.domain.problem_codes import ProblemCode
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.explain.page import hit_words
from acassist.gui.issues.panels import Panel
from acassist.gui.strings import message, tr
from acassist.gui.theme import S1, S3, S4
from acassist.gui.widgets import BusyButton, SearchField, Text
from acassist.gui.widgets.rows_model import Column, RowsModel

_HITS_HEIGHT = 132
_EDGES = 6


class BrokenPanel(Panel):
    """Searches for what the end that is left may be linked with."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._search: Call | None = None
        self.search = SearchField(tr("Search by name or e-mail for what it belongs to now"))
        self.search.searched.connect(self._find)
        self.words = Text("", "muted")
        self.words.hide()
        self.model: RowsModel[SearchHit] = RowsModel([Column(lambda: tr("Record"), hit_words, tip=hit_words)], self)
        self.hits = QListView()
        self.hits.setModel(self.model)
        self.hits.setFrameShape(QFrame.Shape.NoFrame)
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        name(self.hits, tr("Found"))
        self.hits.hide()
        self.hits.selectionModel().currentChanged.connect(self._allow)
        self.link = BusyButton(tr("Link with this one"), self._link, kind="")
        self.again = BusyButton(tr("Link again"), self._again, kind="")
        self.go = BusyButton(tr("Let go"), self._let_go, kind="")
        self.buttons = [self.link, self.again, self.go]
        for widget in (self.search, self.words, self.hits):
            self.body.addWidget(widget)
        self.body.addLayout(self._make_options())

    def _make_options(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(S4)
        grid.setVerticalSpacing(S3)
        grid.setColumnStretch(1, 1)
        self.meanings = [
            Text(tr("The two belong together from now on. Their values flow with the next run."), "muted"),
            Text(
                tr("The next run looks for a contact with the same address, and creates one when there is none."),
                "muted",
            ),
            Text(tr("What is left stays as it is and is not synced any more. Nothing is created or deleted."), "muted"),
        ]
        for line, (button, meaning) in enumerate(zip(self.buttons, self.meanings, strict=True)):
            grid.addWidget(button, line, 0, Qt.AlignmentFlag.AlignTop)
            meaning.setContentsMargins(0, S1, 0, 0)
            grid.addWidget(meaning, line, 1)
        return grid

    def show_issue(self, issue: Issue, same: Sequence[Issue]) -> None:
        """Begin anew with another issue; creating again makes sense only where the contact is gone."""
        changed = self.issue is None or self.issue.id != issue.id
        super().show_issue(issue, same)
        if changed:
            self.search.clear()
            self.search.forget()
            self._show([])
            self.words.hide()
        contact_gone = issue.code is ProblemCode.AC_GONE
        self.again.setVisible(contact_gone)
        self.meanings[1].setVisible(contact_gone)
        self._allow()

    # -- search
    def _find(self, text: str) -> None:
        issue = self.issue
        if self._search is not None:
            self._search.cancel()
        if issue is None or not text.strip():
            self._show([])
            self.words.hide()
            return

        async def find(assistant: AssistantPort) -> list[SearchHit]:
            return await assistant.decisions.partners(issue.id, text)

        self._search = self._bridge.call(find, self._found, self._not_found, owner=self)

    def _found(self, hits: list[SearchHit]) -> None:
        self._search = None
        self._show(hits)
        self.words.setText(tr("Nobody was found who is free to be linked."))
        self.words.setVisible(not hits)

    def _not_found(self, problem: Problem) -> None:
        self._search = None
        self._show([])
        self.words.setText(message(problem.sentence))
        self.words.show()

    def _show(self, hits: list[SearchHit]) -> None:
        self.model.set_rows(hits)
        self.hits.setVisible(bool(hits))
        self.hits.setFixedHeight(min(_HITS_HEIGHT, len(hits) * max(1, self.hits.sizeHintForRow(0)) + _EDGES))
        self.hits.setCurrentIndex(self.model.index(0, 0) if hits else QModelIndex())
        self._allow()

    @property
    def chosen(self) -> SearchHit | None:
        """Return the result that is marked."""
        return self.model.row_at(self.hits.currentIndex())

    def _allow(self, *_changed: object) -> None:
        self.link.allow(self.chosen is not None, tr("Search for a person first."))

    # -- decisions
    def _link(self) -> None:
        issue, hit = self.issue, self.chosen
        if issue is not None and hit is not None:
            sentence = tr("The two are linked. Their values flow with the next run.")
            self.decide(self.link, lambda d: d.relink(issue.id, hit), sentence)

    def _again(self) -> None:
        issue = self.issue
        if issue is not None:
            self.decide(self.again, lambda d: d.link_again(issue.id), tr("The next run links this record again."))

    def _let_go(self) -> None:
        issue = self.issue
        if issue is not None:
            self.decide(self.go, lambda d: d.let_go(issue.id), tr("The link was let go."))
