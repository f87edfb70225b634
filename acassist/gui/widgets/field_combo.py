"""A searchable choice of fields: the type is shown, fields that do not fit are grey with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from acassist.gui.theme import theme

_KEY = Qt.ItemDataRole.UserRole + 1
_NOTE = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class FieldOption:
    """One field to choose: stable key, name, type in words, and why it cannot be chosen (empty when it can)."""

    key: str
    title: str
    note: str
    refusal: str = ""


class _TwoLines(QStyledItemDelegate):
    """Draws a field as its name with the type or the reason beneath."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(240, 2 * option.fontMetrics.height() + 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours = theme()
        painter.save()
        active = bool(option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver))
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.fillRect(option.rect, colours.color("accent_soft" if active and enabled else "surface"))
        inner = option.rect.adjusted(10, 6, -10, -6)
        half = inner.height() // 2
        font = painter.font()
        painter.setPen(colours.color("text" if enabled else "muted"))
        top = QRect(inner.left(), inner.top(), inner.width(), half)
        self._line(painter, top, str(index.data(Qt.ItemDataRole.DisplayRole) or ""))
        font.setPointSizeF(colours.sizes.small)
        painter.setFont(font)
        painter.setPen(colours.color("muted" if enabled else "warn"))
        self._line(painter, top.translated(0, half), str(index.data(_NOTE) or ""))
        painter.restore()

    def _line(self, painter: QPainter, rect: QRect, text: str) -> None:
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), short)


class Combo(QComboBox):
    """A plain choice that the mouse wheel does not change by accident while the page scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class FieldCombo(Combo):
    """Choose one field by typing part of its name, or from the list."""

    chosen = Signal(str)

    def __init__(self, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._title = ""
        self._later: Callable[[], Sequence[FieldOption]] | None = None
        self._edit = QLineEdit(self)
        self.setLineEdit(self._edit)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(10)
        self._edit.setPlaceholderText(placeholder)
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setItemDelegate(_TwoLines(self))
        self.setMaxVisibleItems(8)
        self._completer()
        self.activated.connect(self._picked)
        self._edit.editingFinished.connect(self._settle)

    def _completer(self) -> None:
        completer = QCompleter(self._items, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        popup = QListView()
        popup.setProperty("kind", "popup")
        completer.setPopup(popup)
        popup.setItemDelegate(_TwoLines(popup))
        self.setCompleter(completer)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())

    def set_later(self, key: str, title: str, options: Callable[[], Sequence[FieldOption]]) -> None:
        """Show a field now, and list the others when the user gets here: hundreds of fields times dozens of rows."""
        self._items.clear()
        self._key, self._title, self._later = key, title, options
        self.set_key(key)
        if self.hasFocus():
            self.load()

    def load(self) -> None:
        """List the fields, if that was put off."""
        if self._later is not None:
            options, self._later = self._later(), None
            self.set_options(options, self._key)

    def showPopup(self) -> None:
        self.load()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.load()
        super().focusInEvent(event)

    def set_options(self, options: Sequence[FieldOption], key: str = "") -> None:
        """Offer these fields and show the one with the key, without reporting a choice."""
        self._later = None
        self.blockSignals(True)
        self._items.clear()
        for option in options:
            item = QStandardItem(option.title)
            item.setData(option.key, _KEY)
            item.setData(option.refusal or option.note, _NOTE)
            item.setToolTip(option.refusal)
            item.setEnabled(not option.refusal)
            self._items.appendRow(item)
        self.blockSignals(False)
        self.set_key(key)

    @property
    def key(self) -> str:
        """Return the key of the chosen field, empty when none is chosen."""
        return self._key

    def set_key(self, key: str) -> None:
        """Show a field without reporting a choice."""
        self._key = key
        index = self.findData(key, _KEY) if key else -1
        self.blockSignals(True)
        self.setCurrentIndex(index)
        self.setEditText(self.itemText(index) if index >= 0 else self._title if self._later else key)
        self._edit.setCursorPosition(0)
        self.blockSignals(False)
        self.setToolTip(str(self.itemData(index, _NOTE) or "") if index >= 0 else "")

    def _picked(self, index: int) -> None:
        item = self._items.item(index)
        if item is None or not item.isEnabled():
            self.set_key(self._key)
            return
        changed = str(item.data(_KEY)) != self._key
        self.set_key(str(item.data(_KEY)))
        if changed:
            self.chosen.emit(self._key)

    def _settle(self) -> None:
        """Take a name typed in full or a part that only one field has, else go back to the chosen field."""
        typed = self.currentText().strip()
        if self._later is not None:
            if typed == self._title:
                return
            self.load()
        index = self.findText(typed, Qt.MatchFlag.MatchFixedString)
        if index < 0 and typed:
            found = self._items.findItems(typed, Qt.MatchFlag.MatchContains)
            index = found[0].row() if len(found) == 1 else -1
        if index >= 0:
            self._picked(index)
        else:
            self.set_key(self._key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._settle()
