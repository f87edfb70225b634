"""View all: every activity of one person, read page by page, with filters and an export."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QSplitter, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.person_activities import Export
from acassist.assistant.views import RecordCard
from acassist.domain.activity import Activity
from acassist.domain.foreign_text import one_line, wrappable
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.dialogs.files import TABLE_FILTERS, SavedBanner, save_as
from acassist.gui.icons import set_icon
from acassist.gui.records.activities_filter import ActivitiesFilter
from acassist.gui.records.activities_model import ACTIVITY_ROLE, ActivitiesModel
from acassist.gui.records.activity_delegate import ActivityView
from acassist.gui.strings import tr, tr_n
from acassist.gui.theme import S2, S3, S4
from acassist.gui.widgets import BusyButton, Button, EmptyState, Heading, IconButton, ProblemBanner, Text
from acassist.gui.widgets.activity_list import ActivityDetail
from acassist.gui.widgets.layout import Scroll, column, row
from acassist.gui.widgets.stateful import Stateful


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
        self._moved = False
        # The height of wrapped text is known once it has been laid out.
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(self._fit_detail)
        self.model = ActivitiesModel(self)
        self.filter = ActivitiesFilter()
        self.saved = SavedBanner()
        self.model.pageWanted.connect(self._read_page)
        self.model.campaignFound.connect(self.filter.add_campaign)
        self.model.filtered.connect(self._filtered)
        self.filter.changed.connect(self._filter)
        box = column(self, spacing=S3)
        box.addLayout(self._make_head())
        box.addWidget(self.filter)
        box.addWidget(self.saved)
        box.addWidget(self._make_body(), 1)
        box.addWidget(self._make_foot())

    # -- building
    def _make_head(self) -> QBoxLayout:
        self.heading = Heading(tr("All activities"))
        self.export = BusyButton(tr("Export"), self._ask_where, kind="")
        set_icon(self.export, "download", "text", 16)
        line = row(spacing=S3)
        line.addWidget(IconButton("arrow-left", tr("Back to the record"), self.back.emit))
        line.addWidget(self.heading, 1)
        line.addWidget(IconButton("refresh", tr("Read the activities again"), self.reload))
        line.addWidget(self.export)
        return line

    def _make_body(self) -> QWidget:
        self.view = ActivityView()
        self.view.setModel(self.model)
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
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 0)
        splitter.splitterMoved.connect(self._handle_moved)
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
        self.heading.setText(tr("All activities of {name}", name=wrappable(one_line(record.name))))
        self._record = record
        self.saved.hide()
        self.reload()

    def reload(self) -> None:
        """Read from the newest on again."""
        self.leave()
        self._pages = _Pages(self._record)
        self.trouble.hide()
        self._detail_area.hide()
        self.filter.forget_campaigns()
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
        elif ended and not self.model.filtering:
            self._tell_nothing()
        else:
            self.state.show_loading()

    def _tell_nothing(self) -> None:
        chosen = self.filter.chosen()
        filtered = self.model.read > 0 and chosen.narrows
        apart = self.model.read > 0 and not chosen.narrows
        self.clear_filter.setVisible(filtered)
        self.nothing.title.setText(tr("Nothing matches the filter") if filtered else tr("No activities"))
        if filtered:
            hint = tr("Choose another kind, campaign or time, or other words.")
        elif apart:
            hint = tr("Only mail programs opened e-mails. Switch them on above to see them.")
        else:
            hint = tr("Nothing was found for this person.")
        self.nothing.text.setText(hint)
        self.state.show_empty()

    # -- filter and choice
    def _filter(self) -> None:
        self.model.set_filter(self.filter.chosen())
        self._detail_area.hide()
        if not self.model.filtering:
            self._filtered()

    def _filtered(self) -> None:
        self._tell(reading=self._call is not None)
        if self.model.rowCount() == 0:
            self._ask_more()

    def _clear_filter(self) -> None:
        self.filter.clear()

    # -- export
    def _ask_where(self) -> None:
        """Ask for a file; the list is exported as the filter shows it, whether it has been read to its end or not."""
        suggested = tr("activities of {name}", name=_file_name(self._record.name))
        save_as(self, tr("Export activities"), suggested, TABLE_FILTERS, self.export_to)

    def export_to(self, path: Path) -> None:
        """Export to a file."""
        record = self._record
        have = self.model.everything if self.model.ended and self.trouble.isHidden() else None
        wanted = Export(path, self.filter.chosen(), have)
        self.export.set_busy(True, tr("Exporting…"))

        def done(_count: int) -> None:
            self.export.set_busy(False)
            self.saved.show_saved(path)

        self._bridge.call(lambda a: a.export_activities(record.ref, wanted), done, self._not_saved, owner=self)

    def _not_saved(self, problem: Problem) -> None:
        self.export.set_busy(False)
        self.saved.show_problem(problem)

    def _choose(self, index: QModelIndex) -> None:
        activity = index.data(ACTIVITY_ROLE) if index.isValid() else None
        first = activity is not None and self._detail_area.isHidden()
        self._detail_area.setVisible(activity is not None)
        if activity is None:
            return
        self.detail.show_activity(activity)
        self._fit.start()
        if first:
            self.view.scrollTo(index)

    def _fit_detail(self) -> None:
        """Give the detail the height that it needs, up to two fifths; whoever moved the handle knows better."""
        if self._moved:
            return
        height = self._splitter.height()
        wanted = min(height * 2 // 5, self.detail.heightForWidth(self._splitter.width() - S4) + S4)
        self._splitter.setSizes([height - wanted, wanted])

    def _handle_moved(self, _place: int, _index: int) -> None:
        self._moved = True


def _file_name(text: str) -> str:
    """Return a name that every file system takes."""
    kept = "".join(char if char.isalnum() or char in " -_" else "-" for char in one_line(text))
    return kept.strip(" -")[:60] or "-"
