"""Reads what changed on both sides since the last run; a cursor moves only with the page it covers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import aclosing
from datetime import datetime, timedelta

from acassist.domain.ids import SObject
from acassist.domain.ledger import IndexedContact
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.text import N_, Message
from acassist.salesforce.soql import all_of, datetime_literal, in_list, quote, select
from acassist.sync.ahead import ahead
from acassist.sync.context import SyncContext, to_record

# Rows may become visible some time after their stamp (salesforce_api 3.2, commit delay).
OVERLAP = timedelta(minutes=10)
# `filters[updated_after]` may read the value in another zone; the safety margin makes that harmless.
AC_OVERLAP = timedelta(minutes=10)
# A statement may hold 100,000 characters; columns and a selection need their part (salesforce_api 3.1).
IN_CHUNK = 2_000
IN_CHARS = 60_000
BOUNCED = "#bounced"
_INDEX_CURSOR = "activecampaign.crawl"
CRAWLED = "activecampaign.crawled"
"""Cursor that tells when the index was filled: sweeps begin from there."""
DELTA_CURSOR = "activecampaign.updated"


def indexed(contact: ActiveCampaignContact) -> IndexedContact:
    """Reduce a contact to its row of the index."""
    # A bounce is kept beside the values, so that it counts as a change like any other.
    values = {**contact.values, BOUNCED: str(contact.hard_bounces)} if contact.hard_bounces else contact.values
    return IndexedContact(contact.id, contact.email, contact.updated, values, contact.stamps)


def from_index(row: IndexedContact) -> ActiveCampaignContact:
    """Return the contact that an index row stands for."""
    bounces = int(row.values.get(BOUNCED, "0"))
    return ActiveCampaignContact(
        row.ac_id, row.email, row.updated, values=row.values, stamps=row.stamps, hard_bounces=bounces
    )


def store_page(ctx: SyncContext, page: Sequence[ActiveCampaignContact]) -> set[str]:
    """Store a page of contacts in the index, mark the links of those that changed, and return their ids.

    Call it inside the transaction that moves the cursor (rule I7).
    """
    known = ctx.stores.index.by_ids([c.id for c in page])
    moved = {c.id for c in page if c.id not in known or _differs(known[c.id], c)}
    ctx.stores.index.put(indexed(c) for c in page if c.id in moved)
    ctx.stores.ledger.mark_unseen(moved)
    return moved


def _differs(old: IndexedContact, new: ActiveCampaignContact) -> bool:
    row = indexed(new)
    return (old.updated, old.email, dict(old.values)) != (row.updated, row.email, dict(row.values)) or old.deleted


async def _crawl(ctx: SyncContext) -> None:
    """Fill the index once, page by page, resumable after the last stored id (rule 2.8)."""
    ledger = ctx.stores.ledger
    if ledger.cursor(DELTA_CURSOR) is None:
        now = ctx.activecampaign.server_time() or ctx.clock.now()
        ledger.set_cursor(DELTA_CURSOR, now.isoformat())
    done = ctx.stores.index.count()
    async with aclosing(ahead(ctx.activecampaign.contacts(after_id=ledger.cursor(_INDEX_CURSOR)))) as pages:
        async for page in pages:
            ctx.check_cancelled()
            with ctx.stores.db.transaction():
                store_page(ctx, page)
                ledger.set_cursor(_INDEX_CURSOR, page[-1].id)
            done += len(page)
            ctx.report(Message(N_("Reading ActiveCampaign contacts")), done, None)
    ledger.set_cursor(_INDEX_CURSOR, "done")
    ledger.set_cursor(CRAWLED, ctx.clock.now().isoformat())


async def observe_activecampaign(ctx: SyncContext) -> None:
    """Bring the index up to date: the crawl once, then what was updated since the last time."""
    ledger = ctx.stores.ledger
    if ledger.cursor(_INDEX_CURSOR) != "done":
        await _crawl(ctx)
    since = datetime.fromisoformat(ledger.cursor(DELTA_CURSOR) or ctx.clock.now().isoformat())
    # The service's own time, so that a quiet hour does not leave the window open for everything before it.
    newest = max(since, ctx.activecampaign.server_time() or since)
    async with aclosing(ahead(ctx.activecampaign.contacts(updated_after=since - AC_OVERLAP))) as pages:
        async for page in pages:
            ctx.check_cancelled()
            newest = max([newest, *(c.updated for c in page)])
            with ctx.stores.db.transaction():
                store_page(ctx, page)
    # Pages come in id order, so the cursor may only move once all of them are stored.
    ledger.set_cursor(DELTA_CURSOR, newest.isoformat())


def in_chunks(items: Iterable[str]) -> Iterator[list[str]]:
    """Cut what stands in an IN list by number and by length; nothing twice."""
    chunk: list[str] = []
    used = 0
    for item in dict.fromkeys(items):
        size = len(quote(item)) + 2
        if chunk and (len(chunk) == IN_CHUNK or used + size > IN_CHARS):
            yield chunk
            chunk, used = [], 0
        chunk.append(item)
        used += size
    if chunk:
        yield chunk


async def fetch_records(ctx: SyncContext, sobject: SObject, ids: Iterable[str]) -> dict[str, SalesforceRecord]:
    """Read records by id with all columns, deleted ones included, 2,000 ids a call."""
    found: dict[str, SalesforceRecord] = {}
    columns = ctx.schema.of(sobject).columns
    for chunk in in_chunks(ids):
        soql = select(columns, sobject, where=f"Id IN {in_list(chunk)}")
        async for page in ctx.salesforce.query(soql, deleted=True):
            found.update({row["Id"]: to_record(sobject, row) for row in page})
    return found


async def selected_among(
    ctx: SyncContext, sobject: SObject, ids: Iterable[str], clause: str
) -> dict[str, SalesforceRecord]:
    """Read those of these records that are live and match a selection."""
    found: dict[str, SalesforceRecord] = {}
    live = "IsConverted = false" if sobject is SObject.LEAD else None
    for chunk in in_chunks(ids):
        where = all_of([f"Id IN {in_list(chunk)}", clause, live])
        async for page in ctx.salesforce.query(select(ctx.schema.of(sobject).columns, sobject, where=where)):
            found.update({row["Id"]: to_record(sobject, row) for row in page})
    return found


async def live_by_email(
    ctx: SyncContext, sobject: SObject, emails: Iterable[str]
) -> dict[str, list[SalesforceRecord]]:
    """Find live records by e-mail address: not deleted, not converted (rules 1.5 and 2.3)."""
    found: dict[str, list[SalesforceRecord]] = {}
    columns = ctx.schema.of(sobject).columns
    live = "IsConverted = false" if sobject is SObject.LEAD else None
    for chunk in in_chunks(emails):
        soql = select(columns, sobject, where=all_of([f"Email IN {in_list(chunk)}", live]))
        async for page in ctx.salesforce.query(soql):
            for row in page:
                record = to_record(sobject, row)
                if record.email:
                    found.setdefault(record.email, []).append(record)
    return found


def delta_cursor(sobject: SObject) -> str:
    """Name the cursor of one object's delta."""
    return f"salesforce.{sobject}"


