"""Boxes with the product's spacing, and frames in its look."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from acassist.gui.theme import S2, S3, S4, S5

Margins = int | tuple[int, int, int, int]


def column(parent: QWidget | None = None, *, spacing: int = S3, margins: Margins = 0) -> QVBoxLayout:
    """Return a vertical box."""
    box = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    _space(box, spacing, margins)
    return box


def row(parent: QWidget | None = None, *, spacing: int = S2, margins: Margins = 0) -> QHBoxLayout:
    """Return a horizontal box."""
    box = QHBoxLayout(parent) if parent is not None else QHBoxLayout()
    _space(box, spacing, margins)
    return box


def _space(box: QBoxLayout, spacing: int, margins: Margins) -> None:
    left, top, right, bottom = (margins,) * 4 if isinstance(margins, int) else margins
    box.setSpacing(spacing)
    box.setContentsMargins(left, top, right, bottom)


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and delete its widgets."""
    while (item := layout.takeAt(0)) is not None:
        inner = item.layout()
        widget = item.widget()
        if inner is not None:
            clear(inner)
        if widget is not None:
            widget.hide()
            widget.deleteLater()


class Card(QFrame):
    """A white (or dark) box with a line around it; `body` is its column."""

    def __init__(self, parent: QWidget | None = None, *, padding: int = S5, spacing: int = S3) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = column(self, spacing=spacing, margins=padding)


class Rule(QFrame):
    """A thin line between groups."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "rule")
        self.setFixedHeight(1)


class _Bar(QScrollBar):
    """A bar that takes no room while there is nothing to scroll."""

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return hint if self.isEnabled() else QSize(0, hint.height())


class Scroll(QScrollArea):
    """A page that scrolls vertically, follows the focus, and never shows a horizontal bar."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = S4) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.content = QWidget()
        self.content.setProperty("kind", "clear")
        self.content.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.body = column(self.content, spacing=spacing, margins=0)
        self.setWidget(self.content)
        self.content.installEventFilter(self)
        # The bar is always there, without width while nothing scrolls: Qt (6.12) crashes when a screen reader asks
        # for a child of a scroll area that went away since it counted them.
        self.setVerticalScrollBar(_Bar(Qt.Orientation.Vertical))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().rangeChanged.connect(self._show_bar)
        self._show_bar(0, 0)

    def _show_bar(self, low: int, high: int) -> None:
        """Give the bar its width only while there is something to scroll."""
        bar = self.verticalScrollBar()
        if bar.isEnabled() != (high > low):
            bar.setEnabled(high > low)
            bar.updateGeometry()
            self.setViewportMargins(0, 0, 0, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.content and event.type() == QEvent.Type.LayoutRequest:
            self.content.setMinimumWidth(0)
        return super().eventFilter(watched, event)
