"""A mapping tried on real records: before and after, and every problem named."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from acassist.assistant.views import Sample, SampleReport
from acassist.domain.mapping import Direction
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.theme import S2, theme
from acassist.gui.widgets import Card, Text

_BLANK = "–"


class SampleCard(Card):
    """Shows the samples of the current row; says when it is loading, empty, or could not read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self._title = Text(tr("Tried on your records"), "section")
        self._state = Text("", "muted")
        self.table = QTableWidget(0, 4)
        self._prepare_table()
        for part in (self._title, self._state, self.table):
            self.body.addWidget(part)
        self.show_nothing()

    def _prepare_table(self) -> None:
        table = self.table
        name(table, tr("Tried on your records"))
        table.setHorizontalHeaderLabels([tr("Name"), tr("ActiveCampaign"), tr("Salesforce"), tr("After the sync")])
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(True)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionsClickable(False)
        for column, mode in enumerate((2, 2, 2, 1)):
            stretch = QHeaderView.ResizeMode.Stretch if mode == 1 else QHeaderView.ResizeMode.Interactive
            header.setSectionResizeMode(column, stretch)
            if mode == 2:
                table.setColumnWidth(column, 170)

    def _say(self, words: str) -> None:
        self._state.setText(words)
        self._state.setVisible(bool(words))
        self.table.setVisible(False)

    def show_nothing(self) -> None:
        """Say what will appear here."""
        self._title.setText(tr("Tried on your records"))
        self._say(tr("Choose both fields of a row to see it tried on real records. Nothing is written."))

    def show_loading(self, title: str) -> None:
        """Say that records are being read."""
        self._title.setText(tr("{field}: tried on your records", field=title))
        self._say(tr("Reading a few records…"))

    def show_problem(self, problem: Problem) -> None:
        """Say why no records could be read."""
        self._say(message(problem.sentence))

    def show_report(self, title: str, report: SampleReport) -> None:
        """Show the records."""
        count = len(report.samples)
        if not count:
            self._say(tr("No record was found to try this mapping on."))
            return
        self._title.setText(tr_n("{field}: tried on {n} record", "{field}: tried on {n} records", count, field=title))
        self._say("")
        self.table.setRowCount(count)
        for line, sample in enumerate(report.samples):
            self._fill(line, sample)
        self.table.setVisible(True)
        self._fit(min(count, 6))

    def _fill(self, line: int, sample: Sample) -> None:
        result = message(sample.problem) if sample.problem else _result(sample)
        texts = (sample.name, sample.activecampaign or _BLANK, sample.salesforce or _BLANK, result)
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if column == 3:
                item.setForeground(theme().color("warn" if sample.problem else "ok"))
            self.table.setItem(line, column, item)

    def _fit(self, lines: int) -> None:
        self.table.resizeRowsToContents()
        height = self.table.horizontalHeader().sizeHint().height() + 4
        height += sum(self.table.rowHeight(line) for line in range(lines))
        self.table.setFixedHeight(height)


def _result(sample: Sample) -> str:
    value = sample.result
    if value is None:
        return tr("Nothing to write")
    if sample.target is Direction.TO_ACTIVECAMPAIGN:
        return tr("{value} in ActiveCampaign", value=value)
    if sample.target is Direction.TO_SALESFORCE:
        return tr("{value} in Salesforce", value=value)
    return tr("{value} on both sides", value=value)
