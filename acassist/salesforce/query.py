"""Pages of a query, and the way around the length limit of addresses (salesforce_api 3.1)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import quote_plus

from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.problem import ProblemError
from acassist.http import Response

# Address and headers together may hold 16,384 bytes; tokens can be long, so much is left for the headers.
LONGEST_QUERY = 10_000
_REFERENCE = "page"
# Above this many rows a Bulk query costs fewer calls than pages of 2,000 (salesforce_api 4.3).
MOST_BY_PAGES = 50_000
_FROM = re.compile(r"\bFROM (\w+)")


def too_long(soql: str) -> bool:
    """Tell whether a query does not fit into an address; lists of e-mail addresses are the usual reason."""
    return len(quote_plus(soql)) > LONGEST_QUERY


def object_of(soql: str) -> SObject | None:
    """Return the person object that a query of ours reads, None for any other."""
    match = _FROM.search(soql)
    return next((sobject for sobject in PEOPLE if match is not None and sobject.value == match[1]), None)


def composite_body(version: str, resource: str, soql: str) -> dict[str, Any]:
    """Put a long query into the body of a Composite request, where its address is not bounded the same way."""
    url = f"/services/data/v{version}/{resource}?q={quote_plus(soql)}"
    return {"compositeRequest": [{"method": "GET", "url": url, "referenceId": _REFERENCE}]}


def unwrap(response: Response) -> Response:
    """Return the inner answer of a Composite request with one part; raises ProblemError BAD_ANSWER when missing."""
    body = response.json()
    parts = body.get("compositeResponse") if isinstance(body, dict) else None
    if not isinstance(parts, list) or len(parts) != 1 or not isinstance(parts[0], dict):
        raise ProblemError(replace(response, write=False).bad_answer())
    inner = json.dumps(parts[0].get("body")).encode()
    return replace(response, status=int(parts[0].get("httpStatusCode") or 200), body=inner, write=False)


def page_of(response: Response) -> tuple[list[dict[str, Any]], str]:
    """Return the rows of a page and the path of the next one, empty at the end.

    The path is the server's own and is used as it is; raises ProblemError BAD_ANSWER when it leads elsewhere.
    """
    body = response.json()
    if not isinstance(body, dict) or not isinstance(body.get("records"), list):
        raise ProblemError(response.bad_answer())
    following = "" if body.get("done", True) else str(body.get("nextRecordsUrl") or "")
    if following and not following.startswith("/services/"):
        raise ProblemError(response.bad_answer())
    return body["records"], following


def total_of(response: Response) -> int:
    """Return how many rows a query has, also those of later pages; a SELECT COUNT() answer holds only this."""
    body = response.json()
    total = body.get("totalSize") if isinstance(body, dict) else None
    if not isinstance(total, int):
        raise ProblemError(response.bad_answer())
    return total
