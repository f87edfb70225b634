"""View all: every activity of one person, read page by page, with a filter by kind and text."""

from __future__ import annotations

from collections.abc import AsyncIterator

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QListView,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from acassist.assistant.facade import AssistantPort
from acassist.assistant.views import RecordCard
from acassist.domain.activity import Activity, ActivityKind
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.icons import paint_icon
from acassist.gui.records.activities_model import ACTIVITY_ROLE, ActivitiesModel, Index
from acassist.gui.strings import ago, tr, tr_n
from acassist.gui.theme import S2, S3, S4, theme
from acassist.gui.widgets import Button, Combo, EmptyState, Heading, IconButton, ProblemBanner, SearchField, Text
from acassist.gui.widgets import list_painting as lp
from acassist.gui.widgets.activity_list import ActivityDetail
from acassist.gui.widgets.activity_list_words import KIND_ICONS, label
from acassist.gui.widgets.layout import Scroll, column, row
from acassist.gui.widgets.stateful import Stateful


class ActivityDelegate(QStyledItemDelegate):
    """Draws one activity in one line: icon, kind, name, time."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(200, max(40, option.fontMetrics.height() + 20))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        activity = index.data(ACTIVITY_ROLE)
        if activity is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lp.paint_ground(painter, option, last=index.row() == index.model().rowCount() - 1)
        rect = QRectF(option.rect).adjusted(16, 0, -16, 0)
        box = QRectF(rect.left(), rect.center().y() - 10, 20, 20)
        paint_icon(painter, box, KIND_ICONS[activity.kind], theme().color("muted"))
        self._paint_words(painter, option, rect.adjusted(32, 0, 0, 0), activity)
        painter.restore()

    @staticmethod
    def _paint_words(painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, activity: Activity) -> None:
        strong, small = lp.strong(option), lp.small(option)
        kind, time = label(activity.kind), ago(activity.at)
        kind_width, time_width = lp.width_of(strong, kind) + 2, lp.width_of(small, time) + 2
        lp.paint_text(painter, rect, kind, font=strong, role="text")
        middle = rect.adjusted(kind_width + 12, 0, -time_width - 12, 0)
        lp.paint_text(painter, middle, activity.title, font=option.font, role="muted")
        lp.paint_text(painter, rect, time, font=small, role="muted", flags=lp.RIGHT)


class _Pages:
    """Hands out one page after the other; lives on the engine's thread."""

    def __init__(self, record: RecordCard) -> None:
        self._ref = record.ref
        self._iterator: AsyncIterator[list[Activity]] | None = None

    async def next(self, assistant: AssistantPort) -> list[Activity] | None:
        """Return the next page, None after the last."""
        if self._iterator is None:
            self._iterator = assistant.all_activities(self._ref)
        return await anext(self._iterator, None)


