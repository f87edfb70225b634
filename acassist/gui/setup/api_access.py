"""API access: the ActiveCampaign account and its key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from acassist.assistant.facade import AssistantPort
from acassist.assistant.setup.flow import Page, SetupFlow
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import AccountFacts, ActiveCampaignConnection
from acassist.domain.text import Message
from acassist.gui.setup.fact_list import FactList
from acassist.gui.setup.step_page import StepPage
from acassist.gui.strings import message, number, tr
from acassist.gui.theme import S3, S4
from acassist.gui.widgets import BusyButton, Button, Card, ConnectionBar, Labelled, SecretField, Text, row

if TYPE_CHECKING:
    from acassist.gui.setup.wizard import SetupWizard


class ApiAccessPage(StepPage):
    """Takes the account's name or address and the key, and checks both with one call."""

    def __init__(self, wizard: SetupWizard, page: Page) -> None:
        super().__init__(wizard, page, tr("Tell the program which ActiveCampaign account to keep in sync."))
        card = Card(spacing=S4)
        self.account = QLineEdit()
        self._account = Labelled(tr("ActiveCampaign account name"), self.account, self._account_hint(""))
        self._key = SecretField(tr("API key"), tr("Kept in the keyring of this computer, never in a file."))
        self.key = self._key.edit
        card.body.addWidget(self._account)
        card.body.addWidget(self._key)
        card.body.addLayout(self._buttons())
        self._where = self._explanation()
        card.body.addWidget(self._where)
        self.body.addWidget(card)
        self.bar = ConnectionBar()
        self.body.addWidget(self.bar)
        self.facts = FactList()
        self.body.addWidget(self.facts)
        self.body.addStretch(1)
        self.account.textEdited.connect(self._account_edited)
        self.key.textEdited.connect(self._key_edited)

    def _buttons(self) -> QHBoxLayout:
        line = row(spacing=S3)
        self.authorize = BusyButton(tr("Authorize"), self.connect_account)
        self._help = Button(tr("Where do I find the key?"), self._toggle_help, kind="link")
        line.addWidget(self.authorize)
        line.addWidget(self._help)
        line.addStretch(1)
        return line

    def _explanation(self) -> Text:
        text = Text(
            tr(
                "In ActiveCampaign, open Settings and then Developer. The page shows the URL of your account and the "
                "key. Copy both. Use the key of a user who may manage contacts, fields, campaigns and automations."
            ),
            "muted",
        )
        text.hide()
        return text

    def _toggle_help(self) -> None:
        self._where.setVisible(self._where.isHidden())

    def first_field(self) -> QWidget:
        return self.account if not self.account.text() else self.key

    def activate(self) -> None:
        connection = self.flow.draft.activecampaign
        if connection is not None and not self.account.text():
            self.account.setText(self._typed(connection))
            self._show_host()
        if connection is None:
            self.bar.show_idle()
            return
        self.bar.show_connected()
        self.bridge.call(lambda a: a.connection_facts(), self._show_known, owner=self)

    def _show_known(self, facts: tuple[AccountFacts | None, object]) -> None:
        if facts[0] is not None:
            self._show_facts(facts[0])

    # -- input
    def _account_hint(self, host: str) -> str:
        if host:
            return tr("Resolved to {host}.", host=host)
        return tr("The name, the address you log in at, or the API URL from Settings > Developer.")

    def _account_edited(self) -> None:
        self._account.accept()
        self._show_host()
        self._stale()

    def _key_edited(self) -> None:
        self._key.accept()
        self._stale()

    def _show_host(self) -> None:
        try:
            host = self.bridge.assistant.resolve_account(self.account.text())
        except ProblemError:
            host = ""
        self._account.set_hint(self._account_hint(host))

    def _stale(self) -> None:
        """What was typed is no longer what was checked."""
        self.facts.show_facts(())
        self.bar.show_idle()
        if self.flow.draft.activecampaign is not None:
            self.change(self.flow.with_draft(replace(self.flow.draft, activecampaign=None)))

    # -- checking
    def _typed(self, connection: ActiveCampaignConnection) -> str:
        """Return what stands for exactly this address: the short name only where it leads to the same host."""
        try:
            same = self.bridge.assistant.resolve_account(connection.account) == connection.api_url
        except ProblemError:
            same = False
        return connection.account if same else connection.api_url

    def connect_account(self) -> None:
        """Check what was typed with one call."""
        account, key = self.account.text().strip(), self.key.text().strip()
        if not account:
            self._account.refuse(tr("Enter the account name."))
        elif not key:
            self._key.refuse(tr("Enter the API key."))
        elif not self.host.busy:
            self._check(account, key)

    def _check(self, account: str, key: str) -> None:
        self._account.accept()
        self._key.accept()
        self._lock(True)
        self.authorize.set_busy(True, tr("Checking…"))
        self.host.set_busy(True, tr("Checking…"))
        self.bar.show_busy(tr("Asking ActiveCampaign…"))
        flow = self.flow

        async def connect(assistant: AssistantPort) -> tuple[AccountFacts, SetupFlow]:
            facts = await assistant.connect_activecampaign(account, key)
            return facts, await assistant.open_step(flow.step)

        self.bridge.call(connect, self._connected, self._refused, owner=self)

    def _lock(self, locked: bool) -> None:
        self.account.setEnabled(not locked)
        self.key.setEnabled(not locked)

    def _rest(self) -> None:
        self._lock(False)
        self.host.set_busy(False)
        self.authorize.set_busy(False)

    def _connected(self, answer: tuple[AccountFacts, SetupFlow]) -> None:
        facts, kept = answer
        self._rest()
        connection = kept.draft.activecampaign or connection_from(facts)
        self.change(self.flow.with_draft(replace(self.flow.draft, activecampaign=connection)))
        self.bar.show_connected()
        self._show_facts(facts)
        self.host.focus_next()

    def _refused(self, problem: Problem) -> None:
        self._rest()
        self.facts.show_facts(())
        self.bar.show_problem(problem)
        sentence = message(problem.sentence)
        if problem.code is ProblemCode.AC_ACCOUNT_WRONG:
            self._account.refuse(sentence)
        elif problem.code is ProblemCode.AC_KEY_REFUSED:
            self._key.refuse(sentence)
        else:
            self.authorize.setFocus()

    def _show_facts(self, facts: AccountFacts) -> None:
        people = ""
        if facts.subscriber_total is not None:
            people = number(facts.subscriber_total)
            if facts.subscriber_limit is not None:
                people = tr("{total} of {limit}", total=people, limit=number(facts.subscriber_limit))
        accounts = {True: tr("Yes"), False: tr("No"), None: tr("Not known")}[facts.accounts_available]
        self.facts.show_facts(
            (
                (tr("Address"), facts.api_url),
                (tr("User"), tr("{name} ({email})", name=facts.user_name, email=facts.user_email)),
                (tr("Contacts"), people),
                (tr("Accounts in the plan"), accounts),
                (tr("Time zone"), facts.time_zone),
            )
        )

    def leaving(self) -> bool:
        """Next with both fields filled but unchecked checks them first."""
        typed = bool(self.account.text().strip() and self.key.text().strip())
        if self.flow.draft.activecampaign is None and typed:
            self.connect_account()
            return False
        return True

    def refuse(self, obstacle: Message) -> None:
        if not self.account.text().strip():
            self._account.refuse(message(obstacle))
        else:
            self._key.refuse(message(obstacle))


def connection_from(facts: AccountFacts) -> ActiveCampaignConnection:
    """Return the connection that these facts describe."""
    return ActiveCampaignConnection(
        api_url=facts.api_url,
        account=facts.account,
        user_email=facts.user_email,
        accounts_available=facts.accounts_available,
    )
