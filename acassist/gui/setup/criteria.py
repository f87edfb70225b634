"""The criteria editor: rows of field, operator and value, joined by AND or OR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QButtonGroup, QDateEdit, QLineEdit, QRadioButton, QStackedWidget, QWidget

from acassist.domain.fields import SalesforceField
from acassist.domain.selection import OPERATOR_LABELS, Criteria, Criterion, Join, Operator, operators_for
from acassist.gui.accessibility import name
from acassist.gui.icons import set_icon
from acassist.gui.setup.field_words import sf_type
from acassist.gui.strings import number, tr
from acassist.gui.theme import S1, S2, S3, S4
from acassist.gui.widgets import Button, Combo, FieldCombo, FieldOption, IconButton, Text, clear, column, row

_WITHOUT_VALUE = {Operator.IS_BLANK, Operator.IS_NOT_BLANK}
_TEXT, _CHOICE, _DATE, _NONE = range(4)


class ValueEditor(QStackedWidget):
    """The value of one condition, edited as the field's type asks: text, one of a list, or a date."""

    edited = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text, self.choice, self.date = QLineEdit(), Combo(), QDateEdit()
        self.date.setCalendarPopup(True)
        self.date.setDisplayFormat("yyyy-MM-dd")
        for widget in (self.text, self.choice, self.date):
            name(widget, label)
            self.addWidget(widget)
        blank = QWidget()
        self.setProperty("kind", "clear")
        blank.setProperty("kind", "clear")
        self.addWidget(blank)
        self.setFixedHeight(self.text.sizeHint().height())
        self.text.textEdited.connect(self._edited)
        self.choice.activated.connect(self._edited)
        self.date.dateChanged.connect(self._edited)

    def _edited(self, _value: object = None) -> None:
        self.edited.emit()

    def show_value(self, field: SalesforceField | None, operator: Operator, value: str) -> None:
        """Choose the editor for a field and show the value in it."""
        self.blockSignals(True)
        if operator in _WITHOUT_VALUE:
            self.setCurrentIndex(_NONE)
        elif field is not None and field.type in {"boolean", "picklist", "multipicklist"}:
            self._show_choice(field, value)
        elif field is not None and field.type == "date":
            self.setCurrentIndex(_DATE)
            date = QDate.fromString(value, "yyyy-MM-dd")
            self.date.setDate(date if date.isValid() else QDate.currentDate())
        else:
            self.setCurrentIndex(_TEXT)
            self.text.setText(value)
        self.blockSignals(False)

    def _show_choice(self, field: SalesforceField, value: str) -> None:
        self.setCurrentIndex(_CHOICE)
        self.choice.clear()
        if field.type == "boolean":
            self.choice.addItem(tr("True"), "true")
            self.choice.addItem(tr("False"), "false")
        for entry in field.picklist:
            if entry.active:
                self.choice.addItem(entry.label, entry.value)
        self.choice.setCurrentIndex(max(0, self.choice.findData(value)))

    def value(self) -> str:
        """Return the value as a criterion keeps it."""
        return {
            _TEXT: self.text.text().strip(),
            _CHOICE: str(self.choice.currentData() or ""),
            _DATE: self.date.date().toString("yyyy-MM-dd"),
            _NONE: "",
        }[self.currentIndex()]


