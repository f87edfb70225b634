"""Records: the 20 newest activities and their details."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLabel

from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.gui.widgets.activity_list import ActivityDetail, ActivityRow
from acassist.gui.widgets.activity_list_links import WebButton, web_address
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.records.kit import OFFLINE, words

K = ActivityKind


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


def test_machine_opens_are_kept_apart_behind_a_switch(opened, qtbot):
    card = opened.record.activities
    assert K.MACHINE_OPENED not in {row.activity.kind for row in card.list.rows}
    assert card.machine.text() == "Show 1 open by a mail program"
    card.machine.click()
    times = [row.activity.at for row in card.list.rows]
    assert K.MACHINE_OPENED in {row.activity.kind for row in card.list.rows}
    assert times == sorted(times, reverse=True)


def test_a_source_that_is_not_available_is_named(opened):
    feed = ActivityFeed((), complete=False, unavailable=("Site and event tracking",), read_at=NOW)
    opened.record.activities._show(feed)
    text = words(opened.record.activities.partial)
    assert "Not available through this account’s API: Site and event tracking." in text


def test_the_detail_tells_the_time_both_ways(qtbot):
    detail = ActivityDetail(Activity(K.SENT, NOW - timedelta(hours=2), "Offer"))
    qtbot.addWidget(detail)
    line = next(text for text in words(detail).splitlines() if "2 hours ago" in text)
    assert line != "2 hours ago"
