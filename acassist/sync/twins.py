"""Twins: a Lead and a Contact tied to one ActiveCampaign contact (rule 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.merge import Base
from acassist.domain.values import ValueProblem
from acassist.sync.context import Stores, SyncContext
from acassist.sync.plan import PairPlan


def spare_twins(ctx: SyncContext, plan: PairPlan) -> None:
    """Advance the other link's base by what this pair just wrote: its echo is no change for the twin."""
    if plan.pair.link is not None:
        written = {c.field.ac.key: str(c.written) for c in plan.writes(Service.ACTIVECAMPAIGN)}
        spare_others(ctx, plan.pair.link, written)


def spare_others(ctx: SyncContext, link: Link, written: Mapping[str, str]) -> None:
    """Advance the base of a link's twins by values (ActiveCampaign key to raw value) that this link wrote."""
    if not written:
        return
    for twin in ctx.stores.ledger.links_by_ac([link.ac_id]).get(link.ac_id, []):
        if twin.id != link.id and twin.sobject in ctx.schema.objects:
            ctx.stores.ledger.save_link(replace(twin, base=_advanced(ctx, twin, written)))


def _advanced(ctx: SyncContext, twin: Link, written: Mapping[str, str]) -> dict[str, Base]:
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


def _active(stores: Stores, ac_id: str, *, but: int = 0) -> list[Link]:
    """Return the links of a contact that take part; one that is broken or stopped speaks for nobody."""
    links = stores.ledger.links_by_ac([ac_id]).get(ac_id, [])
    return [link for link in links if link.state is LinkState.ACTIVE and link.id != but]


def primary_for(ctx: SyncContext, sobject: SObject, ac_id: str, *, but: int = 0) -> bool:
    """Tell whether a new link is the primary one; a Contact takes over from a Lead. `but` is the link itself."""
    others = _active(ctx.stores, ac_id, but=but)
    if sobject is SObject.CONTACT:
        for other in others:
            if other.sobject is SObject.LEAD and other.primary:
                ctx.stores.ledger.save_link(replace(other, primary=False))
        return True
    return not any(other.primary for other in others)


def hand_over(stores: Stores, ended: Link) -> None:
    """Let the remaining twin speak for the person when the primary link ended."""
    others = _active(stores, ended.ac_id, but=ended.id)
    if others and not any(other.primary for other in others):
        # Planned again, because edits that were held back as a question may go out now.
        stores.ledger.save_link(replace(others[0], primary=True, ac_stamp=None))


def stop(stores: Stores, link: Link) -> None:
    """Let a record take part no longer; its twin speaks for the person meanwhile."""
    with stores.db.transaction():
        stores.ledger.save_link(replace(link, state=LinkState.STOPPED, ac_stamp=None))
        if link.primary:
            hand_over(stores, link)


def resume(stores: Stores, link: Link) -> None:
    """Let a stopped record take part again; who spoke for the person before speaks again, and nobody else."""
    with stores.db.transaction():
        others = _active(stores, link.ac_id, but=link.id)
        primary = link.primary or not any(other.primary for other in others)
        stores.ledger.save_link(replace(link, state=LinkState.ACTIVE, primary=primary, ac_stamp=None))
        for other in others if primary else ():
            if other.primary:
                stores.ledger.save_link(replace(other, primary=False))
