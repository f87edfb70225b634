"""The ActiveCampaign half of the sandbox on its own, and our client on it."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime

import httpx

from acassist.activecampaign.client import ActiveCampaignClient, http_for
from acassist.http.budget import CallBudget
from acassist.http.client import Wiring
from acassist.sandbox.activecampaign.app import build_account
from acassist.sandbox.clock import VirtualClock
from acassist.sandbox.dataset import fill_activecampaign
from acassist.sandbox.faults import ConnectionDropped
from acassist.sandbox.people import people
from acassist.sandbox.server import activecampaign_app
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import Addresses, World


class OneClock:
    """Our clock on the sandbox's: sleeping moves both."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._start = clock.now()

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return (self._clock.now() - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        until = self.monotonic() + seconds
        await asyncio.sleep(0)
        self._clock.advance(max(0.0, until - self.monotonic()))


class Wire(httpx.AsyncBaseTransport):
    def __init__(self, world: World) -> None:
        self._inner = httpx.ASGITransport(app=activecampaign_app(world))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._inner.handle_async_request(request)
        except ConnectionDropped as error:
            raise httpx.ReadError("hung up", request=request) from error


def half_world(settings: Settings | None = None) -> World:
    settings = settings or Settings(leads=60, contacts=40)
    clock, rng, addresses = VirtualClock(), random.Random(settings.seed), Addresses()
    account = build_account(settings, clock, rng, addresses)
    world = World(settings, clock, rng, salesforce=None, activecampaign=account, addresses=addresses)
    everybody = list(people(random.Random(f"people {settings.seed}"), settings.leads + settings.contacts + 43))
    fill_activecampaign(world, everybody, clock.now())
    return world


def client_on(world: World, key: str | None = None) -> ActiveCampaignClient:
    clock = OneClock(world.clock)
    wiring = Wiring(clock, random.Random(1), CallBudget(clock), Wire(world))
    return ActiveCampaignClient(
        http_for(world.addresses.activecampaign, key or world.activecampaign.api_key, wiring=wiring)
    )
