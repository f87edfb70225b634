"""Who belongs to whom, on a person's word: choosing among duplicates, linking anew, ending a link, accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from acassist.assistant.person_search import merged
from acassist.assistant.views import SearchHit
from acassist.domain.ids import PEOPLE, Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, Issue, Link, LinkState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.sync.account_links import PREFIX
from acassist.sync.candidates import create_one
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.newcomers import add_link
from acassist.sync.observe import fetch_records, live_by_email, store_page
from acassist.sync.tagging import carry_out_tag
from acassist.sync.twins import hand_over


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may belong to a contact; `linked` when it is linked with that contact now.

    `labels` names those fields by which a person tells records apart, by API name.
    """

    record: SalesforceRecord
    linked: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccountCandidate:
    """One of several ActiveCampaign accounts with the same name, and how many people belong to it."""

    id: str
    name: str
    people: int


# -- duplicates
async def contact_of(ctx: SyncContext, issue: Issue) -> ActiveCampaignContact | None:
    """Read the contact that the records of a duplicate compete for."""
    if issue.ac_id is not None:
        return next(iter(await ctx.activecampaign.contacts_by_ids([issue.ac_id])), None)
    email = str(issue.values.get("email") or "")
    return await ctx.activecampaign.contact_by_email(email) if email else None


async def candidates(ctx: SyncContext, issue: Issue) -> list[Candidate]:
    """Return the live records that share the address, and the one that the contact is linked with."""
    email = str(issue.values.get("email") or "").strip().casefold()
    if issue.sobject is None or not email:
        return []
    found = {r.id: r for r in (await live_by_email(ctx, issue.sobject, [email])).get(email, [])}
    linked = [link.sf_id for link in _linked(ctx, await contact_of(ctx, issue), issue.sobject)]
    absent = [sf_id for sf_id in linked if sf_id not in found]
    for record in (await fetch_records(ctx, issue.sobject, absent)).values() if absent else ():
        if not record.deleted and not record.converted:
            found[record.id] = record
    labels = _labels(ctx, issue.sobject)
    return [Candidate(record, record.id in linked, labels) for record in found.values()]


def _labels(ctx: SyncContext, sobject: SObject) -> dict[str, str]:
    """Name the fields that tell records apart: those a person typed, not those that the services keep."""
    schema = ctx.schema.of(sobject)
    known = {f.name: f.label for f in schema.description.fields if f.updateable and not f.name.endswith("Id")}
    return {name: known[name] for name in schema.columns if name in known and name not in schema.sync_fields.names}


def _linked(ctx: SyncContext, contact: ActiveCampaignContact | None, sobject: SObject) -> list[Link]:
    links = ctx.stores.ledger.links_by_ac([contact.id]).get(contact.id, []) if contact is not None else []
    return [link for link in links if link.sobject is sobject and link.state is not LinkState.BROKEN]


async def choose_record(ctx: SyncContext, issue: Issue, sf_id: str) -> bool:
    """Link the chosen record with the contact, and with no other; whoever had the contact is unlinked.

    Where nobody has the address in ActiveCampaign yet, the contact is created from the chosen record.
    """
    found = {c.record.id: c.record for c in await candidates(ctx, issue)}
    contact, record = await contact_of(ctx, issue), found.get(sf_id)
    if record is None or (contact is None and issue.ac_id is not None):
        raise ProblemError(Problem(ProblemCode.SF_GONE if record is None else ProblemCode.AC_GONE, issue.subject))
    if contact is None:
        await create_one(ctx, record.sobject, record)
        return True
    old = ctx.stores.ledger.links_by_sf(record.sobject, [sf_id]).get(sf_id)
    present = _linked(ctx, contact, record.sobject)
    kept = next((link for link in present if link.sf_id == sf_id), None)
    with ctx.stores.db.transaction():
        for link in {x.id: x for x in [*present, *([old] if old else [])]}.values():
            if kept is None or link.id != kept.id:
                end_link(ctx, link, found[link.sf_id].name if link.sf_id in found else issue.name)
        store_page(ctx, [contact])
        tag = add_link(ctx, record, contact.id)[1] if kept is None else None
    if tag is not None:
        await carry_out_tag(ctx, tag)
    return True


def end_link(ctx: SyncContext, link: Link, name: str) -> None:
    """Forget a link, with a line in the history; call it inside a transaction."""
    ctx.stores.ledger.remove_link(link.id)
    hand_over(ctx.stores, link)
    ctx.note([_ended(ctx, link, name)])


def _ended(ctx: SyncContext, link: Link, name: str) -> HistoryItem:
    return ctx.item(
        Service.ACTIVECAMPAIGN,
        HistoryAction.UNLINK,
        subject_of(link.sobject, link.sf_id),
        name=name,
        sobject=link.sobject,
        sf_id=link.sf_id,
        ac_id=link.ac_id,
        before=link.email or link.ac_id,
        rule="person",
    )


async def unlink(ctx: SyncContext, issue: Issue, sf_id: str) -> bool:
    """End the link of one candidate of a duplicate; nothing is linked instead."""
    link = ctx.stores.ledger.links_by_sf(issue.sobject, [sf_id]).get(sf_id) if issue.sobject is not None else None
    if link is None:
        return False
    with ctx.stores.db.transaction():
        end_link(ctx, link, issue.name)
        ctx.stores.settings.audit("unlink", {"subject": subject_of(link.sobject, sf_id)}, link.ac_id)
    return True


