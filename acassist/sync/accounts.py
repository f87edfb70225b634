"""Accounts: the name a new person is joined by, and two-way values of linked accounts (rule 5.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, Link, LinkState
from acassist.domain.mapping import Direction
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.sync.account_links import PREFIX, account_gone, custom_mapped
from acassist.sync.context import SyncContext, subject_of
from acassist.sync.guard import brake_accounts
from acassist.sync.lifecycle import record_gone, settle
from acassist.sync.observe import delta_cursor, fetch_records, salesforce_delta
from acassist.sync.pair_results import record_failures
from acassist.sync.plan import Pair, PairPlan, plan_pair
from acassist.sync.planned import kept_differences, planned_changes
from acassist.sync.record_writes import update_records

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Up to this many names are searched for one by one, above it all accounts are listed.
_ONE_BY_ONE = 5
# So many people are looked at at a time: a first run may have read a hundred thousand.
_SOME = 2000


@dataclass(slots=True)
class _Accounts:
    """Account links that need work, with what was read of both sides already, by Salesforce and by account id."""

    links: dict[str, Link] = field(default_factory=dict)
    records: dict[str, SalesforceRecord] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


async def sync_accounts(ctx: SyncContext, people: Iterable[SalesforceRecord]) -> None:
    """Link the accounts of these contacts by name, once, and carry mapped values of changed accounts both ways.

    Salesforce tells which accounts were saved; what changes in ActiveCampaign is found by a sweep, which marks it.
    """
    if SObject.ACCOUNT not in ctx.schema.objects:
        return
    work = _Accounts()
    cursor = await _read_delta(ctx, work)
    everybody = iter(people)
    while some := list(islice(everybody, _SOME)):
        await _first_links(ctx, some, work)
    for link in _marked(ctx):
        work.links.setdefault(link.sf_id, link)
    await _work(ctx, work)
    if ctx.dry is None:
        ctx.stores.ledger.set_cursor(delta_cursor(SObject.ACCOUNT), cursor)


async def sync_accounts_of(ctx: SyncContext, people: Sequence[SalesforceRecord]) -> None:
    """Link and compare the accounts of these contacts now, whatever changed."""
    if SObject.ACCOUNT not in ctx.schema.objects:
        return
    work = _Accounts()
    await _first_links(ctx, people, work)
    ids = [str(p.fields["AccountId"]) for p in people if p.fields.get("AccountId")]
    known = ctx.stores.ledger.links_by_sf(SObject.ACCOUNT, ids)
    work.links.update({i: link for i, link in known.items() if link.state is LinkState.ACTIVE})
    await _work(ctx, work)


async def _read_delta(ctx: SyncContext, work: _Accounts) -> str:
    """Read which linked accounts were saved in Salesforce, and return the cursor behind them."""
    ledger = ctx.stores.ledger
    start = ctx.salesforce.server_time() or ctx.clock.now()
    before = ledger.cursor(delta_cursor(SObject.ACCOUNT))
    if not ctx.stores.sweeps.linked_ids(SObject.ACCOUNT, limit=1):
        return start.isoformat()
    if before is None and ctx.dry is None:
        ledger.mark_all_unseen(SObject.ACCOUNT)
    newest = max(start, datetime.fromisoformat(before)) if before else start
    async for page in salesforce_delta(ctx, SObject.ACCOUNT):
        newest = max([newest, *(r.stamp for r in page)])
        links = ledger.links_by_sf(SObject.ACCOUNT, [r.id for r in page])
        for record in settle(ctx, [r for r in page if r.id in links]):
            link = ledger.links_by_sf(SObject.ACCOUNT, [record.id]).get(record.id)
            if link is not None and link.state is LinkState.ACTIVE:
                work.links[record.id], work.records[record.id] = link, record
    return newest.isoformat()


def _marked(ctx: SyncContext) -> Iterator[Link]:
    """Yield the account links that a sweep, a failure or a person marked."""
    after = 0
    while page := ctx.stores.ledger.unseen_links(after_id=after):
        yield from (link for link in page if link.sobject is SObject.ACCOUNT)
        after = page[-1].id


async def _first_links(ctx: SyncContext, people: Sequence[SalesforceRecord], work: _Accounts) -> None:
    """Link accounts of linked contacts by their name."""
    linked = ctx.stores.ledger.links_by_sf(SObject.CONTACT, [p.id for p in people if p.fields.get("AccountId")])
    wanted = {str(p.fields["AccountId"]) for p in people if p.id in linked or ctx.dry is not None} - {"None"}
    new = sorted(wanted - set(ctx.stores.ledger.links_by_sf(SObject.ACCOUNT, wanted)))
    if not new:
        return
    records = await fetch_records(ctx, SObject.ACCOUNT, new)
    live = [r for i in new if (r := records.get(i)) is not None and not r.deleted]
    named = await _named(ctx, {_name(r) for r in live if _name(r)})
    for record in live:
        found = named.get(_name(record).casefold(), [])
        link = _first_link(ctx, record, found)
        if link is not None:
            work.links[record.id], work.records[record.id] = link, record
            work.names.update(found)


def _name(record: SalesforceRecord) -> str:
    return str(record.fields.get("Name") or "").strip()


async def _named(ctx: SyncContext, names: set[str]) -> dict[str, list[tuple[str, str]]]:
    """Find accounts, as id and name, by name in lower case: a few by search, more by the whole list."""
    rows: list[tuple[str, str]] = []
    if len(names) <= _ONE_BY_ONE:
        for name in sorted(names):
            rows += await ctx.activecampaign.accounts(name)
    else:
        rows = await ctx.activecampaign.accounts()
    found: dict[str, list[tuple[str, str]]] = {}
    for row in dict.fromkeys(rows):
        found.setdefault(row[1].strip().casefold(), []).append(row)
    return found


def _first_link(ctx: SyncContext, record: SalesforceRecord, found: Sequence[tuple[str, str]]) -> Link | None:
    if len(found) > 1:
        subject = subject_of(SObject.ACCOUNT, record.id)
        ctx.raise_issue(
            Problem(ProblemCode.ACCOUNT_AMBIGUOUS, subject),
            subject=subject,
            version=ctx.version(record),
            name=_name(record),
            sobject=SObject.ACCOUNT,
            sf_id=record.id,
        )
    if len(found) != 1 or ctx.stores.ledger.links_by_ac([PREFIX + found[0][0]]):
        return None
    link = Link(SObject.ACCOUNT, record.id, PREFIX + found[0][0], "")
    return link if ctx.dry is not None else ctx.stores.ledger.add_link(link)


async def _work(ctx: SyncContext, work: _Accounts) -> None:
    """Read what is not known yet of both sides, plan all accounts, look at the totals, and write (rule 6.1)."""
    links = [link for link in work.links.values() if link.sf_id in work.records or _due(ctx, link)]
    if not links:
        return
    missing = [link.sf_id for link in links if link.sf_id not in work.records]
    records = {**work.records, **(await fetch_records(ctx, SObject.ACCOUNT, missing) if missing else {})}
    plans = [plan async for plan in _plans(ctx, links, records, work.names)]
    brake_accounts(ctx, plans)
    for plan in plans:
        ctx.check_cancelled()
        await _apply(ctx, plan)


async def _plans(
    ctx: SyncContext, links: Sequence[Link], records: dict[str, SalesforceRecord], known: dict[str, str]
) -> AsyncIterator[PairPlan]:
    ids = [link.ac_id.removeprefix(PREFIX) for link in links]
    unknown = [i for i in ids if i not in known]
    names = {**known, **(await ctx.activecampaign.accounts_by_ids(unknown) if unknown else {})}
    custom = await ctx.activecampaign.accounts_custom_values(ids) if custom_mapped(ctx) else {}
    for link in links:
        record, account_id = records.get(link.sf_id), link.ac_id.removeprefix(PREFIX)
        if account_id not in names:
            account_gone(ctx, link)
        elif record is None:
            record_gone(ctx, link)
        elif settle(ctx, [record]):
            values = {"name": names[account_id], **custom.get(account_id, {})}
            carrier = ActiveCampaignContact(link.ac_id, "", _NEVER, values=values)
            yield plan_pair(ctx.schema.of(SObject.ACCOUNT).fields, Pair(record, carrier, link), ctx.choices)


def _due(ctx: SyncContext, link: Link) -> bool:
    """Tell whether a marked account may be tried: one that failed waits for its time (rule 6.3)."""
    now = ctx.clock.now()
    waiting = ctx.stores.issues.open_for(subject_of(SObject.ACCOUNT, link.sf_id)) if link.id else []
    return not any(i.code.value.startswith(("sf_", "ac_")) and i.next_try and i.next_try > now for i in waiting)


async def _apply(ctx: SyncContext, plan: PairPlan) -> None:
    if not ctx.inbound:
        plan = plan.without(Service.SALESFORCE)
    if not ctx.outbound:
        plan = plan.without(Service.ACTIVECAMPAIGN)
    if ctx.dry is not None:
        ctx.dry.extend(planned_changes(plan))
        ctx.kept.extend(kept_differences(plan))
        return
    failures = await _write(ctx, plan)
    link = plan.pair.link
    if failures is None or link is None:
        return
    kept = plan
    for target in failures:
        kept = kept.without(target)
    with ctx.stores.db.transaction():
        # Whatever failed or waits for a run in the other direction stays marked.
        stamp = None if kept.held_back else _NEVER
        fingerprint = ctx.setup.mapping.fingerprint(SObject.ACCOUNT)
        ctx.stores.ledger.save_link(replace(link, base=kept.base, ac_stamp=stamp, fingerprint=fingerprint))
        ctx.note(_items(ctx, kept))
        record_failures(ctx, plan, failures)


async def _write(ctx: SyncContext, plan: PairPlan) -> dict[Service, Problem] | None:
    """Write both sides and return what failed; None when the account turned out to be gone."""
    failures: dict[Service, Problem] = {}
    to_ac = {c.field.ac.key: str(c.written) for c in plan.writes(Service.ACTIVECAMPAIGN)}
    link = plan.pair.link
    if to_ac and link is not None:
        try:
            name = to_ac.pop("name", None)
            await ctx.activecampaign.update_account(link.ac_id.removeprefix(PREFIX), name, to_ac)
        except ProblemError as error:
            if error.problem.code is ProblemCode.AC_GONE:
                account_gone(ctx, link)
                return None
            if error.problem.reaction is not Reaction.ISSUE:
                raise
            failures[Service.ACTIVECAMPAIGN] = error.problem
    to_sf = {c.field.sf.name: c.written for c in plan.writes(Service.SALESFORCE)}
    if to_sf:
        problem = (await update_records(ctx, SObject.ACCOUNT, [(plan.pair.sf.id, to_sf)]))[plan.pair.sf.id]
        if problem is not None:
            failures[Service.SALESFORCE] = problem
    return failures


def _items(ctx: SyncContext, plan: PairPlan) -> Iterator[HistoryItem]:
    for change in plan.changes:
        yield ctx.item(
            change.target,
            HistoryAction.UPDATE,
            subject_of(SObject.ACCOUNT, plan.pair.sf.id),
            name=_name(plan.pair.sf),
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
