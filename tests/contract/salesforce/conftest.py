"""An org on a virtual clock and a session on it, without a socket."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from tests.sandbox import INSTANCE, LOGIN, Control, client, in_process

V = "/services/data/v66.0"


class Org:
    """Calls on the instance host with a good session; paths are below the version."""

    def __init__(self, world: World) -> None:
        self.world, self.org = world, world.salesforce
        self.web = client(world, INSTANCE)
        self.control = Control(world)
        self.renew()

    def renew(self) -> None:
        """Open a fresh session."""
        until = self.world.clock.now().timestamp() + 7200
        session = self.org.auth.open_session(org_id=self.org.org_id, user_id=self.org.user_id, scope="api", until=until)
        self.web.headers["Authorization"] = f"Bearer {session.token}"

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        url = path if path.startswith("/services") else V + path
        return await self.web.request(method, url, json=body, **more)

    async def good(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """Return the parsed body of an answer that must be a success."""
        response = await self.call(method, path, body, **more)
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    async def refused(self, method: str, path: str, body: Any = None, **more: Any) -> tuple[int, dict[str, Any]]:
        """Return status and first error of an answer that must be a refusal."""
        response = await self.call(method, path, body, **more)
        assert response.status_code >= 400, response.text
        return response.status_code, json.loads(response.content)[0]

    async def query(self, text: str, area: str = "/query", **headers: str) -> Any:
        return await self.good("GET", area, params={"q": text}, headers=headers)

    async def ids(self, text: str, area: str = "/query") -> list[str]:
        return [record["Id"] for record in (await self.query(text, area))["records"]]

    async def query_refused(self, text: str) -> tuple[int, dict[str, Any]]:
        return await self.refused("GET", "/query", params={"q": text})

    async def lead(self, **values: Any) -> str:
        """Create a lead and return its id."""
        body = {"LastName": "Doe", "Company": "Acme", **values}
        made = await self.good("POST", "/sobjects/Lead", body, headers={"Sforce-Auto-Assign": "FALSE"})
        return str(made["id"])

    async def contact(self, **values: Any) -> str:
        made = await self.good("POST", "/sobjects/Contact", {"LastName": "Doe", **values})
        return str(made["id"])

    async def read(self, sobject: str, key: str, *fields: str) -> Any:
        return await self.good("GET", f"/sobjects/{sobject}/{key}", params={"fields": ",".join(fields)})

    async def set(self, **switches: Any) -> None:
        await self.control.call("PATCH", "/salesforce/settings", switches)

    def advance(self, seconds: float) -> None:
        self.world.clock.advance(seconds)  # type: ignore[attr-defined]


@pytest.fixture
async def org() -> AsyncIterator[Org]:
    """An org without people."""
    found = Org(in_process(Settings(), empty=True))
    yield found
    await found.web.aclose()


@pytest.fixture
async def peopled() -> AsyncIterator[Org]:
    """An org with the data set: 60 leads and 40 contacts."""
    found = Org(in_process(Settings(leads=60, contacts=40)))
    yield found
    await found.web.aclose()


@pytest.fixture
async def login(org: Org) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the login host."""
    async with client(org.world, LOGIN) as browser:
        yield browser
