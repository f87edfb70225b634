"""E-mail opt-out both ways; an opt-out in Salesforce is never cleared by a sync (rule 5.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from acassist.domain.ids import PEOPLE, Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, PlannedChange
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.lifecycle import contact_gone
from acassist.sync.observe import OVERLAP
from acassist.sync.plan import Pair
from acassist.sync.record_writes import update_records
from acassist.sync.schema import OPT_OUT_FIELD

# The base of the opt-out stands beside the mapped fields under a key that no mapping can have.
BASE_KEY = "#opt_out"
BOUNCE_REASON = "Hard bounce reported by ActiveCampaign"
ACTIVE, UNSUBSCRIBED = 1, 2
ONE_BY_ONE = 20


@dataclass(frozen=True, slots=True)
class OptOut:
    """The opt-out of one pair on both sides, as read in this run."""

    pair: Pair
    salesforce: bool
    unsubscribed: bool
    bounced: bool
    active_lists: tuple[str, ...]

    @property
    def activecampaign(self) -> bool:
        """Tell whether ActiveCampaign may not write to the person any more."""
        return self.unsubscribed or self.bounced


def is_unsubscribed(statuses: Sequence[int]) -> bool:
    """Unsubscribed means at least one membership with status 2 and none with status 1 (rule 5.8)."""
    return UNSUBSCRIBED in statuses and ACTIVE not in statuses


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of opt-outs, as Salesforce ids: records written, and those left to a run in the other direction."""

    written: frozenset[str] = frozenset()
    postponed: frozenset[str] = frozenset()


async def work_opt_outs(ctx: SyncContext, sobject: SObject, pairs: Sequence[Pair]) -> Carried:
    """Carry opt-outs of changed pairs both ways; a pair that did not change is not asked about."""
    schema = ctx.schema.of(sobject)
    if not ctx.setup.defaults.sync_opt_out or not schema.opt_out_readable:
        return Carried()
    found = await _read_all(ctx, [p for p in pairs if p.link is not None and (_worth_asking(p) or _due(ctx, p))])
    to_salesforce = [o for o in found if _newly_out(o) and not o.salesforce]
    to_activecampaign = [o for o in found if o.salesforce and o.active_lists and _sf_is_newer(o)]
    # A run in one direction must not take the other side's opt-out for settled.
    postponed = [*(to_salesforce if not ctx.inbound else []), *(to_activecampaign if not ctx.outbound else [])]
    to_salesforce = to_salesforce if ctx.inbound else []
    to_activecampaign = to_activecampaign if ctx.outbound else []
    resubscribed = [o for o in found if o.salesforce and o.active_lists and not _sf_is_newer(o)]
    if ctx.dry is not None:
        ctx.dry += [_planned(o, Service.SALESFORCE) for o in to_salesforce]
        ctx.dry += [_planned(o, Service.ACTIVECAMPAIGN) for o in to_activecampaign]
        return Carried()
    failed = await _write_salesforce(ctx, sobject, to_salesforce)
    for one in to_activecampaign:
        if not await _unsubscribe(ctx, one):
            failed.add(one.pair.sf.id)
    for one in resubscribed:
        _ask(ctx, one)
    settled = [o for o in found if o.pair.sf.id not in failed and o not in postponed]
    _remember(ctx, settled, written=[*to_salesforce, *to_activecampaign], asked=resubscribed)
    return Carried(
        written=frozenset(o.pair.sf.id for o in to_salesforce) - failed,
        postponed=frozenset(o.pair.sf.id for o in postponed),
    )


def note_readable(ctx: SyncContext) -> None:
    """Look at every link again once opt-outs can be carried after they could not: what happened meanwhile is no news.

    They cannot while Email Opt Out is hidden from the connected user, or while a person switched them off.
    """
    if ctx.dry is not None:
        return
    for sobject in PEOPLE:
        name = f"opt_out.off.{sobject}"
        off = not (ctx.setup.defaults.sync_opt_out and ctx.schema.of(sobject).opt_out_readable)
        if bool(ctx.stores.settings.get(name)) is off:
            continue
        with ctx.stores.db.transaction():
            if not off:
                ctx.stores.ledger.mark_all_unseen(sobject)
            ctx.stores.settings.put(name, off)


