"""Choosing a file to save to or to read, without blocking; and the banner that says where it was saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.gui.strings import tr
from acassist.gui.widgets import ProblemBanner

TABLE_FILTERS = ("CSV (*.csv)", "JSON (*.json)")


def save_as(
    parent: QWidget, title: str, suggested: str, filters: tuple[str, ...], chosen: Callable[[Path], None]
) -> QFileDialog:
    """Open a save dialog; `chosen` gets the path, with the suffix of the filter when none was typed."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(filters))
    dialog.setDefaultSuffix(_suffix(filters[0]))
    dialog.selectFile(suggested)

    def follow(name: str) -> None:
        dialog.setDefaultSuffix(_suffix(name))

    def take() -> None:
        files = dialog.selectedFiles()
        if files:
            chosen(Path(files[0]))

    dialog.filterSelected.connect(follow)
    return _open(dialog, take)


def open_file(parent: QWidget, title: str, filters: tuple[str, ...], chosen: Callable[[Path], None]) -> QFileDialog:
    """Open a dialog for an existing file."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilters(list(filters))

    def take() -> None:
        files = dialog.selectedFiles()
        if files:
            chosen(Path(files[0]))

    return _open(dialog, take)


def _open(dialog: QFileDialog, take: Callable[[], None]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(take)
    dialog.open()
    return dialog


def _suffix(name_filter: str) -> str:
    return name_filter.rpartition("*.")[2].rstrip(")")


class SavedBanner(ProblemBanner):
    """Says where a file was saved, with a button that opens the folder; shows problems like any banner."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, closable=True)
        self._folder = ""
        self.open_folder = self.add_action(tr("Open folder"), self._open_folder)
        self.open_folder.hide()

    def show_saved(self, path: Path) -> None:
        """Say that a file is there."""
        self._folder = str(path.parent)
        self.open_folder.show()
        self.show_note(Level.OK, tr("Saved"), tr("The file is {file}.", file=str(path)), focus=True)

    def show_problem(self, problem: Problem, *, focus: bool = True) -> None:
        """Show a problem; there is no folder to open then."""
        self.open_folder.hide()
        super().show_problem(problem, focus=focus)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))
