"""Records: finding a person, with the keyboard first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.gui import fake_data as data
from tests.gui.records.kit import OFFLINE


def test_typing_asks_once_after_a_pause(page, fake, qtbot):
    qtbot.keyClicks(page.search, "pena")
    qtbot.waitUntil(lambda: fake.called("search") == 1)
    assert ("search", ("pena",)) in fake.calls


def test_results_say_the_kind_and_whether_both_sides_are_linked(page, settle):
    page._search("a")
    settle()
    lines = [page.model.data(page.model.index(n)) for n in range(page.model.rowCount())]
    assert lines[0] == "José Peña, Contact, jose@pena.example · Peña Hermanos S.A., Linked"
    assert lines[2] == "王小明, ActiveCampaign contact, wang@example.cn, Not linked"
    assert page.found.text() == "3 people found"


def test_a_record_opened_while_typing_stays_in_sight(page, fake, settle, qtbot):
    page.search.setText("jo")
    page.open(data.REF)
    settle()
    qtbot.wait(300)
    assert page.stack.currentWidget() is page.record
    assert fake.called("search") == 0


def test_only_the_last_search_is_shown(page, fake, settle, monkeypatch):
    fake.delay["search"] = 0.05
    page._search("first")
    page._search("second")
    monkeypatch.setattr(data, "hits", lambda: [])
    settle()
    assert page._asked == "second"
    assert page.results.currentWidget() is page.nobody


def test_enter_in_the_results_opens_the_record(page, settle, qtbot, fake):
    page._search("a")
    settle()
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    settle()
    assert ("record", (data.REF,)) in fake.calls
    assert page.stack.currentWidget() is page.record


def test_nobody_found_says_what_was_looked_for(page, fake, settle):
    fake.empty = True
    page._search("nobody")
    settle()
    assert "“nobody”" in page.nobody.text.text()


def test_a_failed_search_can_be_tried_again(page, fake, settle):
    fake.fail["search"] = OFFLINE
    page._search("a")
    settle()
    assert page.results.banner.problem == OFFLINE
    del fake.fail["search"]
    page._search_again()
    settle()
    assert page.model.rowCount() == 3


def test_clearing_the_field_goes_back_to_the_start(page, settle):
    page._search("a")
    settle()
    page._search("  ")
    assert page.stack.currentWidget() is page.recent
    assert page.recent.currentWidget() is page.start


def test_back_returns_to_the_results(page, settle, qtbot):
    page._search("a")
    settle()
    page.open(data.REF)
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert page.stack.currentWidget() is page.results


def test_recent_records_open_with_the_keyboard(page, fake, settle, qtbot):
    fake.seen = data.hits()
    page.activate()
    settle()
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    qtbot.keyClick(page.recent.list, Qt.Key.Key_Down)
    qtbot.keyClick(page.recent.list, Qt.Key.Key_Return)
    settle()
    assert ("record", (data.hits()[1].ref,)) in fake.calls


def test_return_opens_the_marked_result(page, fake, settle, qtbot):
    page.search_for("a")
    settle()
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    settle()
    assert page.stack.currentWidget() is page.record
    assert ("record", (data.hits()[0].ref,)) in fake.calls
    assert fake.called("search") == 1


@pytest.mark.parametrize(("found", "opens"), [(1, True), (2, False), (0, False)])
def test_return_while_the_search_runs_opens_a_single_result(page, fake, settle, qtbot, monkeypatch, found, opens):
    hits = data.hits()[:found]
    monkeypatch.setattr(data, "hits", lambda: hits)
    fake.delay["search"] = 0.05
    qtbot.keyClicks(page.search, "jo")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    settle()
    settle()
    assert (page.stack.currentWidget() is page.record) is opens


def test_typing_on_after_return_opens_nothing(page, fake, settle, qtbot, monkeypatch):
    hits = data.hits()[:1]
    monkeypatch.setattr(data, "hits", lambda: hits)
    fake.delay["search"] = 0.3
    qtbot.keyClicks(page.search, "jo")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    qtbot.keyClicks(page.search, "s")
    qtbot.waitUntil(lambda: fake.called("search") == 2)
    settle()
    assert page.stack.currentWidget() is page.results


def test_return_with_other_words_searches_for_them(page, fake, settle, qtbot):
    page.search_for("a")
    settle()
    page.search.setText("b")
    qtbot.keyClick(page.search, Qt.Key.Key_Return)
    settle()
    assert page.stack.currentWidget() is page.results
    assert fake.called("search") == 2