class CriterionRow(QWidget):
    """One condition."""

    changed = Signal()
    removed = Signal()

    def __init__(self, fields: Sequence[SalesforceField], count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields = {field.name: field for field in fields}
        place = {"count": number(count)}
        self.field = FieldCombo(tr("Field"))
        name(self.field, tr("Field, condition {count}", **place))
        usable = sorted((f for f in fields if f.filterable), key=lambda f: f.label.casefold())
        self.field.set_options([FieldOption(f.name, f.label, sf_type(f)) for f in usable])
        self.operator = Combo()
        name(self.operator, tr("Operator, condition {count}", **place))
        self.value = ValueEditor(tr("Value, condition {count}", **place))
        self.remove = IconButton("trash", tr("Remove condition {count}", **place), self.removed.emit)
        box = column(self, spacing=S1)
        line = row(spacing=S2)
        box.addLayout(line)
        self.error = Text(tr("Complete this condition, or remove it."), "bad")
        self.error.hide()
        box.addWidget(self.error)
        line.addWidget(self.field, 4)
        line.addWidget(self.operator, 3)
        line.addWidget(self.value, 4)
        line.addWidget(self.remove)
        self.field.chosen.connect(self._field_chosen)
        self.operator.activated.connect(self._operator_chosen)
        self.value.edited.connect(self._edited)

    def show_criterion(self, criterion: Criterion) -> None:
        """Show a condition without reporting a change."""
        self.field.set_key(criterion.field)
        self._offer_operators(criterion.operator)
        self.value.show_value(self._fields.get(criterion.field), criterion.operator, criterion.value)

    def _edited(self) -> None:
        self.error.hide()
        self.changed.emit()

    def _offer_operators(self, chosen: Operator) -> None:
        field = self._fields.get(self.field.key)
        offered = operators_for(field.type if field else "string")
        self.operator.clear()
        for operator in offered:
            self.operator.addItem(tr(OPERATOR_LABELS[operator]), operator.value)
        self.operator.setCurrentIndex(offered.index(chosen) if chosen in offered else 0)

    def _current_operator(self) -> Operator:
        return Operator(self.operator.currentData() or Operator.EQUALS.value)

    def _field_chosen(self, key: str) -> None:
        self._offer_operators(self._current_operator())
        self.value.show_value(self._fields.get(key), self._current_operator(), "")
        self._edited()

    def _operator_chosen(self, _index: int) -> None:
        kept = self.value.value()
        self.value.show_value(self._fields.get(self.field.key), self._current_operator(), kept)
        self._edited()

    def criterion(self) -> Criterion:
        """Return the condition."""
        return Criterion(self.field.key, self._current_operator(), self.value.value())

    @property
    def complete(self) -> bool:
        """Tell whether a field is chosen and, where one is needed, a value is given."""
        made = self.criterion()
        return bool(made.field) and (made.operator in _WITHOUT_VALUE or bool(made.value))

    def point_out(self) -> None:
        """Say next to the condition that something is missing, and put the focus there."""
        self.error.show()
        if not self.field.key:
            self.field.setFocus()
            return
        (self.value.currentWidget() or self.value).setFocus()


class CriteriaEditor(QWidget):
    """All conditions of one selection."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fields: tuple[SalesforceField, ...] = ()
        self.rows: list[CriterionRow] = []
        box = column(self, spacing=S3)
        self._joins = QWidget()
        box.addWidget(self._joins)
        self._build_joins()
        self._holder = column(spacing=S2)
        box.addLayout(self._holder)
        self.add = Button(tr("Add condition"), self.add_condition)
        set_icon(self.add, "plus", "text", 16)
        line = row()
        line.addWidget(self.add)
        line.addStretch(1)
        box.addLayout(line)

    def _build_joins(self) -> None:
        box = column(self._joins, spacing=S1)
        box.addWidget(Text(tr("A record is sent when"), "muted"))
        line = row(spacing=S4)
        box.addLayout(line)
        self.all, self.any = QRadioButton(tr("all conditions hold")), QRadioButton(tr("at least one condition holds"))
        self._group = QButtonGroup(self)
        for button in (self.all, self.any):
            name(button, button.text())
            self._group.addButton(button)
            line.addWidget(button)
        line.addStretch(1)
        self.all.setChecked(True)
        self.all.toggled.connect(self._joined)

    def _joined(self, _checked: bool) -> None:
        self.changed.emit()

    def set_fields(self, fields: Sequence[SalesforceField]) -> None:
        """Offer these fields."""
        self._fields = tuple(fields)

    def show_criteria(self, criteria: Criteria) -> None:
        """Show the conditions without reporting a change."""
        self.blockSignals(True)
        clear(self._holder)
        self.rows = []
        (self.all if criteria.join is Join.AND else self.any).setChecked(True)
        for criterion in criteria.rows:
            self._append(criterion)
        self.blockSignals(False)
        self._show_joins()

    def _append(self, criterion: Criterion) -> CriterionRow:
        line = CriterionRow(self._fields, len(self.rows) + 1)
        line.show_criterion(criterion)
        line.changed.connect(self.changed)
        line.removed.connect(self._removed)
        self.rows.append(line)
        self._holder.addWidget(line)
        return line

    def _show_joins(self) -> None:
        self._joins.setVisible(len(self.rows) > 1)

    def add_condition(self) -> None:
        """Add an empty condition and go to its field."""
        line = self._append(Criterion("", Operator.EQUALS, ""))
        self._show_joins()
        line.field.setFocus()
        self.changed.emit()

    def _removed(self) -> None:
        sender = self.sender()
        kept = tuple(line.criterion() for line in self.rows if line is not sender)
        self.show_criteria(replace(self.criteria(), rows=kept))
        self.add.setFocus()
        self.changed.emit()

    def criteria(self) -> Criteria:
        """Return the conditions."""
        join = Join.AND if self.all.isChecked() else Join.OR
        return Criteria(tuple(line.criterion() for line in self.rows), join)

    @property
    def incomplete(self) -> CriterionRow | None:
        """Return the first condition that is not complete."""
        return next((line for line in self.rows if not line.complete), None)
