"""A synced org whose administrator has prepared it, and somebody who holds only ActiveCampaign Standard User."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import httpx

from acassist.assistant.assistant import Assistant
from acassist.assistant.container import OpenProfile, Options, close_profile, open_profile
from acassist.assistant.events import LoginAddress
from acassist.domain.profile import OrgFacts, Role, Step
from acassist.salesforce.provisioning.definitions import STANDARD
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from acassist.system.vault import MemoryVault
from tests.engine import Engine, VirtualEngineClock
from tests.flow.browser import Browser
from tests.flow.provisioning_world import YES
from tests.flow.records_world import open_records
from tests.sandbox import ACTIVECAMPAIGN, LOGIN, transport

VERA = "vera.viewer@northwind-trading.example"


class PatientClock(VirtualEngineClock):
    """Does not let the time for a login run out while the browser is answering."""

    async def sleep(self, seconds: float) -> None:
        if seconds >= 60:
            await asyncio.Event().wait()
        await super().sleep(seconds)


@dataclass(slots=True)
class Office:
    """The administrator's engine and profiles of other people."""

    admin: Engine
    folder: Path
    opened: list[OpenProfile] = field(default_factory=list)

    @classmethod
    async def open(cls, folder: Path) -> Office:
        settings = Settings(leads=12, contacts=8, custom_fields=False, labels=True)
        admin = await open_records(folder / "admin", settings=settings, synced=False)
        assert (await admin.assistant.provisioning.apply(consent=YES)).complete
        await admin.assistant.sync_now(yes=True)
        return cls(admin, folder)

    async def close(self) -> None:
        for profile in self.opened:
            await close_profile(profile)
        await self.admin.close()

    @property
    def world(self) -> World:
        return self.admin.world

    async def hire(self, username: str = VERA, sets: Sequence[str] = (STANDARD.name,)) -> str:
        """Add a user to the org and assign permission sets to it."""
        made = await self.admin.control.call("POST", "/salesforce/users", {"username": username})
        for name in sets:
            answers = await self.admin.assistant.provisioning.assign([made["id"]], name)
            assert all(answer.done for answer in answers)
        return str(made["id"])

    async def profile(self, name: str = "viewer") -> Assistant:
        """Open an empty profile on another computer."""
        options = Options(
            data_dir=self.folder / name,
            clock=PatientClock(self.world),
            vault=MemoryVault(),
            transport=transport(self.world),
            browser=lambda _url: True,
            zone=UTC,
            dice=random.Random(2),
            language="en",
        )
        self.opened.append(await open_profile(options))
        return self.opened[-1].assistant

    async def log_in(self, assistant: Assistant, username: str) -> OrgFacts:
        """Go through step 1 up to the answer of Salesforce."""
        await assistant.connect_activecampaign(ACTIVECAMPAIGN, self.world.activecampaign.api_key)
        told: asyncio.Queue[str] = asyncio.Queue()
        stop = assistant.events.subscribe(lambda e: told.put_nowait(e.url) if isinstance(e, LoginAddress) else None)
        browser = Browser(self.world)
        login = asyncio.create_task(assistant.connect_salesforce(LOGIN, self.world.salesforce.client_id))
        try:
            # On a virtual clock the listener does not stay for the page that thanks.
            with suppress(httpx.ConnectError):
                await browser.log_in(await told.get(), username=username)
            return await login
        finally:
            stop()
            await browser.close()

    async def viewer(self) -> Assistant:
        """Return a viewer's assistant after step 1."""
        await self.hire()
        assistant = await self.profile()
        await self.log_in(assistant, VERA)
        flow = await assistant.open_step(Step.CONNECTIONS)
        assert flow.draft.role is Role.VIEWER
        await assistant.finish_step(flow)
        return assistant
