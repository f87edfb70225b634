"""How a state is shown: connection bar, problem banner, empty state, level icon."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from acassist.assistant.views import Level
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.icons import IconLabel
from acassist.gui.strings import message, tr
from acassist.gui.theme import S1, S2, S3, S4, S7, dress
from acassist.gui.widgets.buttons import Button, IconButton
from acassist.gui.widgets.labels import SelectableText, Text
from acassist.gui.widgets.layout import column, row

LEVEL_ICONS = {
    Level.OK: ("check-circle", "ok"),
    Level.BUSY: ("busy", "accent"),
    Level.WARN: ("warning", "warn"),
    Level.BAD: ("cross-circle", "bad"),
    Level.IDLE: ("minus-circle", "muted"),
}


class LevelIcon(IconLabel):
    """The shape and colour of a level; words stand beside it."""

    def __init__(self, level: Level = Level.IDLE, size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(*LEVEL_ICONS[level], size, parent)

    def show_level(self, level: Level) -> None:
        """Show another level."""
        self.show_icon(*LEVEL_ICONS[level])


class ConnectionBar(QFrame):
    """Black "Not connected", green "Connected", red with the error's sentence, or busy."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        box = row(self, spacing=S2, margins=(S4, S2, S4, S2))
        self._icon = LevelIcon()
        self._text = Text("")
        box.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._text, 1)
        self.level = Level.IDLE
        self.show_idle()

    @property
    def text(self) -> str:
        """Return the words shown."""
        return self._text.text()

    def _show(self, level: Level, text: str) -> None:
        self.level = level
        self._text.setText(text)
        icon_name, role = LEVEL_ICONS[level]
        self._icon.show_icon(icon_name, "on_idle" if level is Level.IDLE else role)
        name(self, text)
        dress(self, level=level.value)

    def show_idle(self) -> None:
        """Say that nothing is connected."""
        self._show(Level.IDLE, tr("Not connected"))

    def show_busy(self, text: str) -> None:
        """Say what is being checked."""
        self._show(Level.BUSY, text)

    def show_connected(self, text: str | None = None) -> None:
        """Say that the connection stands."""
        self._show(Level.OK, text or tr("Connected"))

    def show_problem(self, problem: Problem) -> None:
        """Say what went wrong and what to do."""
        self._show(Level.BAD, tr("{sentence} {next_step}", sentence=problem.sentence, next_step=problem.next_step))


class ProblemBanner(QFrame):
    """A problem in place: title, sentence, next step, technical detail on request; takes the focus when shown."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None, *, closable: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("kind", "banner")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        outer = row(self, spacing=S3, margins=(S4, S3, S3, S3))
        self._icon = LevelIcon(Level.BAD)
        outer.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=S1)
        self._title, self._sentence, self._next = Text("", "strong"), Text(""), Text("")
        self._detail = SelectableText("", "small")
        self._more = Button(tr("Show details"), self._toggle, kind="link")
        for part in (self._title, self._sentence, self._next):
            words.addWidget(part)
        self._actions = row(spacing=S3)
        self._actions.addWidget(self._more)
        self._actions.addStretch(1)
        words.addLayout(self._actions)
        words.addWidget(self._detail)
        outer.addLayout(words, 1)
        if closable:
            outer.addWidget(IconButton("cross", tr("Dismiss"), self.dismiss), 0, Qt.AlignmentFlag.AlignTop)
        self.problem: Problem | None = None
        self.hide()

    def add_action(self, text: str, clicked: Callable[[], None]) -> Button:
        """Add a button that leads to the remedy."""
        button = Button(text, clicked)
        self._actions.insertWidget(0, button)
        return button

    def show_problem(self, problem: Problem, *, focus: bool = True) -> None:
        """Show a problem."""
        self.problem = problem
        self._show(Level.BAD, message(problem.title), message(problem.sentence), message(problem.next_step))
        self._detail.setText(problem.detail)
        self._detail.hide()
        self._more.setVisible(bool(problem.detail))
        self._more.setText(tr("Show details"))
        if focus:
            self.setFocus()

    def show_note(self, level: Level, title: str, sentence: str, *, focus: bool = False) -> None:
        """Show a sentence that is not a failure."""
        self.problem = None
        self._more.hide()
        self._detail.hide()
        self._show(level, title, sentence, "")
        if focus:
            self.setFocus()

    def _show(self, level: Level, *texts: str) -> None:
        for label, text in zip((self._title, self._sentence, self._next), texts, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        self._icon.show_level(level)
        name(self, " ".join(text for text in texts if text))
        dress(self, level=level.value)
        self.show()

    def _toggle(self) -> None:
        opened = self._detail.isHidden()
        self._detail.setVisible(opened)
        self._more.setText(tr("Hide details") if opened else tr("Show details"))

    def dismiss(self) -> None:
        """Take the banner away."""
        self.problem = None
        self.hide()
        self.dismissed.emit()


class EmptyState(QWidget):
    """What a list shows when it is empty: icon, title, sentence, and what to do about it."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str,
        button: Button | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        box = column(self, spacing=S2, margins=S7)
        box.addStretch(1)
        box.addWidget(IconLabel(icon_name, "muted", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        self.title, self.text = Text(title, "section"), Text(text, "muted")
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(label)
        if button is not None:
            box.addSpacing(S2)
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)
