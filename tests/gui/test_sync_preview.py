"""Preview: what the next run would do, filtered, explained, and answered once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel

from acassist.assistant.views import RecordRef
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import (
    HistoryAction,
    PlannedChange,
    Preview,
    RunDirection,
)
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.sync.page import SyncPage
from tests.gui import fake_data as data

OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


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


@pytest.fixture
def preview(page, qtbot, settle):
    qtbot.mouseClick(page.preview_button, Qt.MouseButton.LeftButton)
    settle()
    return page.preview

# -- preview


def test_preview_writes_nothing(preview, fake):
    assert fake.called("preview") == 1
    assert fake.called("sync_now") == 0


def test_preview_shows_each_change_with_before_after_and_rule(preview):
    assert lines(preview.changes.model)[1] == [
        "José Peña", "ActiveCampaign", "Update", "Phone", "+34 600 111 222", "+34 600 111 333",
        "First link: both values are kept until someone chooses.",
    ]  # fmt: skip


def test_a_skipped_record_says_why(preview):
    assert lines(preview.changes.model)[3][-1] == "The record has no e-mail address, so it cannot be synced."


def test_preview_counts_both_sides(preview):
    text = words(preview)
    for expected in ("212", "1,204", "New in ActiveCampaign", "Changed in Salesforce", "Conflicts"):
        assert expected in text


def test_the_side_filter_leaves_one_side(preview):
    side = preview.changes.side
    side.setCurrentIndex(side.findText("Salesforce"))
    assert [line[0] for line in lines(preview.changes.model)] == ["Ana O’Brien"]
    assert preview.changes.shown.text() == "1 line"


def test_the_change_filter_offers_the_kinds_that_occur(preview):
    action = preview.changes.action
    assert [action.itemText(n) for n in range(action.count())] == ["All changes", "Create", "Update", "Skip"]
    action.setCurrentIndex(3)
    assert [line[0] for line in lines(preview.changes.model)] == ["No Mail Ltd"]


def test_the_text_filter_finds_values(preview):
    preview.changes.search.setText("111 333")
    preview.changes.search._report()
    assert [line[0] for line in lines(preview.changes.model)] == ["José Peña"]


def test_a_filter_without_hits_says_so(preview):
    preview.changes.search.setText("zzz")
    preview.changes.search._report()
    assert preview.changes.nothing.isVisible()


def test_the_chosen_change_is_shown_in_full_and_leads_to_the_record(page, preview, qtbot):
    preview.changes.table.setCurrentIndex(preview.changes.model.index(1, 0))
    detail = preview.changes.detail
    assert "José Peña: Update Phone in ActiveCampaign" in words(detail)
    with qtbot.waitSignal(page.navigate) as asked:
        qtbot.mouseClick(detail.open_record, Qt.MouseButton.LeftButton)
    assert asked.args == ["records", RecordRef(SObject.CONTACT, "003000000000002AAA", "77")]


def test_a_skip_without_values_speaks_of_no_values(preview):
    preview.changes.table.setCurrentIndex(preview.changes.model.index(3, 0))
    assert "No Mail Ltd: Skip in ActiveCampaign" in words(preview.changes.detail)
    assert "blank" not in words(preview.changes.detail)


def test_an_empty_preview_says_that_both_sides_agree(page, fake, settle):
    fake.empty = True
    page.preview.start()
    settle()
    assert page.preview.state.currentWidget() is page.preview.state.empty
    assert not page.preview.go.isVisible()


def test_a_shortened_preview_says_so(preview):
    preview._show(replace(data.first_match(), truncated=True))
    assert preview.note.isVisible()


def test_a_preview_that_fails_offers_another_try(page, fake, settle):
    fake.fail["preview"] = OFFLINE
    page.preview.start()
    settle()
    assert page.preview.state.banner.problem == OFFLINE


def test_a_brake_shows_its_question_with_the_changes_it_is_about(page, settle, fake):
    brake = Problem(ProblemCode.BRAKE, values={"count": 300, "what": "overwritten", "limit": 200})
    page.open(brake)
    settle()
    assert page.preview.question.problem == brake
    assert page.preview.changes.model.rowCount() == 4


def test_going_on_answers_the_brake_once(page, preview, fake, settle, qtbot):
    fake.delay["run"] = 0.02
    for _ in range(2):
        preview.go.click()
    settle()
    assert [args for called, args in fake.calls if called == "sync_now"] == [(RunDirection.BOTH, True)]
    assert page.stack.currentWidget() is page.overview


def test_leaving_the_preview_drops_its_answer(page, fake, settle):
    fake.delay["preview"] = 0.05
    page.preview.start()
    page.preview._go_back()
    settle()
    assert page.stack.currentWidget() is page.overview
    assert page.preview.changes.model.rowCount() == 0


# -- tables


def test_the_models_keep_the_contract_of_the_toolkit(page, preview):
    model = preview.changes.model
    for tested in (model, page.runs.model):
        QAbstractItemModelTester(tested, QAbstractItemModelTester.FailureReportingMode.Fatal, page)
    model.set_filter("peña")
    model.set_filter("")
    model.sort(0, Qt.SortOrder.DescendingOrder)
    model.append_rows([PlannedChange(Service.SALESFORCE, HistoryAction.LINK, "lead:9", "Nine")])
    assert [line[0] for line in lines(model)] == ["Zoë Müller", "No Mail Ltd", "José Peña", "Ana O’Brien", "Nine"]


def test_the_selection_stays_on_its_row_when_the_table_is_sorted(preview):
    table = preview.changes.table
    table.setCurrentIndex(preview.changes.model.index(1, 0))
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert table.current.name == "José Peña"


def test_the_sort_order_is_remembered(preview, fake, qtbot, page, bridge, settle):
    preview.changes.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: "table.preview" in fake.preferences)
    again = SyncPage(bridge)
    qtbot.addWidget(again)
    settle()
    header = again.preview.changes.table.horizontalHeader()
    assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (3, Qt.SortOrder.DescendingOrder)


@pytest.mark.parametrize("kept", [None, "x", {}, {"widths": [1]}, {"sort": [99, False]}, {"widths": None}])
def test_a_preference_that_makes_no_sense_is_passed_over(preview, kept):
    preview.changes.table._restore(kept)
    assert preview.changes.model.rowCount() == 4


def update(number: int) -> PlannedChange:
    phones = f"+34 600 {number:05}", f"+34 700 {number:05}"
    person = f"Person {number:05}"
    return PlannedChange(
        Service.SALESFORCE, HistoryAction.UPDATE, f"lead:{number}", person, None, None, None, "phone~Phone", *phones,
        "salesforce_newer",
    )  # fmt: skip


def test_every_word_of_the_filter_has_to_be_found_whatever_its_column(preview):
    preview._show(Preview(updates_sf=2_000, changes=tuple(update(n) for n in range(2_000))))
    preview.changes.search.setText("newer PERSON 01999 salesforce")
    preview.changes.search._report()
    assert [line[0] for line in lines(preview.changes.model)] == ["Person 01999"]


def test_everything_that_takes_the_focus_has_a_name(preview, page):
    assert crawl(page) == []
