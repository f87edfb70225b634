"""What may be sent or entered: offered campaigns or automations; what cannot be used is grey, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from acassist.assistant.views import Offer
from acassist.domain.foreign_text import one_line
from acassist.gui.strings import message, tr
from acassist.gui.widgets import list_painting as lp

OFFER_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


def note_of(offer: Offer) -> str:
    """Return the second line of an offer: why it cannot be used, or what it is."""
    return message(offer.reason) if offer.reason is not None else one_line(offer.detail)


def name_of(offer: Offer) -> str:
    """Return the name as it may be shown."""
    return one_line(offer.name) or tr("without a name")


class OffersModel(QAbstractListModel):
    """Offered items only, filtered by words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Offer, ...] = ()
        self._shown: tuple[Offer, ...] = ()
        self._words: tuple[str, ...] = ()

    def set_offers(self, offers: Sequence[Offer]) -> None:
        self._all = tuple(offer for offer in offers if offer.offered)
        self._arrange()

    @property
    def total(self) -> int:
        """Count the offered items without the filter."""
        return len(self._all)

    def set_filter(self, text: str) -> None:
        self._words = tuple(text.casefold().split())
        self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        self._shown = tuple(o for o in self._all if all(w in f"{o.name}\n{o.detail}".casefold() for w in self._words))
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        offer = index.data(OFFER_ROLE)
        if offer is not None and offer.reason is not None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        offer = self._shown[index.row()]
        if role == OFFER_ROLE:
            return offer
        if role == Qt.ItemDataRole.DisplayRole:
            return name_of(offer)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return note_of(offer)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            note = note_of(offer)
            return tr("{name}, {details}", name=name_of(offer), details=note) if note else name_of(offer)
        return None


class OfferList(QListView):
    """A list that chooses nothing by itself when the cursor comes to it: an arrow key or a click does."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        chosen = self.currentIndex().isValid()
        super().focusInEvent(event)
        if not chosen:
            self.selectionModel().clearCurrentIndex()


class OfferDelegate(QStyledItemDelegate):
    """Draws an offer in two lines."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, option.fontMetrics.height() * 2 + 20)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer = index.data(OFFER_ROLE)
        if offer is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lp.paint_ground(painter, option, last=index.row() == index.model().rowCount() - 1)
        rect = QRectF(option.rect).adjusted(14, 0, -14, 0)
        line, middle = option.fontMetrics.height(), rect.center().y()
        usable = offer.reason is None
        top = QRectF(rect.left(), middle - line - 1, rect.width(), line)
        below = QRectF(rect.left(), middle + 1, rect.width(), line)
        lp.paint_text(painter, top, name_of(offer), font=lp.strong(option), role="text" if usable else "muted")
        lp.paint_text(painter, below, note_of(offer), font=lp.small(option), role="muted" if usable else "warn")
        painter.restore()
