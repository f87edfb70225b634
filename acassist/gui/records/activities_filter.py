"""Filter of all activities: words, kind, campaign, time, and opens by mail programs kept apart behind a switch."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QCheckBox, QDateEdit, QWidget

from acassist.domain.activity import ActivityKind
from acassist.domain.activity_filter import ActivityFilter
from acassist.domain.foreign_text import one_line
from acassist.gui.accessibility import name
from acassist.gui.strings import tr, words
from acassist.gui.theme import S2
from acassist.gui.widgets import Combo, SearchField, Text
from acassist.gui.widgets.activity_list_words import label
from acassist.gui.widgets.flow import FlowRow
from acassist.gui.widgets.layout import column, row

_NAME_WIDTH = 22
"""In letters; longer campaign names end in an ellipsis."""


class Span(StrEnum):
    """How far back is shown."""

    ANY = "any"
    WEEK = "7"
    MONTH = "30"
    YEAR = "365"
    DATES = "dates"


class ActivitiesFilter(QWidget):
    """Reports `changed` once typing has paused, and at once for everything else."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchField(tr("Filter by name or text"))
        self.kind, self.campaign, self.span = Combo(), Combo(), Combo()
        for combo, title in (
            (self.kind, tr("Kind of activity")),
            (self.campaign, tr("Campaign")),
            (self.span, tr("Time")),
        ):
            name(combo, title)
        self.machine = QCheckBox(tr("Show opens by mail programs"))
        self._fill()
        self._make_dates()
        self._lay_out()
        self.search.searched.connect(self._on_changed)
        for combo in (self.kind, self.campaign, self.span):
            combo.currentIndexChanged.connect(self._on_changed)
        self.machine.toggled.connect(self._on_changed)

    def _fill(self) -> None:
        self.kind.addItem(tr("All kinds"), None)
        for kind in ActivityKind:
            self.kind.addItem(label(kind), kind.value)
        self.campaign.addItem(tr("All campaigns"), None)
        self.campaign.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToContents)
        for span, text in (
            (Span.ANY, tr("Any time")),
            (Span.WEEK, tr("Last 7 days")),
            (Span.MONTH, tr("Last 30 days")),
            (Span.YEAR, tr("Last 12 months")),
            (Span.DATES, tr("From … to …")),
        ):
            self.span.addItem(text, span.value)

    def _make_dates(self) -> None:
        today = QDate(words().now().astimezone().date())  # type: ignore[call-overload]
        self.first, self.last = QDateEdit(today.addMonths(-1)), QDateEdit(today)
        self._dates = QWidget()
        box = row(self._dates, spacing=S2)
        for text, edit in ((tr("From"), self.first), (tr("to"), self.last)):
            edit.setCalendarPopup(True)
            edit.setLocale(words().locale)
            name(edit, text)
            edit.dateChanged.connect(self._on_changed)
            box.addWidget(Text(text, "muted", wrap=False))
            box.addWidget(edit)
        self._dates.hide()

    def _lay_out(self) -> None:
        box = column(self, spacing=S2)
        box.addWidget(self.search)
        line = FlowRow(spacing=S2)
        for widget in (self.kind, self.campaign, self.span, self._dates, self.machine):
            line.add(widget)
        box.addWidget(line)

    # -- what is chosen
    def chosen(self) -> ActivityFilter:
        """Return the filter; days are those of this computer's zone, both included."""
        kind = self.kind.currentData()
        since, until = self._bounds()
        return ActivityFilter(
            kind=ActivityKind(kind) if kind else None,
            campaign=self.campaign.currentData(),
            since=since,
            until=until,
            words=tuple(self.search.text().casefold().split()),
            machine=self.machine.isChecked(),
        )

    def _bounds(self) -> tuple[datetime | None, datetime | None]:
        span = Span(self.span.currentData())
        if span is Span.ANY:
            return None, None
        if span is not Span.DATES:
            return words().now() - timedelta(days=int(span.value)), None
        first, last = sorted((self.first.date(), self.last.date()))
        return _midnight(first), _midnight(last.addDays(1))

    def add_campaign(self, title: str) -> None:
        """Offer a campaign that occurs among the activities."""
        shown = one_line(title)
        short = shown if len(shown) <= _NAME_WIDTH else shown[: _NAME_WIDTH - 1].rstrip() + "…"
        blocked = self.campaign.blockSignals(True)
        self.campaign.addItem(short, title)
        self.campaign.setItemData(self.campaign.count() - 1, shown, 3)
        self.campaign.blockSignals(blocked)

    def forget_campaigns(self) -> None:
        """Offer none any more."""
        blocked = self.campaign.blockSignals(True)
        while self.campaign.count() > 1:
            self.campaign.removeItem(1)
        self.campaign.blockSignals(blocked)

    def clear(self) -> None:
        """Show everything again."""
        blocked = self.blockSignals(True)
        self.search.clear()
        self.search.forget()
        for combo in (self.kind, self.campaign, self.span):
            combo.setCurrentIndex(0)
        self.blockSignals(blocked)
        self._on_changed()

    def _on_changed(self, *_changed: object) -> None:
        self._dates.setVisible(self.span.currentData() == Span.DATES.value)
        self.changed.emit()


def _midnight(day: QDate) -> datetime:
    return datetime.fromtimestamp(day.startOfDay().toSecsSinceEpoch()).astimezone()


