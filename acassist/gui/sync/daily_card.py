"""Records a day as a chart, with a legend, and the same numbers as a table for those who want to read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from acassist.domain.ledger import RunSummary
from acassist.gui.strings import day, local, number, tr, tr_n, words
from acassist.gui.sync.daily import DAYS, DaySum, per_day
from acassist.gui.theme import S2, S3
from acassist.gui.widgets import Button, Card, Text
from acassist.gui.widgets.chart import Bar, BarChart, Swatch
from acassist.gui.widgets.layout import row
from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable

TO_AC, TO_SF = "accent", "edge"


def _day(value: date) -> str:
    return day(datetime.combine(value, time(12)).astimezone())


def _sentence(item: DaySum) -> str:
    return tr(
        "{day}: {ac} to ActiveCampaign, {sf} to Salesforce",
        day=_day(item.day), ac=number(item.to_activecampaign), sf=number(item.to_salesforce),
    )  # fmt: skip


def summary(sums: Sequence[DaySum]) -> str:
    """Say the chart in words."""
    total = sum(item.total for item in sums)
    if not total:
        return tr("No record was written in the last {days} days.", days=DAYS)
    best = max(sums, key=lambda item: item.total)
    return tr(
        "{written} in the last {days} days; most on {day}: {best}.",
        written=tr_n("{n} record written", "{n} records written", total),
        days=DAYS, day=_day(best.day), best=number(best.total),
    )  # fmt: skip


def _columns() -> list[Column[DaySum]]:
    return [
        Column(lambda: tr("Day"), lambda d: _day(d.day), 2, order=lambda d: d.day),
        Column(
            lambda: tr("To ActiveCampaign"),
            lambda d: number(d.to_activecampaign),
            3,
            order=lambda d: d.to_activecampaign,
            numeric=True,
        ),
        Column(
            lambda: tr("To Salesforce"),
            lambda d: number(d.to_salesforce),
            3,
            order=lambda d: d.to_salesforce,
            numeric=True,
        ),
    ]


class DailyCard(Card):
    """The chart card of the Sync page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, spacing=S2)
        self.chart = BarChart(tr("Records a day"), (TO_AC, TO_SF))
        self.model: RowsModel[DaySum] = RowsModel(_columns(), self)
        self.table = RowsTable(self.model, tr("Records a day"))
        self._swap = QStackedWidget()
        self._swap.setProperty("kind", "clear")
        self._swap.addWidget(self.chart)
        self._swap.addWidget(self.table)
        self.toggle = Button(tr("Show as table"), self._toggle, kind="link")
        self.text = Text("", "small")
        head = row(spacing=S2)
        head.addWidget(Text(tr("Records a day"), "section", wrap=False))
        head.addStretch(1)
        head.addWidget(self.toggle)
        self.body.addLayout(head)
        self.body.addWidget(self._swap, 1)
        self.body.addLayout(self._legend())
        self.body.addWidget(self.text)

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
        sums = per_day(runs, today=local(words().now()).date())
        bars = [Bar(_day(s.day), (s.to_activecampaign, s.to_salesforce), _sentence(s)) for s in sums]
        self.text.setText(summary(sums))
        self.chart.set_bars(bars, summary(sums))
        self.model.set_rows(list(reversed(sums)))
