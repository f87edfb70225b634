"""Who holds a sync tag, read again list by list: tags move without the contact's stamp (rule 1.4)."""

from __future__ import annotations

from acassist.domain.ids import PEOPLE
from acassist.domain.record import ActiveCampaignContact
from acassist.domain.sweeps import SweepKind
from acassist.domain.tags import SYNC_TAGS
from acassist.storage.sweeps import SweepState
from acassist.sync.context import SyncContext
from acassist.sync.observe import store_page
from acassist.sync.sweep_steps import PAGE, SweepStep, pages


class TagSweep:
    """Walks through the contacts of each sync tag in id order."""

    kind = SweepKind.TAGS

    def on(self, ctx: SyncContext) -> bool:
        """Watch while the account has a sync tag at all."""
        return bool(_tags(ctx))

    def total(self, ctx: SyncContext) -> int:
        """Count the linked people; whoever else holds a tag is not known before."""
        return sum(ctx.stores.sweeps.count_links(sobject) for sobject in PEOPLE)

    def calls(self, total: int, ctx: SyncContext) -> int:
        """Forecast a page for every hundred people and one more for each tag, but what the last turn took if more."""
        known = ctx.stores.sweeps.state(self.kind)
        return max(pages(total) + len(_tags(ctx)), known.calls_per_turn if known.last_turn else 0)

    async def step(self, ctx: SyncContext, state: SweepState) -> SweepStep:
        """Read one page of one tag; changes that waited for the tag are worked through by this run."""
        tags = _tags(ctx)
        name, _, after = (state.cursor or "").partition("|")
        tag = name if name in tags else tags[0]
        page = await _page(ctx, tag, after if tag == name else "")
        ids = [c.id for c in page]
        linked = ctx.stores.ledger.links_by_ac(ids)
        with ctx.stores.db.transaction():
            store_page(ctx, page)
            waited = ctx.stores.sweeps.tagged(linked)
            ctx.stores.ledger.mark_unseen(waited)
            ctx.stores.sweeps.see(self.kind, linked, state.turn)
        cursor = f"{tag}|{ids[-1]}" if len(page) >= PAGE else _following(tags, tag)
        missing = 0
        if cursor is None:
            missing = ctx.stores.sweeps.note_missing(state.turn, state.newest_link)
            ctx.stores.sweeps.forget_older(self.kind, state.turn)
        return SweepStep(cursor, len(linked), len(waited) + missing)


def _tags(ctx: SyncContext) -> list[str]:
    return sorted((ctx.tag_ids[name] for name in SYNC_TAGS if name in ctx.tag_ids), key=int)


def _following(tags: list[str], tag: str) -> str | None:
    later = tags[tags.index(tag) + 1 :]
    return f"{later[0]}|" if later else None


async def _page(ctx: SyncContext, tag: str, after: str) -> list[ActiveCampaignContact]:
    async for page in ctx.activecampaign.contacts(tag_id=tag, after_id=after or None):
        return page
    return []
