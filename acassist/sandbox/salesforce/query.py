"""The query resources: `/query`, `/queryAll`, their pages, and the same under `/tooling`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.soql.parse import parse
from acassist.sandbox.salesforce.soql.render import Renderer
from acassist.sandbox.salesforce.soql.run import Execution

MAX_CURSORS = 10
MAX_PAGE = 2000
WIDE_PAGE = 200
LOCATOR = re.compile(r"(0r8\w+)-(\d+)")


@dataclass
class Cursor:
    """An open result; `at` is when it was opened, in seconds since the epoch."""

    execution: Execution
    size: int
    at: float


def execute(call: Call, *, deleted: bool, tooling: bool) -> Reply:
    """Answer `GET /query?q=` (section 3.1)."""
    text = call.query.get("q")
    if text is None:
        raise ApiError("MALFORMED_QUERY", "Required parameter 'q' is missing.")
    execution = Execution(call.org, call.actor, parse(text), deleted=deleted, tooling=tooling)
    if tooling:
        _one_row_for_metadata(execution)
    if execution.query.count:
        return Reply(body={"totalSize": len(execution.ids), "done": True, "records": []})
    cursor = Cursor(execution, _page_size(call, execution), call.org.now().timestamp())
    body = _page(call, cursor, 0, "")
    if call.query.get("columns") == "true":
        body = {"columnMetadata": _columns(execution), "entityName": execution.item.name, **body}
    return Reply(body=body)


def query(call: Call) -> Reply:
    return execute(call, deleted=False, tooling=False)


def query_all(call: Call) -> Reply:
    return execute(call, deleted=True, tooling=False)


def tooling_query(call: Call) -> Reply:
    return execute(call, deleted=False, tooling=True)


def more(call: Call, locator: str) -> Reply:
    """Answer a `nextRecordsUrl`. Raises ApiError INVALID_QUERY_LOCATOR for an old, dropped or made-up one."""
    match = LOCATOR.fullmatch(locator)
    cursor: Cursor | None = call.org.cursors.get(match[1]) if match else None
    expired = cursor is not None and call.org.now().timestamp() - cursor.at > call.org.switches.locator_seconds
    if match is None or cursor is None or expired:
        raise ApiError("INVALID_QUERY_LOCATOR", "invalid query locator")
    return Reply(body=_page(call, cursor, int(match[2]), match[1]))


def _page(call: Call, cursor: Cursor, start: int, key: str) -> dict[str, Any]:
    execution = cursor.execution
    ids = execution.ids[start : start + cursor.size]
    renderer = Renderer(call.org, execution.resolver, execution.columns, call.version)
    records = [renderer.record(row) for row in map(execution.row, ids) if row is not None]
    end = start + cursor.size
    body: dict[str, Any] = {"totalSize": len(execution.ids), "done": end >= len(execution.ids)}
    if not body["done"]:
        key = key or _remember(call, cursor)
        area = "/tooling/query" if execution.tooling else "/query"
        body["nextRecordsUrl"] = call.url(f"{area}/{key}-{end}")
    return {**body, "records": records}


def _remember(call: Call, cursor: Cursor) -> str:
    """Keep a result open; beyond ten the oldest is dropped (section 3.1)."""
    key = call.org.ids.new("0r8")
    cursors = call.org.cursors
    cursors[key] = cursor
    while len(cursors) > MAX_CURSORS:
        del cursors[next(iter(cursors))]
    return key


def _page_size(call: Call, execution: Execution) -> int:
    """Return the rows of a page: at most 2,000, and 200 for wide rows (section 3.1)."""
    size = min(MAX_PAGE, call.org.switches.query_page_size)
    match = re.search(r"batchSize\s*=\s*(\d+)", call.headers.get("sforce-query-options", ""), re.IGNORECASE)
    if match:
        size = min(size, max(200, int(match[1])))
    wide = sum(column.field.long for column in execution.columns) >= 2
    return min(size, WIDE_PAGE) if wide else size


def _columns(execution: Execution) -> list[dict[str, Any]]:
    return [
        {
            "aggregate": False,
            "apexType": column.field.type.capitalize(),
            "booleanType": column.field.type == "boolean",
            "columnName": ".".join(path),
            "custom": column.field.custom,
            "displayName": path[-1],
            "foreignKeyName": None,
            "insertable": column.field.createable,
            "joinColumns": [],
            "numberType": column.field.type in ("int", "double", "currency", "percent"),
            "textType": column.field.type in ("string", "textarea", "email", "phone", "url", "picklist"),
            "updatable": column.field.updateable,
        }
        for path, column in zip(execution.query.paths, execution.columns, strict=True)
    ]


def _one_row_for_metadata(execution: Execution) -> None:
    """Refuse a Tooling query that selects Metadata or FullName of more than one row (section 6.2)."""
    heavy = any(column.field.name in ("Metadata", "FullName") for column in execution.columns)
    if heavy and len(execution.ids) > 1:
        raise ApiError(
            "MALFORMED_QUERY",
            "When retrieving results with Metadata or FullName fields, the query qualifications must specify no more "
            f"than one row for retrieval. Result size: {len(execution.ids)}",
        )
