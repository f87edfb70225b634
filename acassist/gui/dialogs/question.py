"""A question in a dialog that does not block: the answer comes back through a callback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from acassist.gui.theme import S3, S5
from acassist.gui.widgets import Button, Text, column, row


@dataclass(frozen=True, slots=True)
class Answer:
    """One button of a question; Esc gives the default answer."""

    key: str
    text: str
    default: bool = False
    danger: bool = False


class Question(QDialog):
    """Asks one thing; deletes itself afterwards."""

    def __init__(self, parent: QWidget, title: str, text: str, answers: Sequence[Answer]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(title)
        self.setAccessibleDescription(text)
        self.answer = next(answer.key for answer in answers if answer.default)
        box = column(self, spacing=S3, margins=S5)
        box.addWidget(Text(title, "section"))
        words = Text(text)
        words.setMinimumWidth(420)
        box.addWidget(words)
        buttons = row()
        buttons.addStretch(1)
        for answer in answers:
            buttons.addWidget(self._button(answer))
        box.addLayout(buttons)

    def _button(self, answer: Answer) -> Button:
        button = Button(answer.text, kind="danger" if answer.danger else "")
        button.setProperty("answer", answer.key)
        button.clicked.connect(self._clicked)
        if answer.default:
            button.setAutoDefault(True)
            button.setDefault(True)
            button.setFocus()
        return button

    def _clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.answer = str(sender.property("answer"))
        self.accept()


def ask(parent: QWidget, title: str, text: str, answers: Sequence[Answer], answered: Callable[[str], None]) -> Question:
    """Open a question over the window of `parent`; `answered` gets the key of the answer."""
    question = Question(parent, title, text, answers)

    def hand_over(_result: int) -> None:
        answered(question.answer)

    question.finished.connect(hand_over)
    question.open()
    return question
