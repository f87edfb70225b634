"""Accounts: the name a new person is joined by, and two-way values of linked accounts (rule 5.7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, Link
from acassist.domain.mapping import Direction
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.observe import fetch_records
from acassist.sync.pairs import record_failures
from acassist.sync.plan import Pair, PairPlan, plan_pair
from acassist.sync.planned import kept_differences, planned_changes
from acassist.sync.record_writes import update_records

# Account ids share no room with contact ids in the ledger.
PREFIX = "account:"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


async def sync_accounts(ctx: SyncContext, people: Sequence[SalesforceRecord]) -> None:
    """Link the accounts of synced contacts by name, once, and carry mapped values both ways."""
    if SObject.ACCOUNT not in ctx.schema.objects:
        return
    listed = await ctx.activecampaign.accounts()
    names: dict[str, list[str]] = {}
    for account_id, name in listed:
        names.setdefault(name.strip().casefold(), []).append(account_id)
    wanted = {str(p.fields["AccountId"]) for p in people if p.fields.get("AccountId")}
    links = ctx.stores.ledger.iter_links(sobject=SObject.ACCOUNT, limit=100_000)
    records = await fetch_records(ctx, SObject.ACCOUNT, wanted | {link.sf_id for link in links})
    for record in records.values():
        if record.id in wanted and record.id not in {link.sf_id for link in links}:
            link = _first_link(ctx, record, names)
            links += [link] if link is not None else []
    await _work(ctx, links, records, dict(listed))


def _first_link(ctx: SyncContext, record: SalesforceRecord, names: dict[str, list[str]]) -> Link | None:
    found = names.get(str(record.fields.get("Name") or "").strip().casefold(), [])
    if len(found) > 1:
        subject = subject_of(SObject.ACCOUNT, record.id)
        ctx.raise_issue(
            Problem(ProblemCode.ACCOUNT_AMBIGUOUS, subject),
            subject=subject,
            version=ctx.version(record),
            name=str(record.fields.get("Name") or ""),
            sobject=SObject.ACCOUNT,
            sf_id=record.id,
        )
    if len(found) != 1:
        return None
    taken = ctx.stores.ledger.links_by_ac([PREFIX + found[0]])
    if taken:
        return None
    link = Link(SObject.ACCOUNT, record.id, PREFIX + found[0], "")
    return link if ctx.dry is not None else ctx.stores.ledger.add_link(link)


async def _work(
    ctx: SyncContext, links: Sequence[Link], records: dict[str, SalesforceRecord], names: dict[str, str]
) -> None:
    ids = [link.ac_id.removeprefix(PREFIX) for link in links]
    custom = await ctx.activecampaign.accounts_custom_values(ids) if ids and _custom(ctx) else {}
    for link in links:
        ctx.check_cancelled()
        account_id = link.ac_id.removeprefix(PREFIX)
        record = records.get(link.sf_id)
        if record is None or record.deleted or account_id not in names:
            continue
        values = {"name": names[account_id], **custom.get(account_id, {})}
        carrier = ActiveCampaignContact(link.ac_id, "", _NEVER, values=values)
        plan = plan_pair(ctx.schema.of(SObject.ACCOUNT).fields, Pair(record, carrier, link), ctx.choices)
        await _apply(ctx, plan, account_id)


def _custom(ctx: SyncContext) -> bool:
    return any(f.ac.custom_id for f in ctx.schema.of(SObject.ACCOUNT).fields)


async def _apply(ctx: SyncContext, plan: PairPlan, account_id: str) -> None:
    if not ctx.inbound:
        plan = plan.without(Service.SALESFORCE)
    if not ctx.outbound:
        plan = plan.without(Service.ACTIVECAMPAIGN)
    if ctx.dry is not None:
        ctx.dry.extend(planned_changes(plan))
        ctx.kept.extend(kept_differences(plan))
        return
    failures: dict[Service, Problem] = {}
    to_ac = {c.field.ac.key: str(c.written) for c in plan.writes(Service.ACTIVECAMPAIGN)}
    if to_ac:
        await ctx.activecampaign.update_account(account_id, to_ac.pop("name", None), to_ac)
    to_sf = {c.field.sf.name: c.written for c in plan.writes(Service.SALESFORCE)}
    if to_sf:
        outcome = await update_records(ctx, SObject.ACCOUNT, [(plan.pair.sf.id, to_sf)])
        problem = outcome[plan.pair.sf.id]
        if problem is not None:
            failures[Service.SALESFORCE] = problem
    kept = plan.without(Service.SALESFORCE) if failures else plan
    link = plan.pair.link
    if link is not None and (kept.changes or dict(kept.base) != dict(link.base)):
        with ctx.stores.db.transaction():
            ctx.stores.ledger.save_link(replace(link, base=kept.base, ac_stamp=plan.pair.ac.updated))
            ctx.note(_items(ctx, kept))
    record_failures(ctx, plan, failures)


def _items(ctx: SyncContext, plan: PairPlan) -> Iterator[HistoryItem]:
    for change in plan.changes:
        yield ctx.item(
            change.target,
            HistoryAction.UPDATE,
            subject_of(SObject.ACCOUNT, plan.pair.sf.id),
            name=str(plan.pair.sf.fields.get("Name") or ""),
            sobject=SObject.ACCOUNT,
            sf_id=plan.pair.sf.id,
            field=change.field.label,
            before=change.before,
            after=change.after,
            rule=change.rule.value,
            key=change.field.key,
        )


def account_name_of(ctx: SyncContext, record: SalesforceRecord) -> str | None:
    """Return the name of the account that a new person is joined to: a lead's company, a contact's account."""
    connection = ctx.setup.activecampaign
    if connection is not None and connection.accounts_available is False:
        return None
    row = ctx.schema.of(record.sobject).account_row
    if row is not None and row.direction is not Direction.TO_SALESFORCE:
        return str(record.fields.get(row.sf_field) or "").strip() or None
    if record.sobject is SObject.CONTACT and ctx.setup.mapping.accounts_on:
        return str(record.fields.get("Account.Name") or "").strip() or None
    return None
