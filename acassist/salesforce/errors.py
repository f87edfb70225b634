"""Reads the error bodies of Salesforce, in all their shapes, and turns them into problems."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record import RowError
from acassist.domain.redact import redact
from acassist.domain.text import N_, Message
from acassist.http import Response

_NO_COLUMN = re.compile(r"No such column '([^']+)'")
_NO_TYPE = re.compile(r"sObject type '([^']+)'")
_LISTED = re.compile(r"\[([^\]]+)\]")
_UPDATE_FIELDS = re.compile(r"create/update fields?: (.+?)\. ")
_RECORD_ID = re.compile(r"\b[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?\b")
# Too many long-running requests at once clears within seconds (salesforce_api 2.4).
CONCURRENCY_WAIT = 5.0
Values = dict[str, object]


def _field_names(error: RowError) -> str:
    """Name the fields of an error: from its list, else from its text."""
    if error.fields:
        return ", ".join(error.fields)
    for pattern in (_UPDATE_FIELDS, _NO_COLUMN, _NO_TYPE, _LISTED):
        if match := pattern.search(error.message):
            return match[1].strip()
    # "Last Name: data value too large: ..." starts with the field's label.
    head, separator, _ = error.message.partition(":")
    return head.strip() if separator else ""


def _fields(error: RowError) -> Values:
    return {"fields": _field_names(error)}


def _what(error: RowError) -> Values:
    return {"what": _field_names(error) or Message(N_("what the sync needs"))}


def _reason_text(error: RowError) -> str:
    return (error.message.strip() or error.code).rstrip(".")


def _reason(error: RowError) -> Values:
    return {"reason": _reason_text(error)}


def _rule(error: RowError) -> Values:
    """A rule of the org speaks for itself; the fields it marks are those to correct."""
    return {**_reason(error), **({"fields": ", ".join(error.fields)} if error.fields else {})}


def _nothing(error: RowError) -> Values:
    del error
    return {}


# errorCode or statusCode -> problem code and what fills its sentence (salesforce_api 2.4).
_CODES: dict[str, tuple[ProblemCode, Callable[[RowError], Values]]] = {
    "INVALID_SESSION_ID": (ProblemCode.SF_RECONNECT, _reason),
    "INVALID_AUTH_HEADER": (ProblemCode.SF_RECONNECT, _reason),
    "API_DISABLED_FOR_ORG": (ProblemCode.SF_NO_API, _nothing),
    "API_CURRENTLY_DISABLED": (ProblemCode.SF_MAINTENANCE, _nothing),
    "SERVER_UNAVAILABLE": (ProblemCode.SF_MAINTENANCE, _nothing),
    "UNKNOWN_EXCEPTION": (ProblemCode.SF_MAINTENANCE, _nothing),
    "QUERY_TIMEOUT": (ProblemCode.SF_BUSY, _nothing),
    "UNPROCESSED": (ProblemCode.SF_BUSY, _nothing),
    "FUNCTIONALITY_NOT_ENABLED": (ProblemCode.SF_PERMISSION, _what),
    "FORBIDDEN": (ProblemCode.SF_PERMISSION, _what),
    "INVALID_FIELD_FOR_INSERT_UPDATE": (ProblemCode.SF_PERMISSION, _what),
    "INVALID_FIELD": (ProblemCode.SF_FIELD_HIDDEN, _what),
    "INVALID_TYPE": (ProblemCode.SF_FIELD_HIDDEN, _what),
    "INVALID_TYPE_ON_FIELD_IN_RECORD": (ProblemCode.SF_REJECTED, _reason),
    "REQUIRED_FIELD_MISSING": (ProblemCode.SF_REQUIRED, _fields),
    "STRING_TOO_LONG": (ProblemCode.SF_TOO_LONG, _fields),
    "INVALID_EMAIL_ADDRESS": (ProblemCode.SF_BAD_EMAIL, _nothing),
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": (ProblemCode.SF_PICKLIST, _fields),
    "FIELD_CUSTOM_VALIDATION_EXCEPTION": (ProblemCode.SF_VALIDATION, _rule),
    "FIELD_FILTER_VALIDATION_EXCEPTION": (ProblemCode.SF_VALIDATION, _reason),
    "DUPLICATES_DETECTED": (ProblemCode.SF_DUPLICATE, _nothing),
    "DUPLICATE_VALUE": (ProblemCode.SF_DUPLICATE, _nothing),
    "DUPLICATE_EXTERNAL_ID": (ProblemCode.SF_DUPLICATE, _nothing),
    "UNABLE_TO_LOCK_ROW": (ProblemCode.SF_LOCKED, _nothing),
    "CANNOT_UPDATE_CONVERTED_LEAD": (ProblemCode.SF_CONVERTED, _nothing),
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY": (ProblemCode.SF_AUTOMATION, _reason),
    "APEX_ERROR": (ProblemCode.SF_AUTOMATION, _reason),
    "CANNOT_EXECUTE_FLOW_TRIGGER": (ProblemCode.SF_AUTOMATION, _reason),
    "ENTITY_IS_DELETED": (ProblemCode.SF_GONE, _nothing),
    "NOT_FOUND": (ProblemCode.SF_GONE, _nothing),
    "INVALID_CROSS_REFERENCE_KEY": (ProblemCode.SF_GONE, _nothing),
    # These mean that this program asked wrongly, not that the data is wrong.
    "MALFORMED_QUERY": (ProblemCode.INTERNAL, _nothing),
    "MALFORMED_ID": (ProblemCode.INTERNAL, _nothing),
    "JSON_PARSER_ERROR": (ProblemCode.INTERNAL, _nothing),
    "INVALID_QUERY_FILTER_OPERATOR": (ProblemCode.INTERNAL, _nothing),
    "INVALID_QUERY_LOCATOR": (ProblemCode.BAD_ANSWER, _nothing),
}
# Identity answers a bad token with one of these words instead of JSON (salesforce_api 1.10).
_TOKEN_WORDS = ("Bad_OAuth_Token", "Missing_OAuth_Token", "Wrong_Org", "Bad_Id")


def _duplicate_ids(item: dict[str, Any]) -> tuple[str, ...]:
    """Find the records that a duplicate error names: in `duplicateResult` (4.4), else in the text."""
    found: list[str] = []
    result = item.get("duplicateResult")
    for match in (result.get("matchResults") or []) if isinstance(result, dict) else []:
        for record in match.get("matchRecords") or []:
            found.append(str((record.get("record") or {}).get("Id") or ""))
    if not found and str(item.get("statusCode") or item.get("errorCode")).startswith("DUPLICATE_"):
        found = _RECORD_ID.findall(str(item.get("message") or ""))
    return tuple(i for i in found if i)


def row_error(item: Any) -> RowError:
    """Read one error object; the code is `statusCode` in Collections and `errorCode` elsewhere."""
    if not isinstance(item, dict):
        return RowError("UNKNOWN", str(item)[:500])
    code = item.get("statusCode") or item.get("errorCode") or item.get("error") or "UNKNOWN"
    message = item.get("message") or item.get("error_description") or ""
    fields = item.get("fields") or ()
    names = tuple(str(name) for name in fields) if isinstance(fields, list | tuple) else ()
    return RowError(str(code), str(message), names, _duplicate_ids(item))


def parse_errors(response: Response) -> list[RowError]:
    """Read the errors of an answer: a list, one object, a word, or nothing; a page gives nothing."""
    if response.is_html or not response.body.strip():
        return []
    word = response.text.strip()
    if word.startswith(_TOKEN_WORDS):
        return [RowError("INVALID_SESSION_ID", word[:60])]
    if not word.startswith(("[", "{")):
        return [RowError("UNKNOWN", word[:200])]
    try:
        body = response.json()
    except ProblemError:
        return []
    items = body if isinstance(body, list) else [body]
    return [row_error(item) for item in items]


def row_problem(error: RowError) -> Problem:
    """Turn the refusal of one record into a problem."""
    code, values = _CODES.get(error.code, (ProblemCode.SF_REJECTED, _reason))
    if error.code.startswith("INSUFFICIENT_ACCESS"):
        code, values = ProblemCode.SF_PERMISSION, _what
    if error.code == "REQUEST_LIMIT_EXCEEDED":
        return _limit_problem(error)
    return Problem(
        code,
        values=values(error),
        detail=redact(f"{error.code}: {error.message}")[:400],
        service=Service.SALESFORCE,
    )


def _limit_problem(error: RowError) -> Problem:
    """Tell the daily quota, which lasts, from too many requests at once, which passes (salesforce_api 2.4)."""
    daily = "TotalRequests" in error.message
    return Problem(
        ProblemCode.SF_QUOTA if daily else ProblemCode.SF_BUSY,
        detail=f"{error.code}: {error.message}"[:200],
        service=Service.SALESFORCE,
        retry_after=None if daily else CONCURRENCY_WAIT,
    )


def _by_status(response: Response) -> Problem:
    """Judge an answer whose body says nothing."""
    status = response.status
    values: Values
    if status in {401, 403}:
        code, values = ProblemCode.SF_RECONNECT, {"reason": f"HTTP {status}"}
        if status == 403:
            code, values = ProblemCode.SF_PERMISSION, {"what": Message(N_("what the sync needs"))}
    elif status == 404:
        code, values = ProblemCode.SF_GONE, {}
    elif status == 407:
        code, values = ProblemCode.PROXY, {"host": response.host}
    elif status >= 500:
        code, values = ProblemCode.SF_MAINTENANCE, {}
    elif status == 429:
        code, values = ProblemCode.SF_BUSY, {}
    else:
        return response.bad_answer()
    return Problem(code, values=values, detail=f"HTTP {status}", service=Service.SALESFORCE)


def problem_of(response: Response) -> Problem:
    """Turn a whole answer that failed into a problem; `ambiguous` when a write may have been carried out."""
    errors = parse_errors(response)
    known = next((error for error in errors if error.code != "UNKNOWN"), None)
    problem = row_problem(known) if known and response.status < 500 else _by_status(response)
    if known and response.status >= 500:
        problem = row_problem(known) if known.code in _CODES else problem
    delay = response.headers.get("retry-after", "")
    return Problem(
        problem.code,
        values=problem.values,
        detail=problem.detail,
        service=Service.SALESFORCE,
        retry_after=float(delay) if delay.isdecimal() else problem.retry_after,
        ambiguous=response.ambiguous or problem.ambiguous,
    )


def session_expired(response: Response) -> bool:
    """Tell whether a fresh access token would help.

    "This session is not valid for use with the REST API" means a user or token without API access: refreshing again
    and again would not help (salesforce_api 2.4).
    """
    if response.status not in {401, 403}:
        return False
    errors = parse_errors(response)
    if response.status == 401 and not errors:
        return True
    return any(e.code == "INVALID_SESSION_ID" and not _without_api(e) for e in errors)


def without_api(response: Response) -> bool:
    """Tell whether the session may not use the REST API at all."""
    return response.status == 401 and any(_without_api(error) for error in parse_errors(response))


def _without_api(error: RowError) -> bool:
    return error.code == "INVALID_SESSION_ID" and "not valid for use with the REST API" in error.message
