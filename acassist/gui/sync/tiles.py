"""The three counters: in sync, waiting, need you. The last one leads to the issues."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from acassist.assistant.views import Level, Status
from acassist.gui.accessibility import name
from acassist.gui.strings import clock_time, local, number, tr, tr_n, when, words
from acassist.gui.theme import CONTROL_HEIGHT, S1, S2, S4
from acassist.gui.widgets import Button, Card, LevelIcon, Text
from acassist.gui.widgets.layout import row


class Tile(Card):
    """One counter with a caption and a hint."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=S4, spacing=S1)
        self._title = title
        self.mark = LevelIcon(Level.IDLE, 18)
        head = row(spacing=S2)
        head.addWidget(Text(title, "muted", wrap=False))
        head.addStretch(1)
        head.addWidget(self.mark)
        self.count, self.hint = Text("–", "number", wrap=False), Text("", "small")
        self.middle = row(spacing=S2)
        self.middle.addStrut(CONTROL_HEIGHT)
        self.middle.addWidget(self.count)
        self.middle.addStretch(1)
        self.body.addLayout(head)
        self.body.addLayout(self.middle)
        self.body.addWidget(self.hint)

    def show_count(self, count: int, hint: str, level: Level) -> None:
        """Show a number and what it means."""
        self.count.setText(number(count))
        self.hint.setText(hint)
        self.mark.show_level(level)
        name(self.count, tr("{title}: {count}, {hint}", title=self._title, count=number(count), hint=hint))


class Tiles(QWidget):
    """The row of counters on the Sync page."""

    issuesWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.in_sync, self.waiting, self.need_you = Tile(tr("In sync")), Tile(tr("Waiting")), Tile(tr("Need you"))
        self.open_issues = Button(tr("Open issues"), self.issuesWanted.emit, kind="link")
        self.open_issues.hide()
        self.need_you.middle.addWidget(self.open_issues)
        line = row(self, spacing=S4)
        for tile in (self.in_sync, self.waiting, self.need_you):
            line.addWidget(tile, 1)

    def show_status(self, status: Status) -> None:
        """Show the counts of a status."""
        self.in_sync.show_count(status.in_sync, tr("records on both sides"), Level.OK if status.in_sync else Level.IDLE)
        self.waiting.show_count(status.waiting, _waiting_hint(status), Level.OK)
        if status.waiting:
            self.waiting.mark.show_icon("clock", "accent")
        need = status.need_you
        hint = tr_n("issue to look at", "issues to look at", need) if need else tr("nothing to do")
        self.need_you.show_count(need, hint, Level.WARN if need else Level.OK)
        self.open_issues.setVisible(need > 0)


def _waiting_hint(status: Status) -> str:
    if not status.waiting:
        return tr("nothing waits")
    if status.paused or status.next_run is None:
        return tr("for the next run")
    soon = local(status.next_run).date() == local(words().now()).date()
    return tr("for the run at {time}", time=clock_time(status.next_run) if soon else when(status.next_run))
