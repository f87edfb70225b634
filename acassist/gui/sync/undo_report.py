"""What taking a run back restored, and what it left as it is with the reason."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from acassist.assistant.desk import Left, UndoReport
from acassist.assistant.views import Level, RecordRef
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.sync import words
from acassist.gui.theme import S1, S3
from acassist.gui.widgets import Card, IconButton, LevelIcon, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable


def _columns() -> list[Column[Left]]:
    return [
        Column(lambda: tr("Record"), lambda left: words.name_words(left.item), 4),
        Column(lambda: tr("Change"), lambda left: words.action_words(left.item.action), 3),
        Column(lambda: tr("Field"), lambda left: words.field_words(left.item), 3),
        Column(lambda: tr("Why it was left"), lambda left: message(left.reason), 9),
    ]


class UndoReportCard(Card):
    """Counts in a sentence; a table of what was left."""

    openRecord = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S3)
        self.mark, self.title, self.line = LevelIcon(Level.OK), Text("", "strong"), Text("", "muted")
        said = column(spacing=S1)
        said.addWidget(self.title)
        said.addWidget(self.line)
        head = row(spacing=S3)
        head.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(said, 1)
        self.close_button = IconButton("cross", tr("Close the report"), self._close)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.model: RowsModel[Left] = RowsModel(_columns(), self)
        self.table = RowsTable(self.model, tr("What was left as it is"))
        self.table.setMinimumHeight(150)
        self.table.opened.connect(self._open)
        self.body.addLayout(head)
        self.body.addWidget(self.table, 1)
        self.reason = Text("")
        self.body.addWidget(self.reason)
        self.table.chosen.connect(self._choose)
        self.hide()

    def show_report(self, report: UndoReport) -> None:
        """Show what was restored and what was left."""
        restored, left = len(report.restored), len(report.left)
        self.mark.show_level(Level.OK if restored or not left else Level.WARN)
        self.title.setText(tr_n("{n} value was restored.", "{n} values were restored.", restored))
        self.line.setText(
            tr_n("{n} change was left as it is:", "{n} changes were left as they are:", left)
            if left
            else tr("Nothing was left. The next run does not sync these values again.")
        )
        self.model.set_rows(report.left)
        self.table.setVisible(bool(left))
        self.table.setCurrentIndex(self.model.index(0, 0))
        self.show()

    def _choose(self, left: Left | None) -> None:
        """Show the reason of the chosen line in full, which a narrow table cuts."""
        said = tr("{record}: {reason}", record=words.name_words(left.item), reason=left.reason) if left else ""
        self.reason.setText(said)
        self.reason.setVisible(left is not None)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def _open(self, left: Left) -> None:
        if left.item.sf_id or left.item.ac_id:
            self.openRecord.emit(RecordRef(left.item.sobject, left.item.sf_id, left.item.ac_id))
