"""Table models over frozen rows: columns are described once; filter and sort run in the model, not row by row in Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
"""The row's own value."""
_NOWHERE = QModelIndex()
_PIECE = 300


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column: title and cell text are asked for when shown, so that a language switch reaches them.

    `share` is the part of the width that the column takes; `order` the sort key where the text would not do;
    a `spare` column is left out where the table is narrow.
    """

    title: Callable[[], str]
    text: Callable[[Row], str]
    share: int = 1
    order: Callable[[Row], Any] | None = None
    tip: Callable[[Row], str] | None = None
    icon: Callable[[Row], QIcon] | None = None
    colour: Callable[[Row], QColor | None] | None = None
    numeric: bool = False
    spare: bool = False


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Shows a list of rows through columns; keeps what is hidden by the filter."""

    replaced = Signal()
    """Other rows are shown; a filter or a sort order does not count."""

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._all: list[Row] = []
        self._shown: list[Row] = []
        self._keep: Callable[[Row], bool] | None = None
        self._words = ""
        self._sorted: tuple[int, Qt.SortOrder] | None = None
        self._search: dict[int, str] = {}
        self._reading = QTimer(self, interval=0)
        self._reading.timeout.connect(self._read_ahead)

    # -- content
    @property
    def columns(self) -> tuple[Column[Row], ...]:
        return self._columns

    @property
    def total(self) -> int:
        """Count the rows without the filter."""
        return len(self._all)

    @property
    def shown(self) -> tuple[Row, ...]:
        return tuple(self._shown)

    def set_rows(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._all = list(rows)
        self._search.clear()
        self._shown = self._arranged()
        self.endResetModel()
        self.replaced.emit()
        self._reading.start()

    def append_rows(self, rows: Sequence[Row]) -> None:
        """Add rows at the end (endless lists); the filter applies, the sort order does not."""
        self._all.extend(rows)
        fitting = [row for row in rows if self._fits(row)]
        if not fitting:
            return
        first = len(self._shown)
        self.beginInsertRows(_NOWHERE, first, first + len(fitting) - 1)
        self._shown.extend(fitting)
        self.endInsertRows()

    def set_filter(self, words: str = "", keep: Callable[[Row], bool] | None = None) -> None:
        """Show only the rows that hold every word and that `keep` accepts."""
        self.beginResetModel()
        self._words, self._keep = words.casefold().strip(), keep
        self._shown = self._arranged()
        self.endResetModel()

    def row_at(self, index: Index) -> Row | None:
        return self._shown[index.row()] if index.isValid() and index.row() < len(self._shown) else None

    def _fits(self, row: Row) -> bool:
        if self._keep is not None and not self._keep(row):
            return False
        if not self._words:
            return True
        text = self._text_of(row)
        return all(word in text for word in self._words.split())

    def _text_of(self, row: Row) -> str:
        text = self._search.get(id(row))
        if text is None:
            text = self._search[id(row)] = "\n".join(column.text(row) for column in self._columns).casefold()
        return text

    def _read_ahead(self) -> None:
        """Prepare the text that filters look at in small pieces, so that the first key press is quick too."""
        done = len(self._search)
        for row in self._all[done : done + _PIECE]:
            self._text_of(row)
        if len(self._search) in (done, len(self._all)):
            self._reading.stop()

    def _arranged(self) -> list[Row]:
        rows = [row for row in self._all if self._fits(row)]
        if self._sorted is None:
            return rows
        number, order = self._sorted
        return sorted(rows, key=self._sort_key(number), reverse=order == Qt.SortOrder.DescendingOrder)

    def _sort_key(self, number: int) -> Callable[[Row], Any]:
        column = self._columns[number]
        return column.order or (lambda row: column.text(row).casefold())

    # -- QAbstractTableModel
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index)
        if row is None:
            return None
        column = self._columns[index.column()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return self._cell(column, row, role)

    @staticmethod
    def _cell(column: Column[Row], row: Row, role: int) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(row) if column.tip else column.text(row)
        if role == Qt.ItemDataRole.DecorationRole and column.icon:
            return column.icon(row)
        if role == Qt.ItemDataRole.ForegroundRole and column.colour:
            return column.colour(row)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self._columns[section].numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort what is shown; selections stay on their rows. Column -1 restores the order given."""
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        rows = [self._shown[index.row()] for index in held]
        self._sorted = (column, order) if 0 <= column < len(self._columns) else None
        self._shown = self._arranged()
        place = {id(row): number for number, row in enumerate(self._shown)}
        moved = [self.index(place[id(row)], index.column()) for row, index in zip(rows, held, strict=True)]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()
