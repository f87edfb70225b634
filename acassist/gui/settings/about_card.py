"""What this program is, its version and its licence."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QWidget

from acassist import __version__
from acassist.gui.assets import asset
from acassist.gui.strings import tr
from acassist.gui.theme import S1, S4
from acassist.gui.widgets import Card, SelectableText, Text
from acassist.gui.widgets.layout import column, row

_ICON = 56


class AboutCard(Card):
    """Name, version, licence, whose trademarks the names are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.body.addWidget(Text(tr("About"), "section"))
        line = row(spacing=S4)
        picture = QLabel()
        picture.setPixmap(QIcon(str(asset("icons/app.svg"))).pixmap(QSize(_ICON, _ICON)))
        picture.setAccessibleName("")
        line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=S1)
        words.addWidget(Text(tr("ActiveCampaign Setup Assistant"), "strong"))
        self.version = SelectableText(tr("Version {version}", version=__version__), "muted")
        words.addWidget(self.version)
        words.addWidget(Text(tr("Open source under the MIT licence."), "muted"))
        words.addWidget(
            Text(
                tr("Salesforce and ActiveCampaign are names of their owners. This program belongs to neither of them."),
                "small",
            )
        )
        line.addLayout(words, 1)
        self.body.addLayout(line)
