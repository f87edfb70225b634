"""Buttons: primary, quiet, link-like, icon-only, and one that shows it is busy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from acassist.gui.accessibility import name
from acassist.gui.icons import set_icon
from acassist.gui.theme import dress


class Button(QPushButton):
    """A push button; `kind` is empty, primary, danger or link."""

    def __init__(
        self, text: str, clicked: Callable[[], None] | None = None, *, kind: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if kind:
            self.setProperty("kind", kind)
        if clicked is not None:
            self.clicked.connect(clicked)

    def allow(self, allowed: bool, reason: str = "") -> None:
        """Enable the button, or disable it with the reason as tool tip and spoken description."""
        self.setEnabled(allowed)
        self.setToolTip("" if allowed else reason)
        self.setAccessibleDescription("" if allowed else reason)

    def make(self, kind: str) -> None:
        """Change the button's weight."""
        dress(self, kind=kind)


class IconButton(Button):
    """A button that shows only an icon; its name is the tool tip."""

    def __init__(
        self, icon_name: str, tip: str, clicked: Callable[[], None] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__("", clicked, kind="icon", parent=parent)
        set_icon(self, icon_name, "muted")
        self.describe(tip)

    def describe(self, tip: str) -> None:
        """Change tool tip and name."""
        self.setToolTip(tip)
        name(self, tip)

    def change_icon(self, icon_name: str) -> None:
        """Show another icon."""
        set_icon(self, icon_name, "muted")


class BusyButton(Button):
    """A button that cannot be pressed twice: while busy it says so and is disabled."""

    def __init__(
        self,
        text: str,
        clicked: Callable[[], None] | None = None,
        *,
        kind: str = "primary",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, clicked, kind=kind, parent=parent)
        self._calm = text
        self._allowed = True

    def rename(self, text: str) -> None:
        """Change the words that the button has while it is not busy."""
        self._calm = text
        self.setText(text)

    def set_busy(self, busy: bool, text: str = "") -> None:
        """Show `text` and refuse presses, or go back to the button's own text."""
        if busy and self.isEnabled():
            self._allowed = True
        self.setText(text if busy and text else self._calm)
        self.setEnabled(not busy)
        self.setCursor(Qt.CursorShape.BusyCursor if busy else Qt.CursorShape.ArrowCursor)
