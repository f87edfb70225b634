"""Names for assistive technology, and the crawl that finds what lacks one."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractScrollArea, QComboBox, QLabel, QLineEdit, QScrollArea, QWidget


def name(widget: QWidget, text: str, description: str = "") -> None:
    """Give a widget the name that a screen reader says: its visible label without the mnemonic mark."""
    # A mark stands before a letter; an ampersand between words is part of somebody's text.
    spoken = re.sub(r"&(\S)", r"\1", text)
    widget.setAccessibleName(spoken)
    # On Linux Qt gives a combo box its value as its name, so what it is for has to stand in the description.
    if not description and isinstance(widget, QComboBox):
        description = spoken
    if description:
        widget.setAccessibleDescription(description)


def buddy(label: QLabel, widget: QWidget) -> None:
    """Tie a visible label to its input: mnemonic, and the same name for assistive technology."""
    label.setBuddy(widget)
    name(widget, label.text())


def _spoken(widget: QObject) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface is not None else ""


def _skipped(widget: QWidget) -> bool:
    inner_editor = (
        isinstance(widget, QLineEdit) and widget.parent() is not None and hasattr(widget.parent(), "lineEdit")
    )
    bare_scroll = isinstance(widget, QScrollArea) or type(widget) is QAbstractScrollArea
    return inner_editor or bare_scroll or widget.objectName().startswith("qt_")


def crawl(window: QWidget) -> list[str]:
    """List the visible focusable widgets that have no name."""
    unnamed = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window) or widget.focusPolicy() == Qt.FocusPolicy.NoFocus or _skipped(widget):
            continue
        if not _spoken(widget).strip():
            unnamed.append(f"{type(widget).__name__} {widget.objectName()}".strip())
    return unnamed
