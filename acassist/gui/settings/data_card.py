"""Data of this profile: export and import of the set-up, copies, and the reports behind them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from acassist.assistant.facade import AssistantPort
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge
from acassist.gui.dialogs.files import SavedBanner, open_file, save_as
from acassist.gui.icons import set_icon
from acassist.gui.strings import ago, number, tr, when
from acassist.gui.theme import S2, S4
from acassist.gui.widgets import BusyButton, Button, Card, Text
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import column

FILTERS = ("JSON (*.json)",)
_MEGABYTE = 1_000_000


class DataCard(Card):
    """`importWanted` carries the path of a set-up file; the other signals open pages."""

    importWanted = Signal(object)
    auditWanted = Signal()
    logWanted = Signal()
    diagnosticsWanted = Signal()
    restoreWanted = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._folder = ""
        self.saved = SavedBanner()
        self.body.addWidget(Text(tr("Data and reports"), "section"))
        self.export = Button(tr("Export the set-up…"), self._export)
        self.load = Button(tr("Import a set-up…"), self._import)
        self._line(
            tr("Set-up"),
            tr("Mapping, selections, schedule, limits and defaults as a file. It never holds a key or a password."),
            self.export,
            self.load,
        )
        self.back_up = BusyButton(tr("Back up now"), self._back_up, kind="")
        self.open_folder = Button(tr("Open folder"), self._open)
        self.restore = Button(tr("Restore a copy…"), self.restoreWanted.emit)
        self.newest = self._line(tr("Copies"), "", self.back_up, self.restore, self.open_folder)
        self.audit = Button(tr("Audit log"), self.auditWanted.emit)
        self.log = Button(tr("Log"), self.logWanted.emit)
        self.diagnostics = Button(tr("Diagnostics"), self.diagnosticsWanted.emit)
        self._line(
            tr("Reports"),
            tr("Who changed which setting, what the program noted, and a report for whoever helps you."),
            self.audit,
            self.log,
            self.diagnostics,
        )
        self.body.addWidget(self.saved)
        icons = ((self.export, "download"), (self.load, "upload"), (self.restore, "undo"), (self.open_folder, "folder"))
        for button, icon_name in icons:
            set_icon(button, icon_name, "text", 16)

    def _line(self, title: str, meaning: str, *buttons: Button) -> Text:
        words = Text(meaning, "muted")
        box = column(spacing=S2)
        box.addWidget(Text(title, "strong"))
        box.addWidget(words)
        line = FlowLayout(spacing=S2)
        for button in buttons:
            line.addWidget(button)
        box.addLayout(line)
        self.body.addLayout(box)
        self.body.addSpacing(S4 - S2)
        return words

    def reload(self) -> None:
        """Read which copies there are."""
        self._bridge.call(lambda a: a.desk.backups(), self._show_copies, self._no_copies, owner=self)

    def _show_copies(self, found: list) -> None:  # type: ignore[type-arg]
        if not found:
            self.newest.setText(tr("There is no copy of this profile yet."))
            self.open_folder.hide()
            self.restore.allow(False, tr("There is no copy of this profile yet."))
            return
        self.restore.allow(True)
        newest = found[0]
        self._folder = str(newest.path.parent)
        self.open_folder.show()
        self.newest.setText(
            tr(
                "The newest of {count} was made {time} ({exact}); it has {size} MB.",
                count=number(len(found)), time=ago(newest.at), exact=when(newest.at),
                size=number(round(newest.size / _MEGABYTE, 1)),
            )
        )  # fmt: skip

    def _no_copies(self, problem: Problem) -> None:
        self.newest.setText("")
        self.saved.show_problem(problem, focus=False)

    # -- actions
    def _export(self) -> None:
        save_as(self, tr("Export the set-up"), "acassist-setup.json", FILTERS, self._save)

    def _save(self, path: Path) -> None:
        async def write(assistant: AssistantPort) -> Path:
            return await assistant.desk.export_setup(path)

        self._bridge.call(write, self.saved.show_saved, self.saved.show_problem, owner=self)

    def _import(self) -> None:
        open_file(self, tr("Import a set-up"), FILTERS, self.importWanted.emit)

    def _back_up(self) -> None:
        self.back_up.set_busy(True, tr("Copying…"))
        self._bridge.call(lambda a: a.desk.back_up(), self._backed_up, self._not_backed_up, owner=self)

    def _backed_up(self, made: object) -> None:
        self.back_up.set_busy(False)
        self.saved.show_saved(made.path)  # type: ignore[attr-defined]
        self.reload()

    def _not_backed_up(self, problem: Problem) -> None:
        self.back_up.set_busy(False)
        self.saved.show_problem(problem)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))
