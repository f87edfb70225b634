"""The Setup page: four cards, one for each step, and what is reassuring to know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from acassist.assistant.views import Level, StepCard
from acassist.domain.problem import Problem
from acassist.domain.profile import Step
from acassist.domain.text import N_
from acassist.gui.accessibility import name
from acassist.gui.icons import IconLabel, paint_icon
from acassist.gui.setup.prepare_more import MoreCard
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S1, S3, S4, S5, S7, theme
from acassist.gui.widgets import Button, Card, Chip, Heading, ProblemBanner, Scroll, Text, clear, column, row

_PROMISES = (
    ("shield", N_("Nothing happens unseen"), N_("Nothing is written in either service before you press Start.")),
    ("history", N_("Every change is on record"), N_("The old value of every change is kept and can be looked up.")),
    (
        "key",
        N_("Your keys stay yours"),
        N_("Keys are kept in the keyring of this computer and sent only to the service they are for."),
    ),
)


class StepBadge(QWidget):
    """The number of a step, or a green check mark once it is finished."""

    def __init__(self, count: int, done: bool, active: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count, self._done, self._active = count, done, active
        self.setFixedSize(36, 36)
        theme().changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = "ok" if self._done else "accent_soft" if self._active else "sunken"
        painter.setBrush(colours.color(ground))
        painter.drawEllipse(self.rect().adjusted(1, 1, -1, -1))
        if self._done:
            paint_icon(painter, self.rect().adjusted(8, 8, -8, -8).toRectF(), "check", colours.color("surface"))
        else:
            font = self.font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(colours.color("accent" if self._active else "muted"))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), number(self._count))
        painter.end()


class StepCardWidget(Card):
    """One step: badge, title, one line, and the button that opens it."""

    opened = Signal(object)

    def __init__(self, card: StepCard, *, primary: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S4)
        self.card = card
        across = row(spacing=S4)
        across.addWidget(StepBadge(card.number, card.done, primary), 0, Qt.AlignmentFlag.AlignVCenter)
        words = column(spacing=S1)
        title = message(card.title)
        words.addWidget(Text(title, "section"))
        words.addWidget(Text(message(card.locked or card.summary), "muted"))
        across.addLayout(words, 1)
        self._state(across, title)
        self.button = Button(self._label(), self._open, kind="primary" if primary else "")
        self.button.setAccessibleDescription(title)
        if card.locked is not None:
            self.button.allow(False, message(card.locked))
        across.addWidget(self.button)
        self.body.addLayout(across)

    def _state(self, across: QHBoxLayout, title: str) -> None:
        card = self.card
        if card.locked is not None:
            across.addWidget(IconLabel("lock", "muted", 18))
            name(self, tr("{title}: locked", title=title))
            return
        words = tr("Finished") if card.done else tr("Draft") if card.draft else tr("Not finished")
        name(self, tr("{title}: {state}", title=title, state=words))
        if card.draft:
            across.addWidget(Chip(Level.IDLE, tr("Draft kept")))

    def _label(self) -> str:
        if self.card.done:
            return tr("Edit")
        first = self.card.number == 1 and not self.card.draft
        return tr("Get started") if first else tr("Continue")

    def _open(self) -> None:
        self.opened.emit(self.card.step)


class SetupHome(Scroll):
    """Shows the cards; asks for a step, or for the page Ready once all four are finished."""

    opened = Signal(object)
    ready_wanted = Signal()
    place_wanted = Signal(str, object)
    """Another page by its key, and nothing to show there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S3)
        self.body.setContentsMargins(S7, S5, S7, S7)
        self.body.addWidget(Heading(tr("Setup")))
        self.body.addWidget(Text(tr("Four steps connect your two accounts. A step takes effect with Finish."), "muted"))
        self.banner = ProblemBanner()
        self.body.addWidget(self.banner)
        self._ready = self._ready_card()
        self.body.addWidget(self._ready)
        self._list = column(spacing=S3)
        self.body.addLayout(self._list)
        self.more = MoreCard(tr("In both services"))
        self.more.wanted.connect(self.place_wanted)
        self.more.hide()
        self.body.addWidget(self.more)
        self.cards: list[StepCardWidget] = []
        self._loading = Text(tr("Reading the set-up…"), "muted")
        self._list.addWidget(self._loading)
        self.body.addSpacing(S3)
        self.body.addLayout(self._promises())
        self.body.addStretch(1)

    def _ready_card(self) -> Card:
        card = Card(padding=S4)
        across = row(spacing=S4)
        across.addSpacing(S1)
        across.addWidget(IconLabel("play", "accent", 28), 0, Qt.AlignmentFlag.AlignVCenter)
        across.addSpacing(S1)
        words = column(spacing=S1)
        words.addWidget(Text(tr("All four steps are done"), "section"))
        words.addWidget(Text(tr("Look at what the first sync would do, then start it."), "muted"))
        across.addLayout(words, 1)
        self.review = Button(tr("Review and start"), self.ready_wanted.emit, kind="primary")
        across.addWidget(self.review)
        card.body.addLayout(across)
        card.hide()
        return card

    def _promises(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(S5)
        for place, (icon_name, title, text) in enumerate(_PROMISES):
            box = column(spacing=S1)
            box.addWidget(IconLabel(icon_name, "muted", 22))
            box.addSpacing(S1)
            box.addWidget(Text(tr(title), "strong"))
            box.addWidget(Text(tr(text), "muted"))
            box.addStretch(1)
            grid.addLayout(box, 0, place)
            grid.setColumnStretch(place, 1)
        return grid

    def show_cards(self, cards: Sequence[StepCard], *, started: bool) -> None:
        """Show the state of every step."""
        clear(self._list)
        self.cards = []
        current = next((card.number for card in cards if not card.done and card.locked is None), None)
        for card in cards:
            widget = StepCardWidget(card, primary=card.number == current)
            widget.opened.connect(self.opened)
            self.cards.append(widget)
            self._list.addWidget(widget)
        self.more.setVisible(any(card.done for card in cards if card.step is Step.CONNECTIONS))
        self._ready.setVisible(current is None and not started and all(card.done for card in cards))

    def show_problem(self, problem: Problem) -> None:
        """Say why the state could not be read."""
        self._loading.hide()
        self.banner.show_problem(problem)

    def focus_next(self) -> None:
        """Put the focus on the button that goes on."""
        if self._ready.isVisible():
            QTimer.singleShot(0, self.review, self.review.setFocus)
            return
        for widget in self.cards:
            if not widget.card.done and widget.button.isEnabled():
                QTimer.singleShot(0, widget.button, widget.button.setFocus)
                return
