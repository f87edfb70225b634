"""A scripted token endpoint with rotation, a scripted instance, a vault and a lock."""

import asyncio
from collections.abc import Callable
from types import TracebackType

import httpx

from acassist.http import CallBudget, Wiring
from acassist.salesforce import OAuthClient, SalesforceClient, TokenSource
from tests.unit.http.clocks import HalfDice, JumpClock

LOGIN = "https://login.salesforce.com"
INSTANCE = "https://acme.my.salesforce.com"
ORG = "00D000000000001EAA"
USER = "005000000000001AAA"
Handler = Callable[[httpx.Request], httpx.Response]


class MemoryVault:
    """Secrets in a dictionary; `steps` records what was done in order."""

    def __init__(self, **secrets: str) -> None:
        self.secrets = dict(secrets)
        self.steps: list[str] = []
        self.broken = 0

    async def get(self, name: str) -> str | None:
        await asyncio.sleep(0)
        return self.secrets.get(name)

    async def put(self, name: str, secret: str) -> None:
        await asyncio.sleep(0)
        if self.broken:
            self.broken -= 1
            raise KeyringClosed
        self.steps.append(f"stored {secret}")
        self.secrets[name] = secret

    async def remove(self, name: str) -> None:
        self.secrets.pop(name, None)


class KeyringClosed(Exception):
    """The vault could not store."""


class SharedLock:
    """One asyncio lock handed to several sources, as a file lock would be."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def __aenter__(self) -> object:
        return await self._lock.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._lock.release()


class Rotating:
    """A login host with refresh-token rotation: use of an old token revokes everything (salesforce_api 1.6)."""

    def __init__(self, *, rotate: bool = True) -> None:
        self.rotate = rotate
        self.current = "refresh-0"
        self.access = ""
        self.count = 0
        self.revoked = False
        self.instance = INSTANCE
        self.lose: list[bool] = []
        self.refuse: httpx.Response | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        form = dict(httpx.QueryParams(request.content.decode()))
        if self.refuse is not None:
            return self.refuse
        if self.revoked or form["refresh_token"] != self.current:
            self.revoked = True
            return oauth_error("invalid_grant", "expired access/refresh token")
        self.count += 1
        self.access = f"access-{self.count}"
        if self.rotate:
            self.current = f"refresh-{self.count}"
        if self.lose and self.lose.pop(0):
            raise httpx.ReadTimeout("lost")
        return httpx.Response(200, json=self._body())

    def _body(self) -> dict[str, str]:
        body = {"access_token": self.access, "instance_url": self.instance, "id": f"{LOGIN}/id/{ORG}/{USER}"}
        return body | ({"refresh_token": self.current} if self.rotate else {})


def oauth_error(error: str, description: str) -> httpx.Response:
    return httpx.Response(400, json={"error": error, "error_description": description})


class Scene:
    """Login host and instance over one scripted transport."""

    def __init__(self, *, rotate: bool = True, instance: Handler | None = None) -> None:
        self.clock = JumpClock()
        self.login = Rotating(rotate=rotate)
        self.vault = MemoryVault(sf="refresh-0")
        self.lock = SharedLock()
        self.requests: list[httpx.Request] = []
        self._instance = instance or (lambda request: httpx.Response(404))
        self.wiring = Wiring(self.clock, HalfDice(), CallBudget(self.clock), httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path.startswith("/services/oauth2/"):
            return self.login(request)
        if request.url.path == "/services/data":
            return httpx.Response(200, json=[{"version": "65.0"}, {"version": "67.0"}])
        return self._instance(request)

    def source(self) -> TokenSource:
        oauth = OAuthClient(LOGIN, "client", self.wiring)
        return TokenSource(oauth, vault=self.vault, entry="sf", lock=self.lock, instance_url=INSTANCE)

    def client(self, **options: bool) -> SalesforceClient:
        return SalesforceClient(self.source(), wiring=self.wiring, **options)

    def asked(self, path: str) -> list[httpx.Request]:
        return [r for r in self.requests if r.url.path.endswith(path)]
