"""Records or calls a day as a chart, with a legend, and the same numbers as a table for those who want to read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from acassist.domain.ledger import RunSummary
from acassist.gui.accessibility import name
from acassist.gui.strings import day, local, number, tr, tr_n, words
from acassist.gui.sync.daily import DAYS, DaySum, Measure, per_day
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import Button, Card, Combo, Text
from acassist.gui.widgets.chart import Bar, BarChart, Swatch
from acassist.gui.widgets.layout import row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable

TO_AC, TO_SF = "accent", "edge"


def _day(value: date) -> str:
    return day(datetime.combine(value, time(12)).astimezone())


def _sentence(item: DaySum, measure: Measure) -> str:
    ac, sf = (number(count) for count in item.of(measure))
    if measure is Measure.CALLS:
        return tr("{day}: {ac} ActiveCampaign calls, {sf} Salesforce calls", day=_day(item.day), ac=ac, sf=sf)
    return tr("{day}: {ac} to ActiveCampaign, {sf} to Salesforce", day=_day(item.day), ac=ac, sf=sf)


def summary(sums: Sequence[DaySum], measure: Measure = Measure.RECORDS) -> str:
    """Say the chart in words."""
    calls = measure is Measure.CALLS
    total = sum(sum(item.of(measure)) for item in sums)
    if not total:
        none = tr("No call was made in the last {days} days.", days=DAYS)
        return none if calls else tr("No record was written in the last {days} days.", days=DAYS)
    best = max(sums, key=lambda item: sum(item.of(measure)))
    records = tr_n("{n} record written", "{n} records written", total)
    return tr(
        "{written} in the last {days} days; most on {day}: {best}.",
        written=tr_n("{n} call made", "{n} calls made", total) if calls else records,
        days=DAYS, day=_day(best.day), best=number(sum(best.of(measure))),
    )  # fmt: skip


class DailyCard(Card):
    """The chart card of the Sync page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self._sums: list[DaySum] = []
        self.measure = Combo()
        self.measure.addItem(tr("Records a day"), Measure.RECORDS)
        self.measure.addItem(tr("API calls a day"), Measure.CALLS)
        name(self.measure, tr("What the chart shows"))
        self.measure.currentIndexChanged.connect(self._draw)
        self.chart = BarChart(tr("Records a day"), (TO_AC, TO_SF))
        self.model: RowsModel[DaySum] = RowsModel(self._columns(), self)
        self.table = RowsTable(self.model, tr("Records a day"))
        self._swap = QStackedWidget()
        self._swap.setProperty("kind", "clear")
        self._swap.addWidget(self.chart)
        self._swap.addWidget(self.table)
        self.toggle = Button(tr("Show as table"), self._toggle, kind="link")
        self.text = Text("", "small")
        head = row(spacing=S2)
        head.addWidget(self.measure)
        head.addStretch(1)
        head.addWidget(self.toggle)
        self.body.addLayout(head)
        self.body.addWidget(self._swap, 1)
        self.body.addLayout(self._legend())
        self.body.addWidget(self.text)

    @property
    def _measure(self) -> Measure:
        return Measure(self.measure.currentData())

    def _columns(self) -> list[Column[DaySum]]:
        return [
            Column(lambda: tr("Day"), lambda d: _day(d.day), 2, order=lambda d: d.day),
            self._count(tr("To ActiveCampaign"), 0),
            self._count(tr("To Salesforce"), 1),
        ]

    def _count(self, title: str, side: int) -> Column[DaySum]:
        return Column(
            lambda: title,
            lambda d: number(d.of(self._measure)[side]),
            3,
            order=lambda d: d.of(self._measure)[side],
            numeric=True,
        )

    def _legend(self) -> QBoxLayout:
        legend = row(spacing=S3)
        for role, label in ((TO_AC, tr("to ActiveCampaign")), (TO_SF, tr("to Salesforce"))):
            pair = row(spacing=S2)
            pair.addWidget(Swatch(role))
            pair.addWidget(Text(label, "small", wrap=False))
            legend.addLayout(pair)
        legend.addStretch(1)
        return legend

    def _toggle(self) -> None:
        table = self._swap.currentWidget() is self.chart
        self._swap.setCurrentWidget(self.table if table else self.chart)
        self.toggle.setText(tr("Show as chart") if table else tr("Show as table"))

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """Sum runs per day and show them."""
        self._sums = per_day(runs, today=local(words().now()).date())
        self._draw()

    def _draw(self, _index: int = 0) -> None:
        measure, sums = self._measure, self._sums
        bars = [Bar(_day(s.day), s.of(measure), _sentence(s, measure)) for s in sums]
        self.text.setText(summary(sums, measure))
        self.chart.set_bars(bars, summary(sums, measure))
        self.model.set_rows(list(reversed(sums)))
