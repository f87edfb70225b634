"""Why a record is (not) syncing: every condition in order, with the one that decides."""

from __future__ import annotations

from dataclasses import dataclass

from acassist.domain.email import valid_email
from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue, Link, LinkState
from acassist.domain.problem import Problem
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.selection import SelectionKind
from acassist.domain.tags import SYNC_TAGS
from acassist.domain.text import N_, Message
from acassist.salesforce.criteria import CriteriaError, selection_where
from acassist.salesforce.soql import all_of, quote, select
from acassist.sync.context import SyncContext, contact_subject, subject_of
from acassist.sync.observe import live_by_email
from acassist.sync.plan import Pair, plan_pair
from acassist.sync.schema import OPT_OUT_FIELD


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what is asked, whether it is met (None: not asked), and what was found."""

    name: str
    title: Message
    met: bool | None
    finding: Message
    remedy: Message | None = None
    """What a person can do about it; None where it is met or nothing can be done."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All conditions in order; `decisive` is the first that is not met, None when the record syncs."""

    name: str
    conditions: tuple[Condition, ...]

    @property
    def decisive(self) -> Condition | None:
        """Return the condition that keeps the record from syncing."""
        return next((c for c in self.conditions if c.met is False), None)


@dataclass(frozen=True, slots=True)
class Subject:
    """The person in question, as found on both sides."""

    record: SalesforceRecord | None
    contact: ActiveCampaignContact | None
    link: Link | None


async def explain(ctx: SyncContext, subject: Subject) -> Explanation:
    """Check every condition in order (e-mail, selection, link, tag, status, mapping, permission, ...)."""
    conditions = [
        _email(subject),
        await _selection(ctx, subject),
        _link(subject),
        await _tag(ctx, subject),
        _status(ctx, subject),
        _mapping(ctx, subject),
        _permission(ctx, subject),
        _opt_out(ctx, subject),
        await _duplicate(ctx, subject),
        _conversion(subject),
        _last_problem(ctx, subject),
    ]
    who = subject.record or subject.contact
    return Explanation(who.name if who else "", tuple(conditions))


_REMEDIES = {
    "email": N_("Enter a valid address in Salesforce."),
    "selection": N_("Change the record so that it matches, or open step 3 of Setup and change the selection."),
    "link": N_("Open the record and let it sync again, or open Issues if one end is gone."),
    "tag": N_("Open Health on the Issues page: it gives the tag back."),
    "mapping": N_("Open Issues and correct the value, or decide which one counts."),
    "permission": N_("Give the connected user edit access in Salesforce."),
    "duplicate": N_("Open Issues and choose the record that belongs to the contact."),
    "conversion": N_("Look for the contact or the record that it became."),
}


def _condition(name: str, title: str, met: bool | None, text: str, **values: object) -> Condition:
    remedy = Message(_REMEDIES[name]) if met is False and name in _REMEDIES else None
    return Condition(name, Message(title), met, Message(text, values), remedy)


def _email(subject: Subject) -> Condition:
    title = N_("It has a valid e-mail address")
    email = subject.record.email if subject.record else (subject.contact.email if subject.contact else None)
    if not email:
        return _condition("email", title, False, N_("There is none, so the record is never sent."))
    if not valid_email(email):
        return _condition("email", title, False, N_("The address is not valid, so the record is never sent."))
    return _condition("email", title, True, N_("Found."))


