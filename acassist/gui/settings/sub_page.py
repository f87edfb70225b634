"""A page that opens on top of Settings: a way back, a heading, and content in one of its states."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.files import SavedBanner
from acassist.gui.strings import tr
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import EmptyState, Heading, IconButton, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful


class SubPage(QWidget):
    """Subclasses build `content`, and read in `reload`; `tools` is the line at the right of the heading."""

    back = Signal()

    def __init__(self, bridge: Bridge, title: str, meaning: str, empty: EmptyState) -> None:
        super().__init__()
        self.setProperty("kind", "clear")
        self.bridge = bridge
        self.call: Call | None = None
        self.saved = SavedBanner()
        self.tools = row(spacing=S2)
        head = row(spacing=S3)
        self.back_button = IconButton("arrow-left", tr("Back to Settings"), self.back.emit)
        head.addWidget(self.back_button)
        head.addWidget(Heading(title), 1)
        head.addLayout(self.tools)
        self.meaning = Text(meaning, "muted")
        self.state = Stateful(self.make_content(), empty=empty, retry=self.reload)
        box = column(self, spacing=S3)
        box.addLayout(head)
        box.addWidget(self.meaning)
        box.addWidget(self.saved)
        box.addWidget(self.state, 1)

    def make_content(self) -> QWidget:
        """Build what is shown once there is something."""
        return QWidget()

    def reload(self) -> None:
        """Read what is shown; a page without a source of its own shows that it is empty."""
        self.state.show_empty()

    def start(self) -> None:
        """Show the page anew."""
        self.saved.hide()
        self.state.show_loading()
        self.reload()

    def ask(self, work: Callable[..., object], show: Callable[..., None]) -> None:
        """Ask the engine, dropping an earlier question."""
        if self.call is not None:
            self.call.cancel()
        self.call = self.bridge.call(work, show, self.show_trouble, owner=self)  # type: ignore[arg-type]

    def show_trouble(self, problem: Problem) -> None:
        """Say why nothing could be read."""
        self.state.show_problem(problem)
