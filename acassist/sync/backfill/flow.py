"""The flow of a backfill: reading, importing, listing and writing statuses overlap; the cursor follows in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from acassist.activecampaign.bulk_import import import_chunks
from acassist.domain.ids import SObject
from acassist.domain.ledger import IntentKind, IntentState, Link, LinkState
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.domain.record import ImportRow, normalize_email
from acassist.domain.text import N_, Message
from acassist.sync.backfill.arrivals import Arrivals, Batch
from acassist.sync.backfill.book import Book
from acassist.sync.backfill.keep import keep_batch, late_status_rows, status_rows
from acassist.sync.backfill.source import Chunk
from acassist.sync.candidates import link_known, tell_failures
from acassist.sync.contact_writes import queue_import
from acassist.sync.context import SyncContext
from acassist.sync.match import sort_again
from acassist.sync.newcomers import Newcomer, import_row, newcomer, open_intent, refused
from acassist.sync.pairs import work_pairs
from acassist.sync.record_writes import StatusQueue, StatusRow

# So many people may be queued and not seen yet; it bounds memory, and what recovery has to look for.
ROOM = 3_000
# Statuses are written in lots that are worth a Bulk job; the cursor follows each lot.
LOT = 2_500
MOST_LOTS = 4
# Import requests on their way at the same time, so that importing keeps ahead of listing.
FLIGHTS = 2
# At most 100 import requests a minute (activecampaign_api 3), with a little to spare.
IMPORT_EVERY = 0.605
# Reasons to send nothing more although all is well; what is under way is brought to its end.
_GENTLE = frozenset({ProblemCode.CANCELLED, ProblemCode.SF_QUOTA, ProblemCode.BRAKE})


@dataclass(slots=True)
class _Part:
    """A chunk on its way: how many of its imports are not settled, and the statuses it leaves behind."""

    chunk: Chunk
    imports: int = 0
    handed_over: bool = False
    statuses: StatusQueue = field(default_factory=StatusQueue)

    @property
    def done(self) -> bool:
        return self.handed_over and not self.imports


class Flow:
    """Carries chunks through. A stop asked for lets what is under way end; a problem ends everything at once."""

    def __init__(self, ctx: SyncContext, book: Book, *, moves_cursor: bool = True) -> None:
        self._ctx = ctx
        self._book = book
        self._sobject: SObject = book.request.sobject
        self._moves = moves_cursor
        self._arrivals = Arrivals(ctx, self._settle)
        self._group: asyncio.TaskGroup
        self._parts: deque[_Part] = deque()
        self._of_intent: dict[int, _Part] = {}
        self._ready: list[tuple[_Part, list[StatusRow]]] = []
        self._lots = asyncio.Event()
        self._ended = False
        self._next_import = 0.0
        self._flights = asyncio.Semaphore(FLIGHTS)
        self._flying = 0
        self._base = book.counts
        self._before = replace(ctx.tally)
        self._calls = (ctx.salesforce.calls() or (0, 0))[0] + ctx.activecampaign.calls_made()
        self._halt: ProblemError | None = None
        book.done = book.reached

    async def run(self, chunks: AsyncIterator[Chunk]) -> None:
        """Work through the chunks; raises the first problem of any stage, or why it stopped before the last."""
        queue: asyncio.Queue[Chunk | None] = asyncio.Queue(1)
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                group.create_task(self._read(chunks, queue), name="backfill read")
                group.create_task(self._send_all(queue), name="backfill send")
                group.create_task(self._arrivals.run(), name="backfill list")
                group.create_task(self._tell_all(), name="backfill status")
        except BaseExceptionGroup as error:
            raise _leaf(error) from error
        if self._halt is not None:
            raise self._halt

    # -- reading
    async def _read(self, chunks: AsyncIterator[Chunk], queue: asyncio.Queue[Chunk | None]) -> None:
        try:
            async for chunk in chunks:
                if self._stopping():
                    break
                await queue.put(chunk)
        except ProblemError as error:
            self._stop_for(error)
        await queue.put(None)

    def _stopping(self) -> bool:
        if self._halt is None and self._ctx.cancelled():
            self._halt = ProblemError(Problem(ProblemCode.CANCELLED))
        return self._halt is not None

    def _stop_for(self, error: ProblemError) -> None:
        if error.problem.code not in _GENTLE:
            raise error
        self._halt = self._halt or error

    # -- sending
    async def _send_all(self, queue: asyncio.Queue[Chunk | None]) -> None:
        while (chunk := await queue.get()) is not None:
            if self._stopping():
                continue
            part = _Part(chunk)
            self._parts.append(part)
            try:
                await self._send(part)
            except ProblemError as error:
                self._stop_for(error)
                continue
            part.handed_over = True
            self._advance()
        for _ in range(FLIGHTS):
            await self._flights.acquire()
        self._ended = True
        self._arrivals.close()
        self._lots.set()

    async def _send(self, part: _Part) -> None:
        chunk = part.chunk
        for row in late_status_rows(self._ctx, chunk.linked, chunk.records):
            part.statuses.add(row)
        links = [*chunk.unfinished, *await link_known(self._ctx, self._sobject, chunk.sorted.link)]
        await self._compare(part, links)
        people = [newcomer(self._ctx, self._sobject, r) for r in chunk.sorted.create]
        by_email = {p.email: p for p in people}
        exclude = not self._ctx.setup.defaults.run_automations
        for rows in import_chunks([import_row(self._ctx, p) for p in people], exclude_automations=exclude):
            await self._wait_for_room()
            self._ctx.check_cancelled()
            members = [by_email[normalize_email(row.email) or ""] for row in rows]
            await self._import(part, members, rows)

    async def _compare(self, part: _Part, links: list[Link]) -> None:
        if not links:
            return
        # Read anew: tagging noted accounts with the links that it was given.
        now = self._ctx.stores.ledger.links_by_sf(self._sobject, [link.sf_id for link in links])
        active = [link for link in now.values() if link.state is LinkState.ACTIVE]
        records = part.chunk.records
        await work_pairs(self._ctx, self._sobject, active, records=records, status=part.statuses)

    async def _wait_for_room(self) -> None:
        """Hold back while too many people, or too many statuses, are on their way."""
        while self._arrivals.waiting + self._flying > ROOM or len(self._ready) > MOST_LOTS * 3:
            self._arrivals.press(on=True)
            self._arrivals.freed.clear()
            await self._arrivals.freed.wait()
        self._arrivals.press(on=False)

    async def _import(self, part: _Part, members: list[Newcomer], rows: list[ImportRow]) -> None:
        """Queue one import, unless somebody of it has appeared meanwhile: that person is linked instead."""
        ctx = self._ctx
        again = await sort_again(ctx, [p.record for p in members])
        if again.link:
            await self._compare(part, await link_known(ctx, self._sobject, again.link))
        new = {record.id for record in again.create}
        rows = [row for person, row in zip(members, rows, strict=True) if person.record.id in new]
        members = [person for person in members if person.record.id in new]
        if not members:
            return
        self._check_room(len(members))
        await self._flights.acquire()
        await self._pace()
        part.imports += 1
        self._flying += len(members)
        self._group.create_task(self._fly(part, members, rows), name="backfill import")

    async def _fly(self, part: _Part, members: list[Newcomer], rows: list[ImportRow]) -> None:
        """Queue one import; what is refused as a whole becomes an issue of each of its people."""
        ctx = self._ctx
        intent = open_intent(ctx, IntentKind.IMPORT, members)
        exclude = not ctx.setup.defaults.run_automations
        try:
            receipt = await queue_import(ctx, rows, exclude_automations=exclude)
        except ProblemError as error:
            if error.problem.reaction is not Reaction.ISSUE or error.problem.ambiguous:
                raise
            with ctx.stores.db.transaction():
                ctx.stores.intents.close(intent.id, IntentState.DONE)
                for person in members:
                    refused(ctx, person.record, error.problem)
            part.imports -= 1
            self._advance()
        else:
            self._of_intent[intent.id] = part
            self._arrivals.add(Batch(members, receipt, intent, ctx.clock.monotonic()))
        finally:
            self._flying -= len(members)
            self._flights.release()

    def _check_room(self, people: int) -> None:
        """Stay within what the plan has room for; no yes changes that (rule 6.1)."""
        room = self._ctx.room
        creates = self._ctx.tally.created_ac + self._arrivals.waiting + self._flying + people
        if room is not None and creates > room:
            values = {"what": "subscriber_limit", "count": creates, "limit": room}
            raise ProblemError(Problem(ProblemCode.BRAKE, "subscriber_limit", values))

    async def _pace(self) -> None:
        clock = self._ctx.clock
        wait = self._next_import - clock.monotonic()
        if wait > 0:
            await clock.sleep(wait)
        self._next_import = clock.monotonic() + IMPORT_EVERY

    # -- arriving
    async def _settle(self, batch: Batch) -> None:
        part = self._of_intent.pop(batch.intent.id)
        with self._ctx.stores.db.transaction():
            made = keep_batch(self._ctx, self._sobject, batch)
            self._count()
            self._book.save(self._ctx.stores.settings)
        for row in status_rows(self._ctx, made):
            part.statuses.add(row)
        part.imports -= 1
        self._advance()

    def _advance(self) -> None:
        """Hand over the chunks in front that are done; order is what lets the cursor speak for all before it."""
        while self._parts and self._parts[0].done:
            part = self._parts.popleft()
            self._book.done += len(part.chunk.records)
            tell_failures(self._ctx, self._sobject, list(part.chunk.records.values()), part.statuses)
            self._ready.append((part, part.statuses.rows.get(self._sobject, [])))
        self._count()
        self._ctx.report(Message(N_("Sending existing records")), self._book.done, self._book.total or None)
        self._lots.set()

    def _count(self) -> None:
        tally, before, base = self._ctx.tally, self._before, self._base
        calls = (self._ctx.salesforce.calls() or (0, 0))[0] + self._ctx.activecampaign.calls_made() - self._calls
        self._book.counts = replace(
            base,
            created=base.created + tally.created_ac - before.created_ac,
            linked=base.linked + tally.linked - before.linked,
            problems=base.problems + tally.issues - before.issues,
            calls=base.calls + max(0, calls),
            skipped=self._book.counts.skipped,
        )

    # -- telling Salesforce
    async def _tell_all(self) -> None:
        while not (self._ended and not self._ready and not self._parts_open()):
            waiting = sum(len(rows) for _, rows in self._ready)
            due = waiting >= LOT or (self._ended and not self._parts_open())
            silent = bool(self._ready) and not waiting
            if due or silent:
                await self._tell()
                continue
            self._lots.clear()
            await self._lots.wait()

    def _parts_open(self) -> bool:
        """Tell whether a chunk will still be handed over; one that was broken off never is."""
        return any(part.handed_over or part.imports for part in self._parts)

    async def _tell(self) -> None:
        """Write the statuses of the chunks in front, then move the cursor behind them."""
        lot, self._ready = self._ready, []
        statuses = StatusQueue()
        for _, rows in lot:
            for row in rows:
                statuses.add(row)
        # Also after a stop was asked for: these people are in ActiveCampaign already.
        await statuses.flush(replace(self._ctx, cancelled=lambda: False))
        if self._moves:
            self._move(lot)
        self._arrivals.freed.set()

    def _move(self, lot: list[tuple[_Part, list[StatusRow]]]) -> None:
        book = self._book
        chunks = [part.chunk for part, _ in lot]
        skipped = sum(chunk.skipped for chunk in chunks)
        with self._ctx.stores.db.transaction():
            book.cursor = chunks[-1].last_id
            book.reached += sum(len(chunk.records) for chunk in chunks)
            book.counts = replace(book.counts, skipped=book.counts.skipped + skipped)
            book.save(self._ctx.stores.settings)


def _leaf(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return what ended the group: a problem only if nothing worse happened."""
    found: list[BaseException] = []
    for error in group.exceptions:
        found.append(_leaf(error) if isinstance(error, BaseExceptionGroup) else error)
    return next((e for e in found if not isinstance(e, ProblemError)), found[0])


async def one(chunk: Chunk) -> AsyncIterator[Chunk]:
    """Yield a single chunk."""
    yield chunk
