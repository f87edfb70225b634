"""Stops a run before it writes: wrong other end, first run without a preview, mass changes (rules 2.6 and 6.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from acassist.domain.ids import PEOPLE, Service, SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import SalesforceRecord
from acassist.domain.values import ValueProblem
from acassist.sync.context import SyncContext
from acassist.sync.observe import fetch_records, from_index
from acassist.sync.plan import Pair, PairPlan, plan_pair
from acassist.sync.schema import MappedField

_FINGERPRINT = "mapping.fingerprint."
# Set while links of an object still have to be looked at after a change of its mapping.
_REMAPPED = "mapping.remapped."
# So many more records than announced are no surprise: people keep working between the preview and the run.
SLACK = 20
_READ = 2000
# Below this many links the share of overwritten ones is not looked at.
SMALL = 50


async def check_identity(ctx: SyncContext) -> None:
    """Compare the org and the account observed now with those of the profile; raises OTHER_ORG or OTHER_ACCOUNT."""
    org_id = await ctx.salesforce.org_id()
    expected = ctx.setup.salesforce
    if expected is None or (expected.org_id and org_id[:15] != expected.org_id[:15]):
        raise ProblemError(Problem(ProblemCode.OTHER_ORG, service=Service.SALESFORCE))
    account = await ctx.activecampaign.identity()
    known = ctx.setup.activecampaign
    if known is None or (known.account and account.account and account.account != known.account):
        raise ProblemError(Problem(ProblemCode.OTHER_ACCOUNT, service=Service.ACTIVECAMPAIGN))
    if account.subscriber_limit is not None and account.subscriber_total is not None:
        ctx.room = max(0, account.subscriber_limit - account.subscriber_total)


def check_quota(ctx: SyncContext) -> None:
    """Stop softly at the chosen share of the day's Salesforce calls, now or between two later actions (rule 6.2)."""
    ctx.quota_share = ctx.setup.limits.salesforce_share
    ctx.check_cancelled()


def check_mapping_change(ctx: SyncContext) -> None:
    """A changed mapping needs a new starting point that a person has seen (rule I19)."""
    ledger, settings = ctx.stores.ledger, ctx.stores.settings
    for sobject in ctx.schema.objects:
        now = ctx.setup.mapping.fingerprint(sobject)
        before = settings.get(_FINGERPRINT + sobject)
        if before is not None and before != now and ledger.count_links() and not _agreed(ctx):
            raise ProblemError(Problem(ProblemCode.MAPPING_CHANGED))
        if before not in (None, now):
            ctx.remapped.add(sobject)
        if before != now and ctx.dry is None:
            with ctx.stores.db.transaction():
                if before is not None:
                    ledger.mark_all_unseen(sobject)
                    settings.put(_REMAPPED + sobject, True)
                settings.put(_FINGERPRINT + sobject, now)


def _agreed(ctx: SyncContext) -> bool:
    return ctx.yes or ctx.accepted or ctx.dry is not None


def _brake(what: str, count: int, limit: int) -> ProblemError:
    return ProblemError(Problem(ProblemCode.BRAKE, what, {"what": what, "count": count, "limit": limit}))


def check_creates(ctx: SyncContext, creates: int) -> None:
    """Stop when more contacts would be created than announced, or than the plan has room for (rule 6.1).

    In a dry run the number is kept: the run that follows is held to it.
    """
    ctx.counted_creates = creates
    if ctx.dry is not None:
        return
    if ctx.room is not None and creates > ctx.room:
        raise _brake("subscriber_limit", creates, ctx.room)
    if ctx.announced_creates is not None and creates > ctx.announced_creates + SLACK and not ctx.yes:
        raise _brake("creates", creates, ctx.announced_creates)


def check_creates_in_salesforce(ctx: SyncContext, sobject: SObject, creates: int) -> None:
    """Stop when trigger tags ask for more new records than the preview announced (rule 6.1)."""
    ctx.counted_records[sobject] = creates
    announced = ctx.announced_records.get(sobject, 0) if ctx.announced_records is not None else None
    if ctx.dry is None and announced is not None and creates > announced + SLACK and not ctx.yes:
        raise _brake("creates_sf", creates, announced)


def _emptied(fields: Sequence[MappedField], link: Link, side: Service, values: dict[str, object]) -> Iterable[str]:
    """Name the fields that are blank now and were filled when both sides last agreed."""
    for field in fields:
        base = link.base.get(field.key)
        if base is None or not field.mapping.copy_blanks:
            continue
        try:
            if side is Service.SALESFORCE:
                now = field.codec.from_salesforce(values.get(field.sf.name))
                before = base.salesforce
            else:
                now = field.codec.from_activecampaign(str(values.get(field.ac.key) or ""))
                before = base.activecampaign
        except ValueProblem:
            continue
        if now is None and before is not None:
            yield field.label


