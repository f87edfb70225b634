"""An assistant whose services are a process of their own, on a clock that runs so fast that nothing has to wait."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from acassist.assistant.container import OpenProfile, Options, open_profile
from acassist.assistant.session import API_KEY, REFRESH_TOKEN
from acassist.domain.mapping import DEFAULT_CONTACT, DEFAULT_LEAD, FieldMapping, MappingSet
from acassist.domain.profile import ActiveCampaignConnection, Defaults, SalesforceConnection, Setup, Step
from acassist.system.vault import MemoryVault

SPEED = 200.0


class FastClock:
    """So many seconds pass in each real one; whatever paces itself by it is not held up."""

    def __init__(self) -> None:
        self._begun, self._start = time.monotonic(), datetime.now(UTC)

    def monotonic(self) -> float:
        return (time.monotonic() - self._begun) * SPEED

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._begun)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


@dataclass
class Services:
    """The other process."""

    process: subprocess.Popen[str]
    info: dict[str, Any]

    def people(self) -> int:
        """Return how many people are in ActiveCampaign."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("people\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def services(count: int) -> Iterator[Services]:
    """Serve a crowd until the block ends."""
    command = [sys.executable, "-m", "tests.benchmarks.crowd_server", str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Services(process, json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(30)


async def open_connected(folder: Path, info: dict[str, Any]) -> OpenProfile:
    """Open an assistant that is connected to the services."""
    vault = MemoryVault()
    await vault.put(API_KEY, info["api_key"])
    await vault.put(REFRESH_TOKEN, info["refresh_token"])
    profile = await open_profile(
        Options(
            data_dir=folder,
            clock=FastClock(),
            vault=vault,
            browser=lambda url: False,
            zone=UTC,
            dice=random.Random(1),
            language="en",
        )
    )
    session = profile.assistant.session
    setup = Setup(
        activecampaign=ActiveCampaignConnection(info["activecampaign"], "acct", accounts_available=True),
        salesforce=SalesforceConnection(
            info["salesforce_login"], info["client_id"], info["salesforce_instance"], info["org_id"]
        ),
        finished=tuple(Step),
        started=True,
    )
    session.store(replace(setup, defaults=Defaults(sync_opt_out=True)), what="test")
    fields = {f.title: f.key for f in await (await session.activecampaign()).custom_fields()}
    rows = [("Nickname", "Nickname__c"), ("Annual budget", "Annual_Budget__c")]
    more = tuple(FieldMapping(fields[title], name) for title, name in rows)
    mapping = MappingSet(lead=(*DEFAULT_LEAD, *more), contact=DEFAULT_CONTACT)
    session.store(replace(session.setup, mapping=mapping), what="test")
    return profile
