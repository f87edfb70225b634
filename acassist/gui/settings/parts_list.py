"""The parts of Settings as a list at the side: leads to each card, and marks the one that is in sight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from acassist.gui.accessibility import name
from acassist.gui.strings import tr
from acassist.gui.theme import CONTROL_HEIGHT, S7, theme
from acassist.gui.widgets import Scroll

_WIDEST = 240
_CARD = int(Qt.ItemDataRole.UserRole)


class PartsList(QListWidget):
    """Follows the page as it scrolls; hidden where the page is narrow."""

    def __init__(self, scroll: Scroll, parts: Sequence[tuple[str, QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scroll = scroll
        self._cards = [card for _, card in parts]
        name(self, tr("Parts of the settings"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for place, (title, _card) in enumerate(parts):
            item = QListWidgetItem(title)
            item.setToolTip(title)
            item.setData(_CARD, place)
            item.setSizeHint(QSize(0, CONTROL_HEIGHT))
            self.addItem(item)
        widest = max(self.fontMetrics().horizontalAdvance(title) for title, _ in parts)
        self.setFixedWidth(min(round(_WIDEST * theme().scale), widest + 2 * S7))
        self.setCurrentRow(0)
        self.currentRowChanged.connect(self._go)
        scroll.verticalScrollBar().valueChanged.connect(self._follow)

    def show_present(self) -> None:
        """Leave out the parts that this profile does not have."""
        for place, card in enumerate(self._cards):
            self.item(place).setHidden(card.isHidden())
        self.setFixedHeight(sum(CONTROL_HEIGHT for card in self._cards if not card.isHidden()) + 2 * self.frameWidth())

    def _go(self, place: int) -> None:
        if 0 <= place < len(self._cards):
            bar = self._scroll.verticalScrollBar()
            blocked = bar.blockSignals(True)
            bar.setValue(self._cards[place].y())
            bar.blockSignals(blocked)
            self._scroll.content.move(0, -bar.value())

    def _follow(self, value: int) -> None:
        """Mark the first part of which something can be seen below the upper edge."""
        window = QRect(0, value, 1, self._scroll.viewport().height())
        for place, card in enumerate(self._cards):
            if not card.isHidden() and card.geometry().bottom() > window.top() + S7:
                blocked = self.blockSignals(True)
                self.setCurrentRow(place)
                self.blockSignals(blocked)
                return
