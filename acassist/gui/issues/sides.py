"""Values of one field side by side, each with where it comes from and the button that goes with it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QWidget

from acassist.domain.foreign_text import shortened, wrappable
from acassist.gui.accessibility import name
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S3, dress
from acassist.gui.widgets import BusyButton, SelectableText, Text
from acassist.gui.widgets.layout import column

_SHOWN = 160
"""So many characters of a value are shown; the tool tip holds the rest."""
_BESIDE = 180
"""So wide at least is a box; with less room they stand one below the other."""


class ValueBox(QFrame):
    """One value with where it comes from, and the button that keeps it."""

    def __init__(self, title: str, button: BusyButton | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, kind="card")
        self._title = title
        self.value = SelectableText("", "strong")
        self.note = Text("", "small")
        self.note.hide()
        self._box = column(self, spacing=S2, margins=(S3, S2, S3, S2))
        said = column(spacing=0)
        for part in (Text(title, "small"), self.value, self.note):
            said.addWidget(part)
        said.addStretch(1)
        self._box.addLayout(said, 1)
        if button is not None:
            self._box.addWidget(button)

    def lie(self, flat: bool) -> None:
        """Put the button beside the value, or below it."""
        box = QBoxLayout.Direction
        self._box.setDirection(box.LeftToRight if flat else box.TopToBottom)

    def show_value(self, value: object, note: str = "") -> None:
        """Show a value; blank is said."""
        whole = str(value) if value not in (None, "") else tr("blank")
        shown, left_out = shortened(whole, _SHOWN)
        words = f"{shown}…" if left_out else shown
        self.value.setText(wrappable(words))
        self.value.setToolTip(whole if left_out else "")
        self.note.setText(note)
        self.note.setVisible(bool(note))
        name(self.value, tr("{title}: {value}", title=self._title, value=words))


class SideBySide(QWidget):
    """Boxes in a row where there is room, else one below the other."""

    def __init__(self, boxes: Mapping[str, ValueBox], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes = dict(boxes)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(S2)
        self._columns = 0
        self._place(1)

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, box in enumerate(self.boxes.values()):
            box.lie(columns == 1)
            self._grid.addWidget(box, place // columns, place % columns)
        for number in range(len(self.boxes)):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        every = len(self.boxes)
        self._place(every if event.size().width() >= _BESIDE * every else 1)
