"""Orphans: contacts that hold a sync tag and are linked to no record; finding them, and linking the clear cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from acassist.assistant.health import LISTED, HealthRow
from acassist.assistant.views import RecordRef
from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.domain.tags import SYNC_TAGS
from acassist.domain.text import N_, Message
from acassist.sync.candidates import link_known
from acassist.sync.context import SyncContext, contact_subject
from acassist.sync.observe import live_by_email
from acassist.sync.run import load_schema
from acassist.sync.tagging import load_tags

PAGE = 100
"""Contacts of one call (activecampaign_api 2)."""
_LINKS = 1000
_UNKNOWN = N_("The contact holds a sync tag, but belongs to no lead and no contact of Salesforce.")


@dataclass(frozen=True, slots=True)
class Orphans:
    """How many there are; at most 500 are listed."""

    count: int = 0
    rows: tuple[HealthRow, ...] = ()
    tagged: frozenset[str] = frozenset()
    """Every contact that was seen with a sync tag; all there are, when all were looked at."""


async def prepared(ctx: SyncContext) -> SyncContext:
    """Read fields and tags into a context; returns it."""
    await load_schema(ctx)
    await load_tags(ctx)
    return ctx


async def find_orphans(ctx: SyncContext, limit: int | None) -> Orphans:
    """Go through the contacts of every sync tag, or the first `limit` of each; one call for each hundred."""
    found: dict[str, HealthRow] = {}
    tagged: set[str] = set()
    for tag in sorted({ctx.tag_ids[name] for name in SYNC_TAGS if name in ctx.tag_ids}, key=int):
        looked = 0
        async for page in ctx.activecampaign.contacts(tag_id=tag):
            ctx.check_cancelled()
            found |= {c.id: _row(c) for c in _unlinked(ctx, page)}
            tagged.update(c.id for c in page)
            looked += len(page)
            if limit is not None and looked >= limit:
                break
    return Orphans(len(found), tuple(list(found.values())[:LISTED]), frozenset(tagged))


def untagged_links(ctx: SyncContext, tagged: frozenset[str]) -> list[Link]:
    """Return the active links of people whose contact is not among the tagged ones (rule 1.4)."""
    found: list[Link] = []
    for sobject in PEOPLE:
        after = 0
        while page := ctx.stores.ledger.iter_links(
            sobject=sobject, state=LinkState.ACTIVE, after_id=after, limit=_LINKS
        ):
            found += [link for link in page if link.ac_id not in tagged]
            after = page[-1].id
    return found


def _unlinked(ctx: SyncContext, page: list[ActiveCampaignContact]) -> list[ActiveCampaignContact]:
    """Leave out whoever has a link, and whoever has an issue, which says more."""
    linked = ctx.stores.ledger.links_by_ac([c.id for c in page])
    told = ctx.stores.issues.concerned([contact_subject(c.id) for c in page])
    return [c for c in page if c.id not in linked and contact_subject(c.id) not in told]


def _row(contact: ActiveCampaignContact) -> HealthRow:
    return HealthRow(RecordRef(None, None, contact.id), contact.email or contact.id, Message(_UNKNOWN))


async def link_orphans(ctx: SyncContext, refs: Iterable[RecordRef]) -> int:
    """Link each of these contacts to the one live record that has its address and no link; returns how many.

    Nobody is created. Where there is no such record, or more than one, the contact stays as it is. Values follow with
    the next run, by the rule of the first link.
    """
    contacts = await ctx.activecampaign.contacts_by_ids([ref.ac_id for ref in refs if ref.ac_id])
    waiting = {normalize_email(c.email) or "": c for c in contacts if not ctx.stores.ledger.links_by_ac([c.id])}
    waiting.pop("", None)
    records = await _records(ctx, waiting)
    linked = 0
    for sobject in PEOPLE:
        pairs = [
            (found[0], waiting[email].id)
            for email, found in records.items()
            if len(found) == 1 and found[0].sobject is sobject
        ]
        linked += len(await link_known(ctx, sobject, pairs)) if pairs else 0
    return linked


async def _records(ctx: SyncContext, emails: Iterable[str]) -> dict[str, list[SalesforceRecord]]:
    found: dict[str, list[SalesforceRecord]] = {}
    wanted = list(emails)
    for sobject in PEOPLE:
        for records in (await live_by_email(ctx, sobject, wanted)).values():
            for record in _free(ctx, sobject, records):
                found.setdefault(normalize_email(record.email or "") or "", []).append(record)
    return {email: records for email, records in found.items() if email in wanted}


def _free(ctx: SyncContext, sobject: SObject, records: list[SalesforceRecord]) -> list[SalesforceRecord]:
    taken = ctx.stores.ledger.links_by_sf(sobject, [record.id for record in records])
    return [record for record in records if record.id not in taken]
