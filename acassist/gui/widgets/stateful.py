"""A place that shows exactly one of: loading, an error with its remedy, an empty state, or its content."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QStackedWidget, QWidget

from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.strings import tr
from acassist.gui.theme import S3, S4
from acassist.gui.widgets.labels import Text
from acassist.gui.widgets.layout import column
from acassist.gui.widgets.states import ProblemBanner


class Loading(QWidget):
    """Says what is being read, with a moving bar; nothing else moves."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        box = column(self, spacing=S3, margins=S4)
        box.addStretch(1)
        self.words = Text(text, "muted")
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(160)
        name(bar, text)
        box.addWidget(self.words)
        box.addWidget(bar, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)


class Stateful(QStackedWidget):
    """Holds the content and its other states; `retry` is what the error's button does."""

    def __init__(
        self,
        content: QWidget,
        *,
        empty: QWidget,
        loading: str = "",
        retry: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.content, self.empty = content, empty
        self.loading = Loading(loading or tr("Loading…"))
        self.setProperty("kind", "clear")
        self._trouble = QWidget()
        self._trouble.setProperty("kind", "clear")
        self.banner = ProblemBanner()
        if retry is not None:
            self.banner.add_action(tr("Try again"), retry)
        box = column(self._trouble)
        box.addWidget(self.banner)
        box.addStretch(1)
        for page in (self.loading, self._trouble, empty, content):
            self.addWidget(page)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.show_loading()

    def show_loading(self) -> None:
        self.setCurrentWidget(self.loading)

    def show_problem(self, problem: Problem, *, focus: bool = False) -> None:
        self.setCurrentWidget(self._trouble)
        self.banner.show_problem(problem, focus=focus)

    def show_empty(self) -> None:
        self.setCurrentWidget(self.empty)

    def show_content(self) -> None:
        self.setCurrentWidget(self.content)
