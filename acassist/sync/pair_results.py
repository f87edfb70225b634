"""Records what came of worked pairs: base, history, issues and the status of each record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, Intent, IntentState, Link, LinkState
from acassist.domain.problem import Problem
from acassist.sync.context import STATUS_OK, SyncContext, subject_of
from acassist.sync.plan import PairPlan
from acassist.sync.planned import problems_of
from acassist.sync.record_writes import StatusQueue, StatusRow, differing, failed_text, status_fields
from acassist.sync.schema import OPT_OUT_FIELD
from acassist.sync.tagging import JOINED
from acassist.sync.twins import spare_twins


@dataclass(slots=True)
class PairWork:
    """Pairs of one object in one chunk, and what became of their writes."""

    sobject: SObject
    plans: list[PairPlan]
    failures: dict[int, dict[Service, Problem]] = field(default_factory=dict)
    untagged: set[int] = field(default_factory=set)
    again: set[int] = field(default_factory=set)
    """Links that the next run has to look at although nothing moves until then."""

    def fail(self, plan: PairPlan, target: Service, problem: Problem) -> None:
        """Note that the writes of one pair to one side failed."""
        self.failures.setdefault(link_of(plan).id, {})[target] = problem


def link_of(plan: PairPlan) -> Link:
    """Return the link of a pair that has one."""
    if plan.pair.link is None:
        raise ValueError("the pair has no link yet")
    return plan.pair.link


def is_active(ctx: SyncContext, link: Link | None) -> bool:
    """Tell whether a link still takes part: an earlier step may have found that its contact is gone."""
    now = ctx.stores.ledger.link(link.id) if link is not None else None
    return now is not None and now.state is LinkState.ACTIVE


def record_work(ctx: SyncContext, work: PairWork, status: StatusQueue, intent: Intent | None) -> None:
    """Store bases, history and issues of the chunk in one transaction, and queue the status of each record."""
    with ctx.stores.db.transaction():
        for plan in [p for p in work.plans if is_active(ctx, p.pair.link)]:
            failures = work.failures.get(link_of(plan).id, {})
            kept = plan
            for target in failures:
                kept = kept.without(target)
            _save(ctx, kept, again=link_of(plan).id in work.again)
            spare_twins(ctx, kept)
            _count(ctx, kept)
            ctx.note(_items(ctx, kept))
            record_failures(ctx, plan, failures)
            _queue_status(ctx, plan, failures, status)
        if intent is not None:
            ctx.stores.intents.close(intent.id, IntentState.DONE)


def _save(ctx: SyncContext, plan: PairPlan, *, again: bool) -> None:
    pair = plan.pair
    # Read anew: opt-outs, accounts and twins were noted with the link since the plan was made.
    link = ctx.stores.ledger.link(link_of(plan).id) or link_of(plan)
    # A run in one direction leaves the other side's change to be worked through by the next run.
    unseen = link_of(plan).ac_stamp is None and not (ctx.inbound and ctx.outbound) and plan.held_back
    ctx.stores.ledger.save_link(
        replace(
            link,
            base={**{k: v for k, v in link.base.items() if k.startswith("#")}, **plan.base},
            email=pair.ac.email,
            sf_stamp=pair.sf.stamp,
            ac_stamp=None if unseen or again else pair.ac.updated,
            fingerprint=ctx.setup.mapping.fingerprint(pair.sf.sobject),
            own_sf_stamp=ctx.salesforce.server_time() if plan.writes(Service.SALESFORCE) else link.own_sf_stamp,
            synced_at=ctx.clock.now(),
        )
    )


def _count(ctx: SyncContext, plan: PairPlan) -> None:
    ctx.tally.updated_ac += bool(plan.writes(Service.ACTIVECAMPAIGN))
    ctx.tally.updated_sf += bool(plan.writes(Service.SALESFORCE))


def _items(ctx: SyncContext, plan: PairPlan) -> Iterator[HistoryItem]:
    sf, link = plan.pair.sf, link_of(plan)
    for change in plan.changes:
        yield ctx.item(
            change.target,
            HistoryAction.UPDATE,
            subject_of(sf.sobject, sf.id),
            name=sf.name,
            link_id=link.id,
            sobject=sf.sobject,
            sf_id=sf.id,
            ac_id=plan.pair.ac.id,
            field=change.field.label,
            before=change.before,
            after=change.after,
            rule=change.rule.value,
            key=change.field.key,
        )


def record_failures(ctx: SyncContext, plan: PairPlan, failures: Mapping[Service, Problem]) -> None:
    """Raise an issue for everything that did not work out, and clear those that did."""
    sf, ac = plan.pair.sf, plan.pair.ac
    subject = subject_of(sf.sobject, sf.id)
    raised = list(problems_of(plan, failures))
    current = {(p.code, f) for f, p in raised}
    for issue in ctx.stores.issues.open_for(subject):
        if (issue.code, issue.field) not in current and issue.field != OPT_OUT_FIELD:
            ctx.stores.issues.clear(subject, codes=[issue.code], fields=[issue.field])
    # What was written is part of the content that is read next time.
    done = {c.field.sf.name: c.written for c in plan.writes(Service.SALESFORCE)}
    after = replace(sf, fields={**sf.fields, **done}) if Service.SALESFORCE not in failures else sf
    version = ctx.version(after, ac)
    for name, problem in raised:
        ctx.raise_issue(
            problem,
            subject=subject,
            version=version,
            field=name,
            name=sf.name,
            sobject=sf.sobject,
            sf_id=sf.id,
            ac_id=ac.id,
            link_id=link_of(plan).id,
        )


def status_of(ctx: SyncContext, plan: PairPlan, failures: Mapping[Service, Problem]) -> dict[str, Any]:
    """Return the status fields that have to change: what came of the pair, in one sentence (rule 5.4)."""
    sf = plan.pair.sf
    first = next(iter(failures.values()), None) or next((p.problem for p in plan.problems), None)
    text = STATUS_OK if first is None else failed_text(first)
    related = JOINED in link_of(plan).base
    return differing(status_fields(ctx, sf.sobject, plan.pair.ac.id, text, related=related), sf)


def _queue_status(
    ctx: SyncContext, plan: PairPlan, failures: Mapping[Service, Problem], status: StatusQueue
) -> None:
    sf = plan.pair.sf
    fields = status_of(ctx, plan, failures)
    # A record that was just written carries its status in the same call.
    if fields and (not plan.writes(Service.SALESFORCE) or Service.SALESFORCE in failures):
        status.add(StatusRow(sf.sobject, sf.id, sf.stamp, fields, sf.name))
