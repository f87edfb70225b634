"""One input that fits a field: a line, several lines, a number, a day, yes or no, one or several listed values."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from acassist.assistant.value_edits import EditableValue, InputKind
from acassist.gui.accessibility import name
from acassist.gui.strings import tr, words
from acassist.gui.theme import S2
from acassist.gui.widgets import Combo
from acassist.gui.widgets.layout import clear, column, row

_LINES_HEIGHT = 96
_LIST_HEIGHT = 132
_VALUE = Qt.ItemDataRole.UserRole


class ValueInput(QWidget):
    """Shows the input of one field; `value` is the canonical text that is to be saved, None for blank."""

    changed = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box: QVBoxLayout = column(self, spacing=0)
        self._read: Callable[[], str | None] = lambda: None
        self.inner: QWidget | None = None
        self.parts: list[QWidget] = []
        """What takes the focus, in order."""

    def show_field(self, field: EditableValue, value: str | None) -> None:
        """Offer a field for input, with this value to begin with."""
        clear(self._box)
        make = {
            InputKind.LONG_TEXT: self._lines,
            InputKind.DATE: self._date,
            InputKind.YES_NO: self._yes_no,
            InputKind.CHOICE: self._choice,
            InputKind.CHOICES: self._choices,
        }.get(field.kind, self._line)
        self.inner = make(field, value)
        self.parts = [self.inner, *([self._blank] if field.kind is InputKind.DATE else [])]
        label = tr("New value of {field}", field=field.label)
        name(self.inner, label)
        self.setFocusProxy(self.inner)

    @property
    def value(self) -> str | None:
        """Return what is to be saved."""
        return self._read() or None

    def _line(self, field: EditableValue, value: str | None) -> QWidget:
        edit = QLineEdit(value or "")
        edit.setCursorPosition(0)
        edit.textChanged.connect(self.changed)
        edit.returnPressed.connect(self.submitted)
        if field.kind is InputKind.NUMBER:
            edit.setPlaceholderText("1234.50")
        self._read = lambda: edit.text().strip()
        self._box.addWidget(edit)
        return edit

    def _lines(self, _field: EditableValue, value: str | None) -> QWidget:
        edit = QPlainTextEdit(value or "")
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(_LINES_HEIGHT)
        edit.textChanged.connect(self.changed)
        self._read = lambda: edit.toPlainText().strip()
        self._box.addWidget(edit)
        return edit

    def _date(self, field: EditableValue, value: str | None) -> QWidget:
        known = QDate.fromString((value or "")[:10], Qt.DateFormat.ISODate)
        today = QDate(words().now().astimezone().date())  # type: ignore[call-overload]
        edit, blank = QDateEdit(known if known.isValid() else today), QCheckBox(tr("Leave it blank"))
        edit.setCalendarPopup(True)
        edit.setLocale(words().locale)
        blank.toggled.connect(edit.setDisabled)
        name(blank, tr("Leave {field} blank", field=field.label))
        self._blank = blank
        self._read = lambda: None if blank.isChecked() else edit.date().toString(Qt.DateFormat.ISODate)
        line = row(spacing=S2)
        line.addWidget(edit)
        line.addWidget(blank)
        line.addStretch(1)
        self._box.addLayout(line)
        return edit

    def _combo(self, entries: list[tuple[str, str]], value: str | None) -> QWidget:
        combo = Combo()
        for label, data in entries:
            combo.addItem(label, data)
        combo.setCurrentIndex(max(0, combo.findData(value or "")))
        combo.currentIndexChanged.connect(self.changed)
        self._read = lambda: str(combo.currentData() or "")
        self._box.addWidget(combo, 0, Qt.AlignmentFlag.AlignLeft)
        return combo

    def _yes_no(self, _field: EditableValue, value: str | None) -> QWidget:
        return self._combo([(tr("No"), "false"), (tr("Yes"), "true")], value or "false")

    def _choice(self, field: EditableValue, value: str | None) -> QWidget:
        entries = [(tr("blank"), ""), *((option.label, option.value) for option in field.options)]
        return self._combo(entries, value)

    def _choices(self, field: EditableValue, value: str | None) -> QWidget:
        chosen = set((value or "").split(";"))
        shown = QListWidget()
        shown.setMaximumHeight(_LIST_HEIGHT)
        for option in field.options:
            item = QListWidgetItem(option.label, shown)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if option.value in chosen else Qt.CheckState.Unchecked)
            item.setData(_VALUE, option.value)
        shown.setCurrentRow(0)
        shown.itemChanged.connect(self.changed)
        self._read = lambda: ";".join(
            sorted(
                str(item.data(_VALUE))
                for item in map(shown.item, range(shown.count()))
                if item.checkState() is Qt.CheckState.Checked
            )
        )
        self._box.addWidget(shown)
        return shown