def selection_cursor(sobject: SObject, clause: str) -> str:
    """Name the cursor of one object's selection; it belongs to the exact clause."""
    return f"selection.{sobject}.{clause}"


async def salesforce_delta(ctx: SyncContext, sobject: SObject) -> AsyncIterator[list[SalesforceRecord]]:
    """Yield pages of what was saved since the cursor, deleted and merged rows included (salesforce_api 3.2)."""
    since = ctx.stores.ledger.cursor(delta_cursor(sobject))
    if since is None:
        return
    after = datetime_literal(datetime.fromisoformat(since) - OVERLAP)
    where = f"SystemModstamp > {after}"
    soql = select(ctx.schema.of(sobject).columns, sobject, where=where, order_by="SystemModstamp, Id")
    async for page in ctx.salesforce.query(soql, deleted=True):
        ctx.check_cancelled()
        yield [to_record(sobject, row) for row in page]


async def selected_records(ctx: SyncContext, sobject: SObject, clause: str) -> AsyncIterator[list[SalesforceRecord]]:
    """Yield pages of selected records; those that were selected before and did not change are left out.

    The cursor belongs to the exact clause: a new selection starts from the beginning.
    """
    since = ctx.stores.ledger.cursor(selection_cursor(sobject, clause))
    window = f"SystemModstamp > {datetime_literal(datetime.fromisoformat(since) - OVERLAP)}" if since else None
    where = all_of([clause, window])
    soql = select(ctx.schema.of(sobject).columns, sobject, where=where, order_by="SystemModstamp, Id")
    async for page in ctx.salesforce.query(soql):
        ctx.check_cancelled()
        yield [to_record(sobject, row) for row in page]