def stop_twin(ctx: SyncContext, issue: Issue, link: Link) -> bool:
    """Let a twin take part no longer; the person's other record speaks alone, and this one may be resumed."""
    with ctx.stores.db.transaction():
        ctx.stores.ledger.save_link(replace(link, state=LinkState.STOPPED, primary=False, ac_stamp=None))
        if link.primary:
            hand_over(ctx.stores, link)
        ctx.note([_ended(ctx, link, issue.name)])
        ctx.stores.issues.clear(issue.subject)
        ctx.stores.settings.audit("unlink", {"subject": issue.subject}, link.ac_id)
    return True


# -- broken links
async def contacts_for(ctx: SyncContext, link: Link, text: str) -> list[SearchHit]:
    """Search for a contact that a record may be linked with, whose own is gone."""
    found = [c for c in await ctx.activecampaign.search_contacts(text) if c.id != link.ac_id]
    free = [c for c in found if not _linked(ctx, c, link.sobject)]
    return [replace(hit, linked=False) for hit in merged(ctx.stores.ledger, [], free)]


def records_for(ctx: SyncContext, link: Link, rows: Sequence[dict[str, Any]]) -> list[SearchHit]:
    """Return those of the records found that a contact may be linked with, whose own is gone."""
    contact = ActiveCampaignContact(link.ac_id, link.email, ctx.clock.now())
    taken = {sobject for sobject in PEOPLE if any(x.id != link.id for x in _linked(ctx, contact, sobject))}
    others = [row for row in rows if row.get("Id") != link.sf_id]
    return [hit for hit in merged(ctx.stores.ledger, others, []) if not hit.linked and hit.ref.sobject not in taken]


async def relink(ctx: SyncContext, issue: Issue, link: Link, hit: SearchHit) -> bool:
    """Link the end that is left with a contact or record that a person found; values flow with the next run."""
    sobject, sf_id = hit.ref.sobject or link.sobject, hit.ref.sf_id or link.sf_id
    ac_id = hit.ref.ac_id or link.ac_id
    record = (await fetch_records(ctx, sobject, [sf_id])).get(sf_id)
    contact = next(iter(await ctx.activecampaign.contacts_by_ids([ac_id])), None)
    if contact is None:
        raise ProblemError(Problem(ProblemCode.AC_GONE, issue.subject, service=Service.ACTIVECAMPAIGN))
    if record is None or record.deleted or record.converted:
        raise ProblemError(Problem(ProblemCode.SF_GONE, issue.subject, service=Service.SALESFORCE))
    taken = [x for x in _linked(ctx, contact, sobject) if x.id != link.id]
    other = ctx.stores.ledger.links_by_sf(sobject, [sf_id]).get(sf_id)
    if taken or (other is not None and other.id != link.id):
        return False
    with ctx.stores.db.transaction():
        ctx.stores.ledger.remove_link(link.id)
        store_page(ctx, [contact])
        _, tag = add_link(ctx, record, ac_id)
        ctx.stores.issues.clear(issue.subject)
        ctx.stores.settings.audit("relink", {"subject": issue.subject}, f"{subject_of(sobject, sf_id)} {ac_id}")
    await carry_out_tag(ctx, tag)
    return True


# -- accounts
async def account_candidates(ctx: SyncContext, issue: Issue) -> list[AccountCandidate]:
    """Return the ActiveCampaign accounts whose name is the one of this record, those with the most people first."""
    wanted = issue.name.strip().casefold()
    same = [(i, name) for i, name in await ctx.activecampaign.accounts() if name.strip().casefold() == wanted]
    people = Counter(account_id for account_id, _ in (await ctx.activecampaign.affiliations()).values())
    return sorted((AccountCandidate(i, name, people[i]) for i, name in same), key=lambda a: (-a.people, a.id))


def choose_account(ctx: SyncContext, issue: Issue, account_id: str) -> bool:
    """Link an account of Salesforce with one of several of the same name; values flow with the next run."""
    ledger = ctx.stores.ledger
    if issue.sf_id is None or ledger.links_by_ac([PREFIX + account_id]):
        return False
    with ctx.stores.db.transaction():
        ledger.add_link(Link(SObject.ACCOUNT, issue.sf_id, PREFIX + account_id, ""))
        ctx.stores.issues.clear(issue.subject, codes=[ProblemCode.ACCOUNT_AMBIGUOUS])
        ctx.stores.settings.audit("choose_account", {"subject": issue.subject}, account_id)
    return True


async def move_account(ctx: SyncContext, issue: Issue) -> bool:
    """Let a contact belong to the account that its record names; the name is the one that the issue tells."""
    name = str(issue.values.get("field") or "").strip()
    if issue.ac_id is None or not name:
        return False
    await ctx.activecampaign.move_to_account(issue.ac_id, await ctx.activecampaign.create_account(name))
    with ctx.stores.db.transaction():
        ctx.stores.issues.clear(issue.subject, codes=[ProblemCode.ACCOUNT_MOVE])
        ctx.stores.settings.audit("move_account", {"subject": issue.subject}, name)
    return True
