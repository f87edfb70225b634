"""The Records page: search, results, one record, and all of its activities."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from acassist.assistant.views import RecordCard, RecordRef, SearchHit
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.page import Page
from acassist.gui.records.all_activities import AllActivities
from acassist.gui.records.recent_records import RecentRecords
from acassist.gui.records.record_view import RecordView
from acassist.gui.records.search_results import HIT_ROLE, LIST_SHARE, SearchDelegate, SearchModel, ShortList
from acassist.gui.strings import tr, tr_n
from acassist.gui.theme import S2, S3, S4, S5, S7
from acassist.gui.widgets import EmptyState, Heading, IconButton, SearchField, Text
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful


class RecordsPage(Page):
    """Find a person and see both sides."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(bridge, parent)
        self._call: Call | None = None
        self._asked = ""
        self._open_single = False
        self.stack = QStackedWidget()
        self.results = self._make_results()
        self.recent = RecentRecords()
        self.record, self.all = RecordView(bridge), AllActivities(bridge)
        self.start = EmptyState(
            "search",
            tr("Find a person"),
            tr("Type a name or an e-mail address, or paste a Salesforce or ActiveCampaign address or ID."),
        )
        self.recent.add_start(self.start)
        for widget in (self.recent, self.results, self.record, self.all):
            self.stack.addWidget(widget)
        box = column(self, spacing=S4, margins=(S7, S5, S7, S5))
        box.addLayout(self._make_head())
        box.addWidget(self.stack, 1)
        self._connect()
        self._show(self.recent)

    # -- building
    def _make_head(self) -> QBoxLayout:
        self.heading = Heading(tr("Records"))
        self.back = IconButton("arrow-left", tr("Back to the results"), self._go_back)
        self.search = SearchField(tr("Search name, e-mail, address or ID (Ctrl+K)"))
        name(self.search, tr("Search records"))
        self.search.installEventFilter(self)
        line = row(spacing=S3)
        line.addWidget(self.back)
        line.addWidget(self.heading)
        line.addSpacing(S3)
        line.addWidget(self.search, 1)
        return line

    def _make_results(self) -> Stateful:
        self.model = SearchModel(self)
        self.list = ShortList(self.model)
        self.list.setItemDelegate(SearchDelegate(self.list))
        name(self.list, tr("Search results"))
        self.found = Text("", "small")
        content = QWidget()
        content.setProperty("kind", "clear")
        box = column(content, spacing=S2)
        box.addWidget(self.found)
        box.addWidget(self.list, LIST_SHARE)
        box.addStretch(1)
        self.nobody = EmptyState("user", tr("Nobody was found"), "")
        return Stateful(content, empty=self.nobody, loading=tr("Searching both sides…"), retry=self._search_again)

    def _connect(self) -> None:
        self.search.searched.connect(self._search)
        self.search.textEdited.connect(self._typed)
        self.list.activated.connect(self._open_index)
        self.list.clicked.connect(self._open_index)
        self.record.viewAll.connect(self._view_all)
        self.record.explain.connect(self._explain)
        self.recent.opened.connect(self.open)
        self.all.back.connect(self._back_to_record)
        QShortcut(QKeySequence(tr("Ctrl+K")), self, self.focus_search)

    # -- what the window asks for
    def activate(self) -> None:
        """Put the cursor where typing starts, unless a record is being read."""
        if self.stack.currentWidget() in (self.recent, self.results):
            self.focus_search()
        self._read_recent()

    def _read_recent(self) -> None:
        self.bridge.call(lambda a: a.recent_records(), self.recent.show_hits, self._no_recent, owner=self)

    def _no_recent(self, _problem: Problem) -> None:
        self.recent.show_hits([])

    def open(self, subject: object) -> None:
        """Show one record."""
        if isinstance(subject, RecordRef):
            self.search.forget()
            self._show(self.record)
            self.record.show_ref(subject)

    def search_for(self, text: str) -> None:
        """Search at once, without waiting for a pause in typing."""
        self.search.setText(text)
        self.search.forget()
        self._search(text)

    def focus_search(self) -> None:
        """Put the cursor into the search field, its text marked."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # -- moving between the parts
    def _show(self, widget: QWidget) -> None:
        self.stack.setCurrentWidget(widget)
        self.back.setVisible(widget is self.record)
        self.search.setVisible(widget is not self.all)
        self.heading.setVisible(widget in (self.recent, self.results))
        if widget is not self.all:
            self.all.leave()

    def _go_back(self) -> None:
        self._show(self.results if self._asked else self.recent)
        self._read_recent()
        (self.list if self._asked and self.model.rowCount() else self.search).setFocus()

    def _view_all(self, record: RecordCard) -> None:
        self._show(self.all)
        self.all.show_record(record)

    def _explain(self, ref: RecordRef) -> None:
        self.navigate.emit("explain", ref)

    def _back_to_record(self) -> None:
        self._show(self.record)

    # -- searching
    def _typed(self) -> None:
        self._open_single = False

    def _search(self, text: str) -> None:
        wanted = text.strip()
        if self._call is not None:
            self._call.cancel()
            self._call = None
        self._asked = wanted
        if not wanted:
            self._show(self.recent)
            return
        self._show(self.results)
        self.results.show_loading()
        self._call = self.bridge.call(lambda a: a.search(wanted), self._show_hits, self._failed, owner=self)
        # Whoever searches opens a record next: what it needs is read meanwhile.
        self._read_recent()

    def _search_again(self) -> None:
        self._search(self._asked)

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.results.show_problem(problem)

    def _show_hits(self, hits: list[SearchHit]) -> None:
        self._call = None
        self.model.set_hits(hits)
        if not hits:
            self.nobody.text.setText(
                tr("Neither side knows “{text}”. Check the spelling, or search for the address.", text=self._asked)
            )
            self.results.show_empty()
            return
        self.found.setText(tr_n("{n} person found", "{n} people found", len(hits)))
        self.list.setCurrentIndex(self.model.index(0))
        self.results.show_content()
        if self._open_single and len(hits) == 1:
            self._open_index(self.model.index(0))
        self._open_single = False

    def _open_index(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if hit is not None:
            self.open(hit.ref)

    def _enter(self) -> bool:
        """Open the marked result; while a search is not over, open its only one once it is."""
        ready = self._call is None and self.stack.currentWidget() is self.results and self.model.rowCount() > 0
        if ready and self.search.text().strip() == self._asked:
            self._open_index(self.list.currentIndex())
            return True
        self._open_single = True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow key lead from the search field into the results, and Return open what is marked there."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            down, shown = event.key() == Qt.Key.Key_Down, self.stack.currentWidget()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return self._enter() or super().eventFilter(watched, event)
            if down and shown is self.results and self.model.rowCount():
                self.list.setFocus()
                return True
            if down and shown is self.recent and self.recent.model.rowCount():
                self.recent.list.setFocus()
                return True
        return super().eventFilter(watched, event)
