"""Bulk API 2.0 ingest: a job, its CSV, and what became of each row (section 4.3)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from acassist.sandbox.salesforce import rows
from acassist.sandbox.salesforce.call import CSV, Call, Reply
from acassist.sandbox.salesforce.errors import ApiError, not_found
from acassist.sandbox.salesforce.save import SaveOptions, Writer
from acassist.sandbox.salesforce.schema import SObject

DELIMITERS = {"COMMA": ",", "TAB": "\t", "SEMICOLON": ";", "PIPE": "|", "CARET": "^", "BACKQUOTE": "`"}
LINE_ENDINGS = {"LF": "\n", "CRLF": "\r\n"}
OPERATIONS = frozenset({"insert", "update", "upsert", "delete", "hardDelete"})
Cells = dict[str, str]


@dataclass
class IngestJob:
    """One ingest job; `polls` counts the status requests since the upload was complete."""

    id: str
    sobject: SObject
    operation: str
    key: str | None
    delimiter: str
    line_ending: str
    created: str
    owner: str
    version: str
    assign: bool
    state: str = "Open"
    data: bytes | None = None
    polls: int = 0
    message: str | None = None
    header: list[str] = field(default_factory=list)
    good: list[tuple[str, bool, Cells]] = field(default_factory=list)
    bad: list[tuple[str, str, Cells]] = field(default_factory=list)
    unprocessed: list[Cells] = field(default_factory=list)


def create(call: Call) -> Reply:
    """Answer `POST /jobs/ingest`."""
    body = call.object()
    operation = str(body.get("operation"))
    if operation not in OPERATIONS:
        raise ApiError("INVALIDJOB", f"Unknown operation: {operation}")
    item = call.org.schema.find(str(body.get("object")))
    key = body.get("externalIdFieldName")
    if operation == "upsert":
        if not key:
            raise ApiError("INVALIDJOB", "External ID was blank for upsert operation.")
        rows.lookup_field(call, item, str(key))
    job = IngestJob(
        id=call.org.ids.new("750"),
        sobject=item,
        operation=operation,
        key=str(key) if key else None,
        delimiter=_one_of(DELIMITERS, body.get("columnDelimiter") or "COMMA"),
        line_ending=_one_of(LINE_ENDINGS, body.get("lineEnding") or "LF"),
        created=call.org.stamp(),
        owner=call.actor.user_id,
        version=call.version,
        assign=bool(body.get("assignmentRuleId")),
    )
    call.org.jobs[job.id] = job
    return Reply(200, _json(job))


def _one_of(known: dict[str, str], value: Any) -> str:
    if not isinstance(value, str) or value not in known:
        raise ApiError("INVALIDJOB", f"Unknown value: {value}")
    return value


def list_jobs(call: Call) -> Reply:
    jobs = [_json(job) for job in call.org.jobs.values() if isinstance(job, IngestJob)]
    return Reply(body={"done": True, "nextRecordsUrl": None, "records": jobs})


def upload(call: Call, job_id: str) -> Reply:
    """Answer `PUT …/batches`: one upload a job, 201 and nothing."""
    job = _find(call, job_id)
    if job.state != "Open" or job.data is not None:
        raise ApiError("INVALIDJOBSTATE", f"Cannot upload data to a job in state {job.state}.")
    if len(call.body) > 150 * 1024 * 1024:
        raise ApiError("FILE_SIZE_EXCEEDED", "The upload is larger than 150 MB.")
    job.data = call.body
    return Reply(201)


def change_state(call: Call, job_id: str) -> Reply:
    """Answer `PATCH …/{id}` with a state of UploadComplete or Aborted."""
    job = _find(call, job_id)
    state = call.object().get("state")
    if state not in ("UploadComplete", "Aborted"):
        raise ApiError("INVALIDJOBSTATE", f"A job cannot be moved to the state {state}.")
    if job.state not in ("Open", "UploadComplete", "InProgress"):
        raise ApiError("INVALIDJOBSTATE", f"The job is already in state {job.state}.")
    if state == "UploadComplete" and job.data is None:
        raise ApiError("INVALIDJOBSTATE", "No data was uploaded.")
    job.state = state
    if state == "Aborted":
        job.unprocessed = _cells(job) if job.data else []
    return Reply(200, _json(job))


def info(call: Call, job_id: str) -> Reply:
    """Answer `GET …/{id}`; the rows are written when the job has been in progress for long enough."""
    job = _find(call, job_id)
    if job.state in ("UploadComplete", "InProgress"):
        job.polls += 1
        if job.polls > call.org.switches.bulk_polls:
            _process(call, job)
        else:
            job.state = "InProgress"
    return Reply(200, _json(job, details=True))


def remove(call: Call, job_id: str) -> Reply:
    """Answer `DELETE …/{id}`."""
    job = _find(call, job_id)
    if job.state in ("UploadComplete", "InProgress"):
        raise ApiError("INVALIDJOBSTATE", f"A job in state {job.state} cannot be deleted.")
    del call.org.jobs[job_id]
    return Reply(204)


def results(call: Call, job_id: str, which: str) -> Reply:
    """Answer the three result files."""
    job = _find(call, job_id)
    if which == "successfulResults":
        table = [{"sf__Id": key, "sf__Created": str(made).lower(), **cells} for key, made, cells in job.good]
        return _csv(job, ["sf__Id", "sf__Created", *job.header], table)
    if which == "failedResults":
        failed = [{"sf__Id": key, "sf__Error": text, **cells} for key, text, cells in job.bad]
        return _csv(job, ["sf__Id", "sf__Error", *job.header], failed)
    return _csv(job, job.header, job.unprocessed)


def _csv(job: IngestJob, header: list[str], table: list[Cells]) -> Reply:
    out = io.StringIO()
    writer = csv.DictWriter(
        out,
        fieldnames=header,
        delimiter=DELIMITERS[job.delimiter],
        lineterminator=LINE_ENDINGS[job.line_ending],
        quoting=csv.QUOTE_ALL,
    )
    writer.writeheader()
    writer.writerows(table)
    return Reply(200, raw=out.getvalue().encode(), media=CSV)


def _find(call: Call, job_id: str) -> IngestJob:
    job = call.org.jobs.get(job_id)
    if not isinstance(job, IngestJob):
        raise not_found()
    return job


def _cells(job: IngestJob) -> list[Cells]:
    text = (job.data or b"").decode("utf-8")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=DELIMITERS[job.delimiter], strict=True)
    table = [{str(name): value or "" for name, value in line.items()} for line in reader]
    job.header = list(reader.fieldnames or [])
    return table


def _process(call: Call, job: IngestJob) -> None:
    try:
        table = _cells(job)
    except (UnicodeDecodeError, csv.Error) as error:
        job.state, job.message = "Failed", f"InvalidBatch : {error}"
        return
    unknown = [name for name in job.header if "." not in name and job.sobject.get(name) is None]
    if unknown:
        job.state = "Failed"
        job.message = f"InvalidBatch : Field name not found : {unknown[0]}"
        job.unprocessed = table
        return
    writer = Writer(call.org, call.actor, SaveOptions(auto_assign=job.assign))
    for cells in table:
        try:
            key, made = _write(call, writer, job, cells)
            job.good.append((key, made, cells))
        except ApiError as error:
            job.bad.append((cells.get("Id", ""), error.bulk_text(), cells))
    job.state = "JobComplete"


def _write(call: Call, writer: Writer, job: IngestJob, cells: Cells) -> tuple[str, bool]:
    values = _values(cells)
    record_id = str(values.pop("Id", "") or "")
    if job.operation == "insert":
        return writer.create(job.sobject, values), True
    if job.operation == "upsert" and job.key != "Id":
        return _upsert(call, writer, job, values)
    if job.operation == "upsert" and not record_id:
        return writer.create(job.sobject, values), True
    if not record_id:
        raise ApiError("MISSING_ARGUMENT", "Id not specified in an update call", fields=["Id"])
    row = writer.existing(job.sobject, record_id)
    if job.operation in ("delete", "hardDelete"):
        writer.delete(job.sobject, record_id)
        if job.operation == "hardDelete":
            call.org.table(job.sobject).remove(row["Id"])
    else:
        writer.update(job.sobject, record_id, values)
    return str(row["Id"]), False


def _upsert(call: Call, writer: Writer, job: IngestJob, values: dict[str, Any]) -> tuple[str, bool]:
    field = rows.lookup_field(call, job.sobject, str(job.key))
    value = values.get(field.name)
    if value is None:
        raise ApiError("MISSING_ARGUMENT", f"{field.name} not specified", fields=[])
    found = rows.matches(call, job.sobject, field, value)
    if len(found) > 1:
        raise ApiError("DUPLICATE_EXTERNAL_ID", f"{field.name}: more than one record found", fields=[field.name])
    if not found:
        return writer.create(job.sobject, values), True
    rest = {name: cell for name, cell in values.items() if name != field.name}
    writer.update(job.sobject, found[0]["Id"], rest)
    return str(found[0]["Id"]), False


def _values(cells: Cells) -> dict[str, Any]:
    """Return the cells to write: blank leaves alone, `#N/A` clears, `Account.Ext__c` names a parent."""
    values: dict[str, Any] = {}
    for name, cell in cells.items():
        if cell == "":
            continue
        value = None if cell == "#N/A" else cell
        parent, _, key = name.partition(".")
        values[parent] = {key: value} if key else value
    return values


def _json(job: IngestJob, *, details: bool = False) -> dict[str, Any]:
    body: dict[str, Any] = {
        "id": job.id,
        "operation": job.operation,
        "object": job.sobject.name,
        "createdById": job.owner,
        "createdDate": job.created,
        "systemModstamp": job.created,
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(job.version),
        "contentUrl": f"services/data/v{job.version}/jobs/ingest/{job.id}/batches",
        "lineEnding": job.line_ending,
        "columnDelimiter": job.delimiter,
    }
    if job.key:
        body["externalIdFieldName"] = job.key
    if details:
        body |= {
            "jobType": "V2Ingest",
            "retries": 0,
            "totalProcessingTime": 0,
            "apiActiveProcessingTime": 0,
            "apexProcessingTime": 0,
            "numberRecordsProcessed": len(job.good) + len(job.bad),
            "numberRecordsFailed": len(job.bad),
        }
        if job.message:
            body["errorMessage"] = job.message
    return body
