"""The chart: right sums, readable axis, and the same numbers in words for those who cannot see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester

from acassist.assistant.container import Options, translator_for
from acassist.assistant.desk import Day, Days
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui import strings
from acassist.gui.sync.daily import Measure
from acassist.gui.sync.daily_card import DailyCard
from acassist.gui.sync.page import SyncPage
from acassist.gui.theme import theme
from acassist.gui.widgets.chart import Bar, BarChart, Limit, nice_top
from tests.gui.conftest import NOW


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
def card(bridge, qtbot) -> DailyCard:
    made = DailyCard(bridge)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def days(**last: int) -> Days:
    today = NOW.date()
    return Days((*(Day(today - timedelta(days=n)) for n in range(13, 0, -1)), Day(today, **last)), 100_000)


def show(card: DailyCard, measure: Measure) -> None:
    card.measure.setCurrentIndex(card.measure.findData(measure))


def test_the_card_says_the_numbers_in_a_sentence(card):
    card.show_days(days(to_activecampaign=1_200, to_salesforce=34))
    assert card.text.text() == "1,234 records written in the last 14 days; most on Mar 2: 1,234."
    assert card.chart.bars[-1].words == "Mar 2: 1,200 to ActiveCampaign, 34 to Salesforce"


def test_no_run_is_said_instead_of_an_empty_axis(card):
    card.show_days(days())
    assert card.state.currentWidget() is card.state.empty
    assert not card.toggle.isVisible()


def test_days_that_cannot_be_read_offer_another_try(card, fake, settle):
    fake.fail["last_days"] = Problem(ProblemCode.DISK_FULL)
    card.reload()
    settle()
    assert card.state.banner.problem.code is ProblemCode.DISK_FULL
    assert card.text.text() == ""


def test_the_numbers_can_be_read_as_a_table(card, qtbot):
    QAbstractItemModelTester(card.model, QAbstractItemModelTester.FailureReportingMode.Fatal, card)
    card.show_days(days(to_activecampaign=3))
    qtbot.mouseClick(card.toggle, Qt.MouseButton.LeftButton)
    first = [card.model.data(card.model.index(0, column)) for column in range(3)]
    assert card.table.isVisible()
    assert first == ["Mar 2", "3", "0"]


def test_calls_of_each_service_have_a_chart_of_their_own(card):
    card.show_days(days(calls_sf=9, calls_ac=52))
    show(card, Measure.CALLS_SF)
    assert (card.chart.bars[-1].values, card.chart.bars[-1].words) == ((9,), "Mar 2: 9 Salesforce calls")
    show(card, Measure.CALLS_AC)
    assert (card.chart.bars[-1].values, card.chart.bars[-1].words) == ((52,), "Mar 2: 52 ActiveCampaign calls")
    assert card.chart.accessibleName() == "ActiveCampaign calls a day"


def test_salesforce_calls_stand_against_the_limit_of_the_day(card):
    card.show_days(days(calls_sf=25_000, calls_ac=1))
    show(card, Measure.CALLS_SF)
    assert card.chart.limit.value == 100_000
    assert "Limit a day: 100,000" in card.limit.text()
    assert "Busiest day: 25 % of it." in card.limit.text()


def test_activecampaign_has_no_limit_line(card):
    card.show_days(days(calls_ac=25_000))
    show(card, Measure.CALLS_AC)
    assert card.chart.limit is None
    assert card.limit.text().startswith("ActiveCampaign has no limit a day.")


def test_a_limit_far_above_every_bar_does_not_flatten_them(chart):
    chart.set_bars([Bar("Mon", (30,), "Mon: 30")], "", roles=["edge"], limit=Limit(100_000, "limit"))
    assert (chart.top, chart.limit_fits) == (50, False)


def test_a_limit_within_sight_is_drawn_at_its_height(chart):
    chart.set_bars([Bar("Mon", (30,), "Mon: 30")], "", roles=["edge"], limit=Limit(100, "limit"))
    assert (chart.top, chart.limit_fits) == (100, True)
    image = chart.grab().toImage()
    reds = {y for y in range(200) for x in range(100, 396, 2) if image.pixelColor(x, y) == theme().color("bad")}
    line = round(chart._area().top())
    assert line in reds


def test_pointing_at_a_bar_says_its_numbers_at_once(card, qtbot):
    card.show_days(days(to_activecampaign=7))
    qtbot.mouseMove(card.chart, QPoint(card.chart.width() - 6, 40))
    assert card.text.text() == "Mar 2: 7 to ActiveCampaign, 0 to Salesforce"
    card.chart._pick(-1)
    assert card.text.text().startswith("7 records written")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_sync_page_is_never_wider_than_the_smallest_window(bridge, fake, qtbot, settle, language):
    fake.finish_setup()
    strings.install(translator_for(Options(language=language)))
    page = SyncPage(bridge)
    qtbot.addWidget(page)
    page.resize(752, 560)
    page.show()
    page.activate()
    settle()
    for place in range(page.daily.measure.count()):
        page.daily.measure.setCurrentIndex(place)
        assert page.overview.content.minimumSizeHint().width() <= page.overview.viewport().width()
