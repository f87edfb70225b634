"""A record at once and offline, its timeline with undo, machine opens apart, and what must stay harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from acassist.assistant.person_history import can_undo
from acassist.assistant.views import Passages, RecordRef
from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.domain.ledger import HistoryAction
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.text import Message
from acassist.gui.accessibility import crawl
from acassist.gui.dialogs.question import Question
from acassist.gui.records.activities_filter import Span
from acassist.gui.records.activities_model import ACTIVITY_ROLE
from acassist.gui.records.page import RecordsPage
from acassist.gui.widgets.activity_list import ActivityDetail, ActivityRow
from acassist.gui.widgets.activity_list_links import LinkLine, web_address
from tests.gui import fake_data as data
from tests.gui.conftest import NOW

K = ActivityKind
OFFLINE = Problem(ProblemCode.NO_NETWORK, values={"host": "acme.api-us1.com"})
SEEN = NOW - timedelta(hours=3)


def words(widget) -> str:
    labels = [label for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    return "\n".join(label.text().replace("\u200b", "") for label in labels)


@pytest.fixture
def page(bridge, fake, qtbot, settle) -> RecordsPage:
    fake.finish_setup()
    fake.current = replace(fake.current, cx=replace(fake.current.cx, enabled=True))
    made = RecordsPage(bridge)
    qtbot.addWidget(made)
    made.resize(972, 900)
    made.show()
    return made


@pytest.fixture
def opened(page, settle) -> RecordsPage:
    page.open(data.REF)
    settle()
    settle()
    return page


def remember(fake) -> None:
    fake.seen_card = replace(data.card(NOW), name="José as he was", read_at=SEEN)
    fake.last_feed = ActivityFeed((Activity(K.SENT, SEEN, "Old mail"),), True, (), SEEN)


# -- at once, and without a connection


def test_what_was_seen_last_is_there_while_both_sides_are_read(page, fake, qtbot, settle):
    remember(fake)
    fake.delay |= {"record": 0.3, "recent_activities": 0.3}
    page.open(data.REF)
    qtbot.waitUntil(lambda: page.record.header.name.text() == "José as he was", timeout=250)
    qtbot.waitUntil(lambda: len(page.record.activities.list.rows) == 1, timeout=250)
    assert "Seen 3 hours ago, reading again…" in words(page.record.old)
    assert page.record.activities.caption.text() == "Seen 3 hours ago, reading again…"
    settle()
    assert page.record.header.name.text() == "José Peña"
    assert not page.record.old.isVisible()
    assert len(page.record.activities.list.rows) == 7


def test_header_and_activities_are_asked_for_at_the_same_time(page, fake, qtbot, settle):
    fake.delay |= {"record": 0.2, "recent_activities": 0.2}
    page.open(data.REF)
    qtbot.waitUntil(lambda: fake.called("record") == 1 and fake.called("recent_activities") == 1, timeout=150)
    settle()


def test_without_a_connection_the_last_ones_stay_marked_with_their_age(page, fake, settle):
    remember(fake)
    fake.fail |= {"record": OFFLINE, "recent_activities": OFFLINE}
    page.open(data.REF)
    settle()
    assert "This was seen 3 hours ago; it could not be read again" in words(page.record.old)
    assert page.record.again.isVisible()
    assert "Seen 3 hours ago. acme.api-us1.com cannot be reached." in words(page.record.activities)
    fake.fail.clear()
    page.record.again.click()
    settle()
    assert not page.record.old.isVisible()


def test_somebody_deleted_meanwhile_is_not_shown_from_memory(page, fake, settle):
    remember(fake)
    gone = Problem(ProblemCode.AC_GONE)
    fake.fail |= {"record": gone, "recent_activities": gone}
    page.open(data.REF)
    settle()
    assert page.record.state.banner.problem == gone
    assert page.record.activities.state.banner.problem == gone


def test_an_answer_for_another_person_is_never_shown(page, fake, settle):
    remember(fake)
    fake.delay["seen_record"] = 0.1
    page.open(data.REF)
    fake.seen_card = None
    page.open(RecordRef(ac_id="81"))
    settle()
    assert page.record.header.name.text() == "José Peña"


@pytest.mark.parametrize("first", ["record", "recent_activities"])
def test_a_person_outside_activecampaign_has_no_activities_and_that_is_no_failure(
    page, fake, settle, monkeypatch, first
):
    card = replace(data.card(NOW), ref=RecordRef(data.REF.sobject, data.REF.sf_id), contact_id=None)
    monkeypatch.setattr(data, "card", lambda _now: card)
    fake.fail["recent_activities"] = Problem(ProblemCode.AC_GONE, "ActiveCampaign:79")
    fake.delay["record" if first == "recent_activities" else "recent_activities"] = 0.05
    page.open(card.ref)
    settle()
    settle()
    assert page.record.activities.state.currentWidget() is page.record.activities.state.empty


def test_recent_records_open_with_the_keyboard(page, fake, settle, qtbot):
    fake.seen = data.hits()
    page.activate()
    settle()
    qtbot.keyClick(page.search, Qt.Key.Key_Down)
    qtbot.keyClick(page.recent.list, Qt.Key.Key_Down)
    qtbot.keyClick(page.recent.list, Qt.Key.Key_Return)
    settle()
    assert ("record", (data.hits()[1].ref,)) in fake.calls


# -- header


def test_account_and_owner_are_shown(opened):
    text = words(opened.record.header.details)
    for expected in ("Account", "Peña Hermanos S.A.", "Owner", "Olivia Owner"):
        assert expected in text


def test_why_leads_to_the_explanation(opened, qtbot):
    with qtbot.waitSignal(opened.navigate) as caught:
        qtbot.mouseClick(opened.record.header.why, Qt.MouseButton.LeftButton)
    assert caught.args == ["explain", data.REF]


# -- activities


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


@pytest.fixture
def everything(opened, settle):
    opened.record.activities.viewAll.emit()
    settle()
    while not opened.all.model.ended:
        opened.all.model.fetchMore()
        settle()
    return opened.all


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


# -- CX Automation


@pytest.mark.parametrize("changes", [{"opted_out": True}, {"unsubscribed": True}, {"bounced": True}])
def test_nobody_who_must_not_get_mail_can_be_added_to_an_automation(page, settle, monkeypatch, changes):
    card = replace(data.card(NOW), **changes)
    monkeypatch.setattr(data, "card", lambda _now: card)
    page.open(data.REF)
    settle()
    settle()
    enter = page.record.automation.enter
    assert (enter.isEnabled(), enter.toolTip() != "") == (False, True)


def open_dialog(page, button, settle):
    button.click()
    settle()
    dialog = page.record.automation.dialog
    dialog.view.setCurrentIndex(dialog.model.index(0))
    dialog.next.click()
    settle()
    return dialog


def test_the_subject_of_a_campaign_is_shown_before_it_is_sent(opened, settle):
    dialog = open_dialog(opened, opened.record.automation.send, settle)
    assert dialog.note.text().startswith("Subject: ")
    dialog.reject()


def test_the_address_in_activecampaign_is_the_one_shown_and_used(page, settle, monkeypatch, fake):
    card = replace(data.card(NOW), contact_email="jose@new.example")
    monkeypatch.setattr(data, "card", lambda _now: card)
    page.open(data.REF)
    settle()
    settle()
    dialog = open_dialog(page, page.record.automation.send, settle)
    assert dialog.mail.text() == "jose@new.example"
    assert "jose@pena.example" in dialog.other.text()
    dialog.go.click()
    settle()
    assert ("send_campaign", (data.REF, "11", "jose@new.example")) in fake.calls
    dialog.reject()


@pytest.mark.parametrize(
    ("found", "allowed", "expected"),
    [
        (Passages(False, 0, None, False), True, "has not been in this automation yet"),
        (Passages(True, 1, SEEN, True), False, "in this automation already, since 3 hours ago"),
        (Passages(False, 2, SEEN, True), True, "2 times, last 3 hours ago. It lets people enter again."),
        (Passages(False, 1, SEEN, False), False, "only once"),
    ],
)
def test_whether_the_person_is_inside_decides_before_adding(opened, fake, settle, found, allowed, expected):
    fake.through = found
    dialog = open_dialog(opened, opened.record.automation.enter, settle)
    assert expected in dialog.standing.text()
    assert dialog.go.isEnabled() is allowed
    dialog.reject()


def test_nothing_is_added_while_it_is_not_known_whether_the_person_is_inside(opened, fake, settle):
    fake.fail["passages"] = OFFLINE
    dialog = open_dialog(opened, opened.record.automation.enter, settle)
    assert dialog.outcome.problem == OFFLINE
    assert not dialog.go.isEnabled()
    dialog._go()
    assert fake.called("enter_automation") == 0
    dialog.reject()


# -- timeline


def test_every_change_says_field_values_direction_and_rule(opened):
    first = opened.record.timeline.rows[0]
    text = words(first)
    for expected in ("Phone", "+34 600 111 222 → +34 600 111 333", "To ActiveCampaign · changed"):
        assert expected in text


def test_only_replaced_values_can_be_undone(opened):
    rows = opened.record.timeline.rows
    assert [bool(row.findChildren(QPushButton)) for row in rows] == [can_undo(row.item) for row in rows]
    assert [row.item.action for row in rows if can_undo(row.item)] == [HistoryAction.UPDATE] * 3


def answer(opened, key: str) -> None:
    question = opened.window().findChild(Question)
    next(b for b in question.findChildren(QPushButton) if b.property("answer") == key).click()


def test_undo_asks_and_then_says_what_it_did(opened, fake, settle):
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "undo")
    settle()
    assert ("undo_change", (9,)) in fake.calls
    assert "1 change was undone." in words(opened.record.timeline.outcome)
    assert fake.called("timeline") == 2


def test_undo_that_is_not_confirmed_does_nothing(opened, fake, settle):
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "cancel")
    settle()
    assert fake.called("undo_change") == 0


def test_what_was_not_undone_says_why(opened, fake, settle):
    fake.undo_left = Message("It was changed again since.")
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "undo")
    settle()
    assert "It was changed again since." in words(opened.record.timeline.outcome)


def test_an_undo_that_fails_shows_the_remedy_and_can_be_tried_again(opened, fake, settle):
    fake.fail["undo_change"] = OFFLINE
    opened.record.timeline.rows[0].undo.click()
    answer(opened, "undo")
    settle()
    assert opened.record.timeline.outcome.problem == OFFLINE
    assert opened.record.timeline.rows[0].undo.isEnabled()


def test_a_record_without_history_says_so(page, fake, settle):
    fake.empty = True
    page.open(data.REF)
    settle()
    settle()
    timeline = page.record.timeline
    assert timeline.state.currentWidget() is timeline.state.empty


# -- foreign content


HOSTILE = [
    "<script>alert(1)</script>",
    '<img src="https://evil.example/p.gif">',
    '<a href="javascript:alert(1)">x</a>',
    "<b>bold",
    "\u202eevil\u202c",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_foreign_text_is_shown_letter_by_letter(qtbot, text):
    row = ActivityRow(Activity(K.REPLIED, NOW, text, text, campaign=text))
    qtbot.addWidget(row)
    row.caret.toggle_open()
    labels = [label for label in row.findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert "\u202e" not in words(row)
    assert text.strip("\u202e\u202c") in words(row)


def test_a_megabyte_is_shortened_for_the_eye(qtbot):
    detail = ActivityDetail(Activity(K.REPLIED, NOW, "big", "x" * 1_000_000))
    qtbot.addWidget(detail)
    assert max(len(label.text()) for label in detail.findChildren(QLabel)) < 12_000
    assert "990,000 more characters" in words(detail)


@pytest.mark.parametrize(
    "address",
    ["https://bank.example@evil.example/", "https://user:pw@evil.example", "data:text/html,x", "JAVASCRIPT:x"],
)
def test_an_address_that_deceives_is_no_link(address):
    assert web_address(address) is None


def test_a_link_is_shown_in_full_as_it_is_asked_for(qtbot):
    line = LinkLine("Open", "https://exämple.com/\u202etxt.exe?" + "a" * 300)
    qtbot.addWidget(line)
    shown = line.address.text().replace("\u200b", "")
    assert shown == "https://xn--exmple-cua.com/%E2%80%AEtxt.exe?" + "a" * 300


def test_hostile_names_do_not_reach_header_or_results(page, settle, monkeypatch):
    card = replace(data.card(NOW), name="Eve\u202egnp", company="<b>x</b>\x00", tags=("t\u2066",), lists=("l\u200b",))
    monkeypatch.setattr(data, "card", lambda _now: card)
    hit = replace(data.hits()[0], name="Eve\u202e")
    monkeypatch.setattr(data, "hits", lambda: [hit])
    page.open(data.REF)
    settle()
    page._search("eve")
    settle()
    text = words(page.record.header) + words(page.record.header.details) + page.model.data(page.model.index(0))
    assert not set("\u202e\x00\u2066") & set(text)
    assert "Eve[U+202E]gnp" in text


def test_a_name_without_a_gap_does_not_widen_the_page(page, settle, monkeypatch):
    card = replace(data.card(NOW), name="x" * 400, company="y" * 300, email="z" * 200, tags=("t" * 200,))
    monkeypatch.setattr(data, "card", lambda _now: card)
    page.open(data.REF)
    settle()
    settle()
    page._view_all(page.record.record)
    settle()
    assert page.minimumSizeHint().width() <= 770
    assert page.record.header.name.text().replace("\u200b", "") == card.name


def test_everything_that_takes_the_focus_has_a_name(opened, everything):
    assert crawl(opened) == []
    opened._back_to_record()
    assert crawl(opened) == []


def test_names_of_lists_and_tags_come_after_the_header_which_says_so(page, fake, settle, qtbot):
    fake.naming = True
    fake.delay["named_record"] = 0.2
    page.open(data.REF)
    qtbot.waitUntil(lambda: page.record.header.tags.value.text() == "Reading…")
    settle()
    assert "vip" in page.record.header.tags.value.text()
    assert fake.called("record") == 1
