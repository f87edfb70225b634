"""A person without a mouse: reaches controls by Tab and presses them with Space, and reads what can be seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QWidget

from acassist.gui.dialogs.question import Question


def seen(widget: QWidget) -> str:
    """Return the words of all labels that can be seen."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def press(widget: QWidget) -> None:
    """Reach a control by Tab from the start of its window and press it."""
    window = widget.window()
    window.activateWindow()
    start = QApplication.focusWidget() or window
    for _ in range(400):
        if window.focusWidget() is widget:
            QTest.keyClick(widget, Qt.Key.Key_Space)
            return
        QTest.keyClick(window.focusWidget() or start, Qt.Key.Key_Tab)
    raise AssertionError(f"{widget} is not reached by Tab")


def answer(parent: QWidget, key: str) -> None:
    """Press a button of the question that is open."""
    question = next(q for q in parent.findChildren(Question) if q.isVisible())
    button = next(b for b in question.findChildren(QPushButton) if b.property("answer") == key)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


def choose_file(parent: QWidget, path: str) -> None:
    """Answer the file dialog that is open."""
    dialog = next(d for d in parent.findChildren(QFileDialog) if d.isVisible())
    dialog.selectFile(path)
    dialog.accept()
