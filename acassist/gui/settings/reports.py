"""The reports behind Settings: audit log, log, diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from acassist.assistant.desk import AuditEntry, LogLine
from acassist.assistant.facade import AssistantPort
from acassist.domain.spreadsheet import csv_text
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge
from acassist.gui.dialogs.files import TABLE_FILTERS, save_as
from acassist.gui.settings.computer_card import data_folder
from acassist.gui.settings.sub_page import SubPage
from acassist.gui.settings.words import event_words, lines_words
from acassist.gui.strings import number, tr, tr_n, when
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import Button, Combo, EmptyState, SearchField, SelectableText, Text
from acassist.gui.widgets.layout import Card, Scroll, column, row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable

PAGE = 200
_ALL = 1_000_000
_DETAIL = 160
"""How high the values of one entry may stand before they scroll."""
TEXT_FILTERS = ("Text (*.txt)",)
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _flat(text: str) -> str:
    return lines_words(text).replace("\n", "; ")


class AuditView(SubPage):
    """Every change of a setting and every decision, newest first; entries are never changed."""

    def __init__(self, bridge: Bridge) -> None:
        empty = EmptyState("history", tr("Nothing yet"), tr("Each change of a setting will be listed here."))
        meaning = tr("Each change of a setting and each decision. Entries can be read, never changed or deleted.")
        self._oldest: int | None = None
        super().__init__(bridge, tr("Audit log"), meaning, empty)
        self.export = Button(tr("Export…"), self._ask_where)
        self.tools.addWidget(self.export)

    def make_content(self) -> QWidget:
        """Build table, detail and the button for older entries."""
        self.model: RowsModel[AuditEntry] = RowsModel(
            [
                Column(lambda: tr("Time"), lambda e: when(e.at), 5, order=lambda e: e.at.timestamp()),
                Column(lambda: tr("What"), lambda e: event_words(e.what), 5),
                Column(lambda: tr("Before"), lambda e: _flat(e.before), 5, spare=True),
                Column(lambda: tr("After"), lambda e: _flat(e.after), 5),
            ],
            self,
        )
        self.table = RowsTable(self.model, tr("Audit log"))
        self.table.chosen.connect(self._choose)
        self.before, self.after = SelectableText(), SelectableText()
        self.detail = Card(padding=S3, spacing=S2)
        sides = row(spacing=S3)
        for title, value in ((tr("Before"), self.before), (tr("After"), self.after)):
            box = column(spacing=0)
            box.addWidget(Text(title, "small"))
            box.addWidget(value)
            box.addStretch(1)
            sides.addLayout(box, 1)
        scroll = Scroll()
        scroll.body.addLayout(sides)
        scroll.setMaximumHeight(_DETAIL)
        self.detail.body.addWidget(scroll)
        self.more = Button(tr("Older entries"), self._read, kind="link")
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S2)
        box.addWidget(self.table, 1)
        box.addWidget(self.more)
        self.detail.setMaximumHeight(_DETAIL)
        box.addWidget(self.detail)
        return content

    def reload(self) -> None:
        """Read the newest entries."""
        self._oldest = None
        self._read()

    def _read(self) -> None:
        before = self._oldest

        async def read(assistant: AssistantPort) -> list[AuditEntry]:
            return await assistant.desk.audit(PAGE, before)

        self.ask(read, self._show)

    def _show(self, entries: list[AuditEntry]) -> None:
        first = self._oldest is None
        if first and not entries:
            self.state.show_empty()
            return
        if first:
            self.model.set_rows(entries)
            self.table.setCurrentIndex(self.model.index(0, 0))
        else:
            self.model.append_rows(entries)
        self._oldest = min((entry.id for entry in entries), default=self._oldest)
        self.more.setVisible(len(entries) >= PAGE)
        self.state.show_content()

    def _choose(self, entry: AuditEntry | None) -> None:
        self.detail.setVisible(entry is not None and bool(entry.before or entry.after))
        if entry is not None:
            for label, text in ((self.before, entry.before), (self.after, entry.after)):
                words = lines_words(text) or tr("blank")
                label.setText(words)
                name(label, words)

    def _ask_where(self) -> None:
        save_as(self, tr("Export the audit log"), "audit.csv", TABLE_FILTERS, self._save)

    def _save(self, path: Path) -> None:
        """Write JSON as it is stored, for programs; CSV in the words of this page, for people."""
        if path.suffix.casefold() == ".json":
            self._write(lambda a: a.desk.export_audit(path))
            return

        async def read(assistant: AssistantPort) -> list[AuditEntry]:
            return await assistant.desk.audit(_ALL)

        def put_into_words(entries: list[AuditEntry]) -> None:
            text = audit_table(entries)
            self._write(lambda a: a.desk.save_text(text, path))

        self.bridge.call(read, put_into_words, self.saved.show_problem, owner=self)

    def _write(self, work: Callable[[AssistantPort], Coroutine[Any, Any, Path]]) -> None:
        self.bridge.call(work, self.saved.show_saved, self.saved.show_problem, owner=self)


def audit_table(entries: Sequence[AuditEntry]) -> str:
    """Return the entries as CSV, newest first, each in words."""
    titles = (tr("Time"), tr("What"), tr("Before"), tr("After"))
    rows = ((when(e.at), event_words(e.what), _flat(e.before), _flat(e.after)) for e in entries)
    return csv_text(titles, rows)


class LogView(SubPage):
    """The newest lines of the log: filter by level and words, copy, open the folder."""

    def __init__(self, bridge: Bridge) -> None:
        empty = EmptyState("list", tr("The log is empty"), tr("The program has noted nothing yet."))
        meaning = tr("The newest lines the program noted. They hold no key and no e-mail address.")
        super().__init__(bridge, tr("Log"), meaning, empty)

    def make_content(self) -> QWidget:
        """Build filter and table."""
        self.level, self.search = Combo(), SearchField(tr("Filter by words"))
        name(self.level, tr("Level"))
        for place, text in enumerate((tr("Everything"), tr("Notes and worse"), tr("Warnings and worse"), tr("Errors"))):
            self.level.addItem(text, place)
        self.level.setCurrentIndex(1)
        self.level.currentIndexChanged.connect(self._filter)
        self.search.searched.connect(self._filter)
        self.shown = Text("", "small", wrap=False)
        self.copy = Button(tr("Copy what is shown"), self._copy)
        self.folder = Button(tr("Open folder"), self._open)
        self.model: RowsModel[LogLine] = RowsModel(
            [
                Column(lambda: tr("Time"), lambda line: line.time.partition(".")[0], 8),
                Column(lambda: tr("Level"), lambda line: line.level, 5),
                Column(lambda: tr("Part"), lambda line: line.source.removeprefix("acassist."), 5, spare=True),
                Column(lambda: tr("Text"), lambda line: line.text, 18),
            ],
            self,
        )
        self.table = RowsTable(self.model, tr("Log"))
        self.table.chosen.connect(self._choose)
        self.line = SelectableText("", "code")
        filters = row(spacing=S2)
        for widget, stretch in ((self.level, 0), (self.search, 1), (self.shown, 0)):
            filters.addWidget(widget, stretch)
        buttons = row(spacing=S2)
        for button in (self.copy, self.folder):
            buttons.addWidget(button)
        buttons.addStretch(1)
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S2)
        box.addLayout(filters)
        box.addWidget(self.table, 1)
        box.addWidget(self.line)
        box.addLayout(buttons)
        return content

    def reload(self) -> None:
        """Read the log files."""
        self.ask(lambda a: a.desk.log_lines(), self._show)

    def _show(self, lines: list[LogLine]) -> None:
        if not lines:
            self.state.show_empty()
            return
        self.model.set_rows(list(reversed(lines)))
        self._filter()
        self.state.show_content()

    def _filter(self, *_changed: object) -> None:
        least = self.level.currentData()

        def keep(line: LogLine) -> bool:
            return _LEVELS.index(line.level) >= least if line.level in _LEVELS else True

        self.model.set_filter(self.search.text(), keep)
        self.shown.setText(tr_n("{n} line", "{n} lines", self.model.rowCount()))
        self.table.setCurrentIndex(self.model.index(0, 0))

    def _choose(self, line: LogLine | None) -> None:
        self.line.setVisible(line is not None)
        if line is not None:
            self.line.setText(line.text)
            name(self.line, line.text)

    def _copy(self) -> None:
        lines = (" ".join(p for p in (x.time, x.level, x.source, x.text) if p) for x in reversed(self.model.shown))
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.shown.setText(tr_n("{n} line copied", "{n} lines copied", self.model.rowCount()))

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(data_folder()) / "logs")))


class DiagnosticsView(SubPage):
    """Shows the report exactly as it would be saved; nothing is sent anywhere."""

    copied = Signal()

    def __init__(self, bridge: Bridge) -> None:
        empty = EmptyState("list", tr("The report is empty"), tr("There is nothing to report yet."))
        meaning = tr(
            "This is all that the file will hold: versions, settings without names, counts, the last runs and the log. "
            "Keys, e-mail addresses and names are masked. Nothing is sent anywhere."
        )
        super().__init__(bridge, tr("Diagnostics"), meaning, empty)
        self.save = Button(tr("Save…"), self._ask_where, kind="primary")
        self.copy = Button(tr("Copy"), self._copy)
        for button in (self.copy, self.save):
            self.tools.addWidget(button)

    def make_content(self) -> QWidget:
        """Build the text."""
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        name(self.text, tr("Text of the report"))
        self.length = Text("", "small")
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S2)
        box.addWidget(self.text, 1)
        box.addWidget(self.length)
        return content

    def reload(self) -> None:
        """Make the report."""
        self.ask(lambda a: a.desk.diagnostics(), self._show)

    def _show(self, text: str) -> None:
        self.text.setPlainText(text)
        self.length.setText(tr("{n} lines", n=number(len(text.splitlines()))))
        self.state.show_content()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.length.setText(tr("Copied"))

    def _ask_where(self) -> None:
        save_as(self, tr("Save the diagnostics"), "acassist-diagnostics.txt", TEXT_FILTERS, self._save)

    def _save(self, path: Path) -> None:
        text = self.text.toPlainText()

        async def write(assistant: AssistantPort) -> Path:
            return await assistant.desk.save_text(text, path)

        self.bridge.call(write, self.saved.show_saved, self.saved.show_problem, owner=self)
