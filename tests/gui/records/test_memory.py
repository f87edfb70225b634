"""Records: what was seen last, at once and without a connection."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acassist.assistant.views import RecordRef
from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.domain.problem import Problem, ProblemCode
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.records.kit import OFFLINE, SEEN, words

K = ActivityKind


def remember(fake) -> None:
    fake.seen_card = replace(data.card(NOW), name="José as he was", read_at=SEEN)
    fake.last_feed = ActivityFeed((Activity(K.SENT, SEEN, "Old mail"),), True, (), SEEN)


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
