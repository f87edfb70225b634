"""Records: every activity of one person, filtered and exported."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, Qt

from acassist.domain.activity import Activity, ActivityKind
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.records.activities_filter import Span
from acassist.gui.records.activities_model import ACTIVITY_ROLE
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.records.kit import OFFLINE, words

K = ActivityKind


def test_view_all_reads_page_after_page_to_the_end(everything):
    assert everything.model.read == 3 * len(data.activities(NOW))
    assert everything.status.text() == "24 activities read. That is all."
    assert not everything.more.isVisible()


def test_the_kind_filter_shows_one_kind_only(everything):
    everything.filter.kind.setCurrentIndex(everything.filter.kind.findData(ActivityKind.REPLIED))
    assert everything.model.rowCount() == 3


def test_the_text_filter_looks_at_name_and_detail(everything):
    everything.filter.search.setText("MONDAY call")
    everything.filter.search._report()
    assert everything.model.rowCount() == 3


def test_a_filter_without_hits_can_be_cleared(everything, qtbot):
    everything.filter.search.setText("nothing like it")
    everything.filter.search._report()
    assert everything.state.currentWidget() is everything.nothing
    qtbot.mouseClick(everything.clear_filter, Qt.MouseButton.LeftButton)
    assert everything.model.rowCount() == 21


def test_a_filter_that_finds_nothing_yet_reads_on_and_says_so(opened, settle, fake):
    opened._view_all(opened.record.record)
    opened.all.filter.search.setText("nothing like it")
    opened.all.filter.search._report()
    assert opened.all.state.currentWidget() is opened.all.state.loading
    for _ in range(5):
        settle()
    assert opened.all.state.currentWidget() is opened.all.nothing
    assert opened.all.model.read == 24


def test_leaving_stops_the_reading(opened, settle):
    opened._view_all(opened.record.record)
    opened._back_to_record()
    settle()
    assert not opened.all.model.canFetchMore()


def test_choosing_an_activity_shows_its_detail(everything, settle):
    everything.view.setCurrentIndex(everything.model.index(2))
    settle()
    assert "Thank you, please call me on Monday." in words(everything.detail)


def test_a_page_that_fails_keeps_what_was_read(opened, settle, qtbot):
    opened.all.model.add_page(data.activities(NOW))
    opened.all._on_problem(OFFLINE)
    assert opened.all.trouble.problem == OFFLINE
    assert opened.all.model.read == len(data.activities(NOW))


def test_machine_opens_are_apart_in_the_whole_list_too(everything):
    assert everything.model.rowCount() == 21
    everything.filter.machine.click()
    assert everything.model.rowCount() == 24


def test_the_kind_machine_opens_can_be_chosen_alone(everything):
    kinds = everything.filter.kind
    kinds.setCurrentIndex(kinds.findData(K.MACHINE_OPENED.value))
    assert everything.model.rowCount() == 3


def test_campaigns_that_occur_are_offered(qtbot, everything):
    sent = Activity(K.SENT, NOW, "News", campaign="News")
    everything.model.add_page([sent, replace(sent, kind=K.REPLIED, title="Re")])
    combo = everything.filter.campaign
    assert [combo.itemData(n) for n in range(combo.count())] == [None, "News"]
    combo.setCurrentIndex(1)
    assert everything.model.rowCount() == 2


@pytest.mark.parametrize(("span", "count"), [(Span.WEEK, 7), (Span.MONTH, 7), (Span.YEAR, 21)])
def test_a_time_can_be_chosen(everything, span, count):
    spans = everything.filter.span
    spans.setCurrentIndex(spans.findData(span.value))
    assert everything.model.rowCount() == count


def test_days_from_and_to_are_both_included(everything):
    chosen = everything.filter
    chosen.span.setCurrentIndex(chosen.span.findData(Span.DATES.value))
    day = NOW.astimezone().date() - timedelta(days=2)
    for edit in (chosen.first, chosen.last):
        edit.setDate(QDate(day.year, day.month, day.day))
    model = everything.model
    assert {model.data(model.index(n), ACTIVITY_ROLE).kind for n in range(model.rowCount())} == {K.ENTERED}


def test_export_takes_what_was_read_to_the_end_and_says_where(everything, fake, settle, tmp_path):
    everything.filter.search.setText("monday")
    everything.filter.search._report()
    everything.export_to(tmp_path / "a.csv")
    settle()
    (_, wanted) = next(args for called, args in fake.calls if called == "export_activities")
    assert (wanted.chosen.words, len(wanted.have)) == (("monday",), 24)
    assert str(tmp_path / "a.csv") in words(everything.saved)


def test_export_of_a_list_not_read_to_the_end_lets_the_engine_read_it(opened, fake, settle, tmp_path):
    opened.record.activities.viewAll.emit()
    settle()
    opened.all.export_to(tmp_path / "a.json")
    settle()
    (_, wanted) = next(args for called, args in fake.calls if called == "export_activities")
    assert wanted.have is None


def test_an_export_that_fails_says_why(everything, fake, settle, tmp_path):
    fake.fail["export_activities"] = Problem(ProblemCode.EXPORT_FAILED, values={"file": "a.csv", "reason": "full"})
    everything.export_to(tmp_path / "a.csv")
    settle()
    assert everything.saved.problem is not None
    assert everything.export.isEnabled()
