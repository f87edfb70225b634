"""Records or calls a day as a chart, with a legend, and the same numbers as a table for those who want to read them."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from acassist.assistant.desk import Day, Days
from acassist.domain.problem import Problem
from acassist.gui.accessibility import name
from acassist.gui.bridge import Bridge, Call
from acassist.gui.strings import number, tr
from acassist.gui.sync.daily import DAYS, Measure, Series, day_words, limit_words, sentence, series, summary, values
from acassist.gui.theme import CONTROL_HEIGHT, S2, S3
from acassist.gui.widgets import Button, Card, Combo, EmptyState, Text
from acassist.gui.widgets.chart import Bar, BarChart, Limit, Swatch
from acassist.gui.widgets.flow import FlowLayout
from acassist.gui.widgets.layout import row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable
from acassist.gui.widgets.stateful import Stateful

_COMBO_SIGNS = 12
"""The longest choice would leave no room for the runs beside the chart; the list that opens shows it in full."""


def _legend_entry(part: Series) -> QWidget:
    entry = QWidget()
    entry.setProperty("kind", "clear")
    pair = row(entry, spacing=S2)
    pair.addStrut(CONTROL_HEIGHT)
    pair.addWidget(Swatch(part.role))
    pair.addWidget(Text(part.title, "small", wrap=False))
    return entry


class DailyCard(Card):
    """The chart card of the Sync page; pointing at a bar says its numbers below."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self._bridge = bridge
        self._call: Call | None = None
        self._days = Days(())
        self.measure = Combo()
        for measure, words in (
            (Measure.RECORDS, tr("Records a day")),
            (Measure.CALLS_SF, tr("Salesforce calls a day")),
            (Measure.CALLS_AC, tr("ActiveCampaign calls a day")),
        ):
            self.measure.addItem(words, measure)
        self.measure.setMinimumContentsLength(_COMBO_SIGNS)
        self.measure.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.measure.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        name(self.measure, tr("What the chart shows"))
        self.measure.currentIndexChanged.connect(self._draw)
        self.toggle = Button(tr("Show as table"), self._toggle, kind="link")
        self.text, self.limit = Text("", "small"), Text("", "small")
        self._legend: list[QWidget] = []
        self.body.addWidget(self.measure)
        nothing = EmptyState("chart", tr("Nothing to show yet"), tr("The first run fills this chart."))
        self.state = Stateful(self._make_views(), empty=nothing, retry=self.reload)
        self.body.addWidget(self.state, 1)
        self._below = FlowLayout(spacing=S3)
        self._below.addWidget(self.toggle)
        self.body.addLayout(self._below)
        self.body.addWidget(self.text)
        self.body.addWidget(self.limit)
        self._tell()

    def _make_views(self) -> QStackedWidget:
        self.chart = BarChart(tr("Records a day"))
        self.chart.pointed.connect(self._point)
        self._swap = QStackedWidget()
        self._swap.setProperty("kind", "clear")
        self.model: RowsModel[Day] = RowsModel(self._columns(), self)
        self.table = RowsTable(self.model, tr("The last days"))
        for view in (self.chart, self.table):
            self._swap.addWidget(view)
        return self._swap

    @property
    def _measure(self) -> Measure:
        return Measure(self.measure.currentData())

    def _columns(self) -> list[Column[Day]]:
        return [
            Column(lambda: tr("Day"), lambda d: day_words(d.day), 2, order=lambda d: d.day),
            self._count(0),
            self._count(1),
        ]

    def _count(self, place: int) -> Column[Day]:
        def figure(item: Day) -> int:
            found = values(item, self._measure)
            return found[place] if place < len(found) else 0

        def title() -> str:
            parts = series(self._measure)
            return parts[place].title if place < len(parts) else ""

        return Column(title, lambda item: number(figure(item)), 3, order=figure, numeric=True)

    # -- content
    def reload(self) -> None:
        """Read the last days; what is shown stays until the answer is there."""
        if self._call is not None:
            self._call.cancel()
        self._call = self._bridge.call(lambda a: a.desk.last_days(DAYS), self.show_days, self._failed, owner=self)

    def _failed(self, problem: Problem) -> None:
        self._call = None
        self.state.show_problem(problem)
        self._tell()

    def show_days(self, days: Days) -> None:
        """Show days."""
        self._call, self._days = None, days
        self._draw()

    def _draw(self, _index: int = 0) -> None:
        measure, days = self._measure, self._days
        if not any((d.to_activecampaign, d.to_salesforce, d.calls_ac, d.calls_sf) != (0, 0, 0, 0) for d in days.days):
            self.state.show_empty()
            self._show_legend(())
            self._tell()
            return
        parts, said = series(measure), summary(days.days, measure)
        self.chart.set_title(self.measure.currentText())
        self.chart.set_bars(
            [Bar(day_words(d.day), values(d, measure), sentence(d, measure)) for d in days.days],
            said,
            roles=[part.role for part in parts],
            limit=self._limit(measure),
        )
        self.model.set_rows(list(reversed(days.days)))
        self.table.setColumnHidden(2, len(parts) < 2)
        self._show_legend(parts)
        self.state.show_content()
        self._tell()

    def _limit(self, measure: Measure) -> Limit | None:
        allowance = self._days.allowance
        if measure is not Measure.CALLS_SF or not allowance:
            return None
        return Limit(allowance, tr("limit {n}", n=number(allowance)))

    def _show_legend(self, parts: tuple[Series, ...]) -> None:
        """Name the colours, before the button that stays."""
        for old in self._legend:
            self._below.removeWidget(old)
            old.deleteLater()
        self._below.removeWidget(self.toggle)
        self._legend = [_legend_entry(part) for part in parts]
        for widget in (*self._legend, self.toggle):
            self._below.addWidget(widget)

    def _tell(self) -> None:
        """Say the chart in words, or nothing while it is not drawn."""
        drawn = self.state.currentWidget() is self.state.content
        self.text.setText(summary(self._days.days, self._measure) if drawn else "")
        words = limit_words(self._days, self._measure) if drawn else ""
        self.limit.setText(words)
        self.limit.setVisible(bool(words))
        self.toggle.setVisible(drawn)

    def _point(self, words: str) -> None:
        self.text.setText(words or summary(self._days.days, self._measure))

    def _toggle(self) -> None:
        table = self._swap.currentWidget() is self.table
        self._swap.setCurrentWidget(self.chart if table else self.table)
        self.toggle.setText(tr("Show as table") if table else tr("Show as chart"))
