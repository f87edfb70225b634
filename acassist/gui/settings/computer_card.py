"""This computer: where the data lies, and a check of everything the sync needs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from acassist.assistant.views import CheckItem
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge
from acassist.gui.setup.check_list import CheckList
from acassist.gui.strings import tr
from acassist.gui.theme import S2
from acassist.gui.widgets import BusyButton, Button, Card, CopyField, ProblemBanner, Text
from acassist.gui.widgets.layout import row

FOLDER_PROPERTY = "acassist.data_dir"
"""Property of the application object that names the profile's folder; set by the composition root."""


def data_folder() -> str:
    """Return where this profile keeps its files, an empty text when it is not known."""
    app = QCoreApplication.instance()
    return str(app.property(FOLDER_PROPERTY) or "") if app is not None else ""


class ComputerCard(Card):
    """Shows the data folder and the check list."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        folder = data_folder()
        self.body.addWidget(Text(tr("This computer"), "section"))
        self.body.addWidget(
            Text(
                tr("Mapping, links and history are kept in this folder. Keys and access are kept in the keyring."),
                "muted",
            )
        )
        self.folder = CopyField(tr("Data folder"), folder)
        self.open_folder = Button(tr("Open folder"), self._open)
        line = row(spacing=S2)
        line.addWidget(self.folder, 1)
        line.addWidget(self.open_folder)
        self.body.addLayout(line)
        self.folder.setVisible(bool(folder))
        self.open_folder.setVisible(bool(folder))
        self.check = BusyButton(tr("Check everything"), self._check, kind="")
        self.trouble = ProblemBanner(closable=True)
        self.list = CheckList()
        self.list.hide()
        self.body.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.list)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(data_folder()))

    def _check(self) -> None:
        self.check.set_busy(True, tr("Checking…"))
        self.trouble.hide()
        self._bridge.call(lambda a: a.doctor(), self._show, self._failed, owner=self)

    def _show(self, items: list[CheckItem]) -> None:
        self.check.set_busy(False)
        self.list.show_items(items)
        self.list.show()

    def _failed(self, problem: Problem) -> None:
        self.check.set_busy(False)
        self.trouble.show_problem(problem)
