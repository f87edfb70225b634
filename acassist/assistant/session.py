"""What all parts of the facade share: the machine, the stores, the set-up in effect and the two clients."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

from pydantic import TypeAdapter

from acassist.activecampaign.client import RATE, ActiveCampaignClient, http_for
from acassist.assistant.events import EventHub, SetupChanged, StatusChanged
from acassist.domain.ids import Service
from acassist.domain.ports import Clock, Vault
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import ActiveCampaignConnection, Role, SalesforceConnection, Setup, Step
from acassist.domain.text import N_, Message
from acassist.http import Pacer, Priority, Wiring
from acassist.salesforce.oauth import OAuthClient
from acassist.salesforce.rest import SalesforceClient
from acassist.salesforce.tokens import TokenSource
from acassist.storage.call_counts import CallCounts
from acassist.sync.context import Stores
from acassist.system.lock import CrossProcessLock
from acassist.system.paths import ProfilePaths

API_KEY = "activecampaign.api_key"
REFRESH_TOKEN = "salesforce.refresh_token"  # noqa: S105 - the name of an entry
DRAFT = "draft."
SETUP: TypeAdapter[Setup] = TypeAdapter(Setup)


@dataclass(frozen=True, slots=True)
class Machine:
    """The computer as the facade sees it; tests hand in a virtual clock, a memory vault and a transport."""

    paths: ProfilePaths
    clock: Clock
    vault: Vault
    memory_vault: Vault
    wiring: Wiring
    zone: tzinfo
    open_browser: Callable[[str], bool]
    register_secret: Callable[[str], None]
    translate: Callable[[Message], str] = Message.english
    computer: str = ""
    """The name of this computer, for the entry that says who runs the sync."""
    fresh_id: Callable[[], str] = lambda: uuid.uuid4().hex
    pace: int = RATE
    """ActiveCampaign requests a second; only a sandbox of our own may be asked faster than the service allows."""


@dataclass(slots=True)
class Session:
    """One open profile. `writer` is False for commands that only read beside a running program."""

    machine: Machine
    stores: Stores
    writer: bool = True
    events: EventHub = field(default_factory=EventHub)
    setup: Setup = field(default_factory=Setup)
    _ac: ActiveCampaignClient | None = None
    _sf: SalesforceClient | None = None
    _pacer: Pacer | None = None
    _opened: list[Any] = field(default_factory=list)
    _told_calls: tuple[int, int] | None = None
    _stored_calls: dict[Service, int] = field(default_factory=dict)

    def load(self) -> None:
        """Read the set-up in effect."""
        stored = self.stores.settings.get("setup")
        if stored is not None:
            self.setup = SETUP.validate_python(stored)

    def store(self, setup: Setup, *, what: str) -> None:
        """Put a set-up into effect, with an entry in the audit log."""
        before, after = dump(self.setup), dump(setup)
        with self.stores.db.transaction():
            self.stores.settings.put("setup", after)
            if before != after:
                self.stores.settings.audit(what, before, after)
        self.setup = setup
        self.events.emit(SetupChanged())
        self.events.emit(StatusChanged())

    # -- drafts
    def draft(self, step: Step) -> Setup | None:
        """Read a step's unfinished input."""
        stored = self.stores.settings.draft(step)
        return SETUP.validate_python(stored) if stored is not None else None

    def put_draft(self, step: Step, setup: Setup) -> None:
        """Keep a step's unfinished input."""
        self.stores.settings.put_draft(step, dump(setup))

    def drop_draft(self, step: Step) -> None:
        """Forget a step's unfinished input."""
        self.stores.settings.drop_draft(step)

    @property
    def viewer(self) -> bool:
        """Tell whether this profile only shows records."""
        return self.setup.role is Role.VIEWER

    def require_manager(self) -> None:
        """Raise VIEWER_ONLY in a profile that only shows records."""
        if self.viewer:
            raise ProblemError(Problem(ProblemCode.VIEWER_ONLY))

    # -- secrets
    @property
    def vault(self) -> Vault:
        """Return where secrets are: the keyring, or memory when the user wants to be asked each time."""
        return self.machine.memory_vault if self.setup.ask_each_time else self.machine.vault

    async def secret(self, name: str, what: Message) -> str:
        """Read a secret; raises SECRET_MISSING or a keyring problem."""
        found = await self.vault.get(name)
        if not found:
            raise ProblemError(Problem(ProblemCode.SECRET_MISSING, values={"what": what}))
        self.machine.register_secret(found)
        return found

    # -- clients
    @property
    def pacer(self) -> Pacer:
        """Return the pace of the ActiveCampaign account, shared by all lanes."""
        if self._pacer is None:
            self._pacer = Pacer(self.machine.clock, rate=self.machine.pace)
        return self._pacer

    def activecampaign_with(self, connection: ActiveCampaignConnection, api_key: str) -> ActiveCampaignClient:
        """Build a client for a connection that is being checked."""
        self.machine.register_secret(api_key)
        http = http_for(connection.api_url, api_key, wiring=self.machine.wiring, pacer=self.pacer)
        client = ActiveCampaignClient(http, account=connection.account, priority=Priority.INTERACTIVE)
        self._opened.append(http)
        return client

    async def activecampaign(self, priority: Priority = Priority.INTERACTIVE) -> ActiveCampaignClient:
        """Return the client of the connected account; raises SETUP_INCOMPLETE or SECRET_MISSING."""
        connection = self.setup.activecampaign
        if connection is None:
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        if self._ac is None:
            key = await self.secret(API_KEY, Message(N_("API key of ActiveCampaign")))
            http = http_for(connection.api_url, key, wiring=self.machine.wiring, pacer=self.pacer)
            self._ac = ActiveCampaignClient(http, account=connection.account)
        return self._ac.with_priority(priority)

    def token_source(self, connection: SalesforceConnection, entry: str) -> TokenSource:
        """Build the token source of a connection."""
        return TokenSource(
            OAuthClient(connection.login_url, connection.client_id, self.machine.wiring),
            vault=self.vault,
            entry=entry,
            lock=CrossProcessLock(self.machine.paths.token_lock, clock=self.machine.clock),
            instance_url=connection.instance_url,
        )

    def salesforce_with(self, source: TokenSource) -> SalesforceClient:
        """Build a client on a token source; `close_clients` closes it."""
        client = SalesforceClient(source, wiring=self.machine.wiring, auto_assign=self.setup.defaults.auto_assign)
        self._opened.append(client)
        return client

    async def salesforce(self, priority: Priority = Priority.INTERACTIVE) -> SalesforceClient:
        """Return the client of the connected org; raises SETUP_INCOMPLETE."""
        connection = self.setup.salesforce
        if connection is None:
            raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
        if self._sf is None:
            self._sf = self.salesforce_with(self.token_source(connection, REFRESH_TOKEN))
        return self._sf.lane(priority)

    async def close_clients(self) -> None:
        """Close all connections; the next use opens them anew."""
        self._told_calls = self._salesforce_calls()
        for client in self._opened:
            await client.close()
        if self._ac is not None:
            await self._ac.close()
        self._ac, self._sf = None, None
        self._opened.clear()

    # -- calls
    def calls(self) -> tuple[tuple[int, int] | None, int]:
        """Return (used, allowed) of Salesforce's day as last told, and this profile's ActiveCampaign calls today."""
        made = self.unstored_calls(Service.ACTIVECAMPAIGN)
        return self._salesforce_calls(), self.call_counts().today(Service.ACTIVECAMPAIGN) + made

    def unstored_calls(self, service: Service) -> int:
        """Return the calls made since they were stored last."""
        return self.machine.wiring.budget.calls_made(service) - self._stored_calls.get(service, 0)

    def _salesforce_calls(self) -> tuple[int, int] | None:
        clients = (c for c in (self._sf, *reversed(self._opened)) if isinstance(c, SalesforceClient))
        told = (client.calls() for client in clients)
        return next((calls for calls in told if calls is not None), self._told_calls)

    def store_calls(self) -> None:
        """Keep the calls made since the last time, so that the day's number survives the program."""
        if not self.writer:
            return
        for service in Service:
            self.call_counts().add(service, self.unstored_calls(service))
            self._stored_calls[service] = self.machine.wiring.budget.calls_made(service)

    def call_counts(self) -> CallCounts:
        """Return the stored call counters."""
        return CallCounts(self.stores.db)

    def with_setup(self, **changes: Any) -> Setup:
        """Return the set-up in effect with changes."""
        return replace(self.setup, **changes)


def dump(setup: Setup) -> dict[str, Any]:
    """Write a set-up as JSON-able values."""
    data: dict[str, Any] = SETUP.dump_python(setup, mode="json")
    return data