class AllActivities(QWidget):
    """The page behind View all: list above, detail of the chosen activity below."""

    back = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._pages: _Pages | None = None
        self._call: Call | None = None
        self.model = ActivitiesModel(self)
        self.model.pageWanted.connect(self._read_page)
        box = column(self, spacing=S4)
        box.addLayout(self._make_head())
        box.addLayout(self._make_filter())
        box.addWidget(self._make_body(), 1)
        box.addWidget(self._make_foot())

    # -- building
    def _make_head(self) -> QBoxLayout:
        self.heading = Heading(tr("All activities"))
        line = row(spacing=S3)
        line.addWidget(IconButton("arrow-left", tr("Back to the record"), self.back.emit))
        line.addWidget(self.heading, 1)
        return line

    def _make_filter(self) -> QBoxLayout:
        self.kind = Combo()
        name(self.kind, tr("Kind of activity"))
        self.kind.addItem(tr("All kinds"), None)
        for kind in ActivityKind:
            self.kind.addItem(label(kind), kind)
        self.kind.currentIndexChanged.connect(self._filter)
        self.search = SearchField(tr("Filter by name or text"))
        self.search.searched.connect(self._filter)
        line = row(spacing=S2)
        line.addWidget(self.kind)
        line.addWidget(self.search, 1)
        return line

    def _make_body(self) -> QWidget:
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(ActivityDelegate(self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        name(self.view, tr("All activities"))
        self.view.selectionModel().currentChanged.connect(self._choose)
        self.detail = ActivityDetail()
        self._detail_area = Scroll()
        self._detail_area.body.addWidget(self.detail)
        self._detail_area.body.addStretch(1)
        self._detail_area.hide()
        self._splitter = splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setHandleWidth(S3)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.view)
        splitter.addWidget(self._detail_area)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        self.clear_filter = Button(tr("Clear the filter"), self._clear_filter)
        self.nothing = EmptyState(
            "history", tr("No activities"), tr("Nothing was found for this person."), self.clear_filter
        )
        self.state = Stateful(splitter, empty=self.nothing, loading=tr("Reading activities…"), retry=self.reload)
        return self.state

    def _make_foot(self) -> QWidget:
        foot = QWidget()
        line = row(foot, spacing=S2)
        self.status = Text("", "small", wrap=False)
        self.trouble = ProblemBanner()
        self.more = Button(tr("Read more"), self._ask_more, kind="link")
        line.addWidget(self.trouble, 1)
        line.addWidget(self.status)
        line.addStretch(1)
        line.addWidget(self.more)
        return foot

    # -- content
    def show_record(self, record: RecordCard) -> None:
        """Start reading the activities of one person."""
        self.heading.setText(tr("All activities of {name}", name=record.name))
        self._record = record
        self.reload()

    def reload(self) -> None:
        """Read from the newest on again."""
        self.leave()
        self._pages = _Pages(self._record)
        self.trouble.hide()
        self._detail_area.hide()
        self.state.show_loading()
        self.model.restart()
        self._ask_more()

    def leave(self) -> None:
        """Stop reading."""
        if self._call is not None:
            self._call.cancel()
        self._call = None
        self.model.end()

    def _ask_more(self) -> None:
        self.model.fetchMore()

    def _read_page(self) -> None:
        if self._pages is not None:
            self._call = self._bridge.call(self._pages.next, self._on_page, self._on_problem, owner=self)
            self._tell(reading=True)

    def _on_page(self, page: list[Activity] | None) -> None:
        self._call = None
        if page is None:
            self.model.end()
        else:
            self.model.add_page(page)
        self._tell(reading=False)
        if page is not None and self.model.rowCount() == 0:
            self._ask_more()

    def _on_problem(self, problem: Problem) -> None:
        self._call = None
        self.model.end()
        if self.model.read == 0:
            self.state.show_problem(problem)
        else:
            self.trouble.show_problem(problem, focus=False)
        self._tell(reading=False, failed=True)

    def _tell(self, *, reading: bool, failed: bool = False) -> None:
        count = self.model.read
        ended = not reading and not self.model.canFetchMore()
        read = tr_n("{n} activity read.", "{n} activities read.", count)
        if reading:
            self.status.setText(tr("{read} Reading more…", read=read) if count else "")
        elif ended and not failed:
            self.status.setText(tr("{read} That is all.", read=read))
        else:
            self.status.setText(read)
        self.more.setVisible(not reading and not ended)
        if failed:
            return
        if self.model.rowCount():
            self.state.show_content()
        elif ended:
            self._tell_nothing()
        else:
            self.state.show_loading()

    def _tell_nothing(self) -> None:
        filtered = self.model.read > 0
        self.clear_filter.setVisible(filtered)
        self.nothing.title.setText(tr("Nothing matches the filter") if filtered else tr("No activities"))
        hint = tr("Choose another kind or other words.") if filtered else tr("Nothing was found for this person.")
        self.nothing.text.setText(hint)
        self.state.show_empty()

    # -- filter and choice
    def _filter(self, *_changed: object) -> None:
        chosen = self.kind.currentData()
        self.model.set_filter(ActivityKind(chosen) if chosen else None, self.search.text())
        self._detail_area.hide()
        self._tell(reading=self._call is not None)
        if self.model.rowCount() == 0:
            self._ask_more()

    def _clear_filter(self) -> None:
        self.search.clear()
        self.kind.setCurrentIndex(0)
        self._filter()

    def _choose(self, index: QModelIndex) -> None:
        activity = index.data(ACTIVITY_ROLE) if index.isValid() else None
        first = activity is not None and self._detail_area.isHidden()
        self._detail_area.setVisible(activity is not None)
        if activity is not None:
            self.detail.show_activity(activity)
        if first:
            height = self._splitter.height()
            self._splitter.setSizes([height * 3 // 5, height * 2 // 5])
            self.view.scrollTo(index)
