"""A radio button whose title may wrap, with a sentence below it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QRadioButton, QWidget

from acassist.gui.accessibility import name
from acassist.gui.theme import S1
from acassist.gui.widgets import Text, column, row


class ClickText(Text):
    """Words that act like the control they belong to."""

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()


class Choice(QWidget):
    """One of several choices; Qt's own radio button cannot wrap its title, so the title stands beside it."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QRadioButton()
        name(self.button, title, text)
        self.title, self.note = ClickText(title), Text(text, "muted")
        self.title.clicked.connect(self.button.click)
        across = row(self, spacing=S1)
        across.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=2, margins=(0, 4, 0, 0))
        words.addWidget(self.title)
        words.addWidget(self.note)
        across.addLayout(words, 1)
