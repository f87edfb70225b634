"""Values of one field side by side, each with where it comes from and the button that goes with it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QFrame, QGridLayout, QWidget

from acassist.domain.foreign_text import shortened, wrappable
from acassist.gui.accessibility import name
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S3, dress
from acassist.gui.widgets import BusyButton, SelectableText, Text
from acassist.gui.widgets.layout import column, row

_SHOWN = 160
"""So many characters of a value are shown; the tool tip holds the rest."""
_BESIDE = 120
"""So wide at least is a box; with less room they stand one below the other."""
_MARK, _LINE = 28, 24
"""The room of a tick with the gap beside it, and the height of one line."""


class ValueBox(QFrame):
    """One value with where it comes from, and the button that keeps it."""

    def __init__(self, title: str, button: BusyButton | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, kind="card")
        self._title, self._button = title, button
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

    @property
    def needed(self) -> int:
        """Return the width that the box needs in a row with others."""
        return max(_BESIDE, self._button.sizeHint().width() + 2 * S3 if self._button is not None else 0)

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

    def minimumSizeHint(self) -> QSize:
        """Never hold the width: the boxes go below each other instead."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), max(box.needed for box in self.boxes.values())), hint.height())

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
        needed = sum(box.needed for box in self.boxes.values()) + S2 * (every - 1)
        self._place(every if event.size().width() >= needed else 1)


class WrappedCheck(QCheckBox):
    """A check box whose words go on in a second line where the width does not do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Text("")
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line = row(self, spacing=0, margins=(_MARK, 0, 0, 0))
        line.addWidget(self._words, 1)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        self._words.setText(text)
        name(self, text)

    def text(self) -> str:
        return self._words.text()

    def hitButton(self, pos: QPoint) -> bool:
        """The words count as the box."""
        return self.rect().contains(pos)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(_LINE, self._words.heightForWidth(width - _MARK))

    def sizeHint(self) -> QSize:
        return QSize(_MARK + self._words.sizeHint().width(), _LINE)

    def minimumSizeHint(self) -> QSize:
        return QSize(_BESIDE, _LINE)
