"""A table view in the product's look: widths after content, left-aligned headers, remembered widths and sort order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.theme import theme
from acassist.gui.widgets.rows_model import RowsModel

ROW_HEIGHT = 40
_SAVE_MS = 400
_MIN_WIDTH = 64
_EMPTY_WIDTH = 100
_NARROW = 760
_SAMPLE = 60
"""How many rows are measured for the widths."""
_PADDING = 32


def shared_out(width: int, needed: Mapping[int, int], shares: Mapping[int, int]) -> dict[int, int]:
    """Divide a width among columns: all they need and the rest by share, or what is left by share among the widest."""
    spare = width - sum(needed.values())
    if spare >= 0:
        whole = sum(shares.values()) or 1
        return {number: wanted + spare * shares[number] // whole for number, wanted in needed.items()}
    given: dict[int, int] = {}
    waiting = set(needed)
    while waiting:
        left = max(0, width - sum(given.values()))
        whole = sum(shares[number] for number in waiting)
        modest = {number for number in waiting if needed[number] * whole <= left * shares[number]}
        if not modest:
            given |= {number: max(_MIN_WIDTH, left * shares[number] // whole) for number in waiting}
            break
        given |= {number: needed[number] for number in modest}
        waiting -= modest
    return given


class RowsTable(QTableView):
    """Shows a RowsModel; `opened` carries the row that was double-clicked or answered with Enter."""

    opened = Signal(object)
    chosen = Signal(object)
    """The current row, None when there is none."""

    def __init__(self, model: RowsModel[Any], title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._fitted = False
        self._bridge: Bridge | None = None
        self._key = ""
        self._timer = QTimer(self, singleShot=True, interval=_SAVE_MS)
        self._timer.timeout.connect(self._save)
        self.setModel(model)
        self._dress()
        name(self, title)
        self.doubleClicked.connect(self._on_opened)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        model.modelReset.connect(self._on_reset)
        model.replaced.connect(self._on_replaced)

    def _dress(self) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSortingEnabled(True)
        self.setTabKeyNavigation(False)
        self.setIconSize(QSize(16, 16))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(max(ROW_HEIGHT, self.fontMetrics().height() + 20))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setTextElideMode(Qt.TextElideMode.ElideRight)
        head.setSectionsClickable(True)
        head.setMinimumSectionSize(_MIN_WIDTH)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        head.sectionResized.connect(self._on_resized)
        head.sortIndicatorChanged.connect(self._on_sorted)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.setStyleSheet("QHeaderView::section { padding-left: 15px; padding-right: 15px; }")

    @property
    def current(self) -> Any:
        """Return the current row's value, None when there is none."""
        return self._rows.row_at(self.currentIndex())

    # -- widths
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._fitted:
            self._spread()

    def _spread(self) -> None:
        """Give each column what its content needs; where that is too much, the widest ones share what is left."""
        columns, width = self._rows.columns, self.viewport().width()
        narrow = width < _NARROW * theme().scale
        shown = [number for number, column in enumerate(columns) if not (narrow and column.spare)]
        widths = shared_out(width, {n: self._needed(n) for n in shown}, {n: columns[n].share for n in shown})
        blocked = self.horizontalHeader().blockSignals(True)
        for number, column in enumerate(columns):
            self.setColumnHidden(number, narrow and column.spare)
        for number in shown[:-1]:
            self.setColumnWidth(number, widths[number])
        self.horizontalHeader().blockSignals(blocked)
        self.updateGeometries()

    def _needed(self, number: int) -> int:
        """Return how wide a column has to be for its title and the first rows."""
        column, count = self._rows.columns[number], min(_SAMPLE, self._rows.rowCount())
        rows = [self._rows.row_at(self._rows.index(place, number)) for place in range(count)]
        cells = [text for text in map(column.text, rows) if text]
        metrics, icon = self.fontMetrics(), self.iconSize().width() + 6 if column.icon else 0
        title = self.horizontalHeader().fontMetrics().horizontalAdvance(column.title())
        if rows and not cells:  # a column without a word in it gives way to the others
            return max(_MIN_WIDTH, min(title + _PADDING, round(_EMPTY_WIDTH * theme().scale)))
        return max(_MIN_WIDTH, *(w + _PADDING for w in (title, *(metrics.horizontalAdvance(t) + icon for t in cells))))

    def _on_replaced(self) -> None:
        if not self._fitted:
            self._spread()

    def _on_resized(self) -> None:
        if QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:  # a person drags; everything else is layout
            self._fitted = True
            self._timer.start()

    def _on_sorted(self) -> None:
        self._timer.start()

    def remember(self, bridge: Bridge, key: str) -> None:
        """Keep widths and sort order among the preferences, and use those kept before."""
        self._bridge, self._key = bridge, f"table.{key}"
        wanted = self._key

        async def read(assistant: AssistantPort) -> Any:
            return await assistant.preference(wanted)

        bridge.call(read, self._restore, self._ignore, owner=self)

    def _restore(self, kept: Any) -> None:
        if not isinstance(kept, dict):
            return
        widths = kept.get("widths") or []
        if len(widths) == len(self._rows.columns):
            self._fitted = True
            for number, width in enumerate(widths[:-1]):
                self.setColumnWidth(number, max(_MIN_WIDTH, int(width)))
        number, falling = kept.get("sort", (-1, False))
        if 0 <= number < len(self._rows.columns):
            order = Qt.SortOrder.DescendingOrder if falling else Qt.SortOrder.AscendingOrder
            self.sortByColumn(number, order)
        self._timer.stop()

    def _save(self) -> None:
        if self._bridge is None:
            return
        head = self.horizontalHeader()
        widths = [self.columnWidth(n) for n in range(len(self._rows.columns))] if self._fitted else []
        falling = head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        key, value = self._key, {"widths": widths, "sort": [head.sortIndicatorSection(), falling]}

        async def write(assistant: AssistantPort) -> None:
            await assistant.set_preference(key, value)

        self._bridge.call(write, self._ignore, self._ignore, owner=self)

    def _ignore(self, _answer: object) -> None:
        """A lost column width is not worth a message."""

    # -- rows
    def _on_opened(self, index: QModelIndex) -> None:
        row = self._rows.row_at(index)
        if row is not None:
            self.opened.emit(row)

    def _on_current(self, index: QModelIndex) -> None:
        self.chosen.emit(self._rows.row_at(index))

    def _on_reset(self) -> None:
        self.chosen.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
            return
        super().keyPressEvent(event)
