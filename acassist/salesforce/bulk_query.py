"""Bulk API 2.0 query: a job whose rows come as CSV, for more than 50,000 records (salesforce_api 4.3)."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from acassist.domain.fields import ObjectDescription
from acassist.domain.problem import ProblemError
from acassist.domain.record import RowError
from acassist.http import Response
from acassist.salesforce.bulk import RefusedError, Sender, Watch, abort, created, finished, no_watch
from acassist.salesforce.bulk_csv import table
from acassist.salesforce.errors import row_problem

QUERY = "jobs/query"
# One answer is held in memory, so it is kept to some megabytes; pages are handed on in the size of a REST page.
ANSWER_ROWS = 20_000
PAGE_ROWS = 2_000
_LAST = frozenset({"", "null"})
_WHOLE = frozenset({"int", "long"})
_NUMBERS = frozenset({"double", "currency", "percent"})
Row = dict[str, Any]


async def pages(
    sender: Sender, soql: str, *, description: ObjectDescription, deleted: bool = False, watch: Watch = no_watch
) -> AsyncIterator[list[Row]]:
    """Yield pages of up to 2,000 rows in the form that the REST query has: typed values, relations nested.

    `description` is of the object asked for; `deleted` includes the recycle bin. `watch` may raise between two
    questions: the job is then aborted. Raises RefusedError, a ProblemError, when the job is refused or fails.
    """
    path = await _completed(sender, {"operation": "queryAll" if deleted else "query", "query": soql}, watch)
    read = _reader(description)
    locator = ""
    while True:
        watch()
        params = {"maxRecords": ANSWER_ROWS, **({"locator": locator} if locator else {})}
        response = await sender.get(f"{path}/results", params=params, headers={"Accept": "text/csv"})
        for page in _cut(response, read):
            yield page
        locator = response.headers.get("sforce-locator", "")
        if locator in _LAST:
            return


async def _completed(sender: Sender, wish: Row, watch: Watch) -> str:
    job = await created(sender, QUERY, wish)
    path = f"{QUERY}/{job['id']}"
    try:
        job = await finished(sender, path, watch)
    except BaseException:
        await abort(sender, path)
        raise
    if job["state"] != "JobComplete":
        reason = str(job.get("errorMessage") or job["state"])
        raise RefusedError(row_problem(RowError(reason.partition(":")[0].strip(), reason)))
    return path


def _cut(response: Response, read: Callable[[Mapping[str, str]], Row]) -> list[list[Row]]:
    found: list[list[Row]] = []
    try:
        for cells in table(response.text):
            if not found or len(found[-1]) == PAGE_ROWS:
                found.append([])
            found[-1].append(read(cells))
    except csv.Error:
        raise ProblemError(response.bad_answer()) from None
    return found


def _reader(description: ObjectDescription) -> Callable[[Mapping[str, str]], Row]:
    types = {field.name: field.type for field in description.fields}

    def read(cells: Mapping[str, str]) -> Row:
        row: Row = {}
        for name, cell in cells.items():
            relation, _, inner = name.rpartition(".")
            if not relation:
                row[name] = value_of(cell, types.get(name, "string"))
            elif cell:
                row[relation] = {**(row.get(relation) or {}), inner: cell}
            else:
                row.setdefault(relation, None)
        return row

    return read


def value_of(cell: str, kind: str) -> Any:
    """Read one cell as JSON would bring it; blank is null."""
    if cell == "":
        return None
    if kind == "boolean":
        return cell == "true"
    if kind in _WHOLE:
        return int(cell)
    if kind in _NUMBERS:
        return float(cell)
    # The same moment is written `Z` here and `+0000` there; one form keeps the content of a record comparable.
    return f"{cell[:-1]}+0000" if kind == "datetime" and cell.endswith("Z") else cell
