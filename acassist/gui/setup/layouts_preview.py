"""One page layout as it would be: its sections with what is new in them, warnings, and steps by hand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from acassist.assistant.provision_views import LayoutPreview, LayoutSection
from acassist.assistant.views import Level
from acassist.domain.text import Message
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S1, S2, S3
from acassist.gui.widgets import Button, Chip, Elided, LevelIcon, SelectableText, Text, column, row

_COLUMNS = 2


class SectionBox(QFrame):
    """A section of the layout in miniature; a new one is marked in words as well as in colour."""

    def __init__(self, section: LayoutSection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar" if section.added else "well")
        self.setProperty("level", "ok" if section.added else "")
        box = column(self, spacing=S1, margins=(S3, S2, S3, S2))
        head = row(spacing=S2)
        title = Elided(section.label or tr("Untitled section"), "strong")
        head.addWidget(title, 1)
        if section.added:
            head.addWidget(Text(tr("New, read-only"), wrap=False))
        box.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(S3)
        grid.setVerticalSpacing(S1)
        columns = 1 if section.added else _COLUMNS
        for place, label in enumerate(section.fields):
            line, side = divmod(place, columns)
            grid.addWidget(Elided(label, "" if section.added else "muted"), line, side)
        for side in range(columns):
            grid.setColumnStretch(side, 1)
        box.addLayout(grid)


def sentence(level: Level, words: str) -> QWidget:
    """Return a sentence with the shape of its level."""
    holder = QWidget()
    line = row(holder, spacing=S3)
    line.addWidget(LevelIcon(level), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(Text(words), 1)
    return holder


def steps(items: Sequence[Message]) -> QWidget:
    """Return numbered steps that can be marked and copied."""
    holder = QWidget()
    box = column(holder, spacing=S1)
    for count, step in enumerate(items, start=1):
        line = row(spacing=S2)
        line.addWidget(Text(f"{number(count)}.", "muted", wrap=False), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(SelectableText(message(step)), 1)
        box.addLayout(line)
    return holder


class LayoutView(QWidget):
    """Everything that is known of one layout."""

    def __init__(self, preview: LayoutPreview, used_by: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_hand: QWidget | None = None
        box = column(self, spacing=S3)
        head = row(spacing=S3)
        head.addWidget(Text(preview.name, "section"), 1)
        head.addWidget(_chip(preview), 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(head)
        used = tr("Used by: {profiles}", profiles=", ".join(used_by)) if used_by else tr("No profile uses it.")
        box.addWidget(Text(used, "muted"))
        if preview.blocked is not None:
            box.addWidget(sentence(Level.BAD, message(preview.blocked)))
        for warning in preview.warnings:
            box.addWidget(sentence(Level.WARN, message(warning)))
        if preview.steps:
            box.addWidget(Text(tr("Do it by hand"), "strong"))
            box.addWidget(steps(preview.steps))
        if preview.sections:
            box.addWidget(Text(tr("The layout as it will be") if preview.changes else tr("The layout"), "strong"))
        for section in preview.sections:
            box.addWidget(SectionBox(section))
        if preview.link_added:
            words = tr("The link Open in Setup Assistant is added to the custom links of the layout.")
            box.addWidget(sentence(Level.OK, words))
        if preview.changes and preview.by_hand:
            self._add_by_hand(box, preview)
        box.addStretch(1)

    def _add_by_hand(self, box: QVBoxLayout, preview: LayoutPreview) -> None:
        self.toggle = Button(tr("How to do it by hand"), self._switch, kind="link")
        self._by_hand = steps(preview.by_hand)
        self._by_hand.hide()
        box.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._by_hand)

    def _switch(self) -> None:
        if self._by_hand is not None:
            self._by_hand.setVisible(self._by_hand.isHidden())

    def show_by_hand(self) -> None:
        """Show the steps: Salesforce refused to let the program do it."""
        if self._by_hand is not None:
            self._by_hand.show()


def _chip(preview: LayoutPreview) -> Chip:
    if preview.blocked is not None:
        return Chip(Level.WARN, tr("By hand"))
    if preview.added:
        return Chip(Level.IDLE, tr("Not shown yet"))
    return Chip(Level.OK, tr("Shows the fields"))
