"""Contacts found by the ActiveCampaign ID that a record shows, where its address finds nobody (rule 2.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.sync.contact_writes import fresh_contacts
from acassist.sync.context import SyncContext
from acassist.sync.observe import live_by_email


async def contacts_told(ctx: SyncContext, sobject: SObject, records: Sequence[SalesforceRecord]) -> dict[str, str]:
    """Return contact ids by record id; no call where no record shows an id that is in the index.

    An id is copied with a record, and outlives the account that it came from. So it counts only where it names one
    record, the person has the same name on both sides, and no other record of the object holds the contact or its
    address.
    """
    told = _told(ctx, sobject, records)
    known = ctx.stores.index.by_ids(told.values())
    wanted = {key: ac_id for key, ac_id in told.items() if ac_id in known and not _taken(ctx, sobject, ac_id)}
    if not wanted:
        return {}
    contacts = await fresh_contacts(ctx, wanted.values())
    by_id = {record.id: record for record in records}
    same = {
        key: contacts[ac_id]
        for key, ac_id in wanted.items()
        if ac_id in contacts and _same_name(by_id[key], contacts[ac_id])
    }
    return await _undisputed(ctx, sobject, same)


def _told(ctx: SyncContext, sobject: SObject, records: Sequence[SalesforceRecord]) -> dict[str, str]:
    """Read the ids; one that several records show names none of them."""
    name = ctx.schema.of(sobject).sync_fields.contact_id
    if name is None:
        return {}
    found = {record.id: _id(record.fields.get(name)) for record in records}
    counts = Counter(found.values())
    return {key: ac_id for key, ac_id in found.items() if ac_id and counts[ac_id] == 1}


def _id(value: object) -> str:
    text = str(int(value)) if isinstance(value, float) else str(value or "").strip()
    return text if text.isdecimal() else ""


def _taken(ctx: SyncContext, sobject: SObject, ac_id: str) -> bool:
    links = ctx.stores.ledger.links_by_ac([ac_id]).get(ac_id, [])
    return any(link.sobject is sobject and link.state is not LinkState.BROKEN for link in links)


def _same_name(record: SalesforceRecord, contact: ActiveCampaignContact) -> bool:
    pairs = (("LastName", "lastName"), ("FirstName", "firstName"))
    sides = [(_word(record.fields.get(sf)), _word(contact.values.get(ac))) for sf, ac in pairs]
    return bool(sides[0][0]) and all(ours == theirs for ours, theirs in sides)


def _word(value: object) -> str:
    return str(value or "").strip().casefold()


async def _undisputed(ctx: SyncContext, sobject: SObject, found: dict[str, ActiveCampaignContact]) -> dict[str, str]:
    """Leave out whose contact has an address that another live record of the object holds: that one goes by address."""
    emails = {email for contact in found.values() if (email := normalize_email(contact.email))}
    live = await live_by_email(ctx, sobject, emails) if emails else {}
    return {
        key: contact.id
        for key, contact in found.items()
        if not any(record.id != key for record in live.get(normalize_email(contact.email) or "", []))
    }
