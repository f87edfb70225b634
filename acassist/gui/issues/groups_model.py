"""The causes as a list: title and count, drawn in the colours of the look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from acassist.gui.issues.grouping import IssueGroup
from acassist.gui.strings import message, number, tr, tr_n
from acassist.gui.theme import theme
from acassist.gui.widgets import list_painting as lp

GROUP_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NOWHERE = QModelIndex()
_EDGE = 14
_COUNT_WIDTH = 40
Index = QModelIndex | QPersistentModelIndex


class GroupsModel(QAbstractListModel):
    """One row per cause."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[IssueGroup, ...] = ()

    @property
    def groups(self) -> tuple[IssueGroup, ...]:
        return self._groups

    def set_groups(self, groups: Sequence[IssueGroup]) -> None:
        self.beginResetModel()
        self._groups = tuple(groups)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._groups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._groups):
            return None
        group = self._groups[index.row()]
        if role == GROUP_ROLE:
            return group
        if role == Qt.ItemDataRole.DisplayRole:
            count = tr_n("{n} record", "{n} records", len(group.issues))
            return tr("{cause}, {count}", cause=group.title, count=count)
        return message(group.title) if role == Qt.ItemDataRole.ToolTipRole else None


class GroupDelegate(QStyledItemDelegate):
    """Draws a cause, which may take two lines, and its count at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        group = index.data(GROUP_ROLE)
        width = (option.widget.width() if option.widget is not None else 240) - 2 * _EDGE - _COUNT_WIDTH - 16
        title = message(group.title) if group is not None else ""
        metrics = QFontMetrics(lp.strong(option))
        box = metrics.boundingRect(QRect(0, 0, width, 1000), int(Qt.TextFlag.TextWordWrap), title)
        return QSize(160, box.height() + 22)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        group = index.data(GROUP_ROLE)
        if group is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lp.paint_ground(painter, option, last=index.row() == index.model().rowCount() - 1)
        rect = QRectF(option.rect).adjusted(_EDGE, 4, -_EDGE, -4)
        text = rect.adjusted(0, 0, -_COUNT_WIDTH - 8, 0)
        painter.setFont(lp.strong(option))
        painter.setPen(theme().color("text"))
        wrapping = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        wrapping.setWrapMode(QTextOption.WrapMode.WordWrap)
        painter.drawText(text, message(group.title), wrapping)
        self._paint_count(
            painter, option, QRectF(rect.right() - _COUNT_WIDTH, rect.top(), _COUNT_WIDTH, rect.height()), group
        )
        painter.restore()

    @staticmethod
    def _paint_count(painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, group: IssueGroup) -> None:
        words, font = number(len(group.issues)), lp.small(option)
        width = max(24.0, lp.width_of(font, words) + 16)
        pill = QRectF(rect.right() - width, rect.center().y() - 10, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("warn_soft"))
        painter.drawRoundedRect(pill, 10, 10)
        lp.paint_text(painter, pill, words, font=font, role="warn", flags=int(Qt.AlignmentFlag.AlignCenter))
