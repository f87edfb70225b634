"""Bulk API 2.0 query: a job whose result comes as CSV in pages (section 4.3)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from acassist.sandbox.salesforce.bulk import DELIMITERS, LINE_ENDINGS
from acassist.sandbox.salesforce.call import CSV, Call, Reply
from acassist.sandbox.salesforce.errors import ApiError, not_found
from acassist.sandbox.salesforce.soql.parse import parse
from acassist.sandbox.salesforce.soql.render import Renderer
from acassist.sandbox.salesforce.soql.run import Execution

DEFAULT_PAGE = 50_000


@dataclass
class QueryJob:
    """One query job; the rows are fixed when the job completes."""

    id: str
    operation: str
    text: str
    delimiter: str
    line_ending: str
    created: str
    owner: str
    version: str
    execution: Execution
    state: str = "UploadComplete"
    polls: int = 0


def create(call: Call) -> Reply:
    """Answer `POST /jobs/query`. Raises ApiError for a query that Bulk does not take."""
    call.kind = "read"
    body = call.object()
    operation = str(body.get("operation"))
    if operation not in ("query", "queryAll"):
        raise ApiError("INVALIDJOB", f"Unknown operation: {operation}")
    text = str(body.get("query") or "")
    execution = Execution(call.org, call.actor, parse(text), deleted=operation == "queryAll", tooling=False)
    if execution.query.count or any(column.field.type == "address" for column in execution.columns):
        raise ApiError("INVALIDJOB", "The query has a part that Bulk API 2.0 does not support.")
    job = QueryJob(
        id=call.org.ids.new("750"),
        operation=operation,
        text=text,
        delimiter=str(body.get("columnDelimiter") or "COMMA"),
        line_ending=str(body.get("lineEnding") or "LF"),
        created=call.org.stamp(),
        owner=call.actor.user_id,
        version=call.version,
        execution=execution,
    )
    if job.delimiter not in DELIMITERS or job.line_ending not in LINE_ENDINGS:
        raise ApiError("INVALIDJOB", "Unknown column delimiter or line ending")
    call.org.jobs[job.id] = job
    return Reply(200, _json(job))


def info(call: Call, job_id: str) -> Reply:
    """Answer `GET /jobs/query/{id}`."""
    job = _find(call, job_id)
    if job.state in ("UploadComplete", "InProgress"):
        job.polls += 1
        job.state = "JobComplete" if job.polls > call.org.switches.bulk_polls else "InProgress"
    return Reply(200, _json(job))


def change_state(call: Call, job_id: str) -> Reply:
    """Answer `PATCH /jobs/query/{id}`, which can only abort."""
    job = _find(call, job_id)
    if call.object().get("state") != "Aborted" or job.state == "JobComplete":
        raise ApiError("INVALIDJOBSTATE", "The job cannot be moved to that state.")
    job.state = "Aborted"
    return Reply(200, _json(job))


def remove(call: Call, job_id: str) -> Reply:
    """Answer `DELETE /jobs/query/{id}`."""
    del call.org.jobs[_find(call, job_id).id]
    return Reply(204)


def results(call: Call, job_id: str) -> Reply:
    """Answer a page of the result; `Sforce-Locator` is `null` on the last one."""
    job = _find(call, job_id)
    if job.state != "JobComplete":
        raise ApiError("INVALIDJOBSTATE", f"The job is in state {job.state}.")
    start = call.number("locator") or 0
    most = call.number("maxRecords") or DEFAULT_PAGE
    ids = job.execution.ids[start : start + most]
    end = start + len(ids)
    headers = {
        "Sforce-Locator": str(end) if end < len(job.execution.ids) else "null",
        "Sforce-NumberOfRecords": str(len(ids)),
    }
    return Reply(200, raw=_csv(call, job, ids).encode(), media=CSV, headers=headers)


def _csv(call: Call, job: QueryJob, ids: list[str]) -> str:
    execution = job.execution
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=DELIMITERS[job.delimiter],
        lineterminator=LINE_ENDINGS[job.line_ending],
        quoting=csv.QUOTE_ALL,
    )
    writer.writerow(".".join(path) for path in execution.query.paths)
    renderer = Renderer(call.org, execution.resolver, execution.columns, job.version)
    spots = [[str(link.relationship) for link in c.steps] + [c.field.name] for c in execution.columns]
    for row in map(execution.row, ids):
        if row is not None:
            record = renderer.record(row)
            writer.writerow([_cell(record, spot) for spot in spots])
    return out.getvalue()


def _cell(record: dict[str, Any], spot: list[str]) -> str:
    value: Any = record
    for name in spot:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _find(call: Call, job_id: str) -> QueryJob:
    job = call.org.jobs.get(job_id)
    if not isinstance(job, QueryJob):
        raise not_found()
    return job


def _json(job: QueryJob) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.execution.item.name,
        "createdById": job.owner,
        "createdDate": job.created,
        "systemModstamp": job.created,
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(job.version),
        "jobType": "V2Query",
        "lineEnding": job.line_ending,
        "columnDelimiter": job.delimiter,
    }
    if job.state == "JobComplete":
        done = len(job.execution.ids)
        body |= {"numberRecordsProcessed": done, "retries": 0, "totalProcessingTime": 0, "isPkChunkingSupported": True}
    return body
