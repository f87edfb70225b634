"""Records: who it is, the state on both sides, and what can be done with one record."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from acassist.domain.ledger import LinkState
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.records.record_parts import status_level
from tests.gui import fake_data as data
from tests.gui.records.kit import OFFLINE, header_words, shown, words


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


def test_account_and_owner_are_shown(opened):
    text = words(opened.record.header.details)
    for expected in ("Account", "Peña Hermanos S.A.", "Owner", "Olivia Owner"):
        assert expected in text


def test_why_leads_to_the_explanation(opened, qtbot):
    with qtbot.waitSignal(opened.navigate) as caught:
        qtbot.mouseClick(opened.record.header.why, Qt.MouseButton.LeftButton)
    assert caught.args == ["explain", data.REF]


def test_names_of_lists_and_tags_come_after_the_header_which_says_so(page, fake, settle, qtbot):
    fake.naming = True
    fake.delay["named_record"] = 0.2
    page.open(data.REF)
    qtbot.waitUntil(lambda: page.record.header.tags.value.text() == "Reading…")
    settle()
    assert "vip" in page.record.header.tags.value.text()
    assert fake.called("record") == 1
