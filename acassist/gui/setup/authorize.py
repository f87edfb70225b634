"""Authorize ActiveCampaign to Salesforce: where to log in, the consumer key, and the login in the browser."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from acassist.assistant.events import LoginAddress
from acassist.assistant.facade import AssistantPort
from acassist.assistant.setup.flow import Page, SetupFlow
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.profile import OrgFacts, Role, SalesforceConnection
from acassist.domain.text import Message
from acassist.gui.bridge import Call
from acassist.gui.setup.app_guide import AppGuide
from acassist.gui.setup.browser_help import BrowserHelp
from acassist.gui.setup.fact_list import FactList
from acassist.gui.setup.key_test import KeyTest
from acassist.gui.setup.login_host import LoginHost
from acassist.gui.setup.login_wait import LoginWait
from acassist.gui.setup.role_choice import RoleChoice
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S3, S4
from acassist.gui.widgets import BusyButton, Button, Card, ConnectionBar, Labelled, row

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard

_HELP_CODES = {ProblemCode.SF_LOGIN_TIMEOUT, ProblemCode.SF_CLIENT_ID, ProblemCode.SF_LOGIN_FAILED}


class AuthorizePage(StepPage):
    """Opens the system browser; the answer of Salesforce comes back to this computer."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(wizard, page, tr("Allow this program to read and write the records of your Salesforce org."))
        self._call: Call | None = None
        card = Card(spacing=S4)
        self.where = LoginHost()
        self.key = QLineEdit()
        self._key = Labelled(
            tr("Consumer key"), self.key, tr("From the External Client App of your org. It is not a secret.")
        )
        self._show_guide = Button(tr("How do I make the app?"), self._toggle_guide, kind="link")
        card.body.addWidget(self.where)
        card.body.addWidget(self._key)
        buttons = row(spacing=S3)
        self.authorize = BusyButton(tr("Authorize"), self.connect_org)
        self.key_test = KeyTest(self.bridge, self._asked, self)
        buttons.addWidget(self.authorize)
        buttons.addWidget(self.key_test.button)
        buttons.addWidget(self._show_guide)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        card.body.addWidget(self.key_test.verdict)
        self.wait = LoginWait(self._give_up)
        card.body.addWidget(self.wait)
        self.guide = AppGuide()
        self.guide.hide()
        self.bar = ConnectionBar()
        self.facts = FactList()
        self.help = BrowserHelp()
        self.role = RoleChoice()
        self.role.chosen.connect(self._choose_role)
        for part in (card, self.guide, self.bar, self.role, self.facts, self.help):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.where.edited.connect(self._stale)
        self.key.textEdited.connect(self._key_edited)
        self.bridge.loginAddress.connect(self._address)

    def first_field(self) -> QWidget:
        return self.key

    def _toggle_guide(self) -> None:
        self.guide.setVisible(self.guide.isHidden())
        if self.guide.isVisible():
            QTimer.singleShot(0, self.guide, self._reveal_guide)

    def _reveal_guide(self) -> None:
        self.area.ensureWidgetVisible(self.guide, 0, 0)

    def activate(self) -> None:
        connection = self.flow.draft.salesforce
        if connection is not None and not self.key.text():
            self.where.show_url(connection.login_url)
            self.key.setText(connection.client_id)
        if connection is None or not connection.org_id:
            if self.wait.isHidden():
                self.bar.show_idle()
            return
        self.bar.show_connected()
        self.role.show_roles(connection, self.flow.draft.role)
        self.setFinalPage(self.flow.draft.role is Role.VIEWER)
        self.bridge.call(lambda a: a.connection_facts(), self._show_known, owner=self)

    def _show_known(self, facts: tuple[object, OrgFacts | None]) -> None:
        if facts[1] is not None:
            self._show_facts(facts[1])

    def _key_edited(self) -> None:
        self._key.accept()
        self._stale()

    def _stale(self) -> None:
        self.key_test.forget()
        self.facts.show_facts(())
        self.role.hide()
        self.bar.show_idle()
        if self.flow.draft.salesforce is not None:
            self.change(self.flow.with_draft(replace(self.flow.draft, salesforce=None)))

    # -- login
    def _asked(self) -> tuple[str, str] | None:
        """Return where to log in and the key; None when one is missing, which is then said at its field."""
        client_id = self.key.text().strip()
        if not self.where.complete():
            return None
        if not client_id:
            self._key.refuse(tr("Enter the consumer key of your External Client App."))
            return None
        return self.where.url(), client_id

    def connect_org(self) -> None:
        """Start the login in the system browser."""
        asked = self._asked()
        if asked is not None and not self.host.busy:
            self.key_test.forget()
            self._log_in(*asked)

    def _log_in(self, login_url: str, client_id: str) -> None:
        self._key.accept()
        self._lock(True)
        self.authorize.set_busy(True, tr("Waiting…"))
        self.host.set_busy(True, tr("Waiting…"))
        self.bar.show_busy(tr("Waiting for the answer of Salesforce. Finish the login in your browser."))
        self.wait.begin()
        self.wait.cancel.setFocus()
        step = self.flow.step

        async def connect(assistant: AssistantPort) -> tuple[OrgFacts, SetupFlow]:
            facts = await assistant.connect_salesforce(login_url, client_id)
            return facts, await assistant.open_step(step)

        self._call = self.bridge.call(connect, self._connected, self._refused, owner=self)

    def _address(self, event: LoginAddress) -> None:
        if self._call is not None:
            self.wait.show_address(event.url, event.opened)

    def _give_up(self) -> None:
        if self._call is not None:
            self._call.cancel()
        self._rest()
        self.bar.show_problem(Problem(ProblemCode.SF_LOGIN_CANCELLED))
        self.authorize.setFocus()

    def abandon(self) -> None:
        if self._call is not None:
            self._call.cancel()
            self._call = None

    def _lock(self, locked: bool) -> None:
        self.key_test.button.setEnabled(not locked)
        self.where.setEnabled(not locked)
        self.key.setEnabled(not locked)

    def _rest(self) -> None:
        self._call = None
        self._lock(False)
        self.host.set_busy(False)
        self.authorize.set_busy(False)
        self.wait.end()

    def _connected(self, answer: tuple[OrgFacts, SetupFlow]) -> None:
        facts, kept = answer
        self._rest()
        connection = kept.draft.salesforce
        if connection is None or not connection.org_id:
            connection = connection_from(facts, self.where.url(), self.key.text().strip())
        self.change(self.flow.with_draft(replace(self.flow.draft, salesforce=connection, role=kept.draft.role)))
        self.role.show_roles(connection, kept.draft.role)
        self._pages_changed()
        QTimer.singleShot(0, self.role, self._reveal_role)
        self.bar.show_connected()
        self.help.fold()
        self._show_facts(facts)
        self.host.focus_next()

    # -- role
    def _choose_role(self, role: Role) -> None:
        self.change(self.flow.with_draft(replace(self.flow.draft, role=role)))
        self._pages_changed()

    def _reveal_role(self) -> None:
        if self.role.isVisible():
            self.area.ensureWidgetVisible(self.role, 0, 0)

    def _pages_changed(self) -> None:
        """Offer Next or Finish, and count the pages anew: a viewer prepares nothing."""
        self.setFinalPage(self.flow.draft.role is Role.VIEWER)
        self.host.moved.emit()

    def nextId(self) -> int:
        return -1 if self.flow.draft.role is Role.VIEWER else super().nextId()

    def _refused(self, problem: Problem) -> None:
        self._rest()
        self.facts.show_facts(())
        self.bar.show_problem(problem)
        if problem.code in _HELP_CODES:
            self.help.unfold()
        if problem.code is ProblemCode.SF_CLIENT_ID:
            self._key.refuse(message(problem.sentence))
        else:
            self.authorize.setFocus()

    def _show_facts(self, facts: OrgFacts) -> None:
        kind = tr("Sandbox") if facts.sandbox else tr("Production")
        calls = ""
        if facts.calls_max is not None and facts.calls_left is not None:
            calls = tr("{left} of {allowed} left today", left=number(facts.calls_left), allowed=number(facts.calls_max))
        lightning = {True: tr("On"), False: tr("Off"), None: ""}[facts.lightning]
        self.facts.show_facts(
            (
                (tr("Organization"), facts.name),
                (tr("Edition"), tr("{edition}, {kind}", edition=facts.edition, kind=kind)),
                (tr("User"), facts.username),
                (tr("API calls"), calls),
                (tr("Lightning Experience"), lightning),
            )
        )

    def refuse(self, obstacle: Message) -> None:
        if not self.key.text().strip():
            self._key.refuse(message(obstacle))
        else:
            self.show_refusal(message(obstacle))
            self.authorize.setFocus()


def connection_from(facts: OrgFacts, login_url: str, client_id: str) -> SalesforceConnection:
    """Return the connection that these facts describe."""
    return SalesforceConnection(
        login_url=login_url,
        client_id=client_id,
        instance_url=facts.instance_url,
        org_id=facts.org_id,
        org_name=facts.name,
        edition=facts.edition,
        sandbox=facts.sandbox,
        user_id=facts.user_id,
        username=facts.username,
        lightning=facts.lightning,
    )
