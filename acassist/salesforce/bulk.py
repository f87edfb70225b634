"""Bulk API 2.0 ingest: create, upload, close, wait, results; for more than 2,000 writes (salesforce_api 4.3)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from acassist.domain.ids import Service
from acassist.domain.ports import Clock
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import RowError, RowResult
from acassist.http import Response
from acassist.salesforce.bulk_csv import cell_of, table, uploads

INGEST = "jobs/ingest"
# Seconds between two questions: growing, then every half minute for as long as two hours.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, *[30.0] * 240)
_CSV_IN = {"Content-Type": "text/csv; charset=UTF-8"}
_CSV_OUT = {"Accept": "text/csv"}
_DONE = frozenset({"JobComplete", "Failed", "Aborted"})
_UPLOADS = 3
Json = dict[str, Any]
Watch = Callable[[], None]


# The org does not take this as a job (no right, limit of jobs, unknown part); it can be done another way.
_REFUSALS = frozenset(
    {ProblemCode.SF_PERMISSION, ProblemCode.SF_REJECTED, ProblemCode.SF_FIELD_HIDDEN, ProblemCode.INTERNAL}
)


class RefusedError(ProblemError):
    """The org did not take the job, and nothing was carried out."""


def no_watch() -> None:
    """Let the job run."""


class Sender(Protocol):
    """Sends requests below the API version on behalf of the connected user."""

    @property
    def clock(self) -> Clock:
        """Return the clock that paces the waiting."""
        ...

    async def send(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool = False,
        accept: tuple[int, ...] = (),
    ) -> Response:
        """Send one request; other statuses are problems."""
        ...

    async def get(
        self,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Response:
        """Read a resource; other statuses are problems."""
        ...


@dataclass(slots=True)
class _Outcome:
    """What the result files say; a row is known by its id (update) or by its cells (insert)."""

    good: dict[object, list[str]] = field(default_factory=dict)
    bad: dict[object, list[tuple[str, RowError]]] = field(default_factory=dict)


def job_of(response: Response) -> Json:
    """Return the job that an answer describes; raises ProblemError BAD_ANSWER."""
    body = response.json()
    if not isinstance(body, dict) or not body.get("id") or not isinstance(body.get("state"), str):
        raise ProblemError(response.bad_answer())
    return body


async def created(sender: Sender, path: str, wish: Json) -> Json:
    """Make a job; a lost answer leaves a job that never begins, so the request may be repeated. Raises RefusedError."""
    try:
        return job_of(await sender.send("POST", path, json=wish, idempotent=True))
    except ProblemError as error:
        if error.problem.code in _REFUSALS:
            raise RefusedError(error.problem) from None
        raise


async def finished(sender: Sender, path: str, watch: Watch) -> Json:
    """Ask with growing pauses until a job has ended; raises SF_BUSY when it takes too long, and what `watch` raises."""
    for pause in PAUSES:
        watch()
        job = job_of(await sender.get(path))
        if job["state"] in _DONE:
            return job
        await sender.clock.sleep(pause)
    raise ProblemError(Problem(ProblemCode.SF_BUSY, service=Service.SALESFORCE, ambiguous=True))


async def abort(sender: Sender, path: str) -> None:
    """Ask to stop a job, as a last act before another failure is told: what this call meets is of no interest then."""
    try:
        await sender.send("PATCH", path, json={"state": "Aborted"}, idempotent=True, accept=(400, 404, 409))
    except ProblemError:
        return


async def ingest(
    sender: Sender,
    sobject: str,
    operation: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    watch: Watch = no_watch,
) -> list[RowResult]:
    """Insert or update records and return what became of each, in order.

    Updates name their record in `Id`. `watch` is called between two questions and may raise to stop: the job is then
    aborted, and some rows may have been written. Raises RefusedError, and ValueError as `uploads` does.
    """
    results: list[RowResult] = []
    for count, content in uploads(rows):
        part = rows[len(results) : len(results) + count]
        results += await _job(sender, {"object": sobject, "operation": operation}, part, content, watch)
    return results


async def _job(
    sender: Sender, what: Json, rows: Sequence[Mapping[str, Any]], content: bytes, watch: Watch
) -> list[RowResult]:
    path = await _uploaded(sender, what, content)
    try:
        await _close(sender, path)
        job = await finished(sender, path, watch)
    except BaseException:
        await abort(sender, path)
        raise
    updates = what["operation"] == "update"
    if updates and _all_went_well(job, len(rows)):
        return [RowResult(str(row["Id"]), success=True) for row in rows]
    outcome = await _outcome(sender, path, job, updates=updates)
    return list(_results(rows, outcome, job, updates=updates))


async def _uploaded(sender: Sender, what: Json, content: bytes) -> str:
    """Create a job and upload its data.

    Nothing is carried out before the job is closed, so when an answer is lost another job is made and this one ends.
    """
    wish = {**what, "contentType": "CSV", "lineEnding": "LF", "columnDelimiter": "COMMA"}
    for attempt in range(1, _UPLOADS + 1):
        job = await created(sender, INGEST, wish)
        path = f"{INGEST}/{job['id']}"
        try:
            await sender.send("PUT", f"{path}/batches", content=content, headers=_CSV_IN)
        except ProblemError as error:
            await abort(sender, path)
            if attempt == _UPLOADS or not error.problem.ambiguous:
                raise
        else:
            return path
    raise AssertionError("unreachable")


async def _close(sender: Sender, path: str) -> None:
    """Let the job begin. When the answer was lost the job itself tells whether it did."""
    wish = {"state": "UploadComplete"}
    for _ in range(_UPLOADS):
        try:
            await sender.send("PATCH", path, json=wish)
        except ProblemError as error:
            if not error.problem.ambiguous:
                raise
            if job_of(await sender.get(path))["state"] == "Open":
                continue
        return
    raise ProblemError(Problem(ProblemCode.SF_BUSY, service=Service.SALESFORCE))


def _all_went_well(job: Json, rows: int) -> bool:
    """Tell whether the counters say it all; then the result files need not be read."""
    told = (job.get("numberRecordsProcessed"), job.get("numberRecordsFailed"))
    return job["state"] == "JobComplete" and told == (rows, 0)


async def _outcome(sender: Sender, path: str, job: Json, *, updates: bool) -> _Outcome:
    outcome = _Outcome()
    if job["state"] != "JobComplete" or not updates or job.get("numberRecordsFailed") != 0:
        for row in await _file(sender, f"{path}/failedResults/"):
            found = row.pop("sf__Id", ""), _row_error(row.pop("sf__Error", ""))
            outcome.bad.setdefault(_key(row, updates=updates), []).append(found)
    for row in await _file(sender, f"{path}/successfulResults/"):
        made = row.pop("sf__Id", "")
        row.pop("sf__Created", None)
        outcome.good.setdefault(_key(row, updates=updates), []).append(made)
    return outcome


async def _file(sender: Sender, path: str) -> list[dict[str, str]]:
    response = await sender.get(path, headers=_CSV_OUT)
    try:
        return list(table(response.text))
    except csv.Error:
        raise ProblemError(response.bad_answer()) from None


def _key(cells: Mapping[str, str], *, updates: bool) -> object:
    """Name a row of a result file; 15 characters are the part of an id that never differs."""
    if updates:
        return cells.get("Id", "")[:15]
    return frozenset((name, value) for name, value in cells.items() if value)


def _row_error(text: str) -> RowError:
    """Read `CODE:message:Field, Field --`; the fields may be missing."""
    code, _, rest = text.partition(":")
    message, _, names = rest.rpartition(":")
    fields = tuple(n.strip() for n in names.removesuffix("--").split(",") if n.strip())
    return RowError(code.strip() or "UNKNOWN", message or rest, fields if message else ())


def _results(
    rows: Iterable[Mapping[str, Any]], outcome: _Outcome, job: Json, *, updates: bool
) -> Iterator[RowResult]:
    for row in rows:
        key = _key({name: cell_of(value) for name, value in row.items()}, updates=updates)
        if made := outcome.good.get(key):
            yield RowResult(made.pop(0), success=True, created=not updates)
        elif refused := outcome.bad.get(key):
            record_id, error = refused.pop(0)
            yield RowResult(record_id or None, success=False, errors=(error,))
        else:
            yield RowResult(None, success=False, errors=(_left_out(job),))


def _left_out(job: Json) -> RowError:
    """Tell why a row was not touched: the job failed as a whole, or ended before its turn."""
    reason = str(job.get("errorMessage") or "")
    if job["state"] == "Failed" and reason:
        return RowError(reason.partition(":")[0].strip(), reason)
    return RowError("UNPROCESSED", "The job ended before this record's turn.")
