"""A whole assistant on the in-process sandbox and a virtual clock, for engine tests: no socket, no real sleep."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile
from acassist.assistant.session import API_KEY, REFRESH_TOKEN
from acassist.domain.mapping import MappingSet
from acassist.domain.profile import (
    ActiveCampaignConnection,
    OutboundSettings,
    SalesforceConnection,
    Setup,
    Step,
    callback_urls,
)
from acassist.salesforce.oauth import Pkce
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from acassist.system.vault import MemoryVault
from tests.sandbox import ACTIVECAMPAIGN, INSTANCE, LOGIN, Control, in_process, transport


class VirtualEngineClock:
    """The engine's clock on the sandbox's virtual clock: sleeping advances it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._start = world.clock.now()

    def now(self) -> datetime:
        return self._world.clock.now().astimezone(UTC)

    def monotonic(self) -> float:
        return (self._world.clock.now() - self._start).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self._world.clock.advance(seconds)


@dataclass(slots=True)
class Engine:
    """An open profile, the world it works on, and the control app."""

    profile: OpenProfile
    world: World
    control: Control
    options: Options

    @property
    def assistant(self):
        return self.profile.assistant

    @property
    def stores(self):
        return self.profile.assistant.session.stores

    async def close(self) -> None:
        await close_profile(self.profile)

    async def reopen(self) -> None:
        """Open the profile again, as after a crash."""
        self.profile = await open_profile(self.options)


async def log_in(world: World) -> str:
    """Walk through login and consent like a browser would and return a refresh token."""
    pkce = Pkce.new(lambda n: "v" * 60)
    async with httpx.AsyncClient(transport=transport(world), base_url=LOGIN, follow_redirects=False) as client:
        query = {
            "response_type": "code",
            "client_id": world.salesforce.client_id,
            "redirect_uri": callback_urls()[0],
            "scope": "api refresh_token",
            "state": "s" * 40,
            "code_challenge": pkce.challenge,
            "code_challenge_method": "S256",
        }
        page = await client.get("/services/oauth2/authorize", params=query)
        code = ""
        for _ in range(6):
            if page.is_redirect:
                target = page.headers["location"]
                if target.startswith("http://localhost"):
                    code = parse_qs(urlsplit(target).query)["code"][0]
                    break
                page = await client.get(target)
                continue
            page = await _submit(client, page, world)
        answer = await client.post(
            "/services/oauth2/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "client_id": world.salesforce.client_id,
                "redirect_uri": callback_urls()[0],
                "code_verifier": pkce.verifier,
            },
        )
        return answer.json()["refresh_token"]


async def _submit(client: httpx.AsyncClient, page: httpx.Response, world: World) -> httpx.Response:
    """Fill in whatever form the page holds."""
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
    hidden |= {"username": world.salesforce.username, "password": world.salesforce.password, "decision": "allow"}
    action = re.search(r'<form[^>]*action="([^"]*)"', page.text)
    target = action[1] if action and action[1] else str(page.url)
    return await client.post(target.replace("&amp;", "&"), data=hidden)


def connected(world: World, mapping: MappingSet | None = None, outbound: OutboundSettings | None = None) -> Setup:
    """Return a finished set-up for a world."""
    base = Setup()
    return Setup(
        activecampaign=ActiveCampaignConnection(ACTIVECAMPAIGN, "acct", accounts_available=True),
        salesforce=SalesforceConnection(LOGIN, world.salesforce.client_id, INSTANCE, world.salesforce.org_id),
        mapping=mapping or base.mapping,
        outbound=outbound or base.outbound,
        finished=tuple(Step),
        started=True,
    )


async def open_engine(
    folder: Path,
    *,
    settings: Settings | None = None,
    world: World | None = None,
    mapping: MappingSet | None = None,
    outbound: OutboundSettings | None = None,
    empty: bool = False,
    seed: int = 1,
) -> Engine:
    """Open a connected assistant on a world."""
    world = world or in_process(settings, empty=empty)
    vault = MemoryVault()
    await vault.put(API_KEY, world.activecampaign.api_key)
    await vault.put(REFRESH_TOKEN, await log_in(world))
    options = Options(
        data_dir=folder,
        clock=VirtualEngineClock(world),
        vault=vault,
        transport=transport(world),
        browser=lambda url: False,
        zone=UTC,
        dice=random.Random(seed),
        language="en",
    )
    profile = await open_profile(options)
    profile.assistant.session.store(connected(world, mapping, outbound), what="test")
    return Engine(profile, world, Control(world), options)
