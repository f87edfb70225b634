"""Records: finding a person, seeing both sides, and acting on one person, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel

from acassist.assistant.views import ActionResult, Offer, RecordCard, RecordRef
from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.domain.activity_filter import ActivityFilter
from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui.accessibility import crawl
from acassist.gui.records.activities_model import ActivitiesModel
from acassist.gui.records.offers_model import OffersModel
from acassist.gui.records.page import RecordsPage
from acassist.gui.records.record_parts import status_level
from acassist.gui.records.search_results import SearchModel
from acassist.gui.widgets.activity_list import ActivityDetail, ActivityRow
from acassist.gui.widgets.activity_list_links import WebButton, web_address
from acassist.gui.widgets.rows_model import RowsModel
from tests.gui import fake_data as data
from tests.gui.conftest import NOW

LEAD = RecordRef(SObject.LEAD, "00Q000000000001AAA", "79")
OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})


def watch(model, owner) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, owner)


def words(widget) -> str:
    labels = [label for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    return "\n".join(label.text().replace("\u200b", "") for label in labels)


def header_words(page) -> str:
    return "\n".join((words(page.record.header), words(page.record.header.details)))


def shown(monkeypatch, **changes) -> RecordCard:
    card = replace(data.card(NOW), **changes)
    monkeypatch.setattr(data, "card", lambda _now: card)
    return card


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> RecordsPage:
    fake.finish_setup()
    fake.current = replace(fake.current, cx=replace(fake.current.cx, enabled=True))
    made = RecordsPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 700)
    made.show()
    made.activate()
    return made


@pytest.fixture
def opened(page, settle) -> RecordsPage:
    page.open(data.REF)
    settle()
    settle()
    return page


# -- searching


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


# -- the header


def test_the_header_shows_status_ids_and_lists(opened):
    text = header_words(opened)
    for expected in ("José Peña", "Contact · Peña Hermanos S.A.", "Synced successfully", "77", "jose@pena.example",
                     "Newsletter", "created-from-salesforce-contact, vip", "20 minutes ago"):  # fmt: skip
        assert expected in text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"opted_out": True}, "Opted out of e-mail"),
        ({"unsubscribed": True}, "Unsubscribed"),
        ({"bounced": True}, "Address bounces"),
        ({"opted_out": None}, "Not readable for the connected user"),
        ({"link_state": LinkState.BROKEN}, "Link broken"),
        ({"sync_status": None}, "Not synced"),
    ],
)
def test_states_are_said_in_words(page, settle, monkeypatch, changes, expected):
    shown(monkeypatch, **changes)
    page.open(data.REF)
    settle()
    assert expected in header_words(page)


def test_a_status_text_that_is_not_known_is_shown_as_it_is_and_needs_a_look(page, settle, monkeypatch):
    shown(monkeypatch, sync_status="Error: DUPLICATE_VALUE")
    page.open(data.REF)
    settle()
    assert "Error: DUPLICATE_VALUE" in header_words(page)
    assert status_level("Error: DUPLICATE_VALUE").value == "warn"


def test_both_sides_of_each_field_are_shown_and_differences_counted(opened):
    model = opened.record.fields.model
    rows = [[model.data(model.index(r, c)) for c in range(4)] for r in range(model.rowCount())]
    assert rows[1] == ["Phone", "+34 600 111 222", "+34 600 111 333", "Different"]
    assert opened.record.fields.summary.text() == "1 field differs"


def test_problems_of_the_record_are_shown_with_their_remedy(page, settle, monkeypatch):
    shown(monkeypatch, problems=(Problem(ProblemCode.NO_EMAIL),))
    page.open(data.REF)
    settle()
    assert "Add an address in Salesforce." in header_words(page)


def test_a_record_that_cannot_be_read_offers_another_try(page, fake, settle):
    fake.fail["record"] = OFFLINE
    page.open(data.REF)
    settle()
    assert page.record.state.banner.problem == OFFLINE


def test_sync_this_record_runs_once_and_shows_the_result(opened, fake, qtbot, settle):
    fake.delay["sync_record"] = 0.05
    header = opened.record.header
    qtbot.mouseClick(header.sync, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(header.sync, Qt.MouseButton.LeftButton)
    settle()
    assert fake.called("sync_record") == 1
    assert "The record is in sync." in words(header)


def test_stop_syncing_becomes_resume_for_a_stopped_record(page, fake, settle, qtbot, monkeypatch):
    shown(monkeypatch, link_state=LinkState.STOPPED)
    page.open(data.REF)
    settle()
    header = page.record.header
    assert header.stop.text() == "Resume syncing"
    assert not header.sync.isEnabled()
    qtbot.mouseClick(header.stop, Qt.MouseButton.LeftButton)
    settle()
    assert ("stop_syncing", (data.REF, False)) in fake.calls


# -- activities


def test_the_newest_activities_are_shown_in_the_order_given(opened):
    rows = opened.record.activities.list.rows
    assert [row.activity.at for row in rows] == sorted((row.activity.at for row in rows), reverse=True)
    assert (rows[0].head.kind.text(), rows[0].head.name.text()) == ("Campaign link clicked", "Spring offer")
    assert (rows[0].head.time.text(), bool(rows[0].head.time.toolTip())) == ("2 hours ago", True)


def test_at_most_twenty_activities_are_shown(page, settle, monkeypatch):
    many = tuple(Activity(ActivityKind.SENT, NOW - timedelta(hours=n), f"Mail {n}") for n in range(30))
    monkeypatch.setattr(data, "activities", lambda _now: many)
    page.open(data.REF)
    settle()
    settle()
    assert [row.activity.title for row in page.record.activities.list.rows] == [f"Mail {n}" for n in range(20)]


def test_the_keyboard_opens_and_closes_the_detail(opened, qtbot):
    row = opened.record.activities.list.rows[2]
    row.caret.setFocus()
    qtbot.keyClick(row.caret, Qt.Key.Key_Space)
    assert "Thank you, please call me on Monday." in words(row.detail)
    qtbot.keyClick(row.caret, Qt.Key.Key_Space)
    assert not row.detail.isVisible()


def test_the_caret_tells_assistive_technology_whether_it_is_open(opened):
    caret = opened.record.activities.list.rows[0].caret
    interface = QAccessible.queryAccessibleInterface(caret)
    before = interface.state().expanded
    interface.actionInterface().doAction("Press")
    state = interface.state()
    assert (bool(before), bool(state.expandable), bool(state.expanded)) == (False, True, True)
    assert interface.text(QAccessible.Text.Name) == "Details of Campaign link clicked: Spring offer, 2 hours ago"


@pytest.mark.parametrize(
    ("activity", "expected"),
    [
        (Activity(ActivityKind.OPENED, NOW, "Offer", "", "https://x.example/c"), ("Campaign", "Offer", "https://x.example/c")),
        (Activity(ActivityKind.REPLIED, NOW, "Re: Offer", "Yes"), ("Subject", "Re: Offer", "Reply", "Yes")),
        (Activity(ActivityKind.SENT, NOW, "Offer"), ("Campaign", "Offer")),
        (Activity(ActivityKind.CLICKED, NOW, "Offer", "", "https://x.example/a"), ("Offer", "https://x.example/a")),
        (Activity(ActivityKind.ENTERED, NOW, "Welcome", "", "https://x.example/s/1"), ("Automation", "https://x.example/s/1")),
        (Activity(ActivityKind.COMPLETED, NOW, "Welcome"), ("Automation", "Welcome")),
        (Activity(ActivityKind.TRACKING, NOW, "Visited a page", "/pricing"), ("Visit or event", "/pricing")),
        (Activity(ActivityKind.MACHINE_OPENED, NOW, "Offer"), ("does not mean that a person read it",)),
    ],
)  # fmt: skip
def test_the_detail_of_each_kind_shows_what_the_article_says(qtbot, activity, expected):
    detail = ActivityDetail(activity)
    qtbot.addWidget(detail)
    for text in expected:
        assert text in words(detail)


def test_text_from_outside_is_never_read_as_markup(qtbot):
    row = ActivityRow(Activity(ActivityKind.REPLIED, NOW, "<b>Hi</b>", "<a href='x'>y</a>"))
    qtbot.addWidget(row)
    row.caret.toggle_open()
    formats = {label.textFormat() for label in row.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}
    assert "<a href='x'>y</a>" in words(row.detail)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "ftp://x.example/", "https://", "", None]
)
def test_only_complete_web_addresses_can_be_opened(qtbot, address):
    assert web_address(address) is None
    detail = ActivityDetail(Activity(ActivityKind.CLICKED, NOW, "Offer", "", address))
    qtbot.addWidget(detail)
    assert detail.findChildren(WebButton) == []


def test_what_could_not_be_read_is_said(opened, fake, settle):
    card = opened.record.activities
    feed = ActivityFeed(data.activities(NOW), complete=False, unavailable=("Site tracking",), read_at=NOW)
    card._show(feed)
    assert "Site tracking" in words(card.partial)
    assert len(card.list.rows) == len(data.activities(NOW))


def test_a_person_without_activities_sees_that_there_are_none(page, fake, settle):
    fake.empty = True
    page.open(data.REF)
    settle()
    settle()
    assert page.record.activities.state.currentWidget() is page.record.activities.state.empty


def test_failed_activities_leave_the_rest_of_the_record_in_place(page, fake, settle):
    fake.fail["recent_activities"] = OFFLINE
    page.open(data.REF)
    settle()
    settle()
    assert page.record.activities.state.banner.problem == OFFLINE
    assert page.record.header.name.text() == "José Peña"


# -- view all


@pytest.fixture
def everything(opened, settle, qtbot):
    qtbot.mouseClick(opened.record.activities.all, Qt.MouseButton.LeftButton)
    read_to_the_end(opened, settle)
    return opened.all


def read_to_the_end(page, settle) -> None:
    settle()
    while not page.all.model.ended:
        page.all.model.fetchMore()
        settle()


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


# -- CX Automation


def test_the_card_is_there_only_when_step_four_is_on(opened, fake, settle):
    assert opened.record.automation.isVisible()
    fake.current = replace(fake.current, cx=replace(fake.current.cx, enabled=False))
    opened.record._read_setup()
    settle()
    assert not opened.record.automation.isVisible()


@pytest.mark.parametrize("changes", [{"opted_out": True}, {"unsubscribed": True}, {"bounced": True}])
def test_nothing_can_be_sent_to_a_person_who_must_not_get_it(page, settle, monkeypatch, changes):
    shown(monkeypatch, **changes)
    page.open(data.REF)
    settle()
    settle()
    automation = page.record.automation
    assert not automation.send.isEnabled()
    assert automation.reason.text() == automation.send.toolTip() != ""


@pytest.fixture
def dialog(opened, settle, qtbot):
    qtbot.mouseClick(opened.record.automation.send, Qt.MouseButton.LeftButton)
    settle()
    yield opened.record.automation.dialog
    if opened.record.automation.dialog is not None:
        opened.record.automation.dialog.reject()


def choose(dialog, row: int = 0) -> None:
    dialog.view.setCurrentIndex(dialog.model.index(row))


def test_only_offered_items_are_listed_and_unusable_ones_are_grey_with_the_reason(opened, monkeypatch, settle, qtbot):
    reason = Message("The automation is not active.")
    offers = [
        Offer("1", "Good", "", True, False),
        Offer("2", "Hidden", "", None, False),
        Offer("3", "Old", "", None, True, reason),
    ]
    monkeypatch.setattr(data, "offer_lists", lambda: ([], offers))
    qtbot.mouseClick(opened.record.automation.enter, Qt.MouseButton.LeftButton)
    settle()
    model = opened.record.automation.dialog.model
    names = [model.data(model.index(n)) for n in range(model.rowCount())]
    assert names == ["Good", "Old"]
    assert not model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEnabled
    assert model.data(model.index(1), Qt.ItemDataRole.AccessibleTextRole) == "Old, The automation is not active."
    opened.record.automation.dialog.reject()


def test_next_waits_for_a_choice(dialog):
    assert not dialog.next.isEnabled()
    choose(dialog)
    assert dialog.next.isEnabled()


def test_the_confirmation_names_the_person_and_the_campaign(dialog):
    choose(dialog)
    dialog.next.click()
    assert dialog.question.text() == "Send the campaign “Spring offer” to José Peña?"
    assert "jose@pena.example" in words(dialog)


def test_nothing_is_sent_before_the_confirmation(dialog, fake):
    choose(dialog)
    dialog.next.click()
    assert fake.called("send_campaign") == 0


def test_a_double_click_sends_once(dialog, fake, settle, qtbot):
    fake.delay["send_campaign"] = 0.05
    choose(dialog)
    dialog.next.click()
    qtbot.mouseDClick(dialog.go, Qt.MouseButton.LeftButton)
    dialog.go.click()
    dialog._go()
    settle()
    assert [args for called, args in fake.calls if called == "send_campaign"] == [(data.REF, "11", "jose@pena.example")]


def test_the_result_is_shown_and_nothing_is_left_to_press_but_close(dialog, settle):
    choose(dialog)
    dialog.next.click()
    dialog.go.click()
    settle()
    assert "The campaign was handed to ActiveCampaign." in words(dialog)
    assert (dialog.go.isVisible(), dialog.back.isVisible(), dialog.cancel.text()) == (False, False, "Close")


def test_an_unclear_outcome_is_shown_and_not_sent_again(dialog, fake, settle):
    fake.fail["send_campaign"] = Problem(ProblemCode.SEND_UNKNOWN)
    choose(dialog)
    dialog.next.click()
    dialog.go.click()
    settle()
    dialog._go()
    assert dialog.outcome.problem.code is ProblemCode.SEND_UNKNOWN
    assert fake.called("send_campaign") == 1
    assert not dialog.go.isVisible()


def test_a_refusal_of_the_engine_is_shown_with_its_remedy(dialog, fake, settle, monkeypatch):
    problem = Problem(ProblemCode.PERSON_CHANGED)
    choose(dialog)
    dialog.next.click()
    dialog._done(ActionResult(False, Message("Not sent."), problem))
    assert "Look at the record again and confirm." in words(dialog)


def test_one_dialog_is_open_at_a_time(dialog, opened):
    opened.record.automation._enter()
    assert opened.record.automation.dialog is dialog


# -- models and names


def test_the_models_keep_the_contract_of_the_toolkit(qtbot, page):
    search, activities, offers = SearchModel(page), ActivitiesModel(page), OffersModel(page)
    fields: RowsModel = page.record.fields.model
    for model in (search, activities, offers, fields):
        watch(model, page)
    search.set_hits(data.hits())
    activities.restart()
    activities.add_page(data.activities(NOW))
    activities.set_filter(ActivityFilter(kind=ActivityKind.SENT))
    offers.set_offers(data.offer_lists()[0])
    offers.set_filter("spring")
    fields.set_rows(data.card(NOW).fields)
    fields.sort(0, Qt.SortOrder.DescendingOrder)
    assert [fields.data(fields.index(n, 0)) for n in range(2)] == ["Phone", "First name"]


def test_everything_that_takes_the_focus_has_a_name(opened, everything):
    names: Callable[[], list[str]] = lambda: crawl(opened)  # noqa: E731
    assert names() == []
    opened._back_to_record()
    assert names() == []