def _base(pair: Pair) -> Base | None:
    return pair.link.base.get(BASE_KEY) if pair.link else None


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _worth_asking(pair: Pair) -> bool:
    """Ask for memberships only when one side moved: each answer costs a call."""
    base = _base(pair)
    if base is None:
        return True
    moved = base.salesforce != _flag(bool(pair.sf.fields.get(OPT_OUT_FIELD)))
    return moved or pair.link is None or pair.link.ac_stamp is None or pair.link.ac_stamp != pair.ac.updated


def _due(ctx: SyncContext, pair: Pair) -> bool:
    """Tell whether an opt-out that a service refused may be tried again: its delay is over (rule 6.3)."""
    now = ctx.clock.now()
    issues = ctx.stores.issues.open_for(subject_of(pair.sf.sobject, pair.sf.id))
    refused = (i for i in issues if i.field == OPT_OUT_FIELD and i.code is not ProblemCode.OPT_OUT_CLEARED)
    return any(issue.next_try is None or issue.next_try <= now for issue in refused)


async def _read_all(ctx: SyncContext, pairs: Sequence[Pair]) -> list[OptOut]:
    """Read memberships one by one for a few pairs; for many, only of those that the list of unsubscribed names."""
    if len(pairs) <= ONE_BY_ONE:
        return await _read_each(ctx, pairs)
    # Nobody among them can be listed with an older stamp than the one we know, so the rest of the list is not read.
    since = min(p.ac.updated for p in pairs) - OVERLAP
    out = {
        c.id async for page in ctx.activecampaign.contacts(status=UNSUBSCRIBED, updated_after=since) for c in page
    }
    doubtful = {p.sf.id for p in pairs if p.ac.id in out or p.ac.hard_bounces or p.sf.fields.get(OPT_OUT_FIELD)}
    calm = [p for p in pairs if p.sf.id not in doubtful]
    found = await _read_each(ctx, [p for p in pairs if p.sf.id in doubtful])
    return found + [OptOut(p, salesforce=False, unsubscribed=False, bounced=False, active_lists=()) for p in calm]


async def _read_each(ctx: SyncContext, pairs: Sequence[Pair]) -> list[OptOut]:
    """Read pair by pair; a contact that is gone ends its link and stops nobody else (rule 2.5)."""
    found = []
    for pair in pairs:
        try:
            found.append(await _read(ctx, pair))
        except ProblemError as error:
            if error.problem.code is not ProblemCode.AC_GONE or pair.link is None:
                raise
            contact_gone(ctx, pair.link)
    return found


async def _read(ctx: SyncContext, pair: Pair) -> OptOut:
    ctx.check_cancelled()
    lists = await ctx.activecampaign.contact_lists(pair.ac.id)
    return OptOut(
        pair,
        salesforce=bool(pair.sf.fields.get(OPT_OUT_FIELD)),
        unsubscribed=is_unsubscribed(list(lists.values())),
        bounced=pair.ac.hard_bounces > 0,
        active_lists=tuple(sorted(i for i, status in lists.items() if status == ACTIVE)),
    )


def _newly_out(one: OptOut) -> bool:
    base = _base(one.pair)
    return one.activecampaign and (base is None or base.activecampaign != "true")


def _sf_is_newer(one: OptOut) -> bool:
    """An opt-out that Salesforce already had when both last agreed is no news: then the person subscribed again."""
    base = _base(one.pair)
    return base is None or base.salesforce != "true"


async def _write_salesforce(ctx: SyncContext, sobject: SObject, people: Sequence[OptOut]) -> set[str]:
    """Set Email Opt Out; a bounce is recorded as a bounce, not silently as a wish."""
    field = ctx.schema.of(sobject).description.field(OPT_OUT_FIELD)
    if field is None or field.read_only:
        for one in people:
            _raise(ctx, one, Problem(ProblemCode.SF_PERMISSION, values={"what": field.label if field else ""}))
        return {o.pair.sf.id for o in people}
    if not people:
        return set()
    rows = [(o.pair.sf.id, _values(ctx, sobject, o)) for o in people]
    outcome = await update_records(ctx, sobject, rows)
    for one in people:
        problem = outcome[one.pair.sf.id]
        if problem is not None:
            _raise(ctx, one, problem)
            continue
        rule = "bounce" if one.bounced and not one.unsubscribed else "unsubscribed"
        ctx.note([_item(ctx, one, Service.SALESFORCE, rule)])
    return {sf_id for sf_id, problem in outcome.items() if problem is not None}


