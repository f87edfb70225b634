"""The CXA Activities card: the 20 most recent activities, what could not be read, and the way to all of them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QWidget

from acassist.assistant.views import Level, RecordRef
from acassist.domain.activity import RECENT, Activity, ActivityFeed, newest_first
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui.bridge import Bridge, Call
from acassist.gui.icons import set_icon
from acassist.gui.strings import ago, message, tr, tr_n, when
from acassist.gui.theme import S2
from acassist.gui.widgets import Button, Card, Elided, EmptyState, IconButton, ProblemBanner, Text
from acassist.gui.widgets.activity_list import ActivityList
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful

_CAPTION_ABOVE = 52
"""In average letters of the interface font."""


class ActivitiesCard(Card):
    """Reads and shows what one person did lately; `viewAll` asks for the whole list."""

    viewAll = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ref: RecordRef | None = None
        self._feed: ActivityFeed | None = None
        self._shown: tuple[Activity, ...] = ()
        self._call: Call | None = None
        self._cached: Call | None = None
        self.body.addLayout(self._make_head())
        self.partial, self.stale = ProblemBanner(), Text("", "warn")
        self.stale.hide()
        self.list = ActivityList()
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S2)
        box.addWidget(self.stale)
        box.addWidget(self.partial)
        box.addWidget(self.list)
        self.machine = QCheckBox("")
        self.machine.toggled.connect(self._show_items)
        self.machine.hide()
        box.addWidget(self.machine)
        box.addStretch(1)
        nothing = EmptyState(
            "history",
            tr("No activities yet"),
            tr("Opens, replies, clicks, automations and visits of this person will appear here."),
        )
        self.state = Stateful(content, empty=nothing, loading=tr("Reading activities…"), retry=self.reload)
        self.body.addWidget(self.state)

    def _make_head(self) -> QBoxLayout:
        line = row(spacing=S2)
        self.caption = Elided("", "small")
        self.refresh = IconButton("refresh", tr("Read the activities again"), self.reload)
        self.all = Button(tr("View all"), self.viewAll.emit, kind="link")
        set_icon(self.all, "arrow-right", "accent", 16)
        self.all.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        line.addWidget(Text(tr("CXA Activities"), "section", wrap=False))
        line.addWidget(self.caption, 100)
        line.addStretch(1)
        line.addWidget(self.refresh)
        line.addWidget(self.all)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the count out where it would be cut."""
        super().resizeEvent(event)
        self.caption.setVisible(event.size().width() > _CAPTION_ABOVE * self.fontMetrics().averageCharWidth())

    # -- content
    def show_ref(self, ref: RecordRef) -> None:
        """Show what was seen last at once, and read what is new."""
        self._ref = ref
        self._feed = None
        self._shown = ()
        self.caption.setText("")
        self.state.show_loading()
        self._cached = self._bridge.call(lambda a: a.last_activities(ref), self._show_last, _pass, owner=self)
        self.reload()

    def know(self, ref: RecordRef) -> None:
        """Take in which contact it is; what is being read goes on."""
        self._ref = ref

    def show_nobody(self) -> None:
        """Show that a person who is not in ActiveCampaign has no activities."""
        self._ref = None
        self._cancel()
        self._show(ActivityFeed((), complete=True))

    def _cancel(self) -> None:
        for call in (self._call, self._cached):
            if call is not None:
                call.cancel()
        self._call = self._cached = None

    def reload(self) -> None:
        """Read again; what is shown stays until the answer is there."""
        ref = self._ref
        if ref is None:
            return
        if self._call is not None:
            self._call.cancel()
        if self._feed is None:
            self.state.show_loading()
        self.refresh.setEnabled(False)
        self._call = self._bridge.call(lambda a: a.recent_activities(ref), self._show, self._failed, owner=self)

    def _show_last(self, feed: ActivityFeed | None) -> None:
        self._cached = None
        if feed is not None and self._call is not None:
            self._show_feed(feed)
            self.caption.setText(tr("Seen {time}, reading again…", time=ago(feed.read_at)))

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.refresh.setEnabled(True)
        if problem.code is ProblemCode.AC_GONE and self._ref is not None and self._ref.ac_id is None:
            self.show_nobody()
        elif self._feed is not None and problem.code is not ProblemCode.AC_GONE:
            self._show_feed(replace(self._feed, offline=problem))
        else:
            self._feed = None
            self.state.show_problem(problem)

    def _show(self, feed: ActivityFeed) -> None:
        if self._cached is not None:
            self._cached.cancel()
        self._call = self._cached = None
        self.refresh.setEnabled(True)
        self._show_feed(feed)

    def _show_feed(self, feed: ActivityFeed) -> None:
        self._feed = feed
        self._show_partial(feed)
        self._show_items()
        count = len(feed.items[:RECENT])
        self.caption.setText(tr_n("{n} most recent", "{n} most recent", count) if count else "")
        read = tr("Read {time}", time=when(feed.read_at)) if feed.read_at else self.refresh.accessibleName()
        self.refresh.setToolTip(read)

    def _show_items(self) -> None:
        """Show the newest of people, and with the switch on those of mail programs in between."""
        feed = self._feed
        if feed is None:
            return
        apart = len(feed.machine)
        self.machine.setVisible(apart > 0)
        self.machine.setText(
            tr_n("Show {n} open by a mail program", "Show {n} opens by mail programs", apart) if apart else ""
        )
        items = feed.items[:RECENT]
        if self.machine.isChecked():
            items = tuple(newest_first((*items, *feed.machine)))
        self.all.setEnabled(bool(items or apart) or not feed.complete)
        if items != self._shown or not items:
            self._shown = items
            self.list.show_activities(items)
        if items or apart or feed.unavailable or not feed.complete or feed.offline:
            self.state.show_content()
        else:
            self.state.show_empty()

    def _show_partial(self, feed: ActivityFeed) -> None:
        time = ago(feed.read_at) if feed.read_at else tr("just now")
        self.stale.setVisible(feed.offline is not None)
        if feed.offline is not None:
            reason = message(feed.offline.sentence)
            self.stale.setText(tr("Seen {time}. {reason}", time=time, reason=reason))
        if feed.complete and not feed.unavailable:
            self.partial.hide()
            return
        missing = ", ".join(message(Message(source)) for source in feed.unavailable)
        sentence = (
            tr("Not available through this account’s API: {kinds}.", kinds=missing)
            if missing
            else tr("Older ones may be missing.")
        )
        title = tr("Not everything could be read ({time})", time=time)
        self.partial.show_note(Level.WARN, title, sentence)


def _pass(_problem: Problem) -> None:
    """What was seen last is a comfort; when it cannot be had, the answer of the account is waited for."""
