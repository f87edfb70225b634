"""An empty account with the usual fields, and a client with the right key."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from acassist.sandbox.activecampaign.load import furnish
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from tests.sandbox import client, in_process

Call = Callable[..., Awaitable[Any]]


@pytest.fixture
def world() -> World:
    made = in_process(Settings(), empty=True)
    furnish(made.activecampaign)
    made.activecampaign.take_writes()
    return made


@pytest.fixture
async def http(world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with client(world) as open_client:
        yield open_client


@pytest.fixture
def call(http: httpx.AsyncClient) -> Call:
    async def send(method: str, path: str, body: Any = None, *, status: int | None = None) -> Any:
        response = await http.request(method, "/api/3/" + path, json=body)
        assert status is None or response.status_code == status, f"{response.status_code} {response.text}"
        return response.json() if response.content else None

    return send


@pytest.fixture
def switch(world: World) -> Callable[..., None]:
    def change(**settings: Any) -> None:
        world.activecampaign.configure(settings)

    return change


@pytest.fixture
def person(world: World) -> Callable[..., str]:
    def add(email: str = "ada@mail.example", **standard: Any) -> str:
        return str(world.activecampaign.create(email, standard).id)

    return add
