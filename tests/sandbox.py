"""The sandbox for tests: built in this process, reached over a transport that routes by host, on a virtual clock."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

from acassist.sandbox.clock import VirtualClock
from acassist.sandbox.faults import Asgi, ConnectionDropped
from acassist.sandbox.server import activecampaign_app, build, control_app, login_app, salesforce_app
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World

LOGIN = "https://login.sandbox.example"
INSTANCE = "https://instance.sandbox.example"
ACTIVECAMPAIGN = "https://acct.sandbox.example"
CONTROL = "https://control.sandbox.example"


def in_process(settings: Settings | None = None, *, empty: bool = False) -> World:
    """Return a world on a virtual clock; the default data set is small."""
    return build(settings or Settings(leads=12, contacts=8), VirtualClock(), empty=empty)


class SandboxTransport(httpx.AsyncBaseTransport):
    """Routes requests by host to the apps of one world; ports are ignored, unknown hosts cannot be reached."""

    def __init__(self, world: World) -> None:
        makers: dict[str, Callable[[World], Asgi]] = {
            world.addresses.salesforce_login: login_app,
            world.addresses.salesforce_instance: salesforce_app,
            world.addresses.activecampaign: activecampaign_app,
            world.addresses.control: control_app,
        }
        self._apps = {str(urlsplit(url).hostname): make(world) for url, make in makers.items()}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        app = self._apps.get(request.url.host)
        if app is None:
            raise httpx.ConnectError(f"no such host: {request.url.host}", request=request)
        try:
            return await httpx.ASGITransport(app=_bare(app)).handle_async_request(request)
        except ConnectionDropped as error:
            raise httpx.ReadError("the sandbox hung up", request=request) from error


def _bare(app: Asgi) -> Callable[[Any, Any, Any], Awaitable[None]]:
    return app


def transport(world: World) -> httpx.AsyncBaseTransport:
    """Return a transport that reaches all four parts of `world`."""
    return SandboxTransport(world)


def client(world: World, base: str = ACTIVECAMPAIGN) -> httpx.AsyncClient:
    """Return a client of one part; the ActiveCampaign client carries the right key."""
    headers = {"Api-Token": world.activecampaign.api_key} if base == ACTIVECAMPAIGN else {}
    return httpx.AsyncClient(transport=transport(world), base_url=base, headers=headers)


class Control:
    """The control app, call by call."""

    def __init__(self, world: World) -> None:
        self._client = client(world, CONTROL)

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the parsed answer. Raises AssertionError when it is not a success."""
        response = await self._client.request(method, path, json=body)
        assert response.is_success, f"{method} {path}: {response.status_code} {response.text}"
        return json.loads(response.content)
