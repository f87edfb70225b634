"""Leaving: what goes and stays, removing our additions first, and disconnecting whatever happens."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.setup.leaving import LeavePage
from acassist.gui.setup.leaving_ledger import Ledger
from tests.gui.walking import shown_text, type_into


@pytest.fixture
def page(qtbot, bridge, settle, fake):
    fake.finish_setup()
    made = LeavePage(bridge)
    qtbot.addWidget(made)
    made.resize(960, 640)
    made.show()
    made.activate()
    settle()
    return made


def answer(key: str) -> None:
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    next(b for b in dialog.findChildren(QPushButton) if b.property("answer") == key).click()


def test_what_goes_and_what_stays_is_said(page):
    words = shown_text(page)
    assert "The access to Salesforce, which is also revoked there." in words
    assert "Every record in Salesforce and in ActiveCampaign" in words


def test_disconnect_asks_once_and_keeps_the_additions(page, settle, fake):
    page.button.click()
    answer("disconnect")
    settle()
    assert fake.called("disconnect") == 1
    assert fake.called("leave") == 0
    assert "Disconnected." in shown_text(page.banner)


def test_staying_changes_nothing(page, settle, fake):
    page.button.click()
    answer("keep")
    settle()
    assert fake.called("disconnect") == 0


def test_the_records_that_hold_values_are_counted_before_anything_is_removed(page):
    page.remove.click()
    words = shown_text(page.panel)
    assert "4,120" in words
    assert "2,871" in words
    assert "14 users have it" in words


def test_a_wrong_name_removes_nothing_and_is_told_at_the_field(page, settle, fake):
    page.remove.click()
    type_into(page.typed, "Acme Gmb")
    page.button.click()
    settle()
    assert fake.called("leave") == 0
    assert page._confirm.error.text() == "Type the name exactly: Acme GmbH"


def test_the_typed_name_removes_the_additions_and_then_disconnects(page, settle, fake):
    page.remove.click()
    type_into(page.typed, "Acme GmbH")
    page.button.click()
    settle()
    order = [name for name, _ in fake.calls if name in ("leave", "disconnect")]
    assert order == ["leave", "disconnect"]
    assert fake.provisioning.left


def test_what_could_not_be_removed_keeps_the_connection_for_another_try(page, settle, fake):
    fake.provisioning.problems = (Problem(ProblemCode.DEPLOY_FAILED, values={"reason": "referenced elsewhere"}),)
    page.remove.click()
    type_into(page.typed, "Acme GmbH")
    page.button.click()
    settle()
    assert page.banner.problem.code is ProblemCode.DEPLOY_FAILED
    assert fake.called("disconnect") == 0
    assert page.button.isEnabled()


def test_ended_access_does_not_keep_anybody_from_leaving(page, settle, fake):
    fake.fail["leave_plan"] = Problem(ProblemCode.SF_RECONNECT, values={"reason": "expired"})
    page.activate()
    settle()
    assert page.trouble.problem.code is ProblemCode.SF_RECONNECT
    assert page.remove.isHidden()
    page.button.click()
    answer("disconnect")
    settle()
    assert fake.called("disconnect") == 1


def test_an_access_that_could_not_be_ended_at_salesforce_is_told(page, settle, fake):
    fake.revokes = False
    page._disconnect()
    settle()
    assert "Connected Apps OAuth Usage" in shown_text(page.banner)


def test_an_org_without_our_additions_offers_no_removal(page, settle, fake):
    fake.provisioning.left = True
    page.activate()
    settle()
    assert page.remove.isHidden()
    assert page.state.text() == "Acme GmbH holds nothing that this program added."


def test_leaving_is_done_with_the_keyboard_alone(page, settle, fake):
    page.remove.setFocus()
    QTest.keyClick(page.remove, Qt.Key.Key_Space)
    QTest.keyClicks(page.focusWidget(), "acme gmbh")
    page.button.setFocus()
    QTest.keyClick(page.button, Qt.Key.Key_Space)
    settle()
    assert fake.called("disconnect") == 1


def test_every_widget_of_the_page_has_a_name(page):
    page.remove.click()
    assert crawl(page) == []


def test_the_history_stays_unless_it_is_to_be_deleted(page, settle, fake):
    page.button.click()
    answer("disconnect")
    settle()
    assert ("disconnect", (False,)) in fake.calls


def test_deleting_the_history_is_said_in_the_question(page, settle, fake):
    page.ledger.choose(Ledger.DELETE)
    page.button.click()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    assert "deletes links, history, issues and copies" in dialog.accessibleDescription()
    answer("disconnect")
    settle()
    assert ("disconnect", (True,)) in fake.calls


def test_saving_the_history_writes_the_file_before_it_is_deleted(page, settle, fake, tmp_path):
    page.ledger.choose(Ledger.EXPORT)
    page.button.click()
    page._dialog.close()
    page._file_chosen(tmp_path / "ledger.json")
    asked = [w.accessibleDescription() for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
    assert any(str(tmp_path / "ledger.json") in words for words in asked)
    answer("disconnect")
    settle()
    assert ("disconnect", (True, tmp_path / "ledger.json")) in fake.calls
    assert "ledger.json" in shown_text(page.banner)


def test_a_file_that_cannot_be_written_leaves_everything_connected(page, settle, fake, tmp_path):
    fake.fail["disconnect"] = Problem(ProblemCode.EXPORT_FAILED, values={"file": "x", "reason": "No space left"})
    page.ledger.choose(Ledger.EXPORT)
    page._file_chosen(tmp_path / "ledger.json")
    answer("disconnect")
    settle()
    assert page.banner.problem.code is ProblemCode.EXPORT_FAILED
    assert page.button.isEnabled()
    assert page.ledger.chosen is Ledger.EXPORT
