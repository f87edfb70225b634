"""Lists of states with their sentence, their remedy and what was refused, one line for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from acassist.assistant.views import CheckItem, Level
from acassist.domain.problem import Problem
from acassist.domain.text import N_
from acassist.gui.accessibility import name
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import Button, Card, Chip, LevelIcon, Rule, Text, clear, column, row

CHECK_WORDS = {
    Level.OK: N_("Good"),
    Level.BUSY: N_("Checking"),
    Level.WARN: N_("Take a look"),
    Level.BAD: N_("In the way"),
    Level.IDLE: N_("Not known"),
}
PLAN_WORDS = {
    Level.OK: N_("In place"),
    Level.BUSY: N_("In progress"),
    Level.WARN: N_("Incomplete"),
    Level.BAD: N_("Not possible"),
    Level.IDLE: N_("Missing"),
}
_WORST_FIRST = (Level.BAD, Level.WARN, Level.IDLE, Level.BUSY, Level.OK)


def component_of(item: CheckItem) -> str:
    """Return the metadata name that a line of the plan is about, empty when it has none."""
    return str(item.title.values.get("component", ""))


class StateRow(QWidget):
    """One line: shape, title, sentence, remedy, what was refused, and the state in a word."""

    def __init__(self, item: CheckItem, word: str, problem: Problem | None = None, *, brief: bool = False) -> None:
        super().__init__()
        self.refused = problem is not None
        level = Level.BAD if problem is not None else item.level
        across = row(self, spacing=S3, margins=(0, S2, 0, S2))
        across.addWidget(LevelIcon(level), 0, Qt.AlignmentFlag.AlignTop)
        self._words = column(spacing=2)
        self.title = message(item.title)
        self._words.addWidget(Text(self.title, "strong"))
        if not (brief and item.level is Level.IDLE and problem is None):
            self._say(item, problem)
        across.addLayout(self._words, 1)
        across.addWidget(Chip(level, word), 0, Qt.AlignmentFlag.AlignTop)

    def _say(self, item: CheckItem, problem: Problem | None) -> None:
        if problem is not None:
            self._words.addWidget(Text(message(problem.sentence), "bad"))
            self._words.addWidget(Text(message(problem.next_step), "muted"))
            return
        self._words.addWidget(Text(message(item.state), "" if item.level in (Level.WARN, Level.BAD) else "muted"))
        if item.remedy is not None and item.level is not Level.OK:
            self._words.addWidget(Text(message(item.remedy), "muted"))
        if item.details:
            self._add_details(item)

    def _add_details(self, item: CheckItem) -> None:
        self._details = QWidget(self)
        box = column(self._details, spacing=S1)
        for line in item.details:
            box.addWidget(Text(tr("• {text}", text=message(line)), "muted"))
        self._details.hide()
        self._toggle = Button(tr("Show details"), self._switch, kind="link")
        name(self._toggle, tr("Show details: {title}", title=self.title))
        self._words.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)
        self._words.addWidget(self._details)

    def _switch(self) -> None:
        opened = self._details.isHidden()
        self._details.setVisible(opened)
        self._toggle.setText(tr("Hide details") if opened else tr("Show details"))


class StateList(Card):
    """A titled list of states; `fold` keeps what is good out of sight until it is asked for."""

    def __init__(self, title: str, words: Mapping[Level, str], *, fold: bool = False) -> None:
        super().__init__(padding=S4, spacing=S1)
        self._level_words, self._fold = words, fold
        self._folded: list[QWidget] = []
        self.body.addWidget(Text(title, "section"))
        self._rows = column(spacing=0)
        self.body.addLayout(self._rows)
        self.rows: list[StateRow] = []
        self.show_loading()

    def show_loading(self) -> None:
        """Say that the state is being read."""
        self._clear()
        self._rows.addWidget(Text(tr("Checking…"), "muted"))

    def show_nothing(self, words: str) -> None:
        """Say why there is no list."""
        self._clear()
        self._rows.addWidget(Text(words, "muted"))

    def _clear(self) -> None:
        clear(self._rows)
        self.rows, self._folded = [], []

    def show_items(self, items: Sequence[CheckItem], problems: Mapping[str, Problem] | None = None) -> None:
        """Show the list; `problems` by the metadata name of the line that they belong to."""
        self._clear()
        ordered = sorted(items, key=lambda item: _WORST_FIRST.index(item.level)) if self._fold else list(items)
        hides = self._fold and any(item.level is not Level.OK for item in ordered)
        for item in ordered:
            self._add(item, (problems or {}).get(component_of(item)), hidden=hides and item.level is Level.OK)
        if self._folded:
            self._add_unfold()

    def _add(self, item: CheckItem, problem: Problem | None, *, hidden: bool) -> None:
        level = Level.BAD if problem is not None else item.level
        line = StateRow(item, tr(self._level_words[level]), problem, brief=not self._fold)
        if self.rows:
            rule = Rule()
            self._rows.addWidget(rule)
            self._hide(rule, hidden)
        self._rows.addWidget(line)
        self.rows.append(line)
        self._hide(line, hidden)

    def _hide(self, widget: QWidget, hidden: bool) -> None:
        if hidden:
            self._folded.append(widget)
            widget.hide()

    def _add_unfold(self) -> None:
        count = sum(isinstance(widget, StateRow) for widget in self._folded)
        self._rows.addWidget(Rule())
        self._unfold = Button(tr_n("Show {n} more that is good", "Show {n} more that are good", count), kind="link")
        self._unfold.clicked.connect(self._show_folded)
        self._rows.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_folded(self) -> None:
        for widget in self._folded:
            widget.show()
        self._unfold.hide()
