"""The CXA Activities card: the 20 most recent activities, what could not be read, and the way to all of them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from acassist.assistant.views import Level, RecordCard
from acassist.domain.activity import RECENT, ActivityFeed
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.icons import set_icon
from acassist.gui.strings import ago, tr, tr_n, when
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
        self._record: RecordCard | None = None
        self._call: Call | None = None
        self.body.addLayout(self._make_head())
        self.partial = ProblemBanner()
        self.list = ActivityList()
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S2)
        box.addWidget(self.partial)
        box.addWidget(self.list)
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

    def show_record(self, record: RecordCard) -> None:
        """Read the activities of a person."""
        self._record = record
        self.setVisible(True)
        self.reload()

    def reload(self) -> None:
        """Read again."""
        record = self._record
        if record is None:
            return
        if self._call is not None:
            self._call.cancel()
        self.caption.setText("")
        self.state.show_loading()
        if record.ref.ac_id is None and record.contact_id is None:
            self._show(ActivityFeed((), complete=True))
            return
        self._call = self._bridge.call(lambda a: a.recent_activities(record.ref), self._show, self._failed, owner=self)

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)

    def _show(self, feed: ActivityFeed) -> None:
        self._call = None
        self._show_partial(feed)
        items = feed.items[:RECENT]
        self.all.setEnabled(bool(items) or not feed.complete)
        self.list.show_activities(items)
        self.caption.setText(tr_n("{n} most recent", "{n} most recent", len(items)) if items else "")
        self.refresh.setToolTip(
            tr("Read {time}", time=when(feed.read_at)) if feed.read_at else self.refresh.accessibleName()
        )
        if items or feed.unavailable or not feed.complete:
            self.state.show_content()
        else:
            self.state.show_empty()

    def _show_partial(self, feed: ActivityFeed) -> None:
        if feed.complete and not feed.unavailable:
            self.partial.hide()
            return
        missing = ", ".join(feed.unavailable)
        sentence = (
            tr("ActiveCampaign did not give: {kinds}.", kinds=missing) if missing else tr("Older ones may be missing.")
        )
        time = ago(feed.read_at) if feed.read_at else tr("just now")
        title = tr("Not everything could be read ({time})", time=time)
        self.partial.show_note(Level.WARN, title, sentence)
