"""Stops a run before it writes: wrong other end, first run without a preview, mass changes (rules 2.6 and 6.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Link
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import SalesforceRecord
from acassist.domain.values import ValueProblem
from acassist.sync.context import SyncContext
from acassist.sync.schema import MappedField

_FINGERPRINT = "mapping.fingerprint."


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
    """Stop softly at the chosen share of the day's Salesforce calls, as the last answer told them (rule 6.2)."""
    used, allowed = ctx.salesforce.calls() or (0, 0)
    if allowed and used * 100 >= allowed * ctx.setup.limits.salesforce_share:
        raise ProblemError(Problem(ProblemCode.SF_QUOTA, service=Service.SALESFORCE))


def check_mapping_change(ctx: SyncContext) -> None:
    """A changed mapping needs a new starting point that a person has seen (rule I19)."""
    ledger, settings = ctx.stores.ledger, ctx.stores.settings
    for sobject in ctx.schema.objects:
        now = ctx.setup.mapping.fingerprint(sobject)
        before = settings.get(_FINGERPRINT + sobject)
        if before is not None and before != now and ledger.count_links() and not ctx.yes and ctx.dry is None:
            raise ProblemError(Problem(ProblemCode.MAPPING_CHANGED))
        if before not in (None, now):
            ctx.remapped.add(sobject)
        if before != now and ctx.dry is None:
            with ctx.stores.db.transaction():
                if before is not None:
                    ledger.mark_all_unseen(sobject)
                settings.put(_FINGERPRINT + sobject, now)


def _brake(what: str, count: int, limit: int) -> ProblemError:
    return ProblemError(Problem(ProblemCode.BRAKE, what, {"what": what, "count": count, "limit": limit}))


def check_creates(ctx: SyncContext, creates: int) -> None:
    """Stop when more contacts would be created than announced, or than the plan has room for (rule 6.1)."""
    if ctx.dry is not None:
        return
    if ctx.room is not None and creates > ctx.room:
        raise _brake("subscriber_limit", creates, ctx.room)
    if ctx.announced_creates is not None and creates > ctx.announced_creates + 20 and not ctx.yes:
        raise _brake("creates", creates, ctx.announced_creates)


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
    ctx: SyncContext, sobject: SObject, links: Sequence[Link], records: dict[str, SalesforceRecord]
) -> None:
    """Stop when one field would be emptied on more records than the brake allows (rule 6.1)."""
    if ctx.yes or ctx.dry is not None:
        return
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
    for label, count in counts.most_common(1):
        if count > ctx.setup.limits.emptied_count:
            raise _brake(label, count, ctx.setup.limits.emptied_count)


def check_overwrites(ctx: SyncContext, links: Sequence[Link]) -> None:
    """Stop when a change of mapping reaches more links than the brake allows (rule 6.1)."""
    if ctx.yes or ctx.dry is not None:
        return
    total = ctx.stores.ledger.count_links()
    changed = sum(
        1 for link in links if link.fingerprint and link.fingerprint != ctx.setup.mapping.fingerprint(link.sobject)
    )
    limits = ctx.setup.limits
    if changed > limits.overwrite_count or (total >= 50 and changed * 100 > total * limits.overwrite_percent):
        raise _brake("mapping", changed, limits.overwrite_count)
