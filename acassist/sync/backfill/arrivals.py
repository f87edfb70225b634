"""Finds the people of bulk imports by listing what came after the highest id known, some pages in flight."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from acassist.domain.ledger import Intent
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, ImportReceipt, normalize_email
from acassist.sync.context import SyncContext
from acassist.sync.newcomers import Newcomer
from acassist.sync.observe import store_page

PAGE = 100
# Pages on their way at the same time: enough that a slow answer leaves none of the allowance unused.
WINDOW = 3
# A queued import shows after a moment: seconds before the first look, and the longest pause between two looks.
FIRST_LAG, LONGEST_LAG = 0.5, 30.0
# How long an import may take, and how much longer its people may take to show in lists, in seconds.
PATIENCE, SHOWING = 900.0, 120.0
# An import that others, queued so much later, have overtaken is asked about while they arrive, every so often.
OVERTAKEN, ASK_EVERY = 20.0, 5.0
# Whoever asks for a pause waits no longer than this for an import to end.
PAUSE_PATIENCE = 20.0


@dataclass(slots=True)
class Batch:
    """The people of one import request, until each is found or given up."""

    members: list[Newcomer]
    receipt: ImportReceipt
    intent: Intent
    queued: float
    missing: dict[str, Newcomer] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    ended: float | None = None
    """When it was known to have ended; everybody it could make is made since."""

    @property
    def explained(self) -> bool:
        """Tell whether its end says about everybody missing that nobody will come (section 3 of the reference)."""
        unexplained = len(set(self.missing) - self.failed)
        return unexplained <= len(self.members) - self.receipt.queued


class Arrivals:
    """Batches under way; `settle` stores a batch of which everybody is found or given up."""

    def __init__(self, ctx: SyncContext, settle: Callable[[Batch], Awaitable[None]]) -> None:
        self._ctx = ctx
        self._settle = settle
        self._batches: list[Batch] = []
        self._wanted: dict[str, Batch] = {}
        self._last = ctx.stores.index.max_id() or "0"
        self._lag = FIRST_LAG
        self._newest_settled = 0.0
        self._asked = 0.0
        self._complete = False
        self._pressing = False
        self._changed = asyncio.Event()
        self._window: deque[asyncio.Task[list[ActiveCampaignContact]]] = deque()
        self.freed = asyncio.Event()

    @property
    def waiting(self) -> int:
        """Return how many people are queued and not seen yet."""
        return len(self._wanted)

    def add(self, batch: Batch) -> None:
        """Wait for the people of one more import."""
        batch.missing = {p.email: p for p in batch.members}
        self._batches.append(batch)
        self._wanted.update(dict.fromkeys(batch.missing, batch))
        self._changed.set()

    def press(self, *, on: bool) -> None:
        """Look also for few people: whoever queues imports waits for room."""
        self._pressing = on
        self._changed.set()

    def close(self) -> None:
        """No more batches come."""
        self._complete = True
        self._changed.set()

    async def run(self) -> None:
        """Look until every batch is settled and no more come."""
        async with asyncio.TaskGroup() as group:
            while True:
                self._fill(group)
                if self._window:
                    await self._take(await self._window.popleft())
                elif not self._batches and self._complete:
                    return
                elif self._batches and (self._complete or self._pressing):
                    await self._ctx.clock.sleep(self._lag)
                    self._ask_for_page(group)
                else:
                    self._changed.clear()
                    await self._changed.wait()

    def _fill(self, group: asyncio.TaskGroup) -> None:
        """Ask for as many pages as should be full by now; the answers on their way count as asked for."""
        while len(self._window) < WINDOW and self._ready() >= PAGE * (len(self._window) + 1):
            self._ask_for_page(group)

    def _ask_for_page(self, group: asyncio.TaskGroup) -> None:
        """Ask for the page behind those on their way: it starts so many pages behind the last known id."""
        read = self._ctx.activecampaign.contacts_page(after_id=self._last, offset=PAGE * len(self._window))
        self._window.append(group.create_task(read))

    def _ready(self) -> int:
        """Return how many people should show by now."""
        ripe = self._ctx.clock.monotonic() - self._lag
        return sum(len(b.missing) for b in self._batches if b.queued <= ripe and b.ended is None)

    async def _take(self, page: Sequence[ActiveCampaignContact]) -> None:
        """Use one page; only what follows without a gap moves the place to go on from."""
        arrived = self._match(page)
        if page:
            self._last = page[-1].id
        whole = len(page) >= PAGE
        while not whole and self._window:
            # Asked for as the page behind a full one; between it and this one some may be missing.
            arrived += self._match(await self._window.popleft())
        await self._settle_found()
        if whole:
            self._lag = max(FIRST_LAG, self._lag / 2)
            await self._ask_overtaken()
            return
        self._lag = FIRST_LAG if arrived else min(self._lag * 2, LONGEST_LAG)
        if not arrived:
            await self._ask()
            await self._ctx.clock.sleep(self._lag)

    def _match(self, contacts: Sequence[ActiveCampaignContact]) -> int:
        """Give each contact to who waits for it; others belong to the index (rule 2.8)."""
        others, arrived = [], 0
        for contact in contacts:
            email = normalize_email(contact.email) or ""
            batch = self._wanted.pop(email, None)
            if batch is None:
                others.append(contact)
                continue
            batch.missing.pop(email).contact = contact
            arrived += 1
        if others:
            with self._ctx.stores.db.transaction():
                store_page(self._ctx, others)
        return arrived

    async def _settle_found(self) -> None:
        for batch in [b for b in self._batches if not b.missing]:
            self._batches.remove(batch)
            self._newest_settled = max(self._newest_settled, batch.queued)
            await self._settle(batch)
            self.freed.set()

    async def _ask(self) -> None:
        """Ask how the oldest import stands, and give up who is missing long enough after its end."""
        batch = next(iter(self._batches), None)
        if batch is None:
            return
        waited = self._ctx.clock.monotonic() - batch.queued
        if waited > PAUSE_PATIENCE and self._ctx.cancelled():
            # Its intent stays open: whoever goes on looks for these people first.
            raise ProblemError(Problem(ProblemCode.CANCELLED))
        if batch.ended is None:
            status = await self._ctx.activecampaign.import_status(batch.receipt.batch_id)
            if status.finished:
                batch.ended = self._ctx.clock.monotonic()
                batch.failed = {e for e in map(normalize_email, status.failed_emails) if e}
            elif waited > PATIENCE:
                raise ProblemError(Problem(ProblemCode.AC_DOWN))
            return
        shown = self._ctx.clock.monotonic() - batch.ended > SHOWING or self._is_overtaken(batch)
        if shown or batch.explained:
            await self._give_up(batch)

    def _is_overtaken(self, batch: Batch) -> bool:
        return batch.queued + OVERTAKEN < self._newest_settled

    async def _ask_overtaken(self) -> None:
        """Do not let one person who never comes hold back everybody behind: the cursor waits for the oldest import."""
        oldest = next(iter(self._batches), None)
        now = self._ctx.clock.monotonic()
        if oldest is not None and self._is_overtaken(oldest) and now - self._asked >= ASK_EVERY:
            self._asked = now
            await self._ask()

    async def _give_up(self, batch: Batch) -> None:
        """Ask for everybody missing by address: who existed under a lower id, or was passed over, is found so."""
        for email in list(batch.missing):
            self._wanted.pop(email, None)
            if email not in batch.failed:
                batch.missing[email].contact = await self._ctx.activecampaign.contact_by_email(email)
        batch.missing.clear()
        await self._settle_found()
