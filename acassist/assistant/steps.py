"""The four steps at work: checks, logins, drafts and what Finish puts into effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from acassist.activecampaign.address import resolve
from acassist.assistant import transfer
from acassist.assistant.events import LoginAddress
from acassist.assistant.session import API_KEY, DRAFT, REFRESH_TOKEN, Session
from acassist.assistant.setup.flow import SetupFlow
from acassist.assistant.viewer import VIEWER_STEPS, roles_of, viewing
from acassist.assistant.views import CheckItem, Level, StepCard
from acassist.domain.fields import find_sync_fields
from acassist.domain.ids import PEOPLE
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import (
    STEP_TITLES,
    AccountFacts,
    ActiveCampaignConnection,
    OrgFacts,
    OutboundSettings,
    Role,
    SalesforceConnection,
    Setup,
    Step,
)
from acassist.domain.selection import Selection, SelectionKind
from acassist.domain.text import N_, Message
from acassist.salesforce.login import LoginRequest, LoginResult, LoginTools, log_in
from acassist.salesforce.rest import SalesforceClient


class Steps:
    """The Setup page's four steps on one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._facts: tuple[AccountFacts | None, OrgFacts | None] = (None, None)
        self._draft_salesforce: SalesforceClient | None = None

    # -- cards
    def cards(self) -> list[StepCard]:
        """Return the four cards."""
        setup = self._session.setup
        cards = []
        for number, step in enumerate(Step, start=1):
            locked = None
            if step is not Step.CONNECTIONS and not setup.done(Step.CONNECTIONS):
                locked = Message(N_("Finish System connections first."))
            draft = self._session.draft(step) is not None
            title = Message(STEP_TITLES[step])
            cards.append(StepCard(step, number, title, _summary(setup, step), setup.done(step), draft, locked))
        return cards

    # -- flows
    def open(self, step: Step) -> SetupFlow:
        """Open a step on its draft, or on the set-up in effect; a viewer logs in and chooses what records offer."""
        if step not in VIEWER_STEPS:
            self._session.require_manager()
        setup = self._session.setup
        if step is not Step.CONNECTIONS and not setup.done(Step.CONNECTIONS):
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        draft = self._session.draft(step)
        merged = _only(step, setup, draft) if draft is not None else setup
        return SetupFlow(step, merged, first_time=not setup.done(Step.CONNECTIONS))

    def save(self, flow: SetupFlow) -> None:
        """Keep unfinished input; a step that was only looked at leaves no draft."""
        if _only(flow.step, self._session.setup, flow.draft) == self._session.setup:
            self._session.drop_draft(flow.step)
        else:
            self._session.put_draft(flow.step, flow.draft)

    async def discard(self, step: Step) -> None:
        """Forget unfinished input, secrets included."""
        self._session.drop_draft(step)
        if step is Step.CONNECTIONS:
            self._draft_salesforce = None
            for name in (API_KEY, REFRESH_TOKEN):
                await self._session.vault.remove(DRAFT + name)

    async def finish(self, flow: SetupFlow) -> Setup:
        """Put a step into effect: secrets first, then the set-up, then the draft is dropped."""
        if flow.step not in VIEWER_STEPS:
            self._session.require_manager()
        finished = flow.finished()
        session = self._session
        merged = _only(flow.step, session.setup, finished).finish(flow.step)
        if flow.step is Step.CONNECTIONS:
            if merged.role is Role.VIEWER:
                merged = await viewing(merged, await self.salesforce_now())
            await self._promote_secrets()
            await session.close_clients()
            self._draft_salesforce = None
        if flow.step is Step.OUTBOUND:
            merged = replace(merged, outbound=await self._stamped(merged))
        session.store(merged, what=f"step.{flow.step.value}")
        session.drop_draft(flow.step)
        return session.setup

    async def _promote_secrets(self) -> None:
        vault = self._session.vault
        for name in (API_KEY, REFRESH_TOKEN):
            draft = await vault.get(DRAFT + name)
            if draft:
                await vault.put(name, draft)
                await vault.remove(DRAFT + name)

    async def _stamped(self, setup: Setup) -> OutboundSettings:
        """Stamp "created from this point forward" with server time, and the moment a job was scheduled."""
        now = await self._server_time()
        before = self._session.setup.outbound
        outbound = replace(
            setup.outbound,
            lead=_since(setup.outbound.lead, before.lead, now),
            contact=_since(setup.outbound.contact, before.contact, now),
        )
        if outbound.schedule is None:
            return replace(outbound, scheduled_at=None)
        if outbound.schedule != before.schedule or outbound.scheduled_at is None:
            return replace(outbound, scheduled_at=self._session.machine.clock.now())
        return outbound

    async def _server_time(self) -> datetime:
        client = await self._session.salesforce()
        await client.limits()
        return client.server_time() or self._session.machine.clock.now()

    async def adopt(self, data: Mapping[str, Any]) -> Setup:
        """Put steps 2 to 4 of an exported set-up into effect; raises FILE_INVALID."""
        session = self._session
        session.require_manager()
        if not session.setup.done(Step.CONNECTIONS):
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        merged = transfer.imported(session.setup, data)
        session.put_draft(Step.OUTBOUND, merged)
        session.store(merged, what="import")
        return await self.finish(replace(self.open(Step.OUTBOUND), index=0))

    # -- step 1
    async def connect_activecampaign(self, account: str, api_key: str) -> AccountFacts:
        """Check the key and keep account and key for the draft."""
        session = self._session
        api_url = resolve(account)
        key = api_key.strip()
        known = session.setup.activecampaign
        client = session.activecampaign_with(ActiveCampaignConnection(api_url), key)
        facts = await client.account_facts()
        if known is not None and known.account and facts.account and known.account != facts.account:
            raise ProblemError(Problem(ProblemCode.OTHER_ACCOUNT))
        await session.vault.put(DRAFT + API_KEY, key)
        connection = ActiveCampaignConnection(
            facts.api_url, facts.account, facts.user_email, facts.accounts_available
        )
        self._facts = (facts, self._facts[1])
        self._keep(lambda setup: replace(setup, activecampaign=connection))
        return facts

    async def connect_salesforce(self, login_url: str, client_id: str, *, open_browser: bool) -> OrgFacts:
        """Log in through the browser and keep the connection for the draft."""
        session = self._session
        opened = open_browser

        def show(url: str) -> None:
            session.events.emit(LoginAddress(url, opened=opened))

        expected = session.setup.salesforce.org_id if session.setup.salesforce and session.setup.started else ""
        request = LoginRequest(login_url, client_id.strip(), DRAFT + REFRESH_TOKEN, expected_org=expected)
        tools = LoginTools(session.machine.wiring, session.vault, translate=session.machine.translate)
        browser = session.machine.open_browser if open_browser else None
        result = await log_in(request, tools, on_url=show, open_browser=browser)
        return await self._adopt(login_url, client_id.strip(), result)

    async def _adopt(self, login_url: str, client_id: str, result: LoginResult) -> OrgFacts:
        session = self._session
        connection = SalesforceConnection(login_url, client_id, result.instance_url, result.org_id)
        source = session.token_source(connection, DRAFT + REFRESH_TOKEN)
        source.adopt(result.tokens)
        client = session.salesforce_with(source)
        facts = await client.org_facts()
        # A profile that syncs stays one: whoever logs in again, the sync is not to end by that.
        roles = (Role.MANAGER,) if session.setup.started else await roles_of(client)
        self._draft_salesforce = client
        self._facts = (self._facts[0], facts)
        full = replace(
            connection,
            org_name=facts.name,
            edition=facts.edition,
            sandbox=facts.sandbox,
            user_id=facts.user_id,
            username=facts.username,
            lightning=facts.lightning,
            roles=roles,
        )
        self._keep(lambda setup: replace(setup, salesforce=full, role=roles[0]))
        return facts

    def forget_login(self) -> None:
        """Forget what this session learned of both ends: the connections are gone."""
        self._draft_salesforce, self._facts = None, (None, None)

    def _keep(self, change: Callable[[Setup], Setup]) -> None:
        session = self._session
        session.put_draft(Step.CONNECTIONS, change(session.draft(Step.CONNECTIONS) or session.setup))

    def facts(self) -> tuple[AccountFacts | None, OrgFacts | None]:
        """Return what this session has learned of both ends, or what the draft or set-up remembers."""
        setup = self._session.draft(Step.CONNECTIONS) or self._session.setup
        account, org = self._facts
        if account is None and setup.activecampaign is not None:
            ac = setup.activecampaign
            account = AccountFacts(
                ac.api_url, "", "", ac.user_email, account=ac.account, accounts_available=ac.accounts_available
            )
        if org is None and setup.salesforce is not None and setup.salesforce.org_id:
            sf = setup.salesforce
            org = OrgFacts(
                sf.org_id, sf.org_name, sf.edition, sf.sandbox, sf.user_id, sf.username, sf.instance_url,
                lightning=sf.lightning,
            )
        return account, org

    async def salesforce_now(self) -> SalesforceClient:
        """Return the client of the draft's login, else of the connection in effect."""
        if self._draft_salesforce is not None:
            return self._draft_salesforce
        draft = self._session.draft(Step.CONNECTIONS)
        entry = DRAFT + REFRESH_TOKEN
        if draft is not None and draft.salesforce is not None and await self._session.vault.get(entry):
            self._draft_salesforce = self._session.salesforce_with(self._session.token_source(draft.salesforce, entry))
            return self._draft_salesforce
        return await self._session.salesforce()

    async def prepare_state(self) -> list[CheckItem]:
        """List the custom fields of Lead and Contact, each with its present state; nothing is written."""
        client = await self.salesforce_now()
        items = []
        for sobject in PEOPLE:
            description = await client.describe(sobject)
            found = find_sync_fields(description)
            names = {
                N_("ActiveCampaign Sync Status"): found.status,
                N_("ActiveCampaign ID"): found.contact_id,
                N_("ActiveCampaign Relation Sync Status"): found.relation,
            }
            items += [_field_item(description.label, label, name) for label, name in names.items()]
        return items


