"""Twins: a Lead and a Contact tied to one ActiveCampaign contact (rule 2.2)."""

from __future__ import annotations

from dataclasses import replace

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Link
from acassist.domain.merge import Base
from acassist.domain.values import ValueProblem
from acassist.sync.context import SyncContext
from acassist.sync.plan import PairPlan


def spare_twins(ctx: SyncContext, plan: PairPlan) -> None:
    """Advance the other link's base by what this pair just wrote: its echo is no change for the twin."""
    changes = plan.writes(Service.ACTIVECAMPAIGN)
    if not changes or plan.pair.link is None:
        return
    written = {c.field.ac.key: c.written for c in changes}
    for twin in ctx.stores.ledger.links_by_ac([plan.pair.ac.id]).get(plan.pair.ac.id, []):
        if twin.id != plan.pair.link.id and twin.sobject in ctx.schema.objects:
            ctx.stores.ledger.save_link(replace(twin, base=_advanced(ctx, twin, written)))


def _advanced(ctx: SyncContext, twin: Link, written: dict[str, str]) -> dict[str, Base]:
    base = dict(twin.base)
    for field in ctx.schema.of(twin.sobject).fields:
        old = base.get(field.key)
        if old is None or field.ac.key not in written:
            continue
        try:
            base[field.key] = Base(old.salesforce, field.codec.from_activecampaign(written[field.ac.key]))
        except ValueProblem:
            continue
    return base


def primary_for(ctx: SyncContext, sobject: SObject, ac_id: str) -> bool:
    """Tell whether a new link is the primary one; a Contact takes over from a Lead."""
    others = ctx.stores.ledger.links_by_ac([ac_id]).get(ac_id, [])
    if sobject is SObject.CONTACT:
        for other in others:
            if other.sobject is SObject.LEAD and other.primary:
                ctx.stores.ledger.save_link(replace(other, primary=False))
        return True
    return not any(other.primary for other in others)
