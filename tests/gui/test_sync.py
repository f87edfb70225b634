"""Sync: the state in one sentence, progress, history, and what the next run would do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from acassist.assistant.events import IssuesChanged, RunEnded, RunProgress, RunStarted, StatusChanged
from acassist.domain.ids import Service
from acassist.domain.ledger import (
    Counters,
    HistoryAction,
    HistoryItem,
    RunDirection,
    RunState,
    RunSummary,
)
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui.accessibility import crawl
from acassist.gui.sync import words as said
from acassist.gui.sync.page import SyncPage
from acassist.gui.sync.progress_card import progress_words
from acassist.gui.sync.run_view import PAGE
from acassist.gui.sync.runs_card import run_sentence
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.keyboard import choose_file, press

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
SENDING = RunProgress(42, Message("Sending leads to ActiveCampaign"), 6_200, 10_000, 1_500.0, 120.0, 9, 41)


def words(widget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def lines(model) -> list[list[str]]:
    return [[model.data(model.index(r, c)) for c in range(model.columnCount())] for r in range(model.rowCount())]


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> SyncPage:
    fake.finish_setup()
    made = SyncPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 700)
    made.show()
    made.activate()
    settle()
    return made


# -- state


def test_the_state_is_said_in_one_sentence_with_last_and_next_run(page):
    assert page.sentence.text() == "Everything is in sync"
    assert page.times.text().startswith("Last run 20 minutes ago: 2 created · 35 updated. Next run in 30 minutes (")


def test_the_counters_show_what_is_in_sync_waits_and_needs_a_person(page):
    tiles = page.tiles
    assert [t.count.text() for t in (tiles.in_sync, tiles.waiting, tiles.need_you)] == ["8,412", "37", "3"]


def test_the_third_counter_leads_to_the_issues(page, qtbot):
    with qtbot.waitSignal(page.navigate) as asked:
        qtbot.mouseClick(page.tiles.open_issues, Qt.MouseButton.LeftButton)
    assert asked.args == ["issues", None]


def test_the_page_follows_the_state_of_the_engine(page, fake, qtbot):
    fake.running = True
    fake.events.emit(StatusChanged())
    qtbot.waitUntil(lambda: page.sentence.text() == "Syncing")
    qtbot.waitUntil(page.progress.isVisible)


def test_many_events_in_a_row_ask_for_the_state_once(page, fake, qtbot, settle):
    before = fake.called("status")
    for count in range(20):
        fake.events.emit(IssuesChanged(count))
    qtbot.waitUntil(lambda: fake.called("status") == before + 1)
    settle()
    assert fake.called("status") == before + 1


def test_pause_becomes_resume(page, fake, qtbot):
    qtbot.mouseClick(page.pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.pause.text() == "Resume")
    assert ("set_paused", (True,)) in fake.calls
    assert page.times.text().endswith("Scheduled runs are paused.")


def test_preview_waits_for_the_four_steps(bridge, fake, qtbot, settle):
    made = SyncPage(bridge)
    qtbot.addWidget(made)
    made.activate()
    settle()
    assert not made.preview_button.isEnabled()
    assert made.preview_button.toolTip() == "Finish the four steps of Setup first."


# -- progress


def test_progress_shows_phase_counts_rate_time_left_and_calls(page, fake, qtbot):
    fake.events.emit(RunStarted(42, RunDirection.BOTH))
    fake.events.emit(SENDING)
    qtbot.waitUntil(page.progress.isVisible)
    assert page.progress.phase.text() == "Sending leads to ActiveCampaign"
    assert page.progress.line.text() == "6,200 of 10,000 · 1,500 a minute · about 2 minutes left · 50 calls so far"
    assert page.progress.bar.value() / page.progress.bar.maximum() == pytest.approx(0.62)


def test_progress_says_only_what_is_known():
    assert progress_words(RunProgress(1, Message("Looking"), calls_sf=1)) == "1 call so far"


def test_cancel_asks_once_and_says_that_nothing_is_left_half_done(page, fake, qtbot, settle):
    fake.running = True
    fake.events.emit(RunStarted(42, RunDirection.BOTH))
    qtbot.waitUntil(page.progress.isVisible)
    for _ in range(2):
        qtbot.mouseClick(page.progress.cancel, Qt.MouseButton.LeftButton)
    settle()
    assert fake.called("cancel_run") == 1
    assert "Nothing is left half-done." in page.progress.line.text()


def test_the_end_of_a_run_hides_the_progress_and_reads_the_history(page, fake, qtbot, settle):
    fake.events.emit(RunStarted(42, RunDirection.BOTH))
    qtbot.waitUntil(page.progress.isVisible)
    before = fake.called("runs")
    fake.events.emit(RunEnded(data.run_list(NOW)[0]))
    qtbot.waitUntil(lambda: not page.progress.isVisible())
    assert fake.called("runs") == before + 1


def test_a_run_that_ended_badly_says_why(page, fake, qtbot):
    fake.events.emit(RunEnded(data.run_list(NOW)[2], OFFLINE))
    qtbot.waitUntil(page.banner.isVisible)
    assert page.banner.problem == OFFLINE


# -- history


def test_each_run_is_said_in_a_sentence(page):
    assert [line for (line,) in lines(page.runs.model)] == [
        "20 minutes ago, both ways: 2 created · 35 updated. Done",
        "1 hour ago, to Salesforce: 100 updated · 1 issue. Done, with issues",
        "3 hours ago, to ActiveCampaign: Salesforce calls used up. Stopped",
    ]


def test_a_run_without_changes_is_said_so():
    run = RunSummary(1, RunDirection.INBOUND, RunState.DONE, NOW, NOW)
    assert run_sentence(run) == "just now, to Salesforce: Nothing to change. Done"


def test_enter_opens_the_changes_of_a_run(page, fake, qtbot, settle):
    page.runs.list.setCurrentIndex(page.runs.model.index(0, 0))
    qtbot.keyClick(page.runs.list, Qt.Key.Key_Return)
    settle()
    assert ("run_items", (41,)) in fake.calls
    assert lines(page.run.changes.model)[0] == [
        "José Peña", "ActiveCampaign", "Updated", "Phone", "+34 600 111 222", "+34 600 111 333",
        "Only Salesforce changed.",
    ]  # fmt: skip


def test_a_stopped_run_shows_its_cause_and_remedy(page, settle):
    page.open(data.run_list(NOW)[2])
    settle()
    assert page.run.cause.problem.code is ProblemCode.SF_QUOTA
    assert page.run.chip.text() == "Stopped"


def test_an_empty_history_says_that_there_is_none_yet(page, fake, settle):
    fake.empty = True
    page.runs.reload()
    settle()
    assert page.runs.state.currentWidget() is page.runs.state.empty


def test_a_history_that_cannot_be_read_offers_another_try(page, fake, settle):
    fake.fail["runs"] = OFFLINE
    page.runs.reload()
    settle()
    assert page.runs.state.banner.problem == OFFLINE


def test_the_history_is_exported_to_the_chosen_file(page, settle, tmp_path):
    press(page.runs.export)
    choose_file(page.runs, str(tmp_path / "runs.csv"))
    settle()
    assert (tmp_path / "runs.csv").exists()


def item(number: int) -> HistoryItem:
    return HistoryItem(41, NOW, Service.SALESFORCE, HistoryAction.CREATE, f"lead:{number}", f"Person {number}", number)


def test_a_long_run_is_read_page_by_page(page, monkeypatch, settle, qtbot):
    asked = []

    async def pages(_self, _run: int, limit: int = 500, before_id: int | None = None) -> list[HistoryItem]:
        asked.append(before_id)
        return [item(n) for n in range(2 * PAGE, PAGE, -1)] if before_id is None else [item(1)]

    monkeypatch.setattr(type(page.bridge.assistant), "run_items", pages)
    page.open(data.run_list(NOW)[0])
    settle()
    qtbot.mouseClick(page.run.more, Qt.MouseButton.LeftButton)
    settle()
    assert asked == [None, PAGE + 1]
    assert page.run.changes.model.rowCount() == PAGE + 1
    assert not page.run.more.isVisible()


def test_counters_are_said_in_words():
    counters = Counters(created_ac=1, created_sf=2, updated_sf=4, linked=5, skipped=6, issues=1)
    assert said.counter_words(counters) == "3 created · 4 updated · 5 linked · 6 skipped · 1 issue"


def test_everything_that_takes_the_focus_has_a_name(page, settle):
    assert crawl(page) == []
    page.open(data.run_list(NOW)[0])
    settle()
    assert crawl(page) == []


def test_a_run_takes_as_long_as_it_took(page, settle):
    page.open(replace(data.run_list(NOW)[0], ended=NOW - timedelta(minutes=18)))
    settle()
    assert "took 2 minutes" in page.run.line.text()