def _field_item(owner: str, label: str, name: str | None) -> CheckItem:
    title = Message(N_("{field} on {object}"), {"field": Message(label), "object": owner})
    if name is not None:
        return CheckItem(title, Level.OK, Message(N_("Found as {name}."), {"name": name}))
    lost = Message(N_("Without it the sync works, but Salesforce does not show the state of each record."))
    return CheckItem(title, Level.WARN, Message(N_("Not in this org, or hidden from you.")), lost)


def _only(step: Step, base: Setup, draft: Setup) -> Setup:
    """Take from a draft only what its step decides, so that two open drafts never undo each other."""
    if step is Step.CONNECTIONS:
        return replace(base, activecampaign=draft.activecampaign, salesforce=draft.salesforce, role=draft.role)
    if step is Step.MAPPING:
        return replace(base, mapping=draft.mapping, defaults=draft.defaults)
    if step is Step.OUTBOUND:
        return replace(base, outbound=draft.outbound)
    return replace(base, cx=draft.cx)


def _since(selection: Selection, before: Selection, now: datetime) -> Selection:
    if selection.kind is not SelectionKind.NEW:
        return selection
    kept = before.since if before.kind is SelectionKind.NEW else None
    return replace(selection, since=kept or now)


def _summary(setup: Setup, step: Step) -> Message:
    """Say in one line what a step decided, or what it is for."""
    if step is Step.CONNECTIONS:
        if setup.activecampaign and setup.salesforce:
            host = setup.activecampaign.api_url.partition("://")[2]
            return Message(
                N_("{org} ({edition}) with {host}"),
                {"org": setup.salesforce.org_name, "edition": setup.salesforce.edition, "host": host},
            )
        return Message(N_("Connect your two accounts"))
    if step is Step.MAPPING:
        if setup.done(step):
            values = {"lead": len(setup.mapping.lead), "contact": len(setup.mapping.contact)}
            text = N_("{lead} lead fields, {contact} contact fields, accounts on")
            off = N_("{lead} lead fields, {contact} contact fields, accounts off")
            return Message(text if setup.mapping.accounts_on else off, values)
        return Message(N_("Choose which fields belong together"))
    if step is Step.OUTBOUND:
        if setup.done(step) and setup.outbound.schedule is None:
            return Message(N_("Selection saved, no job scheduled"))
        if setup.done(step):
            return Message(N_("Selection saved, job scheduled"))
        return Message(N_("Choose which leads and contacts are sent, and how often"))
    if setup.done(step):
        return Message(N_("Enabled on records") if setup.cx.enabled else N_("Switched off"))
    return Message(N_("Send campaigns and start automations from a record"))
