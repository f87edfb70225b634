"""System connections: before you begin, API access, authorize, prepare Salesforce."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWizard

from acassist.assistant.setup.flow import Page
from acassist.assistant.views import CheckItem, Level
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import Step
from acassist.domain.text import Message
from acassist.gui.widgets import Chip, SelectableText
from tests.gui import fake_data as data
from tests.gui.walking import open_wizard, press, shown_text, type_into


@pytest.fixture
def wizard(qtbot, bridge, settle):
    return open_wizard(qtbot, bridge, settle, Step.CONNECTIONS)


@pytest.fixture
def api(wizard, settle):
    press(wizard, "Next", settle)
    return wizard.page_widget


def test_the_first_page_lists_what_is_needed_with_its_state(wizard, settle):
    assert wizard.flow.page is Page.BEFORE_YOU_BEGIN
    words = shown_text(wizard.page_widget.list)
    for item in data.check_items():
        assert item.title.english() in words
    assert "Not known yet" in {chip.text() for chip in wizard.page_widget.list.findChildren(Chip)}


def test_the_steps_of_an_item_open_on_request(wizard):
    button = next(b for b in wizard.page_widget.list.findChildren(QPushButton) if b.text() == "Show the steps")
    button.click()
    assert button.text() == "Hide the steps"


def test_the_resolved_address_is_shown_while_typing(api):
    type_into(api.account, "acme")
    assert api._account.hint.text() == "Resolved to https://acme.api-us1.com."


def test_the_key_is_hidden_until_it_is_asked_for(api):
    assert api.key.echoMode() == QLineEdit.EchoMode.Password
    api._key._toggle.click()
    assert api.key.echoMode() == QLineEdit.EchoMode.Normal


def test_a_good_key_shows_connected_and_the_account(api, settle):
    type_into(api.account, "acme")
    type_into(api.key, "secret-key")
    api.authorize.click()
    settle()
    assert (api.bar.level, api.bar.text) == (Level.OK, "Connected")
    assert api.flow.draft.activecampaign.api_url == "https://acme.api-us1.com"
    assert api.facts.isVisible()


def test_nothing_is_connected_at_first_and_the_bar_says_so(api):
    assert (api.bar.level, api.bar.text) == (Level.IDLE, "Not connected")


def test_a_refused_key_is_told_next_to_the_key_and_takes_the_focus(api, fake, settle):
    fake.fail["connect_activecampaign"] = Problem(ProblemCode.AC_KEY_REFUSED, values={"host": "acme.api-us1.com"})
    type_into(api.account, "acme")
    type_into(api.key, "wrong")
    api.authorize.click()
    settle()
    assert api.bar.level is Level.BAD
    assert "refused the API key" in api._key.error.text()
    assert api.focusWidget() is api.key


def test_a_wrong_account_is_told_next_to_the_account(api, fake, settle):
    fake.fail["connect_activecampaign"] = Problem(ProblemCode.AC_ACCOUNT_WRONG, values={"host": "nobody.api-us1.com"})
    type_into(api.account, "nobody")
    type_into(api.key, "key")
    api.authorize.click()
    settle()
    assert "nobody.api-us1.com" in api._account.error.text()
    assert not api._key.error.isVisible()


def test_next_without_a_key_points_at_the_field_and_stays(api, wizard, settle):
    type_into(api.account, "acme")
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.API_ACCESS
    assert api.focusWidget() is api.key


def test_next_cannot_be_pressed_twice_while_the_key_is_checked(api, wizard, fake, qtbot, settle):
    fake.delay["connect_activecampaign"] = 0.2
    type_into(api.account, "acme")
    type_into(api.key, "key")
    api.authorize.click()
    next_button = wizard.button(QWizard.WizardButton.NextButton)
    assert not next_button.isEnabled()
    assert not api.authorize.isEnabled()
    api.connect_account()
    settle()
    assert next_button.isEnabled()
    assert next_button.text() == "&Next"
    assert fake.called("connect_activecampaign") == 1


def test_changing_the_account_afterwards_takes_the_connection_back(api, settle):
    type_into(api.account, "acme")
    type_into(api.key, "key")
    api.authorize.click()
    settle()
    type_into(api.account, "acme2")
    assert api.flow.draft.activecampaign is None
    assert api.bar.level is Level.IDLE


@pytest.fixture
def authorize(api, wizard, settle):
    type_into(api.account, "acme")
    type_into(api.key, "key")
    api.authorize.click()
    settle()
    press(wizard, "Next", settle)
    return wizard.page_widget


def test_authorize_shows_the_org_after_the_login(authorize, settle):
    type_into(authorize.key, "3MVG9key")
    authorize.authorize.click()
    settle()
    assert authorize.bar.text == "Connected"
    shown = {label.accessibleName() for label in authorize.facts.findChildren(SelectableText)}
    assert "Organization: Acme GmbH" in shown
    assert "Edition: Enterprise Edition, Production" in shown
    assert authorize.flow.draft.salesforce.org_id == data.ORG.org_id


@pytest.mark.parametrize(
    ("choice", "typed", "expected"),
    [
        (0, "", "https://login.salesforce.com"),
        (1, "", "https://test.salesforce.com"),
        (2, "acme.my.salesforce.com/", "https://acme.my.salesforce.com"),
    ],
)
def test_the_login_goes_to_the_place_that_was_chosen(authorize, fake, settle, choice, typed, expected):
    authorize.where._choices[choice].click()
    if typed:
        type_into(authorize.where.address, typed)
    type_into(authorize.key, "3MVG9key")
    authorize.authorize.click()
    settle()
    assert ("connect_salesforce", (expected, "3MVG9key")) in fake.calls


def test_my_domain_without_an_address_is_refused_at_the_field(authorize, fake, settle):
    authorize.where._choices[2].click()
    type_into(authorize.key, "3MVG9key")
    authorize.authorize.click()
    settle()
    assert fake.called("connect_salesforce") == 0
    assert authorize.focusWidget() is authorize.where.address


def test_the_login_address_can_be_copied_while_waiting(authorize, fake, qtbot, settle):
    fake.delay["connect_salesforce"] = 5
    type_into(authorize.key, "3MVG9key")
    authorize.authorize.click()
    qtbot.waitUntil(lambda: authorize.wait.copy.isEnabled())
    authorize.wait.copy.click()
    assert QGuiApplication.clipboard().text().startswith("https://login.salesforce.com/services/oauth2/authorize")
    authorize.wait.cancel.click()


def test_giving_up_the_login_frees_the_page(authorize, fake, wizard, qtbot):
    fake.delay["connect_salesforce"] = 5
    type_into(authorize.key, "3MVG9key")
    authorize.authorize.click()
    qtbot.waitUntil(lambda: authorize.wait.isVisible())
    assert wizard.busy
    authorize.wait.cancel.click()
    assert not wizard.busy
    assert authorize.bar.level is Level.BAD
    assert authorize.wait.isHidden()
    assert authorize.key.isEnabled()


def test_a_time_out_opens_what_the_browser_says(authorize, fake, settle):
    fake.fail["connect_salesforce"] = Problem(ProblemCode.SF_LOGIN_TIMEOUT, values={"minutes": 5})
    type_into(authorize.key, "3MVG9key")
    authorize.authorize.click()
    settle()
    words = shown_text(authorize.help)
    assert authorize.help._list.isVisible()
    for code in ("redirect_uri_mismatch", "invalid_client_id", "OAUTH_APPROVAL_ERROR_GENERIC", "OAUTH_EC_APP_NOT_FOUND",
                 "Cross-org", "OAUTH_APP_BLOCKED"):  # fmt: skip
        assert code in words


def test_the_guide_copies_each_callback_address(authorize):
    authorize._show_guide.click()
    fields = authorize.guide.findChildren(QLineEdit)
    assert [f.text() for f in fields[:5]] == [f"http://localhost:{port}/callback" for port in range(53682, 53687)]
    copy = next(b for b in authorize.guide.findChildren(QPushButton) if b.accessibleName() == "Copy callback URL 1")
    copy.click()
    assert QGuiApplication.clipboard().text() == "http://localhost:53682/callback"


def test_step_one_is_finished_without_preparing_the_org(authorize, wizard, fake, settle, qtbot):
    type_into(authorize.key, "3MVG9key")
    authorize.authorize.click()
    settle()
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.PREPARE
    assert wizard.page_widget._summary.text() == "10 items are missing."
    with qtbot.waitSignal(wizard.ended):
        press(wizard, "Finish", settle)
    assert fake.current.done(Step.CONNECTIONS)


def test_back_keeps_what_was_typed(authorize, wizard, settle):
    press(wizard, "Back", settle)
    assert wizard.flow.page is Page.API_ACCESS
    assert wizard.page_widget.account.text() == "acme"
    assert wizard.flow.draft.activecampaign is not None


def test_the_key_is_in_no_draft(authorize, fake):
    flows = [args[0] for name, args in fake.calls if name == "save_draft"]
    assert flows
    assert all("secret" not in repr(flow) and "'key'" not in repr(flow) for flow in flows)


def test_enter_in_a_field_is_next(api, wizard, qtbot, settle):
    type_into(api.account, "acme")
    type_into(api.key, "key")
    qtbot.keyClick(api.key, Qt.Key.Key_Return)
    settle()
    assert api.bar.level is Level.OK
    qtbot.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
    settle()
    assert wizard.flow.page is Page.AUTHORIZE


def test_opening_the_step_again_keeps_a_connection_at_a_my_domain_address(fake, qtbot, bridge, settle):
    fake.finish_setup()
    known = replace(fake.current.salesforce, login_url="https://acme.my.salesforce.com")
    fake.current = replace(fake.current, salesforce=known)
    fake._draft_connections = lambda draft: draft
    wizard = open_wizard(qtbot, bridge, settle, Step.CONNECTIONS)
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.AUTHORIZE
    assert wizard.page_widget.bar.text == "Connected"
    assert wizard.page_widget.where.url() == "https://acme.my.salesforce.com"
    press(wizard, "Next", settle)
    assert wizard.flow.page is Page.PREPARE


def test_the_guide_copies_all_callback_addresses_at_once(authorize):
    authorize._show_guide.click()
    next(b for b in authorize.guide.findChildren(QPushButton) if b.text() == "Copy all five addresses").click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 5


def test_the_guide_names_the_settings_that_make_the_app_work(authorize):
    authorize._show_guide.click()
    words = shown_text(authorize.guide)
    security = ("require PKCE", "Do not require a secret", "Refresh Token Rotation", "Flow Enablement off")
    policies = ("Permitted Users", "Relax IP restrictions")
    for setting in ("Local", "Enable OAuth", "verification code", *security, *policies):
        assert setting in words


def test_the_key_is_tested_without_a_login(authorize, fake, settle):
    type_into(authorize.key, "3MVG9key")
    authorize.key_test.button.click()
    settle()
    assert ("test_key", ("https://login.salesforce.com", "3MVG9key")) in fake.calls
    assert fake.called("connect_salesforce") == 0
    assert "Salesforce knows this key." in shown_text(authorize.key_test.verdict)


def test_a_bad_verdict_says_what_to_do_and_goes_when_the_key_changes(authorize, fake, settle):
    state, remedy = Message("Salesforce does not know this consumer key here."), Message("Check it.")
    fake.provisioning.key_verdict = CheckItem(Message("Consumer key"), Level.BAD, state, remedy)
    type_into(authorize.key, "3MVG9key")
    authorize.key_test.button.click()
    settle()
    assert "Check it." in shown_text(authorize.key_test.verdict)
    type_into(authorize.key, "3MVG9other")
    assert authorize.key_test.verdict.isHidden()


def test_testing_without_a_key_points_at_the_field(authorize, fake, settle):
    authorize.key_test.button.click()
    settle()
    assert fake.called("test_key") == 0
    assert authorize.focusWidget() is authorize.key
