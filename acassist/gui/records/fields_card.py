"""The mapped fields of a record on both sides, and whether they agree."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QSizePolicy, QWidget

from acassist.assistant.views import Level, RecordCard, SyncedField
from acassist.domain.foreign_text import one_line
from acassist.gui.icons import icon
from acassist.gui.strings import message, tr, tr_n
from acassist.gui.theme import S2, theme
from acassist.gui.widgets import Card, Chip, Text
from acassist.gui.widgets.layout import row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable


def _value(text: str | None) -> str:
    return one_line(text) if text else tr("blank")


def _state(field: SyncedField) -> str:
    return tr("Same") if field.equal else tr("Different")


def _mark(field: SyncedField) -> QIcon:
    return icon("check", "ok", 16) if field.equal else icon("warning", "warn", 16)


def _grey(text: str | None) -> QColor | None:
    return None if text else theme().color("muted")


def columns() -> list[Column[SyncedField]]:
    """Describe the table of mapped fields."""
    return [
        Column(lambda: tr("Field"), lambda f: one_line(message(f.title)), 5),
        Column(lambda: tr("Salesforce"), lambda f: _value(f.salesforce), 7, colour=lambda f: _grey(f.salesforce)),
        Column(
            lambda: tr("ActiveCampaign"),
            lambda f: _value(f.activecampaign),
            7,
            colour=lambda f: _grey(f.activecampaign),
        ),
        Column(lambda: tr("Both sides"), _state, 5, icon=_mark, order=lambda f: f.equal),
    ]


class _WholeTable(RowsTable):
    """A table as high as its rows; the page around it scrolls."""

    def sizeHint(self) -> QSize:
        rows = self.model().rowCount()
        head = self.horizontalHeader().sizeHint().height()
        return QSize(300, head + rows * self.verticalHeader().defaultSectionSize() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def wheelEvent(self, event: QEvent) -> None:
        event.ignore()


class FieldsCard(Card):
    """Synced fields of one record."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: RowsModel[SyncedField] = RowsModel(columns(), self)
        self.table = _WholeTable(self.model, tr("Synced fields"))
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.summary = Chip()
        self.nothing = Text(tr("No field is mapped for this kind of record."), "muted")
        head = row(spacing=S2)
        head.addWidget(Text(tr("Synced fields"), "section", wrap=False))
        head.addStretch(1)
        head.addWidget(self.summary)
        self.body.addLayout(head)
        self.body.addWidget(self.table)
        self.body.addWidget(self.nothing)

    def show_record(self, record: RecordCard) -> None:
        """Show the fields of a record."""
        self.model.set_rows(record.fields)
        different = sum(1 for field in record.fields if not field.equal)
        both = record.ref.sf_id is not None and record.ref.ac_id is not None
        self.summary.setVisible(both and bool(record.fields))
        if different:
            self.summary.show_state(Level.WARN, tr_n("{n} field differs", "{n} fields differ", different))
        else:
            self.summary.show_state(Level.OK, tr("All the same"))
        self.table.setVisible(bool(record.fields))
        self.nothing.setVisible(not record.fields)
        self.table.updateGeometry()
