"""Which lists new contacts join: ticked in a list of the account's lists."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.strings import message, tr
from acassist.gui.theme import S1
from acassist.gui.widgets import Text
from acassist.gui.widgets.layout import column

_SHOWN = 5
_ID = int(Qt.ItemDataRole.UserRole)


class ListChoice(QWidget):
    """Nobody who opted out joins a list; without a tick nobody does."""

    changed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self._bridge = bridge
        self._loaded = False
        box = column(self, spacing=S1)
        box.addWidget(Text(tr("Lists that new contacts join"), "strong"))
        self.note = Text(tr("None is ticked: nobody joins a list. People who opted out never do."), "muted")
        box.addWidget(self.note)
        self.list = QListWidget()
        name(self.list, tr("Lists that new contacts join"))
        self.list.setSelectionMode(QListWidget.SelectionMode.SingleSelection)
        self.list.itemChanged.connect(self._ticked)
        self.list.hide()
        box.addWidget(self.list)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the ids of the ticked lists."""
        items = (self.list.item(place) for place in range(self.list.count()))
        return tuple(str(item.data(_ID)) for item in items if item.checkState() is Qt.CheckState.Checked)

    def load(self) -> None:
        """Read the lists, once."""
        if not self._loaded:
            self._bridge.call(lambda a: a.desk.lists(), self._show, self._failed, owner=self)

    def _show(self, lists: Mapping[str, str]) -> None:
        self._loaded = True
        blocked = self.list.blockSignals(True)
        self.list.clear()
        for key, words in lists.items():
            item = QListWidgetItem(words)
            item.setData(_ID, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(blocked)
        self.list.setVisible(bool(lists))
        if not lists:
            self.note.setText(tr("The account has no list."))
            return
        rows = min(_SHOWN, self.list.count())
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth() + 2 * S1)

    def _failed(self, problem: Problem) -> None:
        self.note.setText(tr("The lists could not be read. {why}", why=message(problem.sentence)))

    def _ticked(self, _item: QListWidgetItem) -> None:
        self.changed.emit()
