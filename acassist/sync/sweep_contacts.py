"""Contacts read again page by page: edits and deletions that ActiveCampaign does not report (rule 2.8)."""

from __future__ import annotations

from collections.abc import Sequence

from acassist.domain.record import ActiveCampaignContact
from acassist.domain.sweeps import SweepKind
from acassist.storage.sweeps import SweepState
from acassist.sync.context import SyncContext
from acassist.sync.lifecycle import contact_gone
from acassist.sync.observe import store_page
from acassist.sync.sweep_steps import PAGE, SweepStep, pages

# A read by ids holds 100; one place is for a witness that is known to be there.
_CONFIRM = PAGE - 1


class ContactSweep:
    """Walks through all contacts in id order."""

    kind = SweepKind.CONTACTS

    def on(self, ctx: SyncContext) -> bool:
        """Always: matching and deciding rest on the index of contacts."""
        del ctx
        return True

    def total(self, ctx: SyncContext) -> int:
        """Count the contacts of the index; one at least, for the index itself may have been lost."""
        return max(1, ctx.stores.index.count())

    def calls(self, total: int, ctx: SyncContext) -> int:
        """Forecast a call for every page."""
        del ctx
        return pages(total)

    async def step(self, ctx: SyncContext, state: SweepState) -> SweepStep:
        """Compare one page with the index; what the page should hold and does not is asked for by id."""
        after = state.cursor or "0"
        page = await ctx.activecampaign.contacts_page(after_id=after)
        last = not page or (len(page) < PAGE and not ctx.stores.index.page(after_id=page[-1].id, limit=1))
        upper = None if last else page[-1].id
        missing = _missing(ctx, after, upper, {c.id for c in page})
        with ctx.stores.db.transaction():
            moved = store_page(ctx, page)
        gone = await _confirm(ctx, missing, page)
        for ac_id in gone:
            _forget(ctx, ac_id)
        return SweepStep(upper, len(page), len(moved) + len(gone))


def _missing(ctx: SyncContext, after: str, upper: str | None, present: set[str]) -> list[str]:
    """Return the known ids behind `after`, up to `upper`, that a page does not hold."""
    found: list[str] = []
    while rows := ctx.stores.index.page(after_id=after, limit=2 * PAGE):
        inside = [r.ac_id for r in rows if upper is None or int(r.ac_id) <= int(upper)]
        found += [ac_id for ac_id in inside if ac_id not in present]
        if len(inside) < len(rows):
            break
        after = rows[-1].ac_id
    return found


async def _confirm(ctx: SyncContext, ids: Sequence[str], page: Sequence[ActiveCampaignContact]) -> list[str]:
    """Ask for contacts by id before they are taken for deleted: absence from a list alone proves nothing (I9).

    An answer that lacks the witness, a contact that was read a moment ago, proves nothing either.
    """
    gone: list[str] = []
    for start in range(0, len(ids), _CONFIRM):
        ctx.check_cancelled()
        chunk = list(ids[start : start + _CONFIRM])
        witness = [page[-1].id] if page else []
        answer = await ctx.activecampaign.contacts_by_ids([*chunk, *witness])
        there = {c.id for c in answer}
        with ctx.stores.db.transaction():
            store_page(ctx, [c for c in answer if c.id in chunk])
        if there.issuperset(witness):
            gone += [ac_id for ac_id in chunk if ac_id not in there]
    return gone


def _forget(ctx: SyncContext, ac_id: str) -> None:
    """Break the links of a deleted contact and list them; one that nobody is linked to just leaves the index."""
    links = ctx.stores.ledger.links_by_ac([ac_id]).get(ac_id, [])
    with ctx.stores.db.transaction():
        ctx.stores.index.remove([ac_id])
        for link in links:
            contact_gone(ctx, link)
