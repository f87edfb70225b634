"""Who holds a sync tag, and who unsubscribed, read again: no stamp need move with either (rules 1.4, 5.8)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from acassist.domain.ids import PEOPLE
from acassist.domain.ledger import Link
from acassist.domain.record import ActiveCampaignContact
from acassist.domain.sweeps import SweepKind
from acassist.domain.tags import SYNC_TAGS
from acassist.storage.sweeps import SweepState
from acassist.sync.context import SyncContext
from acassist.sync.observe import store_page
from acassist.sync.opt_out import BASE_KEY, UNSUBSCRIBED
from acassist.sync.sweep_steps import PAGE, SweepStep, pages

# Stands among the tags for the list of people who unsubscribed.
_OUT = "out"


class TagSweep:
    """Walks through the contacts of each sync tag in id order, then through those who unsubscribed."""

    kind = SweepKind.TAGS

    def on(self, ctx: SyncContext) -> bool:
        """Watch while the account has a sync tag at all."""
        return bool(_tags(ctx))

    def total(self, ctx: SyncContext) -> int:
        """Count the linked people; whoever else holds a tag is not known before."""
        return sum(ctx.stores.sweeps.count_links(sobject) for sobject in PEOPLE)

    def calls(self, total: int, ctx: SyncContext) -> int:
        """Forecast a page for every hundred people and one more for each list, but what the last turn took if more."""
        known = ctx.stores.sweeps.state(self.kind)
        return max(pages(total) + len(_lists(ctx)), known.calls_per_turn if known.last_turn else 0)

    async def step(self, ctx: SyncContext, state: SweepState) -> SweepStep:
        """Read one page of one list; what it shows to have changed is worked through by this run."""
        lists = _lists(ctx)
        name, _, after = (state.cursor or "").partition("|")
        current = name if name in lists else lists[0]
        page = await _page(ctx, current, after if current == name else "")
        linked = ctx.stores.ledger.links_by_ac([c.id for c in page])
        with ctx.stores.db.transaction():
            store_page(ctx, page)
            moved = _left(ctx, linked, state.turn) if current == _OUT else _tagged(ctx, linked, state.turn)
            ctx.stores.ledger.mark_unseen(moved)
        cursor = f"{current}|{page[-1].id}" if len(page) >= PAGE else _following(lists, current)
        missing = 0
        if cursor is None:
            missing = ctx.stores.sweeps.note_missing(state.turn, state.newest_link)
            ctx.stores.sweeps.forget_older(self.kind, state.turn)
        return SweepStep(cursor, 0 if current == _OUT else len(linked), len(moved) + missing)


def _tagged(ctx: SyncContext, linked: Collection[str], turn: int) -> set[str]:
    """Note who holds a sync tag and return those whose changes waited for one."""
    ctx.stores.sweeps.see(SweepKind.TAGS, linked, turn)
    return ctx.stores.sweeps.tagged(linked)


def _left(ctx: SyncContext, linked: Mapping[str, Sequence[Link]], turn: int) -> set[str]:
    """Return who is on the list of unsubscribed anew, as far as their links do not know it yet.

    Who left one list and is on another stands there as well, and is asked about once.
    """
    keys = {f"{_OUT}:{ac_id}": ac_id for ac_id in linked}
    before = ctx.stores.sweeps.seen(SweepKind.TAGS, keys, turn - 1)
    ctx.stores.sweeps.see(SweepKind.TAGS, keys, turn)
    return {i for key, i in keys.items() if key not in before and any(not _out(link) for link in linked[i])}


def _out(link: Link) -> bool:
    base = link.base.get(BASE_KEY)
    return base is not None and base.activecampaign == "true"


def _lists(ctx: SyncContext) -> list[str]:
    return [*_tags(ctx), *([_OUT] if ctx.setup.defaults.sync_opt_out else [])]


def _tags(ctx: SyncContext) -> list[str]:
    return sorted((ctx.tag_ids[name] for name in SYNC_TAGS if name in ctx.tag_ids), key=int)


def _following(lists: list[str], current: str) -> str | None:
    later = lists[lists.index(current) + 1 :]
    return f"{later[0]}|" if later else None


async def _page(ctx: SyncContext, current: str, after: str) -> list[ActiveCampaignContact]:
    tag, status = (None, UNSUBSCRIBED) if current == _OUT else (current, None)
    async for page in ctx.activecampaign.contacts(tag_id=tag, after_id=after or None, status=status):
        return page
    return []
