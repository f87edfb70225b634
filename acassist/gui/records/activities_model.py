"""All activities of one person as an endless list: pages are asked for when the end comes into sight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from acassist.domain.activity import Activity
from acassist.domain.activity_filter import ActivityFilter, search_text
from acassist.gui.strings import ago, tr, when
from acassist.gui.widgets.activity_list_words import label, title_of

ACTIVITY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_NOWHERE = QModelIndex()
_PIECE = 4000
"""So many activities go through a filter before the window may do something else."""
Index = QModelIndex | QPersistentModelIndex


class ActivitiesModel(QAbstractListModel):
    """Keeps every activity read so far and shows those that the filter lets through, in the order given."""

    pageWanted = Signal()
    campaignFound = Signal(str)
    filtered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Activity] = []
        self._texts: list[str] = []
        self._shown: list[Activity] = []
        self._chosen = ActivityFilter()
        self._campaigns: set[str] = set()
        self._looked_at = 0
        self._more = False
        self._asked = False
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    @property
    def read(self) -> int:
        """Count the activities read so far, whatever the filter shows."""
        return len(self._all)

    @property
    def everything(self) -> tuple[Activity, ...]:
        """Return what was read so far."""
        return tuple(self._all)

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will come."""
        return not self._more

    @property
    def filtering(self) -> bool:
        """Tell whether some of what was read has not gone through the filter yet."""
        return self._looked_at < len(self._all)

    def restart(self) -> None:
        """Forget everything and be ready for the first page."""
        self.beginResetModel()
        self._all, self._texts, self._shown = [], [], []
        self._looked_at = 0
        self._campaigns.clear()
        self._more, self._asked = True, False
        self.endResetModel()

    def add_page(self, page: Sequence[Activity]) -> None:
        """Add the page that was asked for; what words are looked for in is prepared now, a page at a time."""
        self._asked = False
        behind = self.filtering
        self._all.extend(page)
        self._texts.extend(search_text(activity, label(activity.kind)) for activity in page)
        self._tell_campaigns(page)
        if not behind:
            self._look_at(len(page))

    def _look_at(self, count: int) -> None:
        """Let the next activities through the filter."""
        first, last = self._looked_at, min(self._looked_at + count, len(self._all))
        pairs = zip(self._all[first:last], self._texts[first:last], strict=True)
        fitting = [activity for activity, text in pairs if self._chosen.fits(activity, text)]
        self._looked_at = last
        if fitting:
            start = len(self._shown)
            self.beginInsertRows(_NOWHERE, start, start + len(fitting) - 1)
            self._shown.extend(fitting)
            self.endInsertRows()

    def _go_on(self) -> None:
        self._look_at(_PIECE)
        if not self.filtering:
            self._timer.stop()
            self.filtered.emit()

    def _tell_campaigns(self, page: Sequence[Activity]) -> None:
        for activity in page:
            if activity.campaign and activity.campaign not in self._campaigns:
                self._campaigns.add(activity.campaign)
                self.campaignFound.emit(activity.campaign)

    def end(self) -> None:
        """Ask for nothing any more."""
        self._more = self._asked = False

    def set_filter(self, chosen: ActivityFilter) -> None:
        """Show only what a filter lets through; a long list goes through it in pieces, `filtered` tells the end."""
        self.beginResetModel()
        self._chosen = chosen
        self._shown = []
        self._looked_at = 0
        self.endResetModel()
        self._look_at(_PIECE)
        if self.filtering:
            self._timer.start()

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
            return tr("{kind}: {name}, {time}", kind=kind, name=title_of(activity), time=ago(activity.at))
        return when(activity.at) if role == Qt.ItemDataRole.ToolTipRole else None

    def canFetchMore(self, parent: Index = _NOWHERE) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index = _NOWHERE) -> None:
        if self.canFetchMore(parent):
            self._asked = True
            self.pageWanted.emit()