def _values(ctx: SyncContext, sobject: SObject, one: OptOut) -> dict[str, Any]:
    values: dict[str, Any] = {OPT_OUT_FIELD: True}
    description = ctx.schema.of(sobject).description
    if one.bounced:
        for name, value in (
            ("EmailBouncedReason", BOUNCE_REASON),
            ("EmailBouncedDate", ctx.clock.now().strftime("%Y-%m-%dT%H:%M:%S.000+0000")),
        ):
            field = description.field(name)
            if field is not None and not field.read_only:
                values[name] = value
    return values


async def unsubscribe_everywhere(ctx: SyncContext, ac_id: str) -> None:
    """Unsubscribe a contact from every list with an active membership."""
    lists = await ctx.activecampaign.contact_lists(ac_id)
    await _leave(ctx, ac_id, sorted(i for i, status in lists.items() if status == ACTIVE))


async def _leave(ctx: SyncContext, ac_id: str, lists: Sequence[str]) -> None:
    for list_id in lists:
        ctx.check_cancelled()
        await ctx.activecampaign.set_list_status(ac_id, list_id, subscribed=False)


async def _unsubscribe(ctx: SyncContext, one: OptOut) -> bool:
    """Leave every list; what ActiveCampaign refuses for one person is an issue and stops nobody else (rule I14)."""
    try:
        await _leave(ctx, one.pair.ac.id, one.active_lists)
    except ProblemError as error:
        if error.problem.reaction is not Reaction.ISSUE:
            raise
        _raise(ctx, one, error.problem)
        return False
    ctx.note([_item(ctx, one, Service.ACTIVECAMPAIGN, "opted_out")])
    return True


def _ask(ctx: SyncContext, one: OptOut) -> None:
    """The person subscribed again in ActiveCampaign: the opt-out stays until somebody confirms."""
    _raise(ctx, one, Problem(ProblemCode.OPT_OUT_CLEARED, one.pair.sf.id))


def _raise(ctx: SyncContext, one: OptOut, problem: Problem) -> None:
    record, link = one.pair.sf, one.pair.link
    ctx.raise_issue(
        problem,
        subject=subject_of(record.sobject, record.id),
        version=f"{one.salesforce}|{','.join(one.active_lists)}",
        field=OPT_OUT_FIELD,
        name=record.name,
        sobject=record.sobject,
        sf_id=record.id,
        ac_id=one.pair.ac.id,
        link_id=link.id if link else None,
    )


def _remember(
    ctx: SyncContext, found: Sequence[OptOut], *, written: Sequence[OptOut], asked: Sequence[OptOut]
) -> None:
    with ctx.stores.db.transaction():
        for one in found:
            link = ctx.stores.ledger.link(one.pair.link.id) if one.pair.link else None
            if link is None:
                continue
            base = Base(
                _flag(one.salesforce or one in written),
                _flag(one.activecampaign or one in written),
            )
            ctx.stores.ledger.save_link(replace(link, base={**link.base, BASE_KEY: base}))
            if one not in asked:
                ctx.stores.issues.clear(subject_of(link.sobject, link.sf_id), fields=[OPT_OUT_FIELD])


def _item(ctx: SyncContext, one: OptOut, target: Service, rule: str) -> HistoryItem:
    record = one.pair.sf
    return ctx.item(
        target,
        HistoryAction.OPT_OUT,
        subject_of(record.sobject, record.id),
        name=record.name,
        link_id=one.pair.link.id if one.pair.link else None,
        sobject=record.sobject,
        sf_id=record.id,
        ac_id=one.pair.ac.id,
        field=OPT_OUT_FIELD,
        before="false",
        after="true",
        rule=rule,
    )


def _planned(one: OptOut, target: Service) -> PlannedChange:
    record = one.pair.sf
    return PlannedChange(
        target,
        HistoryAction.OPT_OUT,
        subject_of(record.sobject, record.id),
        record.name,
        sobject=record.sobject,
        sf_id=record.id,
        ac_id=one.pair.ac.id,
        field=OPT_OUT_FIELD,
        before="false",
        after="true",
    )
