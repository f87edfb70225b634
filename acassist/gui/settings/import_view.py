"""What a set-up file would change here, value by value, before it is put into effect."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from acassist.assistant.desk import Import, SettingChange
from acassist.assistant.facade import AssistantPort
from acassist.domain.problem import Problem
from acassist.domain.profile import Setup
from acassist.gui.bridge import Bridge
from acassist.gui.settings.sub_page import SubPage
from acassist.gui.settings.words import setting_words, value_words
from acassist.gui.strings import tr, tr_n
from acassist.gui.theme import S2
from acassist.gui.widgets import BusyButton, Button, EmptyState, Text
from acassist.gui.widgets.layout import column
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable


class ImportView(SubPage):
    """`imported` tells that the set-up is in effect."""

    imported = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        empty = EmptyState("check-circle", tr("Nothing would change"), tr("The file says what is in effect already."))
        meaning = tr("Nothing is changed before you press Put into effect. Connections and keys stay as they are.")
        self._path: Path | None = None
        self._found: Import | None = None
        super().__init__(bridge, tr("Import a set-up"), meaning, empty)
        self.leave, self.use = Button(tr("Cancel"), self.back.emit), BusyButton(tr("Put into effect"), self._use)
        for button in (self.leave, self.use):
            self.tools.addWidget(button)

    def make_content(self) -> QWidget:
        """Build the table of differences."""
        self.model: RowsModel[SettingChange] = RowsModel(
            [
                Column(lambda: tr("Setting"), lambda c: setting_words(c.path), 5),
                Column(lambda: tr("Now"), lambda c: value_words(c.path, c.before), 3),
                Column(lambda: tr("After the import"), lambda c: value_words(c.path, c.after), 3),
            ],
            self,
        )
        self.table = RowsTable(self.model, tr("What the import would change"))
        self.count = Text("", "strong")
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S2)
        box.addWidget(self.count)
        box.addWidget(self.table, 1)
        return content

    def open_path(self, path: Path) -> None:
        """Read a file and compare it."""
        self._path, self._found = path, None
        self.use.set_busy(False)
        self.use.hide()
        self.start()

    def reload(self) -> None:
        """Read the file again."""
        path = self._path
        if path is None:
            return

        async def read(assistant: AssistantPort) -> Import:
            return await assistant.desk.read_import(path)

        self.ask(read, self._show)

    def _show(self, found: Import) -> None:
        self._found = found
        if not found.changes:
            self.state.show_empty()
            return
        count = tr_n("{n} value would change", "{n} values would change", len(found.changes))
        self.count.setText(tr("{file}: {count}", file=found.file, count=count))
        self.model.set_rows(found.changes)
        self.use.show()
        self.state.show_content()

    def _use(self) -> None:
        found = self._found
        if found is None:
            return
        self.use.set_busy(True, tr("One moment…"))

        async def work(assistant: AssistantPort) -> Setup:
            return await assistant.import_setup(found.data)

        self.bridge.call(work, self._used, self._not_used, owner=self)

    def _used(self, _setup: Setup) -> None:
        self.use.set_busy(False)
        self.imported.emit(self._found.file if self._found is not None else "")

    def _not_used(self, problem: Problem) -> None:
        self.use.set_busy(False)
        self.saved.show_problem(problem)
