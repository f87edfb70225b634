"""Rolling checks: age, forecast, calls and finds of each, a full turn on request, and the allowances in Settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.sweeps import SweepKind, SweepStanding
from acassist.gui.accessibility import crawl
from acassist.gui.issues.page import IssuesPage
from acassist.gui.settings.page import SettingsPage
from tests.gui.keyboard import press, seen

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> IssuesPage:
    fake.finish_setup()
    made = IssuesPage(bridge)
    qtbot.addWidget(made)
    made.resize(1000, 760)
    made.show()
    made.show_health()
    settle()
    return made


@pytest.fixture
def checks(page, settle):
    press(page.health.sweeps)
    settle()
    return page.sweeps


def lines(model) -> list[list[str]]:
    return [[model.data(model.index(r, c)) for c in range(model.columnCount())] for r in range(model.rowCount())]


def pick(checks, kind: SweepKind) -> None:
    place = next(n for n, standing in enumerate(checks.model.shown) if standing.kind is kind)
    checks.table.setCurrentIndex(checks.model.index(place, 0))


def test_each_check_says_its_age_its_forecast_and_its_calls(checks):
    assert lines(checks.model) == [
        ["Contacts in ActiveCampaign", "2/21/26 2:30\u202fPM", "14 days, 124 calls", "6 of 1,000"],
        ["Formula fields in Salesforce", "nothing to watch", "–", "0 of 200"],
        ["Accounts in ActiveCampaign", "3 hours ago", "6 hours, 8 calls", "16 of 200"],
        ["Sync tags", "not yet", "3 days, 900 calls", "300 of 300"],
    ]


def test_the_turn_under_way_is_shown_with_what_it_found(checks):
    pick(checks, SweepKind.CONTACTS)
    assert checks.progress.text() == "This turn: 5,300 of 12,345"
    assert "3 records were found and are carried out." in seen(checks.detail)
    assert "Finds deleted contacts" in seen(checks.detail)


def test_a_full_turn_is_made_on_request(checks, fake, settle):
    pick(checks, SweepKind.ACCOUNTS)
    press(checks.now)
    settle()
    assert ("sweep_now", (SweepKind.ACCOUNTS,)) in fake.calls
    assert "Accounts in ActiveCampaign: checked" in seen(checks.outcome)


def test_what_is_not_watched_cannot_be_checked(checks):
    pick(checks, SweepKind.FORMULAS)
    assert not checks.now.isEnabled()
    assert checks.now.toolTip() == "There is nothing to watch."


def test_a_turn_that_fails_says_why(checks, fake, settle):
    fake.fail["sweep_now"] = OFFLINE
    press(checks.now)
    settle()
    assert checks.outcome.problem == OFFLINE


def test_before_the_first_sync_there_is_nothing_to_check(page, fake, settle):
    fake.standings = {kind: SweepStanding(kind) for kind in SweepKind}
    page.show_sweeps()
    settle()
    assert page.sweeps.state.currentWidget() is page.sweeps.state.empty


def test_standings_that_cannot_be_read_offer_another_try(page, fake, settle):
    fake.fail["sweeps"] = OFFLINE
    page.show_sweeps()
    settle()
    assert page.sweeps.state.banner.problem == OFFLINE


def test_the_allowances_are_changed_in_settings(checks, qtbot, page):
    with qtbot.waitSignal(page.navigate) as asked:
        checks.limitsWanted.emit()
    assert asked.args == ["settings", "sweeps"]


def test_everything_that_takes_the_focus_has_a_name(checks, page):
    assert crawl(page) == []


# -- in Settings


@pytest.fixture
def card(bridge, fake, qtbot, settle):
    fake.finish_setup()
    made = SettingsPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 1400)
    made.show()
    made.activate()
    settle()
    yield made.sweeps
    made.hide()


def test_an_allowance_is_changed_with_its_forecast_and_saved(card, fake, settle):
    amount = card.amounts[SweepKind.TAGS]
    assert card.forecasts[SweepKind.TAGS].text() == "A full turn takes 3 days, 900 calls."
    amount.setValue(900)
    assert card.forecasts[SweepKind.TAGS].text() == "A full turn takes 1 day, 900 calls."
    press(card.save)
    settle()
    assert [args for called, args in fake.calls if called == "set_sweep_allowance"] == [(SweepKind.TAGS, 900)]
    assert not card.save.isEnabled()


def test_zero_switches_a_check_off_and_says_what_that_means(card):
    card.amounts[SweepKind.CONTACTS].setValue(0)
    assert card.forecasts[SweepKind.CONTACTS].text() == "Switched off: such changes are found only by chance."


def test_what_is_typed_survives_a_change_elsewhere(card, fake, settle):
    card.amounts[SweepKind.TAGS].setValue(7)
    fake.standings[SweepKind.TAGS] = replace(fake.standings[SweepKind.TAGS], calls_today=1)
    card.load()
    settle()
    assert card.amounts[SweepKind.TAGS].value() == 7
    press(card.revert)
    assert card.amounts[SweepKind.TAGS].value() == 300


def test_an_allowance_that_cannot_be_saved_says_why(card, fake, settle):
    fake.fail["set_sweep_allowance"] = OFFLINE
    card.amounts[SweepKind.TAGS].setValue(7)
    press(card.save)
    settle()
    assert card.outcome.problem == OFFLINE
    assert card.save.isEnabled()
