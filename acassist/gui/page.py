"""What every page of the main window is."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge


class Page(QWidget):
    """A page of the main window. It loads in `activate`, which runs each time the page is shown."""

    navigate = Signal(str, object)
    """Ask the window to show another page by its key, with something to show there (a RecordRef, a step, None)."""

    language_wanted = Signal(str)
    """Ask for another language by code (`system`, `en`, `es`); the window is made anew in it."""

    alerts_off = Signal(object)
    """Tell which kinds of alert a person switched off (`alert_kinds`)."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "page")
        self.bridge = bridge

    def activate(self) -> None:
        """Load or refresh what is shown."""

    def open(self, subject: object) -> None:
        """Show one subject, such as a record."""

    @property
    def told(self) -> Problem | None:
        """Return the problem that the page shows itself, so that the window need not."""
        return None
