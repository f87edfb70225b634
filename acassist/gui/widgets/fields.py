"""Input fields: labelled input, secret with a show toggle, search, and text to be copied."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton, QWidget

from acassist.gui.accessibility import buddy, name
from acassist.gui.icons import icon
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S2, dress, theme
from acassist.gui.widgets.buttons import Button, IconButton
from acassist.gui.widgets.labels import Text
from acassist.gui.widgets.layout import column, row

_COPIED_MS = 2000


class Labelled(QWidget):
    """A label above an input, a hint below it, and the place where its error appears."""

    def __init__(self, label: str, field: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        box = column(self, spacing=S1)
        self.label = QLabel(label)
        buddy(self.label, field)
        box.addWidget(self.label)
        self._line = row(spacing=S2)
        self._line.addWidget(field, 1)
        box.addLayout(self._line)
        self.hint = Text(hint, "small")
        self.error = Text("", "bad")
        self.error.hide()
        box.addWidget(self.error)
        box.addWidget(self.hint)
        if not hint:
            self.hint.hide()

    def add_beside(self, widget: QWidget) -> None:
        """Put a widget to the right of the input."""
        self._line.addWidget(widget)

    def set_hint(self, text: str) -> None:
        """Change the hint."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def refuse(self, sentence: str, *, focus: bool = True) -> None:
        """Show what is wrong next to the input and put the focus there."""
        self.error.setText(sentence)
        self.error.show()
        dress(self.field, invalid="true")
        self.field.setAccessibleDescription(sentence)
        if focus:
            self.field.setFocus()

    def accept(self) -> None:
        """Take the error away."""
        if self.error.isHidden():
            return
        self.error.hide()
        self.field.setAccessibleDescription("")
        dress(self.field, invalid="false")


class SecretField(Labelled):
    """An input whose text is hidden unless the user asks to see it."""

    def __init__(self, label: str, hint: str = "", parent: QWidget | None = None) -> None:
        self.edit = QLineEdit()
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        super().__init__(label, self.edit, hint, parent)
        self._toggle = Button(tr("Show"), self._switch)
        self.add_beside(self._toggle)

    def _switch(self) -> None:
        hidden = self.edit.echoMode() == QLineEdit.EchoMode.Password
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._toggle.setText(tr("Hide") if hidden else tr("Show"))


class SearchField(QLineEdit):
    """A search input that reports once typing has paused."""

    searched = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, pause_ms: int = 250) -> None:
        super().__init__(parent)
        self.setPlaceholderText(placeholder)
        self.setClearButtonEnabled(True)
        for clear in self.findChildren(QToolButton):
            clear.setToolTip(tr("Clear"))
            name(clear, tr("Clear"))
        name(self, placeholder)
        self._action = QAction(self)
        self.addAction(self._action, QLineEdit.ActionPosition.LeadingPosition)
        self._tint()
        theme().changed.connect(self._tint)
        self._timer = QTimer(self, singleShot=True, interval=pause_ms)
        self._timer.timeout.connect(self._report)
        self.textChanged.connect(self._wait)
        self.returnPressed.connect(self._report)

    def _wait(self) -> None:
        self._timer.start()

    def forget(self) -> None:
        """Do not report what was typed last."""
        self._timer.stop()

    def _tint(self) -> None:
        self._action.setIcon(icon("search", "muted", 16))

    def _report(self) -> None:
        self._timer.stop()
        self.searched.emit(self.text())

    def sizeHint(self) -> QSize:
        return QSize(280, super().sizeHint().height())


class CopyField(QWidget):
    """Text that is to be copied elsewhere, with a button that does it and says so."""

    def __init__(self, label: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit(text)
        self.edit.setReadOnly(True)
        self.edit.setCursorPosition(0)
        name(self.edit, label)
        self._copy = IconButton("copy", tr("Copy {what}", what=label), self._to_clipboard)
        self._copied = Text("", "ok", wrap=False)
        self._timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._timer.timeout.connect(self._copied.clear)
        box = row(self, spacing=S2)
        box.addWidget(self.edit, 1)
        box.addWidget(self._copy)
        box.addWidget(self._copied)

    def _to_clipboard(self) -> None:
        QGuiApplication.clipboard().setText(self.edit.text())
        self._copied.setText(tr("Copied"))
        self._timer.start()

    def set_text(self, text: str) -> None:
        """Show another text."""
        self.edit.setText(text)
        self.edit.setCursorPosition(0)
