"""Rolling sweeps inside a run: each makes the calls that are due of its daily allowance (rules 2.8 and 3.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from acassist.domain.sweeps import DAY, SweepKind, SweepStanding, calls_a_day, calls_due
from acassist.domain.text import N_, Message
from acassist.storage.sweeps import SweepState
from acassist.sync.context import Stores, SyncContext
from acassist.sync.observe import CRAWLED
from acassist.sync.sweep_accounts import AccountSweep
from acassist.sync.sweep_contacts import ContactSweep
from acassist.sync.sweep_formulas import FormulaSweep
from acassist.sync.sweep_steps import Sweep, SweepStep
from acassist.sync.sweep_tags import TagSweep

SWEEPS: tuple[Sweep, ...] = (ContactSweep(), FormulaSweep(), AccountSweep(), TagSweep())
_WITHOUT_END = 1_000_000_000


async def sweep(ctx: SyncContext) -> None:
    """Make the slices that are due; what they find is marked and worked through by the same run.

    A dry run reads nothing: the sweeps are no part of what it foretells.
    """
    if ctx.dry is not None:
        return
    for one in SWEEPS:
        # What formulas bring can only be carried out by a run that writes to ActiveCampaign.
        if one.kind is not SweepKind.FORMULAS or ctx.outbound:
            await _slice(ctx, one)


async def _slice(ctx: SyncContext, one: Sweep) -> None:
    stored = ctx.stores.sweeps.state(one.kind)
    state = _today(ctx, replace(stored, on=one.on(ctx)))
    forced = ctx.sweep_now is one.kind
    state = _known(ctx, one, state)
    due = _WITHOUT_END if forced and state.on else _due(ctx, one.kind, state)
    if due > 0 and state.total and (state.cursor is None or forced):
        state = _begun(ctx, one, state)
    if state != stored:
        ctx.stores.sweeps.save(one.kind, state)
    while due > 0 and state.cursor is not None:
        ctx.check_cancelled()
        ctx.report(Message(N_("Looking for changes that are not reported")), state.done, state.total or None)
        before = ctx.activecampaign.calls_made()
        step = await one.step(ctx, state)
        spent = max(step.calls, ctx.activecampaign.calls_made() - before)
        due -= spent
        ctx.tally.sweep_calls += spent
        ctx.sweep_calls[one.kind] = ctx.sweep_calls.get(one.kind, 0) + spent
        state = _advanced(ctx, one.kind, state, step, spent)
        ctx.stores.sweeps.save(one.kind, state)


def _today(ctx: SyncContext, state: SweepState) -> SweepState:
    day = ctx.clock.now().date().isoformat()
    return state if state.day == day else replace(state, day=day, calls_today=0)


def _known(ctx: SyncContext, one: Sweep, state: SweepState) -> SweepState:
    """Make a first forecast where there was none, and let the first share of calls become due in its time."""
    if state.total or not state.on:
        return state
    total = one.total(ctx)
    if not total:
        return state
    now = ctx.clock.now()
    # The crawl read every contact: it counts as the first turn.
    crawled = ctx.stores.ledger.cursor(CRAWLED) if one.kind is SweepKind.CONTACTS else None
    last = state.last_turn or (datetime.fromisoformat(crawled) if crawled else None)
    return replace(state, total=total, calls_per_turn=one.calls(total, ctx), last_turn=last, spent_until=last or now)


def _due(ctx: SyncContext, kind: SweepKind, state: SweepState) -> int:
    """Return how many calls are due now, within what is left of the day's allowance."""
    if not state.on or not state.calls_per_turn or state.spent_until is None:
        return 0
    allowance = ctx.stores.sweeps.allowance(kind)
    a_day = calls_a_day(kind, state.calls_per_turn, allowance)
    since = ctx.clock.now() - state.spent_until
    return min(calls_due(a_day, since), allowance - state.calls_today) if since > timedelta() else 0


def _begun(ctx: SyncContext, one: Sweep, state: SweepState) -> SweepState:
    total = one.total(ctx)
    return replace(
        state,
        cursor="" if total else None,
        turn=state.turn + 1,
        started=ctx.clock.now() if total else None,
        done=0,
        total=total,
        turn_calls=0,
        found=0,
        calls_per_turn=max(one.calls(total, ctx), 1) if total else 0,
        newest_link=ctx.stores.sweeps.newest_link(),
    )


def _advanced(ctx: SyncContext, kind: SweepKind, state: SweepState, step: SweepStep, spent: int) -> SweepState:
    now, ended = ctx.clock.now(), step.cursor is None
    a_day = calls_a_day(kind, state.calls_per_turn, ctx.stores.sweeps.allowance(kind))
    # Behind by at most a day: a computer that was off does not make up for all of it at once.
    begin = max(state.spent_until or now, now - DAY)
    until = begin + spent * (DAY / a_day) if a_day else now
    return replace(
        state,
        cursor=step.cursor,
        started=None if ended else state.started,
        last_turn=now if ended else state.last_turn,
        # A turn that is complete leaves nothing due.
        spent_until=max(until, now) if ended else until,
        done=0 if ended else state.done + step.read,
        total=max(state.total, state.done + step.read),
        turn_calls=state.turn_calls + spent,
        calls_per_turn=state.turn_calls + spent if ended else max(state.calls_per_turn, state.turn_calls + spent),
        found=state.found + step.found,
        calls_today=state.calls_today + spent,
    )


def standing(stores: Stores, kind: SweepKind, today: str) -> SweepStanding:
    """Tell where one sweep stands from what is stored; `today` is the date in UTC."""
    state = stores.sweeps.state(kind)
    return SweepStanding(
        kind,
        on=state.on,
        last_turn=state.last_turn,
        started=state.started,
        done=state.done,
        total=state.total,
        calls_today=state.calls_today if state.day == today else 0,
        allowance=stores.sweeps.allowance(kind),
        calls_per_turn=state.calls_per_turn,
        found=state.found,
    )
