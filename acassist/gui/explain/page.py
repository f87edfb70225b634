"""Why isn't this record syncing? The deciding condition in a sentence, then every condition in order."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QListView, QWidget

from acassist.assistant.explain import Condition, Explanation
from acassist.assistant.views import Level, RecordRef, SearchHit
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.page import Page
from acassist.gui.strings import message, tr
from acassist.gui.theme import S1, S3, S4, S5, S7, dress
from acassist.gui.widgets import (
    Button,
    Card,
    Chip,
    EmptyState,
    Heading,
    IconButton,
    LevelIcon,
    Rule,
    Scroll,
    SearchField,
    Text,
    clear,
)
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.stateful import Stateful

_HITS_HEIGHT = 176
_EDGES = 6


def level_of(condition: Condition) -> Level:
    """Return how a condition is shown."""
    if condition.met is None:
        return Level.IDLE
    return Level.OK if condition.met else Level.BAD


def state_words(condition: Condition) -> str:
    """Say in a word how a condition stands."""
    if condition.met is None:
        return tr("Not asked")
    return tr("Met") if condition.met else tr("Not met")


def hit_words(hit: SearchHit) -> str:
    """Name a search result in one line."""
    parts = [hit.name or tr("without a name"), message(hit.kind), hit.email, hit.company]
    return " · ".join(part for part in parts if part)


class ConditionLine(QWidget):
    """One condition: shape, what is asked, what was found, state in a word."""

    def __init__(self, condition: Condition, *, decisive: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(self, spacing=S3, margins=(S3, S3, S3, S3))
        line.addWidget(LevelIcon(level_of(condition)), 0, Qt.AlignmentFlag.AlignTop)
        said = column(spacing=S1)
        self.title, self.finding = Text(message(condition.title), "strong"), Text(message(condition.finding), "muted")
        said.addWidget(self.title)
        said.addWidget(self.finding)
        line.addLayout(said, 1)
        chips = column(spacing=S1)
        chips.addWidget(Chip(level_of(condition), state_words(condition)), 0, Qt.AlignmentFlag.AlignRight)
        if decisive:
            chips.addWidget(Text(tr("This decides"), "small", wrap=False), 0, Qt.AlignmentFlag.AlignRight)
        chips.addStretch(1)
        line.addLayout(chips)
        name(self, tr("{title}: {state}. {finding}", title=condition.title, state=state_words(condition),
                      finding=condition.finding))  # fmt: skip


class Verdict(Card):
    """The answer in one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mark, self.sentence, self.detail = LevelIcon(Level.OK, 24), Text("", "section"), Text("")
        self.remedy = Text("", "strong")
        said = column(spacing=S1)
        said.addWidget(self.sentence)
        said.addWidget(self.detail)
        said.addWidget(self.remedy)
        line = row(spacing=S3)
        line.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(said, 1)
        self.body.addLayout(line)

    def show_explanation(self, explanation: Explanation) -> None:
        """Say what decides."""
        who, decisive = explanation.name or tr("This record"), explanation.decisive
        self.mark.show_level(Level.OK if decisive is None else Level.BAD)
        remedy = decisive.remedy if decisive is not None else None
        self.remedy.setText(message(remedy) if remedy is not None else "")
        self.remedy.setVisible(remedy is not None)
        if decisive is None:
            self.sentence.setText(tr("{name} is syncing, or will be with the next run.", name=who))
            self.detail.setText(tr("No condition stands against it."))
            return
        self.sentence.setText(tr("{name} is not syncing.", name=who))
        self.detail.setText(
            tr("“{condition}” is not met: {finding}", condition=decisive.title, finding=decisive.finding)
        )


