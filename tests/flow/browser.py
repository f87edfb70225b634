"""A scripted browser: follows redirects and fills in the two forms of the sandbox's login host."""

import html
import re

import httpx

from acassist.sandbox.world import World
from tests.sandbox import transport

_INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_ACTION = re.compile(r'<form method="post" action="([^"]+)"')


class Browser:
    """Reaches the sandbox in this process and the callback address over a real socket."""

    def __init__(self, world: World) -> None:
        self.auth = world.salesforce.auth
        self.pages: list[httpx.Response] = []
        local = httpx.AsyncHTTPTransport()
        self._client = httpx.AsyncClient(
            transport=transport(world), mounts={"http://localhost": local}, follow_redirects=True
        )

    async def submit(self, page: httpx.Response, **values: str) -> httpx.Response:
        """Send a page's form with its hidden fields."""
        action = _ACTION.search(page.text)
        assert action is not None, page.text
        hidden = {name: html.unescape(value) for name, value in _INPUT.findall(page.text)}
        return await self._get("POST", str(page.url.join(html.unescape(action[1]))), {**hidden, **values})

    async def _get(self, method: str, url: str, form: dict[str, str] | None = None) -> httpx.Response:
        page = await self._client.request(method, url, data=form)
        self.pages.append(page)
        return page

    async def log_in(
        self, url: str, *, decision: str = "allow", password: str | None = None, username: str = ""
    ) -> httpx.Response:
        """Open the login page, log in, decide, and return the last page."""
        page = await self._get("GET", url)
        who = {"username": username or self.auth.username, "password": password or self.auth.password}
        consent = await self.submit(page, **who)
        return await self.submit(consent, decision=decision)

    async def open(self, url: str) -> httpx.Response:
        """Open an address."""
        return await self._get("GET", url)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
