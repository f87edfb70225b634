"""The bodies and answers of sObject Collections, up to 200 records in one call (salesforce_api 4.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemError
from acassist.domain.record import RowResult
from acassist.http import Response
from acassist.salesforce.errors import row_error
from acassist.salesforce.soql import datetime_literal

MOST_ROWS = 200


def _json_value(value: Any) -> Any:
    """Write exact numbers and dates as Salesforce reads them (salesforce_api 4.7)."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return datetime_literal(value)
    return value.isoformat() if isinstance(value, date) else value


def _record(sobject: SObject, fields: Mapping[str, Any]) -> dict[str, Any]:
    written = {name: _json_value(value) for name, value in fields.items()}
    return {"attributes": {"type": sobject.value}, **written}


def _body(records: list[dict[str, Any]]) -> dict[str, Any]:
    if len(records) > MOST_ROWS:
        raise ValueError("at most 200 records fit into one call")
    return {"allOrNone": False, "records": records}


def create_body(sobject: SObject, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Build a create request; one bad row does not undo the others. Raises ValueError above 200 rows."""
    return _body([_record(sobject, fields) for fields in rows])


def update_body(sobject: SObject, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Any]:
    """Build an update request from (id, fields). Raises ValueError above 200 rows."""
    return _body([{**_record(sobject, fields), "id": record_id} for record_id, fields in rows])


def _row(item: Any, *, creating: bool) -> RowResult:
    success = item.get("success") is True
    return RowResult(
        id=str(item["id"]) if item.get("id") else None,
        success=success,
        created=success and bool(item.get("created", creating)),
        errors=tuple(row_error(error) for error in item.get("errors") or ()),
    )


def results(response: Response, expected: int, *, creating: bool) -> list[RowResult]:
    """Read the answer, in request order; raises ProblemError BAD_ANSWER (ambiguous) when rows are missing."""
    body = response.json()
    if not isinstance(body, list) or len(body) != expected or not all(isinstance(item, dict) for item in body):
        raise ProblemError(response.bad_answer())
    return [_row(item, creating=creating) for item in body]
