"""A check list: what, its state in words and shape, what to do, and the steps behind it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from acassist.assistant.views import CheckItem
from acassist.gui.accessibility import name
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import Button, Card, Chip, LevelIcon, Rule, Text, clear, column, row


class CheckRow(QWidget):
    """One line of the list."""

    def __init__(self, item: CheckItem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        across = row(self, spacing=S3, margins=(0, S2, 0, S2))
        across.addWidget(LevelIcon(item.level), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=S1)
        title = message(item.title)
        words.addWidget(Text(title, "strong"))
        if item.remedy is not None:
            words.addWidget(Text(message(item.remedy), "muted"))
        self._details = self._steps(item)
        if item.details:
            self._toggle = Button(tr("Show the steps"), self._switch, kind="link")
            name(self._toggle, tr("Show the steps: {title}", title=title))
            words.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)
            words.addWidget(self._details)
        across.addLayout(words, 1)
        across.addWidget(Chip(item.level, message(item.state)), 0, Qt.AlignmentFlag.AlignTop)

    def _steps(self, item: CheckItem) -> QWidget:
        holder = QWidget(self)
        box = column(holder, spacing=S1)
        for count, step in enumerate(item.details, start=1):
            line = row(spacing=S2)
            line.addWidget(Text(f"{number(count)}.", "muted", wrap=False), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(Text(message(step)), 1)
            box.addLayout(line)
        holder.hide()
        return holder

    def _switch(self) -> None:
        opened = self._details.isHidden()
        self._details.setVisible(opened)
        self._toggle.setText(tr("Hide the steps") if opened else tr("Show the steps"))


class CheckList(Card):
    """The list in a card; shows that it is loading until it has items."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S4, spacing=0)
        self.show_loading()

    def show_loading(self) -> None:
        """Say that the state is being read."""
        clear(self.body)
        self.body.addWidget(Text(tr("Checking…"), "muted"))

    def show_items(self, items: Sequence[CheckItem]) -> None:
        """Show the list."""
        clear(self.body)
        for count, item in enumerate(items):
            if count:
                self.body.addWidget(Rule())
            self.body.addWidget(CheckRow(item))
