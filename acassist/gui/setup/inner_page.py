"""A page that opens inside a place: the way back, its title, and what it is for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from acassist.gui.bridge import Bridge
from acassist.gui.page import Page
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S3, S4, S7
from acassist.gui.widgets import Heading, IconButton, ProblemBanner, Scroll, Text, column, row


class InnerPage(Page):
    """Leads back to `parent_key`; `content` scrolls between the heading and whatever stands below it in `body`."""

    parent_key = "setup"

    def __init__(self, bridge: Bridge, title: str, lead: str, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self.body = column(self, spacing=S4, margins=(S7, S4, S7, S4))
        head = column(spacing=S2)
        line = row(spacing=S3)
        self.back = IconButton("arrow-left", self._back_words(), self.go_back)
        line.addWidget(self.back)
        line.addWidget(Heading(title), 1)
        head.addLayout(line)
        head.addWidget(Text(lead, "muted"))
        self.body.addLayout(head)
        self.banner = ProblemBanner(closable=True)
        self.body.addWidget(self.banner)
        self.area = Scroll(spacing=S4)
        self.content = self.area.body
        self.body.addWidget(self.area, 1)

    def _back_words(self) -> str:
        return tr("Back to Settings") if self.parent_key == "settings" else tr("Back to Setup")

    def go_back(self) -> None:
        """Show the place this page belongs to."""
        self.navigate.emit(self.parent_key, None)