class ExplainPage(Page):
    """Explains one record; another can be searched for here."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._ref: RecordRef | None = None
        self._call: Call | None = None
        self._search: Call | None = None
        self.verdict = Verdict()
        self.list = Card(padding=0, spacing=0)
        nothing = EmptyState(
            "help", tr("Which record?"), tr("Search for a person above, or open this page from a record or an issue.")
        )
        self.state = Stateful(
            self._make_content(), empty=nothing, loading=tr("Checking every condition…"), retry=self.reload
        )
        box = column(self, spacing=S3, margins=(S7, S5, S7, S5))
        box.addLayout(self._make_head())
        box.addWidget(self.search)
        box.addWidget(self.hits)
        box.addWidget(self.trouble)
        box.addWidget(self.state, 1)
        self.state.show_empty()

    def _make_head(self) -> QBoxLayout:
        self.open_record = Button(tr("Open record"), self._open_record)
        self.look = IconButton("refresh", tr("Check again"), self.reload)
        line = row(spacing=S3)
        line.addWidget(IconButton("arrow-left", tr("Back to Records"), self._back))
        line.addWidget(Heading(tr("Why isn’t this record syncing?")), 1)
        line.addWidget(self.look)
        line.addWidget(self.open_record)
        self.open_record.hide()
        self.look.hide()
        self.search = SearchField(tr("Search another person by name, e-mail, address or id"))
        self.search.searched.connect(self._find)
        self.trouble = Text("", "bad")
        self.trouble.hide()
        self._make_hits()
        return line

    def _make_hits(self) -> None:
        self.model: RowsModel[SearchHit] = RowsModel([Column(lambda: tr("Record"), hit_words)], self)
        self.hits = QListView()
        self.hits.setModel(self.model)
        self.hits.setFrameShape(QFrame.Shape.NoFrame)
        name(self.hits, tr("People found"))
        self.hits.clicked.connect(self._choose)
        self.hits.activated.connect(self._choose)
        self.hits.hide()

    def _make_content(self) -> QWidget:
        scroll = Scroll(spacing=S4)
        scroll.body.addWidget(self.verdict)
        scroll.body.addWidget(self.list)
        scroll.body.addStretch(1)
        return scroll

    # -- what the window asks for
    def activate(self) -> None:
        """Check again: the record may have changed."""
        self.reload()

    def open(self, subject: object) -> None:
        """Explain a record."""
        if isinstance(subject, RecordRef) and subject != self._ref:
            self._ref = subject
            self.reload()

    def reload(self) -> None:
        """Check every condition on values read now."""
        ref = self._ref
        if self._call is not None:
            self._call.cancel()
        if ref is None:
            return
        self.hits.hide()
        self.state.show_loading()
        self._call = self.bridge.call(lambda a: a.explain(ref), self._show, self._failed, owner=self)

    # -- content
    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, explanation: Explanation) -> None:
        self._call = None
        self.verdict.show_explanation(explanation)
        clear(self.list.body)
        decisive = explanation.decisive
        # The deciding condition stands first, the others keep the order in which they are asked.
        ordered = sorted(explanation.conditions, key=lambda c: c is not decisive)
        for place, condition in enumerate(ordered):
            if place:
                self.list.body.addWidget(Rule())
            line = ConditionLine(condition, decisive=condition is decisive)
            if condition is decisive:
                dress(line, kind="well")
            self.list.body.addWidget(line)
        for button in (self.open_record, self.look):
            button.show()
        self.state.show_content()

    # -- search
    def _find(self, text: str) -> None:
        if self._search is not None:
            self._search.cancel()
        self.trouble.hide()
        if not text.strip():
            self.hits.hide()
            return
        self._search = self.bridge.call(lambda a: a.search(text), self._found, self._not_found, owner=self)

    def _found(self, hits: list[SearchHit]) -> None:
        self._search = None
        self.model.set_rows(hits)
        self.hits.setVisible(bool(hits))
        self.hits.setFixedHeight(min(_HITS_HEIGHT, len(hits) * max(1, self.hits.sizeHintForRow(0)) + _EDGES))
        self.hits.setCurrentIndex(self.model.index(0, 0))
        self.trouble.setText(tr("Nobody was found on either side."))
        self.trouble.setVisible(not hits)

    def _not_found(self, problem: Problem) -> None:
        self._search = None
        self.trouble.setText(message(problem.sentence))
        self.trouble.show()

    def _choose(self, index: QModelIndex) -> None:
        hit = self.model.row_at(index)
        if hit is not None:
            self.search.clear()
            self.search.forget()
            self.open(hit.ref)

    # -- moving
    def _back(self) -> None:
        self.navigate.emit("records", None)

    def _open_record(self) -> None:
        if self._ref is not None:
            self.navigate.emit("records", self._ref)
