"""Shared strokes of the list delegates: ground, selection, fonts and elided text in the colours of the look."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from acassist.gui.theme import theme

LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def strong(option: QStyleOptionViewItem) -> QFont:
    """Return the semibold body font."""
    font = QFont(option.font)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def small(option: QStyleOptionViewItem) -> QFont:
    """Return the small font."""
    font = QFont(option.font)
    font.setPointSizeF(theme().sizes.small)
    return font


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, *, last: bool) -> None:
    """Paint selection, hover and focus, and the line below the row."""
    rect = QRectF(option.rect)
    state = option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, theme().color("accent_soft"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, theme().color("sunken"))
    if not last:
        painter.setPen(QPen(theme().color("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(theme().color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 6, 6)


def width_of(font: QFont, text: str) -> float:
    """Return how wide a text is in a font."""
    return QFontMetricsF(font).horizontalAdvance(text)


def paint_text(painter: QPainter, rect: QRectF, text: str, *, font: QFont, role: str, flags: int = LEFT) -> None:
    """Paint one line of plain text, with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(theme().color(role))
    line = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, flags | int(Qt.TextFlag.TextSingleLine), line)
