"""The org's active users as a table with ticks that outlive a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent

from acassist.assistant.provision_views import UserRow
from acassist.gui.strings import tr
from acassist.gui.theme import theme
from acassist.gui.widgets.rows_model import Column, Index, RowsModel
from acassist.gui.widgets.rows_table import RowsTable

# Salesforce's labels of the sets, shortened; they are the same in every language.
MANAGER, STANDARD = "Package Manager", "Standard User"


def _held(held: bool) -> str:
    return tr("Assigned") if held else tr("–")


def _tint(held: bool) -> QColor | None:
    return theme().color("ok" if held else "muted")


def columns() -> tuple[Column[UserRow], ...]:
    """Describe the table."""
    return (
        Column(lambda: tr("Name"), lambda user: user.name, 8),
        Column(lambda: tr("User name"), lambda user: user.username, 9, spare=True),
        Column(lambda: tr("Profile"), lambda user: user.profile, 7),
        Column(lambda: MANAGER, lambda user: _held(user.manager), 7, colour=lambda user: _tint(user.manager)),
        Column(lambda: STANDARD, lambda user: _held(user.standard), 6, colour=lambda user: _tint(user.standard)),
    )


class UsersModel(RowsModel[UserRow]):
    """Adds a tick to each name; a tick stays when a search hides its user."""

    ticked_changed = Signal()

    def __init__(self) -> None:
        super().__init__(columns())
        self._ticked: dict[str, str] = {}

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the ids of the users that are ticked, in the order of ticking."""
        return tuple(self._ticked)

    def untick(self, ids: Sequence[str]) -> None:
        """Take ticks away."""
        for key in ids:
            self._ticked.pop(key, None)
        self._redraw()

    def toggle(self, row: int) -> None:
        """Tick a user, or take the tick away."""
        self.setData(self.index(row, 0), None, int(Qt.ItemDataRole.CheckStateRole))

    def _redraw(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))
        self.ticked_changed.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == 0:
            user = self.row_at(index)
            on = user is not None and user.id in self._ticked
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        return super().data(index, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        kept = super().flags(index)
        return kept | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else kept

    def setData(self, index: Index, _value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        user = self.row_at(index)
        if role != Qt.ItemDataRole.CheckStateRole or user is None:
            return False
        if self._ticked.pop(user.id, None) is None:
            self._ticked[user.id] = user.name
        self.dataChanged.emit(index, index)
        self.ticked_changed.emit()
        return True


class UsersTable(RowsTable):
    """Space ticks the current row, whichever column the focus is in."""

    def __init__(self, model: UsersModel) -> None:
        super().__init__(model, tr("Active users"))
        self._users = model

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._users.toggle(self.currentIndex().row())
            return
        super().keyPressEvent(event)
