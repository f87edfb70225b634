"""The endless list of activities: one line each, quick with tens of thousands."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from acassist.domain.activity import Activity
from acassist.gui.icons import paint_icon
from acassist.gui.records.activities_model import ACTIVITY_ROLE, Index
from acassist.gui.strings import ago
from acassist.gui.theme import theme
from acassist.gui.widgets import list_painting as lp
from acassist.gui.widgets.activity_list_words import KIND_ICONS, label, title_of


class ActivityDelegate(QStyledItemDelegate):
    """Draws one activity in one line: icon, kind, name, time."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, max(40, option.fontMetrics.height() + 20))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        activity = index.data(ACTIVITY_ROLE)
        if activity is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lp.paint_ground(painter, option, last=index.row() == index.model().rowCount() - 1)
        rect = QRectF(option.rect).adjusted(16, 0, -16, 0)
        box = QRectF(rect.left(), rect.center().y() - 10, 20, 20)
        paint_icon(painter, box, KIND_ICONS[activity.kind], theme().color("muted"))
        self._paint_words(painter, option, rect.adjusted(32, 0, 0, 0), activity)
        painter.restore()

    @staticmethod
    def _paint_words(painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, activity: Activity) -> None:
        strong, small = lp.strong(option), lp.small(option)
        kind, time = label(activity.kind), ago(activity.at)
        kind_width, time_width = lp.width_of(strong, kind) + 2, lp.width_of(small, time) + 2
        lp.paint_text(painter, rect, kind, font=strong, role="text")
        middle = rect.adjusted(kind_width + 12, 0, -time_width - 12, 0)
        lp.paint_text(painter, middle, title_of(activity), font=option.font, role="muted")
        lp.paint_text(painter, rect, time, font=small, role="muted", flags=lp.RIGHT)


class ActivityView(QTableView):
    """A list drawn by a table view: a list view lays all of its rows out anew for every page that comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(ActivityDelegate(self))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(max(40, self.fontMetrics().height() + 20))
