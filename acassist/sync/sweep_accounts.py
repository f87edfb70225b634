"""Accounts read again page by page: ActiveCampaign reports no change of an account (rule 5.7)."""

from __future__ import annotations

from collections.abc import Iterable

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.sweeps import SweepKind
from acassist.domain.values import ValueProblem
from acassist.storage.sweeps import SweepState
from acassist.sync.account_links import PREFIX, account_gone, custom_mapped
from acassist.sync.context import SyncContext
from acassist.sync.sweep_steps import SweepStep, pages

_NAMES, _VALUES = "names", "values"


class AccountSweep:
    """Walks through the list of accounts, then through their custom values where such fields are mapped."""

    kind = SweepKind.ACCOUNTS

    def on(self, ctx: SyncContext) -> bool:
        """Watch while accounts are mapped and the plan has them."""
        return SObject.ACCOUNT in ctx.schema.objects

    def total(self, ctx: SyncContext) -> int:
        """Count the linked accounts; whatever else there is, is not known before."""
        return ctx.stores.sweeps.count_links(SObject.ACCOUNT)

    def calls(self, total: int, ctx: SyncContext) -> int:
        """Forecast a page for every hundred accounts, and for every hundred custom values of theirs."""
        known = ctx.stores.sweeps.state(self.kind)
        least = pages(total) * (2 if custom_mapped(ctx) else 1)
        return max(least, known.calls_per_turn if known.last_turn else 0)

    async def step(self, ctx: SyncContext, state: SweepState) -> SweepStep:
        """Compare one page with what both sides last agreed on; an account that differs is worked through."""
        part, _, offset = (state.cursor or "").partition("|")
        if part == _VALUES:
            return await _values(ctx, state, int(offset))
        return await _names(ctx, state, int(offset or 0))


def _linked(ctx: SyncContext, ids: Iterable[str]) -> dict[str, Link]:
    found = ctx.stores.ledger.links_by_ac([PREFIX + i for i in ids])
    return {key.removeprefix(PREFIX): links[0] for key, links in found.items() if links[0].state is LinkState.ACTIVE}


async def _names(ctx: SyncContext, state: SweepState, offset: int) -> SweepStep:
    rows, following = await ctx.activecampaign.accounts_page(offset)
    linked = _linked(ctx, (i for i, _ in rows))
    moved = [linked[i] for i, name in rows if i in linked and _differs(ctx, linked[i], "name", name)]
    with ctx.stores.db.transaction():
        ctx.stores.ledger.mark_unseen(link.ac_id for link in moved)
        ctx.stores.sweeps.see(SweepKind.ACCOUNTS, linked, state.turn)
    if following is not None:
        return SweepStep(f"{_NAMES}|{following}", len(linked), len(moved))
    gone = await _confirm(ctx, _unseen(ctx, state))
    if custom_mapped(ctx):
        return SweepStep(f"{_VALUES}|0", len(linked), len(moved) + gone)
    ctx.stores.sweeps.forget_older(SweepKind.ACCOUNTS, state.turn)
    return SweepStep(None, len(linked), len(moved) + gone)


async def _values(ctx: SyncContext, state: SweepState, offset: int) -> SweepStep:
    rows, following = await ctx.activecampaign.account_values_page(offset)
    linked = _linked(ctx, (owner for owner, _, _ in rows))
    moved = {linked[o].id: linked[o] for o, key, v in rows if o in linked and _differs(ctx, linked[o], key, v)}
    with ctx.stores.db.transaction():
        ctx.stores.ledger.mark_unseen(link.ac_id for link in moved.values())
        ctx.stores.sweeps.see(SweepKind.ACCOUNTS, (f"{o}:{key}" for o, key, _ in rows if o in linked), state.turn)
    if following is not None:
        return SweepStep(f"{_VALUES}|{following}", 0, len(moved))
    emptied = _emptied(ctx, state)
    ctx.stores.ledger.mark_unseen(link.ac_id for link in emptied)
    ctx.stores.sweeps.forget_older(SweepKind.ACCOUNTS, state.turn)
    return SweepStep(None, 0, len(moved) + len(emptied))


def _differs(ctx: SyncContext, link: Link, key: str, value: str) -> bool:
    """Tell whether a value differs from the base; it is read again before anything is decided."""
    for field in ctx.schema.of(SObject.ACCOUNT).fields:
        if field.ac.key != key:
            continue
        base = link.base.get(field.key)
        try:
            now = field.codec.from_activecampaign(value)
        except ValueProblem:
            return False
        if now != (base.activecampaign if base is not None else None):
            return True
    return False


def _pages_of_links(ctx: SyncContext) -> Iterable[list[Link]]:
    after = 0
    while page := ctx.stores.ledger.iter_links(sobject=SObject.ACCOUNT, state=LinkState.ACTIVE, after_id=after):
        yield page
        after = page[-1].id


def _unseen(ctx: SyncContext, state: SweepState) -> list[str]:
    """Name the linked accounts that no page of this turn held; a later link may have come after its page."""
    absent: list[str] = []
    for page in _pages_of_links(ctx):
        ids = [link.ac_id.removeprefix(PREFIX) for link in page if link.id <= state.newest_link]
        seen = ctx.stores.sweeps.seen(SweepKind.ACCOUNTS, ids, state.turn)
        absent += [i for i in ids if i not in seen]
    return absent


async def _confirm(ctx: SyncContext, ids: list[str]) -> int:
    """Ask for accounts by id before they are taken for deleted: pages shift while others write (I9)."""
    there = await ctx.activecampaign.accounts_by_ids(ids) if ids else {}
    gone = [i for i in ids if i not in there]
    for link in _linked(ctx, gone).values():
        account_gone(ctx, link)
    return len(gone)


def _emptied(ctx: SyncContext, state: SweepState) -> list[Link]:
    """Return the links with a value in the base for which no row came: an emptied value may have none."""
    fields = [f for f in ctx.schema.of(SObject.ACCOUNT).fields if f.ac.custom_id is not None]
    found: list[Link] = []
    for page in _pages_of_links(ctx):
        for link in page:
            account = link.ac_id.removeprefix(PREFIX)
            filled = [f for f in fields if (base := link.base.get(f.key)) is not None and base.activecampaign]
            keys = [f"{account}:{f.ac.key}" for f in filled]
            if keys and len(ctx.stores.sweeps.seen(SweepKind.ACCOUNTS, keys, state.turn)) < len(set(keys)):
                found.append(link)
    return found
