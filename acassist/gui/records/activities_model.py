"""All activities of one person as an endless list: pages are asked for when the end comes into sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from acassist.domain.activity import Activity, ActivityKind
from acassist.gui.strings import ago, tr, when
from acassist.gui.widgets.activity_list_words import label

ACTIVITY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class ActivitiesModel(QAbstractListModel):
    """Keeps every activity read so far and shows those that the filter lets through, in the order given."""

    pageWanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Activity] = []
        self._shown: list[Activity] = []
        self._kind: ActivityKind | None = None
        self._words: tuple[str, ...] = ()
        self._more = False
        self._asked = False

    @property
    def read(self) -> int:
        """Count the activities read so far, whatever the filter shows."""
        return len(self._all)

    def restart(self) -> None:
        """Forget everything and be ready for the first page."""
        self.beginResetModel()
        self._all, self._shown = [], []
        self._more, self._asked = True, False
        self.endResetModel()

    def add_page(self, page: Sequence[Activity]) -> None:
        """Add the page that was asked for."""
        self._asked = False
        self._all.extend(page)
        fitting = [activity for activity in page if self._fits(activity)]
        if fitting:
            first = len(self._shown)
            self.beginInsertRows(_NOWHERE, first, first + len(fitting) - 1)
            self._shown.extend(fitting)
            self.endInsertRows()

    def end(self) -> None:
        """Ask for nothing any more."""
        self._more = self._asked = False

    def set_filter(self, kind: ActivityKind | None, text: str) -> None:
        """Show one kind only (None for all), and only what holds every word of the text."""
        self.beginResetModel()
        self._kind, self._words = kind, tuple(text.casefold().split())
        self._shown = [activity for activity in self._all if self._fits(activity)]
        self.endResetModel()

    def _fits(self, activity: Activity) -> bool:
        if self._kind is not None and activity.kind is not self._kind:
            return False
        if not self._words:
            return True
        parts = (label(activity.kind), activity.title, activity.detail, activity.link or "")
        text = "\n".join(parts).casefold()
        return all(word in text for word in self._words)

    # -- QAbstractListModel
    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        activity = self._shown[index.row()]
        if role == ACTIVITY_ROLE:
            return activity
        if role == Qt.ItemDataRole.DisplayRole:
            kind = label(activity.kind)
            return tr("{kind}: {name}, {time}", kind=kind, name=activity.title, time=ago(activity.at))
        return when(activity.at) if role == Qt.ItemDataRole.ToolTipRole else None

    def canFetchMore(self, parent: Index = _NOWHERE) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index = _NOWHERE) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.pageWanted.emit()
