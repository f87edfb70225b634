"""One person on one page: header and CX Automation left, activities and synced fields right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from acassist.assistant.views import Level, RecordCard, RecordRef
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Role, Setup
from acassist.gui.bridge import Bridge, Call
from acassist.gui.records.activities_card import ActivitiesCard
from acassist.gui.records.automation_card import AutomationCard
from acassist.gui.records.fields_card import FieldsCard
from acassist.gui.records.header_card import HeaderCard
from acassist.gui.records.timeline_card import TimelineCard
from acassist.gui.strings import ago, message, tr
from acassist.gui.theme import S3, S4, S5
from acassist.gui.widgets import Button, ProblemBanner, Scroll
from acassist.gui.widgets.layout import column, row
from acassist.gui.widgets.stateful import Stateful

_LEFT_SHARE = 0.34
_LEFT_MIN, _LEFT_MAX = 264, 360
_STACKED_BELOW = 72
"""In average letters of the interface font."""
_ANY_WIDTH = 16_777_215
_BAR = 20
"""What the scroll bar takes."""


class RecordView(QWidget):
    """Reads a record and lays out its cards; `loaded` carries the record once it is there."""

    loaded = Signal(object)
    viewAll = Signal(object)
    explain = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ref: RecordRef | None = None
        self.record: RecordCard | None = None
        self._call: Call | None = None
        self._seen: Call | None = None
        self._naming: Call | None = None
        self._activities_of: RecordRef | None = None
        self.old = ProblemBanner()
        self.again = self.old.add_action(tr("Try again"), self.reload)
        self.header, self.automation = HeaderCard(bridge), AutomationCard(bridge)
        self.activities, self.fields = ActivitiesCard(bridge), FieldsCard()
        self.timeline = TimelineCard(bridge)
        self._scroll = Scroll()
        self._stacked = False
        self._left = QWidget()
        self._left.setProperty("kind", "clear")
        self._lay_out()
        self.state = Stateful(self._scroll, empty=QWidget(), loading=tr("Reading both sides…"), retry=self.reload)
        column(self, spacing=S3).addWidget(self.state)
        self.activities.viewAll.connect(self._view_all)
        self.header.changed.connect(self._refresh)
        self.header.explain.connect(self._explain)
        self.timeline.undone.connect(self._refresh)
        self.automation.acted.connect(self._acted)
        bridge.setupChanged.connect(self._read_setup)

    def _lay_out(self) -> None:
        self._across = across = row(spacing=S4)
        left = self._left_box = column(self._left, spacing=S4)
        left.addWidget(self.header)
        left.addWidget(self.automation)
        left.addWidget(self.header.details)
        left.addStretch(1)
        self._right = QWidget()
        self._right.setProperty("kind", "clear")
        right = self._right_box = column(self._right, spacing=S4)
        right.addWidget(self.activities)
        right.addWidget(self.fields)
        right.addWidget(self.timeline)
        right.addStretch(1)
        across.addWidget(self._left)
        across.addWidget(self._right, 1)
        self._scroll.body.addWidget(self.old)
        self._scroll.body.addLayout(across)
        self._scroll.body.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Put the columns one below the other where font, language and content leave no room side by side."""
        wanted = max(_LEFT_MIN, self._button_width(), min(_LEFT_MAX, int(self.width() * _LEFT_SHARE)))
        least = wanted + S4 + self._right.minimumSizeHint().width() + _BAR
        letters = _STACKED_BELOW * self.fontMetrics().averageCharWidth()
        stacked = self.width() < max(letters, least)
        box = QBoxLayout.Direction
        self._across.setDirection(box.TopToBottom if stacked else box.LeftToRight)
        if stacked != self._stacked:
            self._stacked = stacked
            self._place_details()
        self.header.set_wide(stacked)
        self.automation.set_wide(stacked)
        self._left.setMinimumWidth(0 if stacked else wanted)
        self._left.setMaximumWidth(_ANY_WIDTH if stacked else wanted)

    def _place_details(self) -> None:
        """In one column the activities come before what is only looked up."""
        details = self.header.details
        for box in (self._left_box, self._right_box):
            box.removeWidget(details)
        if self._stacked:
            self._right_box.insertWidget(1, details)
        else:
            self._left_box.insertWidget(2, details)

    def _button_width(self) -> int:
        """Return the width that the longest button of the left column needs, in whatever language."""
        buttons = self._left.findChildren(Button)
        return max(button.sizeHint().width() for button in buttons) + 2 * S5 + 2

    # -- content
    def show_ref(self, ref: RecordRef) -> None:
        """Show what was seen last at once, and read one person."""
        self._ref, self.record = ref, None
        self.old.hide()
        self.state.show_loading()
        self._scroll.verticalScrollBar().setValue(0)
        self._seen = self._bridge.call(lambda a: a.seen_record(ref), self._show_seen, _pass, owner=self)
        self._activities_of = None
        self._start_activities(ref)
        self.timeline.show_ref(ref)
        self._read(self._show_facts)
        self._read_setup()

    def show_timeline(self) -> None:
        """Scroll to the timeline."""
        self._scroll.ensureWidgetVisible(self.timeline, 0, self.timeline.height())

    def reload(self) -> None:
        """Read everything again."""
        if self._ref is not None:
            self.show_ref(self._ref)

    def _start_activities(self, ref: RecordRef) -> None:
        """Read the activities beside the header; which contact it is, the engine finds out once for both."""
        if self._activities_of is None:
            self._activities_of = ref
            self.activities.show_ref(ref)

    def _refresh(self) -> None:
        self._read(self._show_facts)
        self.timeline.reload()

    def _read(self, done: object) -> None:
        ref = self._ref
        if ref is None:
            return
        if self._call is not None:
            self._call.cancel()
        self._stop_naming()
        work = lambda a: a.record(ref, names=False)  # noqa: E731 - the bridge takes a function
        self._call = self._bridge.call(work, done, self._failed, owner=self)  # type: ignore[arg-type]

    def _stop_naming(self) -> None:
        if self._naming is not None:
            self._naming.cancel()
            self._naming = None

    def _name(self, record: RecordCard) -> None:
        """Fetch the names of lists and tags that nobody waited for."""
        if record.naming:
            self._naming = self._bridge.call(lambda a: a.named_record(record), self._show_named, _pass, owner=self)

    def _show_named(self, record: RecordCard) -> None:
        self._naming = None
        if self.record is not None and self.record.ref == record.ref:
            self._show(record)

    def _read_setup(self, _event: object = None) -> None:
        self._bridge.call(lambda a: a.setup(), self._show_setup, owner=self)

    def _show_setup(self, setup: Setup) -> None:
        self.automation.show_setup(setup)
        self.header.show_role(setup.role)
        self.timeline.setVisible(setup.role is Role.MANAGER)

    def _show_seen(self, record: RecordCard | None) -> None:
        self._seen = None
        if record is None or self._call is None:
            return
        self._show(record)
        self._start_activities(record.ref)
        self.again.hide()
        self.old.show_note(Level.BUSY, tr("Seen {time}, reading again…", time=ago(record.read_at)), "")

    def _failed(self, problem: Problem) -> None:
        self._call = None
        gone = problem.code in (ProblemCode.SF_GONE, ProblemCode.AC_GONE)
        if self.record is None or gone:
            self.record = None
            self.state.show_problem(problem, focus=True)
            return
        self.again.show()
        title = tr("This was seen {time}; it could not be read again", time=ago(self.record.read_at))
        self.old.show_note(Level.WARN, title, message(problem.sentence))

    def _show_facts(self, record: RecordCard) -> None:
        if self._seen is not None:
            self._seen.cancel()
        self._call = self._seen = None
        self._ref = record.ref
        self.old.hide()
        self._show(record)
        self._name(record)
        if record.ref.ac_id is None:
            self.activities.show_nobody()
            return
        self._start_activities(record.ref)
        self.activities.know(record.ref)

    def _show(self, record: RecordCard) -> None:
        self.record = record
        self.header.show_record(record)
        self.automation.show_record(record)
        self.fields.show_record(record)
        self.state.show_content()
        self._arrange()
        self.loaded.emit(record)

    def _acted(self) -> None:
        self.activities.reload()
        self.timeline.reload()

    def _explain(self) -> None:
        if self.record is not None:
            self.explain.emit(self.record.ref)

    def _view_all(self) -> None:
        if self.record is not None:
            self.viewAll.emit(self.record)


def _pass(_problem: Problem) -> None:
    """What was seen last is a comfort; when it cannot be had, the answer of both sides is waited for."""
