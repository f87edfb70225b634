"""After a crash: looks for the twin of every write whose answer is not known, before anything is repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, Intent, IntentKind, IntentState, Link, LinkState
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord, normalize_email
from acassist.domain.values import ValueProblem
from acassist.sync.contact_writes import fresh_contacts
from acassist.sync.context import SyncContext, contact_subject, subject_of
from acassist.sync.newcomers import add_link, lists_to_join, shown_base
from acassist.sync.observe import fetch_records, live_by_email, store_page
from acassist.sync.one_value import settle_edit
from acassist.sync.tagging import carry_out_tag, note_account
from acassist.sync.twins import spare_others

# The service's clock may differ a little from the Date header that the intent was stamped with.
_SKEW = timedelta(minutes=5)
# So long after the call a queued import may still make its people.
_CARRIED_OUT = timedelta(minutes=15)
# Up to so many people of one cut off creation are asked for one by one.
_BY_ADDRESS = 20
_ACTIONS = frozenset({IntentKind.SEND_CAMPAIGN, IntentKind.ENTER_AUTOMATION})
_NEVER_TOLD = frozenset({ProblemCode.AC_NO_RIGHTS, ProblemCode.AC_PLAN, ProblemCode.AC_GONE})


async def recover(ctx: SyncContext) -> None:
    """Settle every open intent, oldest first; afterwards a normal run reaches the state of an undisturbed one."""
    pending = ctx.stores.intents.pending()
    listed = await _arrivals(ctx, pending)
    for intent in pending:
        ctx.check_cancelled()
        if intent.kind in {IntentKind.CREATE_CONTACT, IntentKind.IMPORT}:
            await _contacts_created(ctx, intent, listed)
        elif intent.kind is IntentKind.CREATE_SALESFORCE:
            await _records_created(ctx, intent)
        elif intent.kind is IntentKind.UPDATE_CONTACT:
            await _pairs_updated(ctx, intent)
        elif intent.kind is IntentKind.EDIT_VALUE:
            await settle_edit(ctx, intent)
        elif intent.kind in _ACTIONS and await settle_action(ctx, intent):
            note_action(ctx, intent)
    # Tags last: recovery above may have intended some.
    for intent in ctx.stores.intents.pending():
        if intent.kind is IntentKind.TAG:
            await carry_out_tag(ctx, intent)


async def _contacts_created(ctx: SyncContext, intent: Intent, listed: Mapping[str, ActiveCampaignContact]) -> None:
    """Link the contacts that were created although the answer was lost; the rest was not created."""
    rows: Sequence[Mapping[str, Any]] = intent.payload["rows"]
    by_object: dict[SObject, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_object.setdefault(SObject(row["sobject"]), []).append(row)
    for sobject, members in by_object.items():
        known = ctx.stores.ledger.links_by_sf(sobject, [m["sf_id"] for m in members])
        open_ = [m for m in members if m["sf_id"] not in known]
        by_id = {m["sf_id"]: m for m in open_}
        found = await _look_up(ctx, open_, listed)
        records = await fetch_records(ctx, sobject, [i for i, contact in found.items() if contact])
        with ctx.stores.db.transaction():
            for sf_id, contact in found.items():
                if contact is not None and sf_id in records:
                    _adopt(ctx, records[sf_id], contact, by_id[sf_id], intent)
    ctx.stores.intents.close(intent.id, IntentState.DONE)


async def _arrivals(ctx: SyncContext, intents: Sequence[Intent]) -> dict[str, ActiveCampaignContact]:
    """List who came since the imports that were cut off, and return by address those whom they may have made."""
    imports = [i for i in intents if i.kind is IntentKind.IMPORT]
    wanted = {row["email"] for i in imports for row in i.payload["rows"]}
    found: dict[str, ActiveCampaignContact] = {}
    if not wanted:
        return found
    # Other people may have been stored since, with higher ids than some of these.
    newest = min(int(i.payload.get("after") or 0) for i in imports)
    async for page in ctx.activecampaign.contacts(after_id=str(newest)):
        ctx.check_cancelled()
        found.update({e: c for c in page if (e := normalize_email(c.email)) and e in wanted})
    return found


async def _look_up(
    ctx: SyncContext, rows: Sequence[Mapping[str, Any]], listed: Mapping[str, ActiveCampaignContact]
) -> dict[str, ActiveCampaignContact | None]:
    """Find the contacts of cut off creations by Salesforce id: in the listing, and a few of the others by address.

    Whoever existed before an import under a lower id is none of its people, and is matched by the run like anybody.
    """
    found: dict[str, ActiveCampaignContact | None] = {row["sf_id"]: listed.get(row["email"]) for row in rows}
    missing = [row for row in rows if found[row["sf_id"]] is None]
    for row in missing if len(missing) <= _BY_ADDRESS else ():
        found[row["sf_id"]] = await ctx.activecampaign.contact_by_email(row["email"])
    return found


def _adopt(
    ctx: SyncContext, record: SalesforceRecord, contact: ActiveCampaignContact, row: Mapping[str, Any], intent: Intent
) -> None:
    """Link a pair found by recovery; its base is what was sent, as far as the contact shows or once held it."""
    taken = ctx.stores.ledger.links_by_ac([contact.id]).get(contact.id, [])
    rivals = [link for link in taken if link.sobject is record.sobject and link.state is not LinkState.BROKEN]
    if record.deleted or record.converted or rivals:
        return
    store_page(ctx, [contact])
    base = shown_base(ctx, record.sobject, row["sent"], contact)
    if _ours(contact, intent):
        base = {**_edited_since(ctx, record.sobject, row["sent"], contact), **base}
    alone = intent.kind is IntentKind.CREATE_CONTACT and _ours(contact, intent)
    lists = lists_to_join(ctx, record) if alone else ()
    _, tag = add_link(ctx, record, contact.id, base=base, account=row["account"], lists=lists)
    if intent.kind is IntentKind.IMPORT and _ours(contact, intent):
        # The import tagged and joined its people in the same call.
        ctx.stores.intents.close(tag.id, IntentState.DONE)
        note_account(ctx, tag)
    ctx.stores.issues.clear(subject_of(record.sobject, record.id))


def _ours(contact: ActiveCampaignContact, intent: Intent) -> bool:
    """Tell whether the contact was made by the intended call: nobody had the address just before it."""
    if contact.created is None or intent.at is None:
        return False
    return intent.at - _SKEW <= contact.created <= intent.at + _CARRIED_OUT


def _edited_since(
    ctx: SyncContext, sobject: SObject, sent: Mapping[str, str | None], contact: ActiveCampaignContact
) -> dict[str, Base]:
    """Return the base of values that somebody changed after our call: without it the edit would be passed over.

    A blank is no sign of an edit, because the value may not have arrived.
    """
    fields = ctx.schema.of(sobject).by_key()
    return {
        key: Base(value, value)
        for key, value in sent.items()
        if key in fields and (contact.values.get(fields[key].ac.key) or "").strip()
    }


async def _records_created(ctx: SyncContext, intent: Intent) -> None:
    """Link the records that were created although the answer was lost (rule I5)."""
    sobject = SObject(intent.payload["sobject"])
    since = datetime.fromisoformat(intent.payload["since"]) - _SKEW
    linked = ctx.stores.ledger.links_by_ac([r["ac_id"] for r in intent.payload["rows"]])
    rows = [
        r
        for r in intent.payload["rows"]
        if not any(link.sobject is sobject for link in linked.get(r["ac_id"], []))
    ]
    live = await live_by_email(ctx, sobject, [r["email"] for r in rows]) if rows else {}
    with ctx.stores.db.transaction():
        for row in rows:
            made = [x for x in live.get(row["email"], []) if _created(x) >= since]
            taken = ctx.stores.ledger.links_by_sf(sobject, [x.id for x in made])
            if len(made) == 1 and made[0].id not in taken:
                base = {key: Base(value, value) for key, value in row["sent"].items()}
                _, tag = add_link(ctx, made[0], row["ac_id"], base=base)
                # The trigger tag is still there; working through it exchanges the tags.
                ctx.stores.intents.close(tag.id, IntentState.ABANDONED)
        ctx.stores.intents.close(intent.id, IntentState.DONE)


def _created(record: SalesforceRecord) -> datetime:
    return datetime.fromisoformat(str(record.fields.get("CreatedDate") or record.stamp.isoformat()))


async def _pairs_updated(ctx: SyncContext, intent: Intent) -> None:
    """Advance the base where a target holds what we meant to write, so that it is not taken for an edit."""
    sobject = SObject(intent.payload["sobject"])
    rows = {int(r["link"]): r["values"] for r in intent.payload["rows"]}
    links = [link for link in (ctx.stores.ledger.link(i) for i in rows) if link is not None]
    if sobject in ctx.schema.objects and links:
        records = await fetch_records(ctx, sobject, [link.sf_id for link in links])
        contacts = await fresh_contacts(ctx, [link.ac_id for link in links])
        with ctx.stores.db.transaction():
            store_page(ctx, list(contacts.values()))
            for link in links:
                _advance(ctx, link, rows[link.id], records.get(link.sf_id), contacts.get(link.ac_id))
    ctx.stores.intents.close(intent.id, IntentState.DONE)


def _advance(
    ctx: SyncContext,
    link: Link,
    values: Sequence[Sequence[Any]],
    record: SalesforceRecord | None,
    contact: ActiveCampaignContact | None,
) -> None:
    base, written = dict(link.base), {}
    fields = ctx.schema.of(link.sobject).by_key()
    for key, target, after in values:
        field = fields.get(key)
        if field is None or record is None or contact is None:
            continue
        try:
            if target == Service.SALESFORCE:
                now = field.codec.from_salesforce(record.fields.get(field.sf.name))
            else:
                now = field.codec.from_activecampaign(contact.values.get(field.ac.key))
        except ValueProblem:
            continue
        if field.codec.equal(now, after):
            base[key] = Base(after, after)
            if target == Service.ACTIVECAMPAIGN:
                written[field.ac.key] = contact.values.get(field.ac.key, "")
    ctx.stores.ledger.save_link(replace(link, base=base, ac_stamp=None))
    spare_others(ctx, link, written)


async def settle_action(ctx: SyncContext, intent: Intent) -> bool:
    """Find out whether a campaign was sent or an automation entered; tell a person when nobody can know.

    Returns True when it was done. It is never repeated here (rule 6.3).
    """
    since = (intent.at or ctx.clock.now()) - _SKEW
    ac_id, item = str(intent.payload["ac_id"]), str(intent.payload["item"])
    code = ProblemCode.SEND_UNKNOWN if intent.kind is IntentKind.SEND_CAMPAIGN else ProblemCode.ENTER_UNKNOWN
    try:
        done = await _was_done(ctx, intent, ac_id=ac_id, item=item, since=since)
    except ProblemError as error:
        # Asking will never be allowed, so the person is told; an intent left open would stop every run.
        if error.problem.code not in _NEVER_TOLD:
            raise
        done = None
    if done:
        ctx.stores.intents.close(intent.id, IntentState.DONE)
        return True
    with ctx.stores.db.transaction():
        ctx.stores.intents.close(intent.id, IntentState.ABANDONED)
        ctx.raise_issue(
            Problem(code, contact_subject(ac_id), service=Service.ACTIVECAMPAIGN),
            subject=contact_subject(ac_id),
            version=str(intent.id),
            name=str(intent.payload.get("name", "")),
            ac_id=ac_id,
        )
    return False


def note_action(ctx: SyncContext, intent: Intent) -> None:
    """Store in the history that a campaign was sent or an automation entered."""
    action = HistoryAction.SEND if intent.kind is IntentKind.SEND_CAMPAIGN else HistoryAction.ENTER
    ac_id, name = str(intent.payload["ac_id"]), str(intent.payload.get("name", ""))
    title = str(intent.payload.get("title", ""))
    subject = contact_subject(ac_id)
    ctx.note([ctx.item(Service.ACTIVECAMPAIGN, action, subject, name=name, ac_id=ac_id, after=title)])


async def _was_done(ctx: SyncContext, intent: Intent, *, ac_id: str, item: str, since: datetime) -> bool | None:
    if intent.kind is IntentKind.SEND_CAMPAIGN:
        return await ctx.activecampaign.campaign_was_sent(ac_id, item, since)
    entries = await ctx.activecampaign.automation_entries(ac_id)
    return any(e.automation_id == item and e.entered >= since for e in entries) or None
