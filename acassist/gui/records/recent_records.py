"""What the Records page starts with: how to search, and the records seen last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from acassist.assistant.views import SearchHit
from acassist.gui.accessibility import name
from acassist.gui.records.search_results import HIT_ROLE, LIST_SHARE, SearchDelegate, SearchModel, ShortList
from acassist.gui.strings import tr
from acassist.gui.theme import S2
from acassist.gui.widgets import Text
from acassist.gui.widgets.layout import column


class RecentRecords(QStackedWidget):
    """Shows an invitation to search, or the records seen last; `opened` carries a RecordRef."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.model = SearchModel(self)
        self.list = ShortList(self.model)
        self.list.setItemDelegate(SearchDelegate(self.list))
        name(self.list, tr("Recent records"))
        self.list.activated.connect(self._open)
        self.list.clicked.connect(self._open)
        self._full = QWidget()
        self._full.setProperty("kind", "clear")
        box = column(self._full, spacing=S2)
        box.addWidget(Text(tr("Recent records"), "section"))
        box.addWidget(Text(tr("Seen on this computer; they open at once, also without a connection."), "small"))
        box.addWidget(self.list, LIST_SHARE)
        box.addStretch(1)
        self.addWidget(self._full)

    def add_start(self, start: QWidget) -> None:
        """Add what is shown while no record was seen yet."""
        self._start = start
        self.addWidget(start)
        self.setCurrentWidget(start)

    def show_hits(self, hits: Sequence[SearchHit]) -> None:
        """Show the records seen last."""
        self.model.set_hits(hits)
        self.setCurrentWidget(self._full if hits else self._start)
        if hits:
            self.list.setCurrentIndex(self.model.index(0))

    def _open(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if hit is not None:
            self.opened.emit(hit.ref)
