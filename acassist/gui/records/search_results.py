"""Search results: a list model of typed hits and the delegate that draws them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from acassist.assistant.views import SearchHit
from acassist.domain.foreign_text import one_line
from acassist.domain.ids import SObject
from acassist.gui.icons import paint_icon
from acassist.gui.strings import message, tr
from acassist.gui.theme import theme
from acassist.gui.widgets import list_painting as lp

HIT_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NOWHERE = QModelIndex()
LIST_SHARE = 1000
"""How much more of the room a list takes than what is below it, until all its rows are seen."""
_SURELY_FULL = 100
_ANY_HEIGHT = 16_777_215
_FRAME = 6
"""What the frame of the style sheet takes."""
_EDGE = 16.0
_ICON = 20.0
Index = QModelIndex | QPersistentModelIndex


def second_line(hit: SearchHit) -> str:
    """Return e-mail and company as far as they are known."""
    email, company = one_line(hit.email), one_line(hit.company)
    if email and company:
        return tr("{email} · {company}", email=email, company=company)
    return email or company or tr("no e-mail address")


def name_of(hit: SearchHit) -> str:
    """Return the name as it may be shown."""
    return one_line(hit.name) or tr("without a name")


def linked_words(hit: SearchHit) -> str:
    """Say whether both sides are known to belong together."""
    return tr("Linked") if hit.linked else tr("Not linked")


class SearchModel(QAbstractListModel):
    """The hits of the last search, in the order of the answer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: tuple[SearchHit, ...] = ()

    def set_hits(self, hits: Sequence[SearchHit]) -> None:
        self.beginResetModel()
        self._hits = tuple(hits)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._hits):
            return None
        hit = self._hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(
                "{name}, {kind}, {details}, {linked}",
                name=name_of(hit), kind=message(hit.kind), details=second_line(hit), linked=linked_words(hit),
            )  # fmt: skip
        if role == Qt.ItemDataRole.ToolTipRole:
            return tr("{name}: {details}", name=name_of(hit), details=second_line(hit))
        return None


def kind_icon(hit: SearchHit) -> str:
    """Return the icon that goes with the kind of record."""
    if hit.ref.sobject is SObject.LEAD:
        return "user"
    return "records" if hit.ref.sobject is SObject.CONTACT else "mail"


class ShortList(QListView):
    """A list no higher than its rows, so that a few results do not stand in a large empty frame."""

    def __init__(self, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        model.modelReset.connect(self.fit)

    def fit(self) -> None:
        """Take the height of the rows; the scroll bar is for those that find no room."""
        rows = self.model().rowCount()
        height = sum(self.sizeHintForRow(row) for row in range(min(rows, _SURELY_FULL)))
        self.setMaximumHeight(_ANY_HEIGHT if rows > _SURELY_FULL else height + 2 * self.frameWidth() + _FRAME)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the desktop's letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()


class SearchDelegate(QStyledItemDelegate):
    """Draws a hit in two lines: name and details left, kind and link state right."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, max(60, option.fontMetrics.height() * 2 + 24))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.data(HIT_ROLE)
        if hit is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lp.paint_ground(painter, option, last=index.row() == index.model().rowCount() - 1)
        self._paint_hit(painter, option, hit)
        painter.restore()

    @staticmethod
    def _paint_hit(painter: QPainter, option: QStyleOptionViewItem, hit: SearchHit) -> None:
        rect = QRectF(option.rect).adjusted(_EDGE, 0, -_EDGE, 0)
        middle = rect.center().y()
        line = option.fontMetrics.height()
        icon_box = QRectF(rect.left(), middle - _ICON / 2, _ICON, _ICON)
        paint_icon(painter, icon_box, kind_icon(hit), theme().color("muted"))
        kind, linked = message(hit.kind), linked_words(hit)
        small = lp.small(option)
        side = max(lp.width_of(option.font, kind), lp.width_of(small, linked) + 22) + 8
        left = icon_box.right() + 14
        width = rect.right() - side - left - 12
        top, below = QRectF(left, middle - line - 2, width, line), QRectF(left, middle + 2, width, line)
        lp.paint_text(painter, top, name_of(hit), font=lp.strong(option), role="text")
        lp.paint_text(painter, below, second_line(hit), font=option.font, role="muted")
        right_top = QRectF(rect.right() - side, top.top(), side, line)
        right_below = QRectF(rect.right() - side, below.top(), side, line)
        lp.paint_text(painter, right_top, kind, font=option.font, role="text", flags=lp.RIGHT)
        role = "ok" if hit.linked else "muted"
        lp.paint_text(painter, right_below, linked, font=small, role=role, flags=lp.RIGHT)
        mark = QRectF(right_below.right() - lp.width_of(small, linked) - 20, right_below.center().y() - 7, 14, 14)
        paint_icon(painter, mark, "link" if hit.linked else "unlink", theme().color(role))
