"""The chart: right sums, readable axis, and the same numbers in words for those who cannot see it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester

from acassist.domain.ledger import Counters, RunDirection, RunState, RunSummary
from acassist.gui.sync.daily import per_day
from acassist.gui.sync.daily_card import DailyCard
from acassist.gui.theme import theme
from acassist.gui.widgets.chart import Bar, BarChart, nice_top
from tests.gui.conftest import NOW


def run(started: datetime, **counters: int) -> RunSummary:
    return RunSummary(1, RunDirection.BOTH, RunState.DONE, started, started, Counters(**counters))


def test_a_day_sums_what_was_created_and_updated_on_each_side():
    day = datetime(2026, 3, 2, 9, tzinfo=UTC)
    runs = [run(day, created_ac=2, updated_ac=3, updated_sf=4), run(day + timedelta(hours=1), created_sf=1, skipped=50)]
    last = per_day(runs, today=date(2026, 3, 2), zone=UTC)[-1]
    assert (last.to_activecampaign, last.to_salesforce) == (5, 5)


def test_days_without_a_run_are_shown_as_zero():
    sums = per_day([], today=date(2026, 3, 2), days=14, zone=UTC)
    assert [s.day for s in sums] == [date(2026, 2, 17) + timedelta(days=n) for n in range(14)]
    assert all(s.total == 0 for s in sums)


def test_a_run_counts_for_the_local_day_on_which_it_began():
    late = run(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), updated_ac=7)
    sums = per_day([late], today=date(2026, 3, 2), days=2, zone=ZoneInfo("Europe/Berlin"))
    assert [s.total for s in sums] == [0, 7]


def test_runs_outside_the_span_are_left_out():
    old = run(datetime(2026, 1, 1, tzinfo=UTC), updated_ac=7)
    assert sum(s.total for s in per_day([old], today=date(2026, 3, 2), zone=UTC)) == 0


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 1), (1, 1), (2, 2), (3, 5), (7, 10), (641, 1000), (1000, 1000), (1001, 2000)]
)
def test_the_axis_ends_at_a_round_number(highest, top):
    assert nice_top(highest) == top


@pytest.fixture
def chart(qtbot) -> BarChart:
    made = BarChart("Records a day", ("accent", "edge"))
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.set_bars([Bar("Mon", (10, 0), "Mon: 10"), Bar("Tue", (40, 60), "Tue: 100")], "110 in all")
    made.show()
    return made


def test_the_chart_says_its_summary(chart):
    assert chart.accessibleName() == "Records a day"
    assert chart.accessibleDescription() == "110 in all"


def test_the_arrow_keys_speak_one_bar_after_the_other(chart, qtbot):
    spoken = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(chart, key)
        spoken.append(chart.accessibleDescription())
    assert spoken == ["Mon: 10", "Tue: 100", "Mon: 10"]


def test_a_place_belongs_to_the_bar_drawn_there(chart):
    assert chart.bar_at(0) == -1
    assert chart.bar_at(chart.width() * 0.3) == 0
    assert chart.bar_at(chart.width() * 0.9) == 1


def test_both_series_are_painted_in_their_colours(chart):
    image = chart.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(0, 400, 2) for y in range(0, 200, 2)}
    assert {theme().color("accent").name(), theme().color("edge").name()} <= seen


def test_the_chart_follows_the_look(chart, look):
    look.set_mode(look.mode.__class__.DARK)
    image = chart.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(0, 400, 2) for y in range(0, 200, 2)}
    assert QColor(look.color("accent")).name() in seen


@pytest.fixture
def card(qtbot) -> DailyCard:
    made = DailyCard()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def test_the_card_says_the_numbers_in_a_sentence(card):
    card.show_runs([run(NOW, created_ac=1_200, updated_sf=34)])
    assert card.text.text() == "1,234 records written in the last 14 days; most on Mar 2: 1,234."
    assert card.chart.bars[-1].words == "Mar 2: 1,200 to ActiveCampaign, 34 to Salesforce"


def test_no_run_is_said_instead_of_an_empty_axis(card):
    card.show_runs([])
    assert card.text.text() == "No record was written in the last 14 days."


def test_the_numbers_can_be_read_as_a_table(card, qtbot):
    QAbstractItemModelTester(card.model, QAbstractItemModelTester.FailureReportingMode.Fatal, card)
    card.show_runs([run(NOW, updated_ac=3)])
    qtbot.mouseClick(card.toggle, Qt.MouseButton.LeftButton)
    first = [card.model.data(card.model.index(0, column)) for column in range(3)]
    assert card.table.isVisible()
    assert first == ["Mar 2", "3", "0"]


def test_calls_a_day_are_counted_from_the_same_runs(card, qtbot):
    card.show_runs([RunSummary(1, RunDirection.BOTH, RunState.DONE, NOW, NOW, Counters(calls_sf=9, calls_ac=52))])
    assert card.text.text() == "No record was written in the last 14 days."
    card.measure.setCurrentIndex(1)
    assert card.text.text() == "61 calls made in the last 14 days; most on Mar 2: 61."
