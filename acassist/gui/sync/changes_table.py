"""The table of changes, used for what a dry run would do and for what a run did, with a detail of the chosen row."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QWidget

from acassist.assistant.views import RecordRef
from acassist.domain.ids import Service
from acassist.domain.ledger import HistoryAction, HistoryItem, PlannedChange
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.strings import tr, tr_n, when
from acassist.gui.sync import words
from acassist.gui.sync.words import Change
from acassist.gui.theme import S1, S2, S3, S4, dress, theme
from acassist.gui.widgets import Button, Combo, EmptyState, SearchField, SelectableText, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable


def _grey_blank(value: str | None) -> QColor | None:
    return None if value else theme().color("muted")


def _action(change: Change) -> str:
    past = isinstance(change, HistoryItem)
    return words.action_words(change.action) if past else words.planned_words(change.action)


def columns() -> list[Column[Change]]:
    """Describe the table: record, side, what, field, before, after, rule."""
    return [
        Column(lambda: tr("Record"), words.name_words, 6),
        Column(lambda: tr("Side"), lambda c: words.side_words(c.target), 6),
        Column(lambda: tr("Change"), _action, 5),
        Column(lambda: tr("Field"), words.field_words, 5),
        Column(
            lambda: tr("Before"),
            lambda c: words.value_words(c.before, c.action),
            7,
            colour=lambda c: _grey_blank(c.before),
        ),
        Column(
            lambda: tr("After"),
            lambda c: words.value_words(c.after, c.action),
            7,
            colour=lambda c: _grey_blank(c.after),
        ),
        Column(lambda: tr("Rule"), words.rule_words, 7, spare=True),
    ]


class ChangeDetail(QFrame):
    """The chosen change in full, nothing cut."""

    openRecord = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dress(self, kind="well")
        self._change: Change | None = None
        self._values: list[QWidget] = []
        self._title = Text("", "strong")
        self._before, self._after, self._rule = SelectableText(), SelectableText(), SelectableText()
        self.open_record = Button(tr("Open record"), self._open, kind="link")
        box = row(self, spacing=S3, margins=(S4, S3, S3, S3))
        grid = QGridLayout()
        grid.setHorizontalSpacing(S4)
        grid.setVerticalSpacing(S1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._title, 0, 0, 1, 2)
        lines = ((tr("Before"), self._before), (tr("After"), self._after), (tr("Rule"), self._rule))
        for line, (label, value) in enumerate(lines, start=1):
            label_text = Text(label, "muted", wrap=False)
            grid.addWidget(label_text, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, line, 1)
            self._values += [label_text, value] if value is not self._rule else []
        box.addLayout(grid, 1)
        box.addWidget(self.open_record, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_change(self, change: Change | None) -> None:
        """Show a change, or nothing."""
        self._change = change
        self.setVisible(change is not None)
        if change is None:
            return
        self._title.setText(_sentence(change))
        self._before.setText(words.value_words(change.before, HistoryAction.UPDATE))
        self._after.setText(words.value_words(change.after, HistoryAction.UPDATE))
        valued = change.before is not None or change.after is not None or change.action is HistoryAction.UPDATE
        for part in self._values:
            part.setVisible(valued)
        self._rule.setText(words.rule_words(change) or tr("No rule was needed."))
        self.open_record.setVisible(bool(change.sf_id or change.ac_id))

    def _open(self) -> None:
        if self._change is not None:
            self.openRecord.emit(RecordRef(self._change.sobject, self._change.sf_id, self._change.ac_id))


def _sentence(change: Change) -> str:
    record, what, side = words.name_words(change), _action(change), words.side_words(change.target)
    field = words.field_words(change)
    if isinstance(change, HistoryItem):
        time = when(change.at)
        if field:
            return tr(
                "{record}: {what} {field} in {side}, {time}",
                record=record,
                what=what,
                field=field,
                side=side,
                time=time,
            )
        return tr("{record}: {what} in {side}, {time}", record=record, what=what, side=side, time=time)
    if field:
        return tr("{record}: {what} {field} in {side}", record=record, what=what, field=field, side=side)
    return tr("{record}: {what} in {side}", record=record, what=what, side=side)


class ChangesTable(QWidget):
    """Filters above, table, detail below; `openRecord` carries a RecordRef."""

    openRecord = Signal(object)

    def __init__(self, bridge: Bridge, key: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self.model: RowsModel[Change] = RowsModel(columns(), self)
        self.table = RowsTable(self.model, title)
        self.table.remember(bridge, key)
        self.detail = ChangeDetail()
        self.nothing = EmptyState(
            "filter", tr("Nothing matches the filter"), tr("Choose other sides, changes or words.")
        )
        box = column(self, spacing=S3)
        box.addLayout(self._make_filter())
        box.addWidget(self.table, 1)
        box.addWidget(self.nothing, 1)
        box.addWidget(self.detail)
        self.nothing.hide()
        self.table.chosen.connect(self.detail.show_change)
        self.table.opened.connect(self._open)
        self.detail.openRecord.connect(self.openRecord)

    def _make_filter(self) -> QBoxLayout:
        self.side, self.action = Combo(), Combo()
        name(self.side, tr("Side"))
        name(self.action, tr("Change"))
        self.side.addItem(tr("Both sides"), None)
        for service in (Service.ACTIVECAMPAIGN, Service.SALESFORCE):
            self.side.addItem(words.side_words(service), service)
        self.search = SearchField(tr("Filter by record, field or value"))
        self.shown = Text("", "small", wrap=False)
        self.side.currentIndexChanged.connect(self._filter)
        self.action.currentIndexChanged.connect(self._filter)
        self.search.searched.connect(self._filter)
        line = row(spacing=S2)
        line.addWidget(self.side)
        line.addWidget(self.action)
        line.addWidget(self.search, 1)
        line.addWidget(self.shown)
        return line

    def show_changes(self, changes: list[Change]) -> None:
        """Show changes and offer the kinds of change that occur."""
        self.model.set_rows(changes)
        found = list(dict.fromkeys(change.action for change in changes))
        blocked = self.action.blockSignals(True)
        self.action.clear()
        self.action.addItem(tr("All changes"), None)
        for action in found:
            planned = bool(changes) and isinstance(changes[0], PlannedChange)
            self.action.addItem(words.planned_words(action) if planned else words.action_words(action), action)
        self.action.blockSignals(blocked)
        self._filter()
        self.table.setCurrentIndex(self.model.index(0, 0))

    def add_changes(self, changes: list[Change]) -> None:
        """Add more at the end."""
        self.model.append_rows(changes)
        self._tell()

    def _filter(self, *_changed: object) -> None:
        side, action = self.side.currentData(), self.action.currentData()

        def keep(change: Change) -> bool:
            return side in (None, change.target) and action in (None, change.action)

        self.model.set_filter(self.search.text(), keep)
        self._tell()

    def _tell(self) -> None:
        count = self.model.rowCount()
        self.shown.setText(tr_n("{n} line", "{n} lines", count))
        self.table.setVisible(count > 0)
        self.nothing.setVisible(count == 0)

    def _open(self, change: Change) -> None:
        if change.sf_id or change.ac_id:
            self.openRecord.emit(RecordRef(change.sobject, change.sf_id, change.ac_id))
