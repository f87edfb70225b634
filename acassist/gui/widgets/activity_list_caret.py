"""The caret that opens a row's detail: a button that tells assistive technology whether it is expanded."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAccessibleStateChangeEvent
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from acassist.gui.accessibility import name
from acassist.gui.widgets.buttons import IconButton

_PROPERTY = "acassist.carets"
_PRESS = "Press"


class Caret(IconButton):
    """Points right while closed and down while open; Space or Enter toggles it."""

    toggledOpen = Signal(bool)

    def __init__(self, subject: str, parent: QWidget | None = None) -> None:
        _install_interface()
        super().__init__("chevron-right", subject, self.toggle_open, parent)
        self.setToolTip("")
        name(self, subject)
        self.open = False

    def toggle_open(self) -> None:
        """Open what is closed and close what is open."""
        self.set_open(not self.open)

    def set_open(self, opened: bool) -> None:
        """Show the state, tell it, and let the row follow."""
        if opened == self.open:
            return
        self.open = opened
        self.change_icon("chevron-down" if opened else "chevron-right")
        changed = QAccessible.State()
        changed.expanded = True
        QAccessible.updateAccessibility(QAccessibleStateChangeEvent(self, changed))
        self.toggledOpen.emit(opened)


class _CaretInterface(QAccessibleWidget):
    """A button with the states expandable and expanded."""

    def __init__(self, caret: Caret) -> None:
        super().__init__(caret, QAccessible.Role.Button)

    def state(self) -> QAccessible.State:
        state = super().state()
        caret = self.widget()
        opened = isinstance(caret, Caret) and caret.open
        state.expandable, state.expanded, state.collapsed = True, opened, not opened
        return state

    def actionNames(self) -> list[str]:
        return [_PRESS, "SetFocus"]

    def doAction(self, action: str) -> None:
        caret = self.widget()
        if action == _PRESS and isinstance(caret, Caret):
            caret.click()
        else:
            super().doAction(action)


def _interface(_key: str, thing: QObject) -> QAccessibleInterface | None:
    return _CaretInterface(thing) if isinstance(thing, Caret) else None


def _install_interface() -> None:
    app = QCoreApplication.instance()
    if app is not None and not app.property(_PROPERTY):
        app.setProperty(_PROPERTY, True)
        QAccessible.installFactory(_interface)
