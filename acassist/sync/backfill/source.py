"""Which records a backfill takes, in the order of their ids, cut into chunks that are sorted by what is to be done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from acassist.domain.backfill import BackfillRequest
from acassist.domain.ids import SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import SalesforceRecord
from acassist.domain.text import N_, Message
from acassist.salesforce.criteria import CriteriaError, where
from acassist.salesforce.soql import all_of, quote, select
from acassist.sync.backfill.book import Book
from acassist.sync.context import SyncContext, to_record
from acassist.sync.guard import check_quota
from acassist.sync.match import Sorted, sort_records

# Four full imports; the addresses of so many people fit into few questions for rivals.
CHUNK = 1000


@dataclass(slots=True)
class Chunk:
    """Some records in the order of their ids, and what is to be done with them.

    `unfinished` are links that this backfill made and was torn away from; `linked` are its links that lack at most
    the status. `skipped` counts who cannot be sent.
    """

    records: dict[str, SalesforceRecord]
    sorted: Sorted
    unfinished: list[Link] = field(default_factory=list)
    linked: list[Link] = field(default_factory=list)
    skipped: int = 0

    @property
    def last_id(self) -> str:
        """Return the id of the last record."""
        return next(reversed(self.records))


def condition(ctx: SyncContext, request: BackfillRequest) -> str | None:
    """Return the WHERE clause of a request, None for everyone; raises MAPPING_INVALID for bad criteria."""
    description = ctx.schema.of(request.sobject).description
    try:
        chosen = None if request.everyone else where(request.selection.criteria, description)
    except CriteriaError as error:
        values = {"what": Message(N_("The filter of the backfill")), "reason": error.message}
        raise ProblemError(Problem(ProblemCode.MAPPING_INVALID, request.sobject, values)) from error
    live = "IsConverted = false" if request.sobject is SObject.LEAD else None
    return all_of([chosen, live]) if chosen or live else None


async def chunks(ctx: SyncContext, book: Book) -> AsyncIterator[Chunk]:
    """Yield the records behind the cursor, chunk by chunk."""
    sobject = book.request.sobject
    behind = f"Id > {quote(book.cursor)}" if book.cursor else None
    clause = all_of([condition(ctx, book.request), behind]) or None
    soql = select(ctx.schema.of(sobject).columns, sobject, where=clause, order_by="Id")
    async for page in ctx.salesforce.query(soql):
        check_quota(ctx)
        for start in range(0, len(page), CHUNK):
            records = [to_record(sobject, row) for row in page[start : start + CHUNK]]
            yield await _sorted(ctx, book, records)


async def _sorted(ctx: SyncContext, book: Book, records: Sequence[SalesforceRecord]) -> Chunk:
    before = ctx.tally.skipped
    sorted_ = await sort_records(ctx, book.request.sobject, records)
    chunk = Chunk({r.id: r for r in records}, sorted_, skipped=ctx.tally.skipped - before)
    for link in ctx.stores.ledger.links_by_sf(book.request.sobject, chunk.records).values():
        if link.state is LinkState.ACTIVE and link.synced_at is not None and link.synced_at >= book.started:
            (chunk.unfinished if link.ac_stamp is None else chunk.linked).append(link)
    return chunk