def check_emptied(
    ctx: SyncContext, sobject: SObject, links: Sequence[Link], records: Mapping[str, SalesforceRecord]
) -> None:
    """Stop when one field would be emptied on more records than the brake allows (rule 6.1)."""
    if ctx.yes or ctx.dry is not None:
        return
    brake_emptied(ctx, count_emptied(ctx, sobject, links, records))


def may_empty(ctx: SyncContext, sobject: SObject) -> bool:
    """Tell whether blanks are copied at all."""
    return any(field.mapping.copy_blanks for field in ctx.schema.of(sobject).fields)


def count_emptied(
    ctx: SyncContext, sobject: SObject, links: Sequence[Link], records: Mapping[str, SalesforceRecord]
) -> Counter[str]:
    """Count, by field label, on how many of these pairs a field would be emptied."""
    fields = ctx.schema.of(sobject).fields
    contacts = ctx.stores.index.by_ids([link.ac_id for link in links])
    counts: Counter[str] = Counter()
    for link in links:
        record, contact = records.get(link.sf_id), contacts.get(link.ac_id)
        labels: set[str] = set()
        if record is not None:
            labels |= set(_emptied(fields, link, Service.SALESFORCE, dict(record.fields)))
        if contact is not None:
            labels |= set(_emptied(fields, link, Service.ACTIVECAMPAIGN, dict(contact.values)))
        counts.update(labels)
    return counts


def brake_emptied(ctx: SyncContext, counts: Counter[str]) -> None:
    """Apply the brake to the total of all pages."""
    for label, count in counts.most_common(1):
        if count > ctx.setup.limits.emptied_count:
            raise _brake(label, count, ctx.setup.limits.emptied_count)


async def check_overwrites(ctx: SyncContext) -> None:
    """Stop when a change of mapping would overwrite values of more links than the brake allows (rule 6.1).

    Plans every link that was last worked through with the old mapping, on the records as they are now: the total
    has to be known before the first write. Blanks that are filled overwrite nothing.
    """
    moved = [o for o in PEOPLE if o in ctx.schema.objects and ctx.stores.settings.get(_REMAPPED + o)]
    if not moved or ctx.dry is not None:
        return
    if not ctx.yes:
        counts = [await _count_overwritten(ctx, sobject) for sobject in moved]
        _brake_overwrites(ctx, sum(counts), ctx.stores.ledger.count_links(LinkState.ACTIVE))
    with ctx.stores.db.transaction():
        for sobject in moved:
            ctx.stores.settings.remove(_REMAPPED + sobject)


def _brake_overwrites(ctx: SyncContext, overwritten: int, total: int) -> None:
    limits = ctx.setup.limits
    share = total * limits.overwrite_percent // 100
    # A share of a handful of links says nothing.
    limit = min(limits.overwrite_count, share) if total >= SMALL else limits.overwrite_count
    if overwritten > limit:
        raise _brake("mapping", overwritten, limit)


async def _count_overwritten(ctx: SyncContext, sobject: SObject) -> int:
    fields, count, after = ctx.schema.of(sobject).fields, 0, 0
    now = ctx.setup.mapping.fingerprint(sobject)
    page = ctx.stores.ledger.iter_links
    while links := page(sobject=sobject, state=LinkState.ACTIVE, after_id=after, limit=_READ):
        ctx.check_cancelled()
        after = links[-1].id
        old = [link for link in links if link.fingerprint != now]
        records = await fetch_records(ctx, sobject, [link.sf_id for link in old])
        contacts = ctx.stores.index.by_ids([link.ac_id for link in old])
        for link in old:
            record, contact = records.get(link.sf_id), contacts.get(link.ac_id)
            if record is None or contact is None or record.deleted or record.converted:
                continue
            pair = Pair(record, from_index(contact), link, primary=link.primary)
            plan = plan_pair(fields, pair, ctx.choices)
            count += _overwrites(_carried(ctx, plan))
    return count


def _carried(ctx: SyncContext, plan: PairPlan) -> PairPlan:
    """Leave out what this run would not write, in its direction and selection."""
    plan = plan if ctx.inbound else plan.without(Service.SALESFORCE)
    return plan if ctx.sends(plan.pair.sf.sobject) else plan.without(Service.ACTIVECAMPAIGN)


def _overwrites(plan: PairPlan) -> bool:
    return any(change.before is not None for change in plan.changes)


def brake_accounts(ctx: SyncContext, plans: Sequence[PairPlan]) -> None:
    """Apply both brakes to accounts: mass overwriting by a new mapping, and a field emptied on many (rule 6.1)."""
    if ctx.yes or ctx.dry is not None:
        return
    now = ctx.setup.mapping.fingerprint(SObject.ACCOUNT)
    old = [p for p in plans if p.pair.link is not None and p.pair.link.fingerprint not in ("", now)]
    _brake_overwrites(ctx, sum(_overwrites(p) for p in old), max(len(old), SMALL))
    emptied = Counter(c.field.label for p in plans for c in p.changes if c.after is None and c.before is not None)
    for label, count in emptied.most_common(1):
        if count > ctx.setup.limits.emptied_count:
            raise _brake(label, count, ctx.setup.limits.emptied_count)
