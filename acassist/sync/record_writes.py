"""Writes planned values and the status fields to Salesforce: in Collections of 200, above 2,000 by Bulk jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from acassist.domain.fields import SyncFields
from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.record import RowError, RowResult, SalesforceRecord
from acassist.salesforce.errors import row_problem
from acassist.salesforce.soql import in_list, select
from acassist.sync.context import STATUS_OK, SyncContext, subject_of
from acassist.sync.observe import in_chunks

# Collections take at most 200 records (salesforce_api 4.1).
CHUNK = 200
# Above so many writes of one kind a Bulk job costs fewer calls (rule 5.3).
MOST_BY_COLLECTIONS = 2_000
# So many status rows are read again, and written, at once; a run that queues more writes them on the way.
STATUS_CHUNK = 10_000


# How the status of a record begins that could not be synced.
FAILED = "Not synced:"


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A status to write, if the record's stamp is still the one planned from (rule 5.4)."""

    sobject: SObject
    sf_id: str
    stamp: datetime
    fields: Mapping[str, Any]
    name: str = ""


@dataclass(slots=True)
class StatusQueue:
    """Collects status rows of a run and writes them in batches, only when they differ."""

    rows: dict[SObject, list[StatusRow]] = field(default_factory=dict)

    @property
    def full(self) -> bool:
        """Tell whether so much is queued that it should be written before the run goes on."""
        return any(len(rows) >= STATUS_CHUNK for rows in self.rows.values())

    def add(self, row: StatusRow) -> None:
        """Queue one row."""
        self.rows.setdefault(row.sobject, []).append(row)

    async def flush(self, ctx: SyncContext) -> None:
        """Write everything queued."""
        for sobject, rows in self.rows.items():
            for start in range(0, len(rows), STATUS_CHUNK):
                await _write_status(ctx, sobject, rows[start : start + STATUS_CHUNK])
        self.rows.clear()


def status_fields(
    ctx: SyncContext, sobject: SObject, ac_id: str, text: str = STATUS_OK, *, related: bool = False
) -> dict[str, Any]:
    """Return the status fields to write for one record, as far as the org has them and they take the text."""
    schema = ctx.schema.of(sobject)
    fields: dict[str, Any] = {}
    names: SyncFields = schema.sync_fields
    accepted = _accepted(ctx, sobject, names.status, text)
    if names.status and accepted is not None:
        fields[names.status] = accepted
    id_field = schema.description.field(names.contact_id) if names.contact_id else None
    if id_field is not None and not id_field.read_only:
        fields[id_field.name] = ac_id if id_field.type in {"string", "textarea"} else int(ac_id)
    relation = _accepted(ctx, sobject, names.relation, STATUS_OK) if related else None
    if names.relation and relation is not None:
        fields[names.relation] = relation
    return fields


def failed_text(problem: Problem) -> str:
    """Say in one sentence why a record was not synced."""
    return f"{FAILED} {problem.title.english()}"


def failed_row(ctx: SyncContext, record: SalesforceRecord, problem: Problem) -> StatusRow | None:
    """Return the status of a record that has no contact yet, None when it says so already or does not take it."""
    name = ctx.schema.of(record.sobject).sync_fields.status
    text = _accepted(ctx, record.sobject, name, failed_text(problem))
    fields = differing({name: text}, record) if name and text is not None else {}
    return StatusRow(record.sobject, record.id, record.stamp, fields, record.name) if fields else None


def _accepted(ctx: SyncContext, sobject: SObject, name: str | None, text: str) -> str | None:
    """Fit a text into the status field: a restricted picklist or a short field falls back to what it takes."""
    found = ctx.schema.of(sobject).description.field(name) if name else None
    if found is None or found.read_only:
        return None
    if found.restricted_picklist:
        values = [v.value for v in found.picklist if v.active]
        return text if text in values else None
    return text[: found.length] if found.length else text


def differing(fields: Mapping[str, Any], record: SalesforceRecord) -> dict[str, Any]:
    """Keep the fields whose value is not there yet."""
    return {k: v for k, v in fields.items() if str(record.fields.get(k) or "") != str(v)}


