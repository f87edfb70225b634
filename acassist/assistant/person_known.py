"""What a record page needs to know of both services: schemas and names, read when nobody waits for anything else."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from acassist.assistant.person_names import NameBook
from acassist.assistant.session import Session
from acassist.domain.fields import ObjectDescription
from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.profile import Setup
from acassist.http import Priority
from acassist.salesforce.rest import SalesforceClient
from acassist.sync.context import SyncContext
from acassist.sync.schema import ObjectSchema, Schema, object_schema

T = TypeVar("T")

FRESH = 60.0
"""For so many seconds schemas are used without a question."""
STALE = 900.0
"""For so long they may still be shown while they are read anew, and names used without a question."""
_GRACE = 1.0


@dataclass(frozen=True, slots=True)
class Known:
    """What changes seldom: the schemas of leads and contacts."""

    schema: Schema
    setup: Setup
    at: float


class Tasks:
    """Reading that others may join and nobody need wait for."""

    def __init__(self) -> None:
        self._live: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start reading."""
        task = asyncio.create_task(work)
        self._live.add(task)
        # Nobody may be waiting any more when it fails.
        task.add_done_callback(lambda done: None if done.cancelled() else done.exception())
        task.add_done_callback(self._live.discard)
        return task

    async def close(self) -> None:
        """End what is under way; a request that is nearly done may finish, so that it closes what it opened."""
        live = list(self._live)
        if live:
            await asyncio.wait(live, timeout=_GRACE)
        for task in live:
            task.cancel()
        await asyncio.gather(*live, return_exceptions=True)


class PersonKnown:
    """Schemas and names of the connected services."""

    def __init__(self, session: Session, tasks: Tasks) -> None:
        self._session = session
        self._tasks = tasks
        self._known: Known | None = None
        self._learning: asyncio.Task[Known] | None = None
        self._naming: asyncio.Task[None] | None = None
        self._viewing = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._outdated = False
        self._book = NameBook(session)

    @property
    def names(self) -> NameBook:
        """Return the names known of the connected account; no network."""
        self._book.open()
        return self._book

    async def context(self, *, patient: bool = True) -> SyncContext:
        """Build a context for single records, in the lane of the person; its schema is at most a minute old.

        With `patient` off it may be up to a quarter of an hour old: enough to look, not to write.
        """
        ctx = await self._bare()
        ctx.schema = (await self.known(patient=patient)).schema
        return ctx

    async def _bare(self) -> SyncContext:
        session = self._session
        return SyncContext(
            session.setup,
            await session.salesforce(Priority.INTERACTIVE),
            await session.activecampaign(Priority.INTERACTIVE),
            session.stores,
            session.machine.clock,
        )

    async def known(self, *, patient: bool = True) -> Known:
        """Return the schema; with `patient` off, an older one is returned and read anew once nobody waits."""
        known = self._known
        if known is None or known.setup is not self._session.setup or (age := self._age(known.at)) >= STALE:
            return await asyncio.shield(self._learn())
        if age >= FRESH and patient:
            return await asyncio.shield(self._learn())
        self._outdated = self._outdated or age >= FRESH
        return known

    def _age(self, since: float | None) -> float:
        return STALE if since is None else self._session.machine.clock.monotonic() - since

    @property
    def prepared(self) -> bool:
        """Tell whether a record can be looked at without a question about the schema first."""
        known = self._known
        return known is not None and known.setup is self._session.setup and self._age(known.at) < STALE

    def warm(self) -> None:
        """Begin to read what a record will need."""
        if self._session.setup.activecampaign is not None and self._session.setup.salesforce is not None:
            self._tasks.spawn(self.known())
            if self._age(self.names.read_at) >= STALE:
                self.name_everything()

    @contextmanager
    def viewing(self) -> Iterator[None]:
        """Let nothing that can wait take calls from a record that is being read."""
        self._viewing += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._viewing -= 1
            if not self._viewing:
                self._quiet.set()
                self._catch_up()

    def _catch_up(self) -> None:
        if self._outdated:
            self._outdated = False
            self.warm()

    async def quiet(self) -> None:
        """Wait until no record is being read."""
        await self._quiet.wait()

    def _learn(self) -> asyncio.Task[Known]:
        if self._learning is None or self._learning.done():
            self._learning = self._tasks.spawn(self._read_known())
        return self._learning

    async def _read_known(self) -> Known:
        ctx = await self._bare()
        salesforce = await self._session.salesforce(Priority.INTERACTIVE)
        fields, descriptions = await asyncio.gather(ctx.activecampaign.custom_fields(), _described(salesforce))
        objects: dict[SObject, ObjectSchema] = {
            sobject: object_schema(sobject, description, ctx.setup.mapping, fields)
            for sobject, description in descriptions.items()
        }
        self._known = Known(Schema(objects), ctx.setup, self._session.machine.clock.monotonic())
        return self._known

    def name_everything(self) -> asyncio.Task[None]:
        """Read the names of lists, tags and automations; one reading at a time."""
        if self._naming is None or self._naming.done():
            self._naming = self._tasks.spawn(self._read_names())
        return self._naming

    async def _read_names(self) -> None:
        await self.names.read(await self._session.activecampaign())


async def _described(salesforce: SalesforceClient) -> dict[SObject, ObjectDescription]:
    """Describe leads and contacts at the same time, after the token and the version, which both need."""
    await asyncio.gather(salesforce.source.access_token(), salesforce.version())
    found = await asyncio.gather(*(salesforce.describe(sobject) for sobject in PEOPLE))
    return dict(zip(PEOPLE, found, strict=True))
