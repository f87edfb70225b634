"""What is known of a connection, as pairs of name and value that line up."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from acassist.gui.theme import S2, S5
from acassist.gui.widgets import Card, SelectableText, Text, clear


class FactList(Card):
    """Hidden while nothing is known; foreign text is shown as plain text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S5)
        self._grid.setVerticalSpacing(S2)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)
        self.hide()

    def show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Show the pairs that have a value."""
        clear(self._grid)
        known = [(title, value) for title, value in facts if value]
        for line, (title, value) in enumerate(known):
            self._grid.addWidget(Text(title, "muted", wrap=False), line, 0, Qt.AlignmentFlag.AlignTop)
            shown = SelectableText(value)
            shown.setAccessibleName(f"{title}: {value}")
            self._grid.addWidget(shown, line, 1)
        self.setVisible(bool(known))
