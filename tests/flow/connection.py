"""A program's side of a Salesforce connection to an in-process sandbox."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from acassist.http import CallBudget, Wiring
from acassist.salesforce import (
    LoginRequest,
    LoginResult,
    LoginTools,
    OAuthClient,
    SalesforceClient,
    TokenSource,
    log_in,
)
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from tests.flow.browser import Browser
from tests.sandbox import in_process, transport
from tests.unit.http.clocks import HalfDice, JumpClock
from tests.unit.salesforce.fakes import MemoryVault, SharedLock
from tests.unit.salesforce.test_loopback import StillClock

ENTRY = "profile/salesforce"
BrowserScript = Callable[[Browser, str], Coroutine[Any, Any, object]]


async def allow(browser: Browser, url: str) -> object:
    """Log in and press Allow."""
    return await browser.log_in(url)


class Connection:
    """One world, one vault, one lock; as many programs as a test needs."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.world: World = in_process(settings)
        self.clock = JumpClock()
        self.vault = MemoryVault()
        self.lock = SharedLock()
        self.wiring = Wiring(self.clock, HalfDice(), CallBudget(self.clock), transport(self.world))
        self.browser = Browser(self.world)
        self.urls: list[str] = []
        self.instance = ""

    @property
    def login_url(self) -> str:
        return self.world.addresses.salesforce_login

    def request(self, **changes: Any) -> LoginRequest:
        plain = LoginRequest(self.login_url, self.world.salesforce.auth.client_id, ENTRY)
        return replace(plain, **changes)

    async def log_in(
        self, script: BrowserScript = allow, *, open_browser: Callable[[str], bool] | None = None, **changes: Any
    ) -> LoginResult:
        """Log in with a scripted person at the browser."""
        # The login itself waits for the person, not for a clock.
        wiring = replace(self.wiring, clock=StillClock())
        opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def on_url(url: str) -> None:
            self.urls.append(url)
            opened.set_result(url)

        async def browse() -> None:
            await script(self.browser, await opened)

        tools = LoginTools(wiring, self.vault)
        login = asyncio.create_task(log_in(self.request(**changes), tools, on_url=on_url, open_browser=open_browser))
        browsing = asyncio.create_task(browse())
        # A browser that fails must end the test instead of leaving the program waiting for it, and the reverse.
        browsing.add_done_callback(lambda task: login.cancel() if task.cancelled() or task.exception() else None)
        login.add_done_callback(lambda task: None if opened.done() else browsing.cancel())
        result, browser_end = await asyncio.gather(login, browsing, return_exceptions=True)
        if isinstance(browser_end, Exception):
            raise browser_end
        if isinstance(result, BaseException):
            raise result
        self.instance = result.instance_url
        return result

    def source(self) -> TokenSource:
        oauth = OAuthClient(self.login_url, self.world.salesforce.auth.client_id, self.wiring)
        return TokenSource(oauth, vault=self.vault, entry=ENTRY, lock=self.lock, instance_url=self.instance)

    def client(self, **options: Any) -> SalesforceClient:
        return SalesforceClient(self.source(), wiring=self.wiring, **options)
