"""One mapping row: both fields, direction, update rule, conflict rule, and whether it fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from acassist.assistant.views import Level, MappingChoices, RowCheck, SampleReport
from acassist.domain.fields import ActiveCampaignField, SalesforceField
from acassist.domain.mapping import (
    CONFLICT_LABELS,
    DIRECTION_LABELS,
    UPDATE_LABELS,
    ConflictRule,
    Direction,
    FieldMapping,
    UpdateRule,
)
from acassist.gui.accessibility import name
from acassist.gui.icons import IconLabel
from acassist.gui.setup.field_words import ac_options, ac_title, ac_type, sf_options, sf_type
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S1, S2, S3, dress
from acassist.gui.widgets import Chip, Combo, Elided, FieldCombo, IconButton, Text, column, row

_ARROW, _REMOVE = 20, 44
_ARROWS = {
    Direction.BOTH: "arrow-both",
    Direction.TO_ACTIVECAMPAIGN: "arrow-left",
    Direction.TO_SALESFORCE: "arrow-right",
}


class RuleCombo(Combo):
    """A choice of an enum's values by their labels."""

    picked = Signal()

    def __init__(self, labels: Mapping[Any, str], what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[StrEnum, ...] = tuple(labels)
        for value in self._values:
            self.addItem(tr(labels[value]), value.value)
        name(self, what)
        self.activated.connect(self._activated)

    def _activated(self, _index: int) -> None:
        self.picked.emit()

    @property
    def value(self) -> StrEnum:
        """Return the chosen value."""
        return self._values[self.currentIndex()]

    def show_value(self, value: StrEnum) -> None:
        """Show a value without reporting a choice."""
        self.setCurrentIndex(self._values.index(value))


class ColumnTitles(QWidget):
    """Names the two sides above the rows."""

    def __init__(self, *, removable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row(self, spacing=S2, margins=(S3, S2, S3 + (_REMOVE if removable else 0), S2))
        line.addWidget(Text(tr("ActiveCampaign field"), "small"), 1)
        line.addSpacing(_ARROW)
        line.addWidget(Text(tr("Salesforce field"), "small"), 1)


class MappingRow(QFrame):
    """Renders a `FieldMapping`; every change is reported as a new one."""

    changed = Signal(object)
    """The user changed the row."""
    forced = Signal(object)
    """The check allowed only one direction and put the row on it."""
    removed = Signal()
    entered = Signal()

    def __init__(self, choices: MappingChoices, count: int, *, fixed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._row = FieldMapping("", "")
        self._fixed = fixed
        self.setProperty("kind", "mapping")
        box = column(self, spacing=S2, margins=(S3, S3, S3, S3))
        self._make(count)
        box.addLayout(self._fields())
        box.addLayout(self._rules())
        box.addWidget(self._note)

    def _make(self, count: int) -> None:
        place = {"count": number(count)}
        self.ac = FieldCombo(tr("Select ActiveCampaign field"))
        self.sf = FieldCombo(tr("Salesforce field"))
        name(self.ac, tr("Select ActiveCampaign field, row {count}", **place))
        name(self.sf, tr("Salesforce field, row {count}", **place))
        self.direction = RuleCombo(DIRECTION_LABELS, tr("Direction, row {count}", **place))
        self.update_rule = RuleCombo(UPDATE_LABELS, tr("When to update, row {count}", **place))
        self.conflict = RuleCombo(CONFLICT_LABELS, tr("When both changed, row {count}", **place))
        self.remove = IconButton("trash", tr("Remove mapping, row {count}", **place), self.removed.emit)
        if self._fixed:
            self.remove.hide()
        self._arrow = IconLabel("arrow-both", "muted", 20)
        self._note = Text("", "bad")
        self._note.hide()
        self.chip = Chip()
        self._fixed_title = Text("", "strong")
        self._ac_type, self._sf_type = Elided("", "small"), Elided("", "small")
        self._ac_type.setContentsMargins(0 if self._fixed else S3, 0, 0, 0)
        self._sf_type.setContentsMargins(S3, 0, 0, 0)
        for rule in (self.direction, self.update_rule, self.conflict):
            rule.setProperty("kind", "compact")
            rule.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            rule.setMinimumContentsLength(6)
        self.ac.chosen.connect(self._ac_chosen)
        self.sf.chosen.connect(self._report)
        for rule in (self.direction, self.update_rule, self.conflict):
            rule.picked.connect(self._report)
        for widget in (self.ac, self.sf, self.direction, self.update_rule, self.conflict):
            widget.installEventFilter(self)

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(S2)
        grid.setVerticalSpacing(S1)
        grid.addWidget(self.ac if not self._fixed else self._fixed_title, 0, 0)
        grid.addWidget(self._arrow, 0, 1)
        grid.addWidget(self.sf, 0, 2)
        grid.addWidget(self.remove, 0, 3)
        grid.addWidget(self._ac_type, 1, 0)
        fit = row(spacing=S2)
        fit.addWidget(self._sf_type, 1)
        fit.addWidget(self.chip)
        grid.addLayout(fit, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(2, 1)
        return grid

    def _rules(self) -> QHBoxLayout:
        line = row(spacing=S2)
        for rule in (self.direction, self.update_rule, self.conflict):
            line.addWidget(rule)
        line.addStretch(1)
        return line

    # -- content
    @property
    def mapping(self) -> FieldMapping:
        """Return the row."""
        return self._row

    def show_mapping(self, mapping: FieldMapping, ac_keys: Iterable[str], taken: tuple[set[str], set[str]]) -> None:
        """Show a row; `taken` are the ActiveCampaign keys and Salesforce names of the other rows."""
        self._row = mapping
        choices = self._choices
        ac, sf = self._chosen()
        self.ac.set_later(
            mapping.ac_key, ac_title(ac) if ac else "", partial(ac_options, choices, tuple(ac_keys), taken[0])
        )
        self.sf.set_later(
            mapping.sf_field, sf.label if sf else "", partial(sf_options, choices, mapping.ac_key, taken[1])
        )
        self.direction.show_value(mapping.direction)
        self.update_rule.show_value(mapping.update)
        self.conflict.show_value(mapping.conflict)
        self._show_types()
        self._follow_direction()

    def _chosen(self) -> tuple[ActiveCampaignField | None, SalesforceField | None]:
        ac = next((f for f in self._choices.ac_fields if f.key == self._row.ac_key), None)
        return ac, next((f for f in self._choices.sf_fields if f.name == self._row.sf_field), None)

    def _show_types(self) -> None:
        ac, sf = self._chosen()
        self._ac_type.setText(ac_type(ac) if ac is not None else "")
        self._sf_type.setText(sf_type(sf) if sf is not None else "")
        self._fixed_title.setText(ac_title(ac) if ac is not None else self._row.ac_key)

    def _follow_direction(self) -> None:
        self._arrow.show_icon(_ARROWS[self._row.direction], "muted")
        self._arrow.setToolTip(tr(DIRECTION_LABELS[self._row.direction]))
        self.conflict.setEnabled(self._row.direction is Direction.BOTH and self._row.update is UpdateRule.ALWAYS)

    def _ac_chosen(self, _key: str) -> None:
        self._report()

    def _report(self, _key: str = "") -> None:
        self._read()
        self.changed.emit(self._row)

    def _read(self) -> None:
        self._row = replace(
            self._row,
            ac_key=self.ac.key,
            sf_field=self.sf.key,
            direction=Direction(self.direction.value),
            update=UpdateRule(self.update_rule.value),
            conflict=ConflictRule(self.conflict.value),
        )
        self._show_types()
        self._follow_direction()

    # -- check
    def show_checking(self) -> None:
        """Say that the row is being checked."""
        self._note.hide()
        complete = bool(self._row.ac_key and self._row.sf_field)
        self.chip.show_state(
            Level.BUSY if complete else Level.IDLE, tr("Checking…") if complete else tr("Not chosen yet")
        )

    def show_check(self, check: RowCheck) -> None:
        """Show whether the row may be saved, and force its direction where only one is possible."""
        self.direction.setEnabled(check.forced is None)
        self.direction.setToolTip("" if check.forced is None else tr("Salesforce does not let this field be written."))
        if check.forced is not None and self._row.direction is not check.forced:
            self.direction.show_value(check.forced)
            self._read()
            self.forced.emit(self._row)
        sentence = message(check.refusal) if check.refusal else ""
        if not sentence and check.warnings:
            sentence = " ".join(message(warning) for warning in check.warnings)
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))
        dress(self._note, kind="bad" if check.refusal else "warn")
        if check.refusal:
            self.chip.show_state(Level.BAD, tr("Does not fit"))

    def show_samples(self, report: SampleReport) -> None:
        """Show how many of the records tried fit."""
        total = len(report.samples)
        if not total:
            self.chip.show_state(Level.IDLE, tr("No records yet"))
            return
        level = Level.OK if report.fitting == total else Level.WARN
        words = tr("{fitting} of {total} fit", fitting=number(report.fitting), total=number(total))
        self.chip.show_state(level, words)

    def show_untried(self) -> None:
        """Say that the row could not be tried on records."""
        self.chip.show_state(Level.IDLE, tr("Not tried"))

    def set_current(self, current: bool) -> None:
        """Mark the row whose records are shown below."""
        self.setProperty("current", "true" if current else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if QApplication.focusWidget() is not None:
            self.entered.emit()
