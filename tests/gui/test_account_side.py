"""The ActiveCampaign side: who runs the sync, taking over, tags and their use in automations, what the plan offers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton

from acassist.assistant.events import Alert
from acassist.assistant.provision_views import Holder, Holding
from acassist.domain.problem import Problem, ProblemCode
from acassist.gui.accessibility import crawl
from acassist.gui.alerts import remedy_for
from acassist.gui.main_window import MainWindow, WindowStart
from acassist.gui.setup.account_side import AccountSidePage
from tests.gui.walking import shown_text

OTHER = "Setup Assistant on DESK-2 (c0ffee00)"
SEEN = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@pytest.fixture
def page(qtbot, bridge, settle, fake):
    fake.finish_setup()
    made = AccountSidePage(bridge)
    qtbot.addWidget(made)
    made.resize(960, 640)
    made.show()
    made.activate()
    settle()
    return made


def held_by(fake, page, settle, holding: Holding) -> None:
    fake.provisioning.holder = Holder(holding, OTHER, SEEN, "1")
    page.activate()
    settle()


def answer(key: str) -> None:
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    next(b for b in dialog.findChildren(QPushButton) if b.property("answer") == key).click()


def test_the_entry_of_this_computer_is_listed_with_its_last_sign_of_life(page):
    words = shown_text(page.holder)
    assert "This computer runs the sync." in words
    assert "LAPTOP-1" in words
    assert "25 minutes ago" in words
    assert page.holder.take_over.isHidden()


def test_another_computer_that_is_alive_cannot_be_taken_over(page, settle, fake):
    held_by(fake, page, settle, Holding.OTHER)
    assert "DESK-2" in shown_text(page.holder)
    assert page.holder.take_over.isHidden()


def test_a_silent_computer_is_taken_over_after_a_question(page, settle, fake):
    held_by(fake, page, settle, Holding.SILENT)
    page.holder.take_over.click()
    answer("no")
    settle()
    assert fake.called("take_over") == 0
    page.holder.take_over.click()
    fake.provisioning.holder = Holder(Holding.OURS, "Setup Assistant on LAPTOP-1", SEEN, "1")
    answer("yes")
    settle()
    assert fake.called("take_over") == 1
    assert "This computer runs the sync now" in shown_text(page.banner)


def test_one_that_came_back_to_life_meanwhile_is_said_and_kept(page, settle, fake):
    held_by(fake, page, settle, Holding.SILENT)
    values = {"who": OTHER, "when": SEEN}
    fake.fail["take_over"] = Problem(ProblemCode.OTHER_INSTALLATION, OTHER, values)
    fake.provisioning.holder = Holder(Holding.OTHER, OTHER, SEEN, "1")
    page.holder.take_over.click()
    answer("yes")
    settle()
    assert page.banner.problem.code is ProblemCode.OTHER_INSTALLATION
    assert page.holder.take_over.isHidden()


def test_a_plan_without_connections_is_said_and_is_no_fault(page, settle, fake):
    fake.provisioning.holder = Holder(Holding.UNAVAILABLE)
    page.activate()
    settle()
    assert "does not offer connections" in shown_text(page.holder)
    assert page.banner.isHidden()


def test_missing_tags_are_listed_and_created_on_request(page, settle, fake):
    assert "2 tags are missing" in page.tags.summary.text()
    page.tags.maker.click()
    settle()
    assert page.tags.maker.isHidden()
    assert "All tags are there" in page.tags.summary.text()


def test_tags_that_the_sync_keeps_by_itself_are_shown_on_request(page):
    assert "created-from-salesforce-lead" not in shown_text(page.tags)
    page.tags._unfold.click()
    assert "created-from-salesforce-lead" in shown_text(page.tags)


def test_the_trigger_tags_can_be_copied_from_the_illustrated_steps(page):
    shown = {field.text() for field in page.guide.findChildren(QLineEdit)}
    assert {"create-salesforce-contact", "create-salesforce-lead"} <= shown
    copy = next(b for b in page.guide.findChildren(QPushButton) if "tag for a lead" in b.accessibleName())
    copy.click()
    assert QGuiApplication.clipboard().text() == "create-salesforce-lead"


def test_what_the_plan_lacks_is_said_with_what_to_do(page):
    words = shown_text(page.features)
    assert "Not part of your plan." in words
    assert "Plus, Pro and Enterprise plans have accounts." in words


def test_an_account_that_does_not_answer_is_told_and_tried_again(page, settle, fake):
    fake.fail["account_side"] = Problem(ProblemCode.AC_DOWN)
    page.activate()
    settle()
    assert page.banner.problem.code is ProblemCode.AC_DOWN
    assert "Not known" in shown_text(page.holder)
    fake.fail.clear()
    page._again.click()
    settle()
    assert page.banner.isHidden()
    assert "This computer runs the sync." in shown_text(page.holder)


def test_every_widget_has_a_name_and_the_page_is_reached_from_setup(page, qtbot, bridge, engine, settle):
    assert crawl(page) == []
    window = MainWindow(bridge, WindowStart(engine.submit(lambda a: a.status()).result(5)))
    qtbot.addWidget(window)
    window.show_place("setup")
    settle()
    window.page("setup").home.more.buttons["activecampaign"].click()
    settle()
    assert window.current == "activecampaign"


@pytest.mark.parametrize("code", [ProblemCode.OTHER_INSTALLATION, ProblemCode.TAKE_OVER_NEEDED])
def test_the_alert_about_another_computer_leads_to_the_page(code):
    problem = Problem(code, OTHER, {"who": OTHER, "when": SEEN})
    lead = remedy_for(Alert(problem).problem)
    assert lead is not None
    assert lead.place == "activecampaign"