async def _write_status(ctx: SyncContext, sobject: SObject, rows: Sequence[StatusRow]) -> None:
    names = ctx.schema.of(sobject).sync_fields.names
    if not names:
        return
    now = await _status_now(ctx, sobject, [r.sf_id for r in rows], names)
    due = [(r, _due(r, now.get(r.sf_id))) for r in rows]
    writes = [(r, fields) for r, fields in due if fields]
    if not writes:
        return
    results = await _update(ctx, sobject, [(r.sf_id, fields) for r, fields in writes])
    with ctx.stores.db.transaction():
        ctx.note(_status_items(ctx, writes, results))
        done = [row.sf_id for (row, _), result in zip(writes, results, strict=True) if result.success]
        ctx.stores.ledger.note_own_writes(sobject, done, ctx.salesforce.server_time() or ctx.clock.now())
    for (row, _), result in zip(writes, results, strict=True):
        # One issue is enough: a record that refused its values may refuse its status for the same reason.
        if not result.success and not ctx.stores.issues.open_for(subject_of(sobject, row.sf_id)):
            ctx.raise_issue(
                Problem(ProblemCode.STATUS_REFUSED, subject_of(sobject, row.sf_id), service=Service.SALESFORCE),
                subject=subject_of(sobject, row.sf_id),
                version=row.stamp.isoformat(),
                sobject=sobject,
                sf_id=row.sf_id,
                name=row.name,
            )


async def _status_now(
    ctx: SyncContext, sobject: SObject, ids: Sequence[str], names: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """Read stamp and status anew, right before they are written."""
    now: dict[str, Mapping[str, Any]] = {}
    for chunk in in_chunks(ids):
        soql = select(["Id", "SystemModstamp", *names], sobject, where=f"Id IN {in_list(chunk)}")
        async for page in ctx.salesforce.query(soql):
            now.update({row["Id"]: row for row in page})
    return now


async def _update(
    ctx: SyncContext, sobject: SObject, rows: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[RowResult]:
    """Write any number of records, results in order: by Collections, above 2,000 by a Bulk job."""
    if len(rows) > MOST_BY_COLLECTIONS:
        return await ctx.salesforce.bulk_update(sobject, rows, watch=ctx.check_cancelled)
    results: list[RowResult] = []
    for start in range(0, len(rows), CHUNK):
        ctx.check_cancelled()
        results += await ctx.salesforce.update(sobject, rows[start : start + CHUNK])
    return results


def _due(row: StatusRow, now: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what still has to be written: nothing when the record moved meanwhile."""
    if now is None or datetime.fromisoformat(now["SystemModstamp"]) != row.stamp:
        return {}
    return {k: v for k, v in row.fields.items() if str(now.get(k) or "") != str(v)}


def _status_items(
    ctx: SyncContext, writes: Sequence[tuple[StatusRow, Mapping[str, Any]]], results: Sequence[RowResult]
) -> Iterator[HistoryItem]:
    for (row, fields), result in zip(writes, results, strict=True):
        if result.success:
            for name, value in fields.items():
                yield ctx.item(
                    Service.SALESFORCE,
                    HistoryAction.STATUS,
                    subject_of(row.sobject, row.sf_id),
                    name=row.name,
                    sobject=row.sobject,
                    sf_id=row.sf_id,
                    field=name,
                    after=str(value),
                )


async def update_records(
    ctx: SyncContext, sobject: SObject, rows: Sequence[tuple[str, Mapping[str, Any]]]
) -> dict[str, Problem | None]:
    """Update records, above 2,000 by a Bulk job; returns, by id, None or the problem of that row."""
    results = await _update(ctx, sobject, rows)
    return {
        sf_id: None if result.success else problem_of(result)
        for (sf_id, _), result in zip(rows, results, strict=True)
    }


def problem_of(result: RowResult) -> Problem:
    """Name the problem of a refused row."""
    error = result.errors[0] if result.errors else RowError("UNKNOWN", "")
    return row_problem(error)
