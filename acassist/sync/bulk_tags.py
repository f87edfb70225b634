"""Tags many contacts in one import request instead of one call each (rule 5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acassist.activecampaign.bulk_import import import_chunks
from acassist.domain.ledger import Intent, IntentState
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record import ImportReceipt, ImportRow, normalize_email
from acassist.sync.contact_writes import finished_import, imports_settled, queue_import
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
    batches: list[tuple[ImportReceipt, list[ImportRow]]] = []
    for chunk in import_chunks(rows, exclude_automations=exclude):
        ctx.check_cancelled()
        batches.append((await queue_import(ctx, chunk, exclude_automations=exclude), chunk))
    if rows:
        await imports_settled(ctx)
    left_out = await _left_out(ctx, batches)
    reached = [i for i in bulk if normalize_email(emails[i.key]) not in left_out]
    with ctx.stores.db.transaction():
        for intent in reached:
            ctx.stores.intents.close(intent.id, IntentState.DONE)
            ctx.note([tag_item(ctx, intent.key, str(intent.payload["tag"]))])
            if intent.key in accounts:
                note_account(ctx, intent)
    done = {intent.id for intent in reached}
    for intent in intents:
        if intent.id not in done:
            ctx.check_cancelled()
            await carry_out_tag(ctx, intent)


async def _left_out(ctx: SyncContext, batches: Sequence[tuple[ImportReceipt, list[ImportRow]]]) -> set[str | None]:
    """Return the addresses that an import passed over: hard bounces are reported, excluded ones are not.

    The report names nobody of those that were not even queued, so everybody of such a batch counts as left out;
    a tag given by id once more is harmless.
    """
    found: set[str | None] = set()
    for receipt, rows in batches:
        if receipt.queued < len(rows):
            found |= {normalize_email(row.email) for row in rows}
        else:
            found |= set(await finished_import(ctx, receipt.batch_id))
    return found


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