async def _selection(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("It is selected for ActiveCampaign")
    record = subject.record
    if record is None:
        return _condition("selection", title, None, N_("It is not in Salesforce."))
    selection = ctx.setup.outbound.for_object(record.sobject)
    if selection.kind is SelectionKind.NONE:
        return _condition("selection", title, False, N_("Step 3 sends none of these records."))
    if subject.link is not None:
        return _condition("selection", title, True, N_("It is linked, so it is sent whatever the selection says."))
    if await _selected(ctx, record):
        return _condition("selection", title, True, N_("It matches the selection of step 3."))
    return _condition("selection", title, False, N_("It does not match the selection of step 3."))


async def _selected(ctx: SyncContext, record: SalesforceRecord) -> bool:
    schema = ctx.schema.of(record.sobject)
    selection = ctx.setup.outbound.for_object(record.sobject)
    try:
        clause = selection_where(selection, schema.description, schema.sync_fields)
    except CriteriaError:
        return False
    soql = select(["Id", "SystemModstamp"], record.sobject, where=all_of([f"Id = {quote(record.id)}", clause]))
    return bool([row async for page in ctx.salesforce.query(soql) for row in page])


def _link(subject: Subject) -> Condition:
    title = N_("It is linked to a contact")
    link = subject.link
    if link is None:
        return _condition("link", title, None, N_("Not yet; the next run links or creates it."))
    if link.state is LinkState.STOPPED:
        return _condition("link", title, False, N_("Somebody stopped syncing this record."))
    if link.state is LinkState.BROKEN:
        return _condition("link", title, False, N_("One end of the link is gone."))
    if not link.primary:
        return _condition("link", title, True, N_("Yes, as the secondary record: only the primary one writes."))
    return _condition("link", title, True, N_("Yes, to contact {id}."), id=link.ac_id)


async def _tag(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("Its contact holds a sync tag")
    if subject.contact is None:
        return _condition("tag", title, None, N_("There is no contact yet."))
    held = set(await ctx.activecampaign.contact_tags(subject.contact.id))
    tags = {name: tag_id for name, tag_id in (await ctx.activecampaign.tags()).items() if name in SYNC_TAGS}
    found = sorted(name for name, tag_id in tags.items() if tag_id in held)
    if found:
        return _condition("tag", title, True, N_("Found: {tags}."), tags=", ".join(found))
    met = False if subject.link is not None else None
    return _condition("tag", title, met, N_("None, so its changes do not go to Salesforce."))


def _status(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("Its sync status allows it")
    record = subject.record
    name = ctx.schema.of(record.sobject).sync_fields.status if record else None
    if record is None or name is None:
        return _condition("status", title, None, N_("The status field is not in this org."))
    text = str(record.fields.get(name) or "")
    return _condition("status", title, True, N_("It says: {shown}"), shown=text or Message(N_("blank")))


def _mapping(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("Its values fit the mapping")
    record, contact = subject.record, subject.contact
    if record is None or contact is None:
        return _condition("mapping", title, None, N_("It is on one side only."))
    plan = plan_pair(ctx.schema.of(record.sobject).fields, Pair(record, contact, subject.link))
    if plan.problems:
        fields = ", ".join(p.field.label for p in plan.problems)
        return _condition("mapping", title, False, N_("These fields do not fit: {fields}."), fields=fields)
    if plan.questions:
        fields = ", ".join(q.field.label for q in plan.questions)
        return _condition("mapping", title, False, N_("You are asked about: {fields}."), fields=fields)
    if plan.changes:
        fields = ", ".join(c.field.label for c in plan.changes)
        return _condition("mapping", title, True, N_("The next run writes: {fields}."), fields=fields)
    return _condition("mapping", title, True, N_("Nothing is waiting."))


def _permission(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("The connected user may change it")
    sobject = subject.record.sobject if subject.record else SObject.CONTACT
    description = ctx.schema.of(sobject).description
    if not description.updateable:
        return _condition("permission", title, False, N_("The user may not edit {object}."), object=description.label)
    barred = [f.label for f in ctx.schema.of(sobject).fields if f.sf.read_only and not f.sf.calculated]
    if barred:
        fields = ", ".join(barred)
        text = N_("Yes, but these fields are read-only: {fields}.")
        return _condition("permission", title, True, text, fields=fields)
    return _condition("permission", title, True, N_("Yes."))


def _opt_out(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("Opt-out")
    record = subject.record
    if record is None or not ctx.schema.of(record.sobject).opt_out_readable:
        return _condition("opt_out", title, None, N_("It cannot be read."))
    if record.fields.get(OPT_OUT_FIELD):
        return _condition("opt_out", title, True, N_("Opted out: values are synced, nothing is sent to the person."))
    return _condition("opt_out", title, True, N_("Not opted out."))


async def _duplicate(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("Its address is the only one of its kind")
    record = subject.record
    if record is None or not record.email:
        return _condition("duplicate", title, None, N_("There is nothing to compare."))
    rivals = (await live_by_email(ctx, record.sobject, [record.email])).get(record.email, [])
    if len(rivals) > 1:
        text = N_("{count} records share it; none is linked until you choose.")
        met = None if subject.link is not None else False
        return _condition("duplicate", title, met, text, count=len(rivals))
    return _condition("duplicate", title, True, N_("Yes."))


def _conversion(subject: Subject) -> Condition:
    title = N_("It is not converted, merged or deleted")
    record = subject.record
    if record is None:
        return _condition("conversion", title, None, N_("It is not in Salesforce."))
    if record.deleted:
        return _condition("conversion", title, False, N_("It was deleted or merged into another record."))
    if record.converted:
        return _condition("conversion", title, False, N_("The lead was converted; its contact is synced instead."))
    return _condition("conversion", title, True, N_("Yes."))


def _last_problem(ctx: SyncContext, subject: Subject) -> Condition:
    title = N_("Its last try succeeded")
    issues: list[Issue] = []
    if subject.record is not None:
        issues += ctx.stores.issues.open_for(subject_of(subject.record.sobject, subject.record.id))
    if subject.contact is not None:
        issues += ctx.stores.issues.open_for(contact_subject(subject.contact.id))
    if not issues:
        return _condition("last_problem", title, True, N_("No open problem."))
    values = {"name": issues[0].name, "field": issues[0].field, **issues[0].values}
    problem = Problem(issues[0].code, issues[0].subject, values)
    return Condition("last_problem", Message(title), False, problem.sentence, problem.next_step)
