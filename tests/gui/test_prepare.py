"""Prepare Salesforce: looking, previewing, applying, being refused, and doing without."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWizard

from acassist.assistant.provision_views import Consent
from acassist.assistant.setup.flow import Page
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.gui.accessibility import crawl
from acassist.gui.widgets import Chip
from tests.gui.walking import open_wizard, press, shown_text

ID = "Lead.ActiveCampaign_ID__c"


@pytest.fixture
def wizard(qtbot, bridge, settle, fake):
    fake.finish_setup(started=False)
    fake.current = fake.current.__class__(
        activecampaign=fake.current.activecampaign, salesforce=fake.current.salesforce, finished=(Step.CONNECTIONS,)
    )
    made = open_wizard(qtbot, bridge, settle, Step.CONNECTIONS)
    while made.flow.page is not Page.PREPARE:
        press(made, "Next", settle)
    return made


@pytest.fixture
def page(wizard):
    return wizard.page_widget


def apply(page, settle):
    page.foot.apply.click()
    settle()


def answer(key: str) -> None:
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    next(b for b in dialog.findChildren(QPushButton) if b.property("answer") == key).click()


def press_cancel(wizard) -> None:
    wizard.button(QWizard.WizardButton.CancelButton).click()


def consents(fake):
    return [args[0] for name, args in fake.calls if name == "apply"]


# -- looking
def test_every_addition_is_listed_with_its_present_state(page):
    assert page._summary.text() == "10 items are missing."
    assert [chip.text() for chip in page.list.findChildren(Chip)] == ["Missing"] * 10


def test_what_needs_a_look_comes_first_and_what_is_good_is_folded(page):
    words = shown_text(page.checks)
    assert "Duplicate rules" in words
    assert "Lightning Experience" not in words
    page.checks._unfold.click()
    assert "Lightning Experience" in shown_text(page.checks)


def test_nothing_is_written_by_looking(page, fake):
    assert fake.called("apply") == 0


def test_the_preview_shows_words_and_the_files_that_are_sent(page, settle):
    page.preview.toggle.click()
    settle()
    assert "Lead.ActiveCampaign_Sync_Status__c" in shown_text(page.preview)
    page.preview.choice.setCurrentText("objects/Lead.object")
    assert page.preview.text.toPlainText() == "<CustomObject/>"


def test_an_org_that_cannot_be_read_is_told_and_does_not_stop_the_step(page, wizard, fake, settle, qtbot):
    fake.fail["plan"] = Problem(ProblemCode.SF_RECONNECT, values={"reason": "expired"})
    page._again.click()
    settle()
    assert page.banner.problem.code is ProblemCode.SF_RECONNECT
    assert not page.foot.apply.isEnabled()
    with qtbot.waitSignal(wizard.ended):
        press(wizard, "Finish", settle)


# -- applying
def test_apply_adds_everything_and_leads_to_finish(page, wizard, settle):
    apply(page, settle)
    assert page._summary.text() == "Everything is in place."
    assert "Salesforce is prepared" in shown_text(page.banner)
    assert wizard.focusWidget() is wizard.button(QWizard.WizardButton.FinishButton)


def test_a_second_apply_says_that_nothing_was_changed(page, settle):
    apply(page, settle)
    apply(page, settle)
    assert "Nothing had to be changed" in shown_text(page.banner)


def test_while_applying_it_says_how_far_it_is_and_nothing_else_can_be_pressed(page, wizard, fake, qtbot, settle):
    fake.provisioning.pause = 0.1
    page.foot.apply.click()
    qtbot.waitUntil(lambda: "1 of 9" in page.foot.words.text())
    assert not page.foot.apply.isEnabled()
    assert not page.foot.skip.isEnabled()
    assert not wizard.button(QWizard.WizardButton.FinishButton).isEnabled()
    settle()
    assert fake.called("apply") == 1
    assert page.foot.bar.isHidden()


def test_production_is_asked_for_by_name_before_anything_is_added(page, fake, settle):
    fake.provisioning.production = True
    apply(page, settle)
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())
    assert any(b.text() == "Apply to Acme GmbH" for b in dialog.findChildren(QPushButton))
    answer("no")
    settle()
    assert not fake.provisioning.prepared


def test_production_is_prepared_after_a_yes(page, fake, settle):
    fake.provisioning.production = True
    apply(page, settle)
    answer("yes")
    settle()
    assert consents(fake)[-1] == Consent(production=True)
    assert fake.provisioning.prepared


def test_a_refused_part_is_told_beside_it(page, fake, settle):
    values = {"component": ID, "reason": "Field is bad"}
    fake.provisioning.problems = (Problem(ProblemCode.DEPLOY_COMPONENT, subject=ID, values=values),)
    apply(page, settle)
    refused = [line for line in page.list.rows if line.refused]
    assert [line.title for line in refused] == ["ActiveCampaign ID on Lead"]
    assert "Field is bad" in shown_text(refused[0])
    assert "Not everything could be added" in shown_text(page.banner)


def test_a_second_apply_finishes_what_was_refused(page, fake, settle):
    fake.provisioning.problems = (Problem(ProblemCode.DEPLOY_FAILED, values={"reason": "UNKNOWN"}),)
    apply(page, settle)
    assert page.banner.problem.code is ProblemCode.DEPLOY_FAILED
    fake.provisioning.problems = ()
    apply(page, settle)
    assert page._summary.text() == "Everything is in place."


@pytest.mark.parametrize(
    ("code", "values"),
    [
        (ProblemCode.NO_SETUP_RIGHT, {"right": "Customize Application"}),
        (ProblemCode.DEPLOY_TIMEOUT, {"minutes": 10}),
        (ProblemCode.OTHER_ORG, {}),
        (ProblemCode.SF_RECONNECT, {"reason": "revoked"}),
    ],
)
def test_whatever_stops_apply_is_told_and_apply_can_be_pressed_again(page, fake, settle, code, values):
    fake.fail["apply"] = Problem(code, values=values)
    apply(page, settle)
    assert page.banner.problem.code is code
    assert page.foot.apply.isEnabled()
    fake.fail.clear()
    apply(page, settle)
    assert fake.provisioning.prepared


# -- the managed package
def test_an_installed_package_is_explained_and_apply_is_off(page, fake, settle):
    fake.provisioning.package = True
    page._again.click()
    settle()
    assert not page.foot.apply.isEnabled()
    assert "Two programs must not sync the same records" in page.foot.apply.toolTip()
    assert "ActiveCampaign for Salesforce" in shown_text(page.checks)


def test_apply_is_on_again_once_the_packages_sync_is_said_to_be_off(page, fake, settle):
    fake.provisioning.package = True
    page._again.click()
    settle()
    page.foot.package_off.click()
    apply(page, settle)
    assert consents(fake) == [Consent(package_stopped=True)]
    assert fake.provisioning.prepared


# -- doing without
def test_skip_says_what_is_lost_and_leads_to_finish(page, wizard, settle, fake, qtbot):
    page.foot.skip.click()
    assert "Nobody sees in Salesforce whether a record is in sync." in shown_text(page.lost)
    assert wizard.focusWidget() is wizard.button(QWizard.WizardButton.FinishButton)
    with qtbot.waitSignal(wizard.ended):
        press(wizard, "Finish", settle)
    assert fake.called("apply") == 0


def test_the_other_pages_wait_for_apply(page, settle, qtbot, wizard):
    button = page.more.buttons["permissions"]
    assert not button.isEnabled()
    apply(page, settle)
    with qtbot.waitSignal(wizard.navigate) as asked:
        button.click()
    assert asked.args[0] == "permissions"


def test_the_page_is_done_with_the_keyboard_alone(page, wizard, settle, fake):
    page.foot.apply.setFocus()
    QTest.keyClick(page.foot.apply, Qt.Key.Key_Space)
    settle()
    assert fake.provisioning.prepared


def test_every_widget_of_the_page_has_a_name(page, wizard, settle, fake):
    fake.provisioning.package = True
    page._again.click()
    page.preview.toggle.click()
    settle()
    assert crawl(wizard) == []


def test_leaving_the_step_in_the_middle_of_apply_does_not_stop_it_half_way(page, wizard, fake, qtbot):
    fake.provisioning.pause = 0.1
    page.foot.apply.click()
    qtbot.waitUntil(lambda: "1 of 9" in page.foot.words.text())
    press_cancel(wizard)
    answer("leave")
    assert wizard.setup_page.wizard is None
    qtbot.waitUntil(lambda: fake.provisioning.prepared, timeout=3000)


def test_the_wizard_is_where_it_was_after_a_look_at_another_page(page, wizard, settle):
    apply(page, settle)
    place = wizard.setup_page
    place.hide()
    place.show()
    place.activate()
    settle()
    assert place.wizard is wizard
    assert wizard.flow.page is Page.PREPARE
    assert page._summary.text() == "Everything is in place."
