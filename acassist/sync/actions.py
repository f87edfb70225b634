"""One-off writes by a person: send a campaign, add to an automation; read fresh, intend, do once, record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from acassist.domain.ids import PEOPLE, Service
from acassist.domain.ledger import Intent, IntentKind, IntentState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, normalize_email
from acassist.sync.context import SyncContext, contact_subject
from acassist.sync.observe import fetch_records, live_by_email
from acassist.sync.recover import note_action, settle_action
from acassist.sync.schema import OPT_OUT_FIELD

_ACTIVE, _UNSUBSCRIBED = 1, 2


@dataclass(frozen=True, slots=True)
class Person:
    """Who an action is for: the contact, and the address that was shown when the person confirmed."""

    ac_id: str
    expected_email: str


async def check_person(ctx: SyncContext, person: Person) -> ActiveCampaignContact:
    """Read contact, lists, bounces and the Salesforce opt-out anew; raises a PERSON_* problem (rule 5.8)."""
    found = await ctx.activecampaign.contacts_by_ids([person.ac_id])
    if not found:
        raise _refused(ProblemCode.AC_GONE, person.ac_id)
    contact = found[0]
    name = contact.name or contact.email
    if normalize_email(contact.email) != normalize_email(person.expected_email):
        raise _refused(ProblemCode.PERSON_CHANGED, person.ac_id)
    if contact.hard_bounces:
        raise _refused(ProblemCode.PERSON_BOUNCED, person.ac_id, name=name)
    statuses = set((await ctx.activecampaign.contact_lists(person.ac_id)).values())
    if _UNSUBSCRIBED in statuses and _ACTIVE not in statuses:
        raise _refused(ProblemCode.PERSON_UNSUBSCRIBED, person.ac_id, name=name)
    await _check_opt_out(ctx, contact, name)
    return contact


async def _check_opt_out(ctx: SyncContext, contact: ActiveCampaignContact, name: str) -> None:
    """An opt-out of any twin counts for all; one that cannot be read stops the action (rules 2.2 and 5.8).

    The linked records are read by id, for their address may have changed since; whoever shares the address, by it.
    """
    email = normalize_email(contact.email) or ""
    links = ctx.stores.ledger.links_by_ac([contact.id]).get(contact.id, [])
    for sobject in PEOPLE:
        if sobject not in ctx.schema.objects:
            continue
        if not ctx.schema.of(sobject).opt_out_readable:
            raise _refused(ProblemCode.OPT_OUT_UNREADABLE, contact.id)
        ids = [link.sf_id for link in links if link.sobject is sobject]
        linked = await fetch_records(ctx, sobject, ids) if ids else {}
        sharing = (await live_by_email(ctx, sobject, [email])).get(email, [])
        if any(r.fields.get(OPT_OUT_FIELD) for r in [*linked.values(), *sharing] if not r.deleted):
            raise _refused(ProblemCode.PERSON_OPTED_OUT, contact.id, name=name)


def _refused(code: ProblemCode, ac_id: str, **values: Any) -> ProblemError:
    return ProblemError(Problem(code, contact_subject(ac_id), values, service=Service.ACTIVECAMPAIGN))


async def send_campaign(ctx: SyncContext, person: Person, *, campaign_id: str, message_id: str, title: str) -> None:
    """Send one campaign to one person, once; exactly the address that was confirmed is used."""
    contact = await check_person(ctx, person)

    async def send() -> None:
        await ctx.activecampaign.send_campaign(
            email=contact.email, campaign_id=campaign_id, message_id=message_id
        )

    await _once(ctx, IntentKind.SEND_CAMPAIGN, contact, item=(campaign_id, title), call=send)


async def enter_automation(ctx: SyncContext, person: Person, *, automation_id: str, title: str) -> None:
    """Add one person to one automation, once."""
    contact = await check_person(ctx, person)

    async def enter() -> None:
        await ctx.activecampaign.enter_automation(contact.id, automation_id)

    await _once(ctx, IntentKind.ENTER_AUTOMATION, contact, item=(automation_id, title), call=enter)


async def _once(
    ctx: SyncContext,
    kind: IntentKind,
    contact: ActiveCampaignContact,
    *,
    item: tuple[str, str],
    call: Callable[[], Awaitable[None]],
) -> None:
    """Store the intent, make the call, record it; a lost answer is looked up and never repeated (rule 6.3)."""
    payload = {"ac_id": contact.id, "item": item[0], "name": contact.name or contact.email, "title": item[1]}
    intent = ctx.stores.intents.open(Intent(kind, contact.id, payload))
    try:
        await call()
    except ProblemError as error:
        if not error.problem.ambiguous:
            ctx.stores.intents.close(intent.id, IntentState.DONE)
            raise
        if not await _looked_up(ctx, intent):
            code = ProblemCode.SEND_UNKNOWN if kind is IntentKind.SEND_CAMPAIGN else ProblemCode.ENTER_UNKNOWN
            raise _refused(code, contact.id) from error
    with ctx.stores.db.transaction():
        ctx.stores.intents.close(intent.id, IntentState.DONE)
        note_action(ctx, intent)


async def _looked_up(ctx: SyncContext, intent: Intent) -> bool:
    """Find out whether it was done; False when nobody can tell now, and then the next run looks again."""
    try:
        return await settle_action(ctx, intent)
    except ProblemError:
        return False
