"""Tags many contacts in one import request instead of one call each (rule 5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acassist.activecampaign.bulk_import import import_chunks
from acassist.domain.ledger import Intent, IntentState
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record import ImportRow
from acassist.sync.contact_writes import imports_settled, queue_import
from acassist.sync.context import SyncContext, contact_subject
from acassist.sync.tagging import ONE_BY_ONE, carry_out_tag, note_account, tag_item


async def carry_out_tags(ctx: SyncContext, intents: Sequence[Intent], emails: Mapping[str, str]) -> None:
    """Tag contacts and join accounts as intended; from ten up by bulk import, which changes nothing else.

    `emails` holds each contact's address as read in this run, because the import matches by address (rule 2.3).
    """
    bulk = [i for i in intents if emails.get(i.key)]
    if len(bulk) < ctx.bulk_from:
        bulk = []
    accounts = await _accounts_to_join(ctx, bulk)
    rows = [ImportRow(emails[i.key], {}, (str(i.payload["tag"]),), accounts.get(i.key)) for i in bulk]
    exclude = not ctx.setup.defaults.run_automations
    for chunk in import_chunks(rows, exclude_automations=exclude):
        ctx.check_cancelled()
        await queue_import(ctx, chunk, exclude_automations=exclude)
    if rows:
        await imports_settled(ctx)
    with ctx.stores.db.transaction():
        for intent in bulk:
            ctx.stores.intents.close(intent.id, IntentState.DONE)
            ctx.note([tag_item(ctx, intent.key, str(intent.payload["tag"]))])
            if intent.key in accounts:
                note_account(ctx, intent)
    done = {intent.id for intent in bulk}
    for intent in intents:
        if intent.id not in done:
            ctx.check_cancelled()
            await carry_out_tag(ctx, intent)


async def _accounts_to_join(ctx: SyncContext, intents: Sequence[Intent]) -> dict[str, str]:
    """Return the account names of people who have none; nobody is moved to another account (rule 5.7)."""
    wanted = {i.key: str(i.payload["account"]) for i in intents if i.payload.get("account")}
    present = await _accounts_of(ctx, list(wanted)) if wanted else {}
    for ac_id, (_, name) in present.items():
        if name.strip().casefold() != wanted[ac_id].strip().casefold():
            subject = contact_subject(ac_id)
            problem = Problem(ProblemCode.ACCOUNT_MOVE, subject, {"field": wanted[ac_id]})
            ctx.raise_issue(problem, subject=subject, version=f"{name}>{wanted[ac_id]}", ac_id=ac_id)
    return {ac_id: name for ac_id, name in wanted.items() if ac_id not in present}


async def _accounts_of(ctx: SyncContext, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Ask for a few people one by one, for many once in a run for everybody."""
    if ctx.affiliations is None and len(ids) <= ONE_BY_ONE:
        return await ctx.activecampaign.account_of(ids)
    if ctx.affiliations is None:
        ctx.affiliations = await ctx.activecampaign.affiliations()
    return {i: ctx.affiliations[i] for i in ids if i in ctx.affiliations}
