"""Tags: which contacts hold a sync tag, and adding or removing tags safely."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from acassist.domain.ids import Service
from acassist.domain.ledger import HistoryAction, HistoryItem, Intent, IntentKind, IntentState
from acassist.domain.merge import Base
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.domain.tags import SYNC_TAGS
from acassist.sync.context import SyncContext, contact_subject

# Beside the mapped fields, the base of a link holds what else was done for it under keys that begin with #.
JOINED = "#account"
# Up to this many contacts are asked one by one; more are found through the lists of each sync tag.
ONE_BY_ONE = 20
# What a person was asked about a contact that tagging has nothing to do with.
_ASKED = frozenset({ProblemCode.SEND_UNKNOWN, ProblemCode.ENTER_UNKNOWN})


async def load_tags(ctx: SyncContext) -> None:
    """Read the account's tags once a run."""
    ctx.tag_ids = await ctx.activecampaign.tags()


async def tag_id(ctx: SyncContext, name: str) -> str:
    """Return a tag's id, creating the tag when the account lacks it."""
    known = ctx.tag_ids.get(name.casefold())
    if known is None:
        known = await ctx.activecampaign.create_tag(name)
        ctx.tag_ids[name.casefold()] = known
    return known


async def tagged_contacts(ctx: SyncContext, ids: set[str]) -> set[str]:
    """Return which of these contacts hold a sync tag of either generation (rule 1.4)."""
    wanted = {ctx.tag_ids[t] for t in SYNC_TAGS if t in ctx.tag_ids}
    if not wanted:
        return set()
    if len(ids) <= ONE_BY_ONE:
        found = set()
        for ac_id in sorted(ids):
            ctx.check_cancelled()
            if wanted & set(await _tags_of(ctx, ac_id)):
                found.add(ac_id)
        return found
    return await _by_lists(ctx, ids, wanted)


async def _tags_of(ctx: SyncContext, ac_id: str) -> dict[str, str]:
    """Read a contact's tags; one that is gone has none, and its links are looked at again by the next run."""
    try:
        return await ctx.activecampaign.contact_tags(ac_id)
    except ProblemError as error:
        if error.problem.code is not ProblemCode.AC_GONE:
            raise
        ctx.stores.index.remove([ac_id])
        ctx.stores.ledger.mark_unseen([ac_id])
        return {}


async def _by_lists(ctx: SyncContext, ids: set[str], tags: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for tag in sorted(tags):
        async for page in ctx.activecampaign.contacts(tag_id=tag):
            ctx.check_cancelled()
            found |= {c.id for c in page} & ids
            if found == ids:
                return found
    return found


def intend_tag(
    ctx: SyncContext, ac_id: str, name: str, *, account: str | None = None, lists: tuple[str, ...] = ()
) -> Intent:
    """Store that a contact has to be tagged, joined to an account and put on lists; done by `carry_out_tag`."""
    payload = {"tag": name, "account": account, **({"lists": list(lists)} if lists else {})}
    return ctx.stores.intents.open(Intent(IntentKind.TAG, ac_id, payload, run_id=ctx.run_id))


async def carry_out_tag(ctx: SyncContext, intent: Intent) -> None:
    """Tag a contact, join it to its account and put it on lists as intended; harmless to repeat."""
    name = str(intent.payload["tag"])
    account = intent.payload.get("account")
    try:
        await ctx.activecampaign.add_tag(intent.key, await tag_id(ctx, name))
        if account:
            await ctx.activecampaign.link_account(intent.key, await ctx.activecampaign.create_account(str(account)))
        await _join_lists(ctx, intent.key, intent.payload.get("lists") or ())
    except ProblemError as error:
        if error.problem.reaction is not Reaction.ISSUE:
            raise
        _not_tagged(ctx, intent, error.problem)
        return
    with ctx.stores.db.transaction():
        _clear_refusals(ctx, contact_subject(intent.key))
        ctx.stores.intents.close(intent.id, IntentState.DONE)
        ctx.note([tag_item(ctx, intent.key, name)])
        note_account(ctx, intent)


async def _join_lists(ctx: SyncContext, ac_id: str, lists: Iterable[str]) -> None:
    """Subscribe a new contact; a list that it has left meanwhile, or was put on, is left alone (rule 5.8)."""
    wanted = list(lists)
    known = await ctx.activecampaign.contact_lists(ac_id) if wanted else {}
    for list_id in wanted:
        if list_id not in known:
            await ctx.activecampaign.set_list_status(ac_id, list_id, subscribed=True)


def _not_tagged(ctx: SyncContext, intent: Intent, problem: Problem) -> None:
    """List why a contact was not tagged or joined; one that is gone is left to its link (rule 2.5)."""
    ctx.stores.intents.close(intent.id, IntentState.ABANDONED)
    if problem.code is ProblemCode.AC_GONE:
        ctx.stores.index.remove([intent.key])
        ctx.stores.ledger.mark_unseen([intent.key])
        return
    if problem.code is ProblemCode.ACCOUNT_MOVE:
        problem = replace(problem, values={"field": str(intent.payload["account"])})
    ctx.raise_issue(problem, subject=contact_subject(intent.key), version="", ac_id=intent.key)


def _clear_refusals(ctx: SyncContext, subject: str) -> None:
    """Close what `_not_tagged` listed; issues of another kind about the contact stay."""
    for issue in ctx.stores.issues.open_for(subject):
        if issue.sobject is None and issue.code not in _ASKED:
            ctx.stores.issues.clear(subject, codes=[issue.code])


def note_account(ctx: SyncContext, intent: Intent) -> None:
    """Keep with the links of a contact that it was joined to its account, for the status of the record.

    Stored, because the run that writes the status may be a later one.
    """
    name = intent.payload.get("account")
    for link in ctx.stores.ledger.links_by_ac([intent.key]).get(intent.key, []) if name else []:
        base = {**link.base, JOINED: Base(str(name), str(name))}
        ctx.stores.ledger.save_link(replace(link, base=base))


def tag_item(ctx: SyncContext, ac_id: str, name: str) -> HistoryItem:
    """Build the history item of a tag that was added."""
    return _item(ctx, HistoryAction.TAG, ac_id, name)


async def remove_tag(ctx: SyncContext, ac_id: str, name: str) -> None:
    """Remove a tag from a contact; nothing happens when it is not there."""
    wanted = ctx.tag_ids.get(name.casefold())
    association = (await _tags_of(ctx, ac_id)).get(wanted or "")
    if association is None:
        return
    await ctx.activecampaign.remove_tag(association)
    ctx.note([replace(_item(ctx, HistoryAction.UNTAG, ac_id, name), before=name, after=None)])


def _item(ctx: SyncContext, action: HistoryAction, ac_id: str, name: str) -> HistoryItem:
    return ctx.item(Service.ACTIVECAMPAIGN, action, contact_subject(ac_id), ac_id=ac_id, after=name)
