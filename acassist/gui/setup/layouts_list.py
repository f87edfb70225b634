"""One line of the list of layouts: name, object, and whether it was changed here."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from acassist.assistant.provision_views import LayoutRow
from acassist.domain.ids import SObject
from acassist.gui.icons import paint_icon
from acassist.gui.strings import tr
from acassist.gui.theme import S3, theme
from acassist.gui.widgets.list_painting import paint_ground, paint_text, small, strong

_ICON = 18
_INSET = 9


def state_words(layout: LayoutRow) -> str:
    """Return object and state in words."""
    owner = tr("Lead") if layout.sobject is SObject.LEAD else tr("Contact")
    return tr("{object}, changed here", object=owner) if layout.changed_here else owner


class LayoutDelegate(QStyledItemDelegate):
    """Paints the row found under `role`."""

    def __init__(self, role: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._role = role

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, option.fontMetrics.height() * 2 + 2 * _INSET)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        layout: LayoutRow = index.data(self._role)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, last=index.row() == index.model().rowCount() - 1)
        rect = QRectF(option.rect).adjusted(S3, _INSET, -S3, -_INSET)
        shape, role = ("check-circle", "ok") if layout.changed_here else ("window", "muted")
        paint_icon(painter, QRectF(rect.left(), rect.top() + 1, _ICON, _ICON), shape, theme().color(role))
        words = rect.adjusted(_ICON + S3, 0, 0, 0)
        half = words.height() / 2
        paint_text(painter, words.adjusted(0, 0, 0, -half), layout.name, font=strong(option), role="text")
        paint_text(painter, words.adjusted(0, half, 0, 0), state_words(layout), font=small(option), role="muted")
        painter.restore()
