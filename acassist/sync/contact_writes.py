"""Writes planned values to linked ActiveCampaign contacts: by id below ten people, by bulk import from ten up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from acassist.activecampaign.bulk_import import import_chunks
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.domain.record import ActiveCampaignContact, ContactWrite, ImportReceipt, ImportRow, normalize_email
from acassist.domain.text import N_, Message
from acassist.sync.ahead import together
from acassist.sync.context import SyncContext
from acassist.sync.observe import indexed

READ_CHUNK = 100
# So often the account is asked whether anything is outstanding, before single batches are.
_GROUP_ASKS = 6
# Waiting for a queued import: seconds before each question, then every half minute up to about ten minutes.
_WAITS = (0.4, 0.6, 1.0, 2.0, 4.0, 8.0, 15.0, *[30.0] * 20)


@dataclass(frozen=True, slots=True)
class ContactUpdate:
    """Planned values of one linked contact, by ActiveCampaign key; `email` is its address as read in this run."""

    ac_id: str
    email: str
    values: Mapping[str, str]


@dataclass(slots=True)
class Written:
    """What came of it, by contact id: the contact after the write, or the problem."""

    contacts: dict[str, ActiveCampaignContact] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)


async def fresh_contacts(ctx: SyncContext, ids: Iterable[str]) -> dict[str, ActiveCampaignContact]:
    """Read linked contacts anew, 100 ids a call, before they are written (rule 2.3); missing ones are absent."""
    every = list(dict.fromkeys(ids))
    ctx.check_cancelled()
    starts = range(0, len(every), READ_CHUNK)
    pages = await together(ctx.activecampaign.contacts_by_ids(every[i : i + READ_CHUNK]) for i in starts)
    return {contact.id: contact for page in pages for contact in page}


def _importable(update: ContactUpdate) -> bool:
    """Bulk import matches by address and may not clear values, so changed addresses and blanks go by id."""
    return "email" not in update.values and all(update.values.values())


async def write_contacts(ctx: SyncContext, updates: Sequence[ContactUpdate]) -> Written:
    """Write planned values; a problem of one person never stops the others."""
    written = Written()
    bulk = [u for u in updates if _importable(u)]
    if len(bulk) < ctx.bulk_from:
        bulk = []
    await _write_bulk(ctx, bulk, written)
    # What the import did not show when read back is written by id, so that nothing is left half done.
    done = set(written.contacts)
    for update in updates:
        if update.ac_id not in done:
            ctx.check_cancelled()
            await _write_one(ctx, update, written)
    _remember(ctx, updates, written)
    return written


def _remember(ctx: SyncContext, updates: Sequence[ContactUpdate], written: Written) -> None:
    """Keep the index as the contacts are now; an answer may hold fewer values than the contact has."""
    known = ctx.stores.index.by_ids(written.contacts)
    for update in updates:
        contact = written.contacts.get(update.ac_id)
        if contact is not None:
            old = known[update.ac_id].values if update.ac_id in known else {}
            merged = replace(contact, values={**old, **update.values, **contact.values})
            written.contacts[update.ac_id] = merged
    ctx.stores.index.put(indexed(c) for c in written.contacts.values())


async def _write_one(ctx: SyncContext, update: ContactUpdate, written: Written) -> None:
    values = {k: v for k, v in update.values.items() if k != "email"}
    try:
        contact = await ctx.activecampaign.update_contact(
            update.ac_id, ContactWrite(update.values.get("email"), values)
        )
    except ProblemError as error:
        if error.problem.reaction is Reaction.STOP:
            raise
        # When nobody knows whether it was carried out, the contact itself tells.
        found = await fresh_contacts(ctx, [update.ac_id]) if error.problem.ambiguous else {}
        if update.ac_id in found and shows(found[update.ac_id], update.values):
            written.contacts[update.ac_id] = found[update.ac_id]
        else:
            written.problems[update.ac_id] = error.problem
        return
    written.contacts[update.ac_id] = contact


async def _write_bulk(ctx: SyncContext, updates: Sequence[ContactUpdate], written: Written) -> None:
    rows = [ImportRow(u.email, u.values) for u in updates]
    exclude = not ctx.setup.defaults.run_automations
    batches = []
    for chunk in import_chunks(rows, exclude_automations=exclude):
        ctx.check_cancelled()
        receipt = await queue_import(ctx, chunk, exclude_automations=exclude)
        batches.append((receipt.batch_id, {r.email for r in chunk}))
    if not batches:
        return
    await imports_settled(ctx)
    await _read_back(ctx, updates, written)
    # Who does not show the values yet may belong to a batch that is still on its way.
    late = [u for u in updates if u.ac_id not in written.contacts]
    for batch, emails in batches if late else ():
        if any(u.email in emails for u in late):
            await finished_import(ctx, batch)
    await _read_back(ctx, late, written)


async def _read_back(ctx: SyncContext, updates: Sequence[ContactUpdate], written: Written) -> None:
    by_id = {u.ac_id: u for u in updates}
    for ac_id, contact in (await fresh_contacts(ctx, by_id)).items():
        if shows(contact, by_id[ac_id].values):
            written.contacts[ac_id] = contact


def shows(contact: ActiveCampaignContact, values: Mapping[str, str]) -> bool:
    """Tell whether a contact holds the values that were written, ignoring outer blanks."""
    return all((contact.values.get(k) or "").strip() == v.strip() for k, v in values.items())


async def queue_import(ctx: SyncContext, rows: Sequence[ImportRow], *, exclude_automations: bool) -> ImportReceipt:
    """Queue one import request; a request over the per-minute limit waits and is sent again (it did nothing)."""
    for wait in _WAITS:
        try:
            return await ctx.activecampaign.import_contacts(rows, exclude_automations=exclude_automations)
        except ProblemError as error:
            if error.problem.code is not ProblemCode.AC_BUSY or error.problem.ambiguous:
                raise
            await ctx.clock.sleep(error.problem.retry_after or wait)
    raise ProblemError(Problem(ProblemCode.AC_BUSY))


async def imports_settled(ctx: SyncContext) -> None:
    """Wait for a whole group of imports with one call a question; other integrations' imports end the waiting too.

    What is not there afterwards is looked for batch by batch with `finished_import` (rule 5.1).
    """
    for wait in _WAITS[:_GROUP_ASKS]:
        await ctx.clock.sleep(wait)
        ctx.check_cancelled()
        if await ctx.activecampaign.imports_outstanding() == 0:
            return
        ctx.report(Message(N_("Waiting for ActiveCampaign to finish the import")), 0, None)


async def finished_import(ctx: SyncContext, batch_id: str) -> tuple[str, ...]:
    """Wait until a batch is finished and return the addresses it left out."""
    for wait in _WAITS:
        status = await ctx.activecampaign.import_status(batch_id)
        if status.finished:
            return tuple(e for e in map(normalize_email, status.failed_emails) if e)
        ctx.report(Message(N_("Waiting for ActiveCampaign to finish the import")), 0, None)
        await ctx.clock.sleep(wait)
        ctx.check_cancelled()
    raise ProblemError(Problem(ProblemCode.AC_DOWN))
