"""A request and an answer without HTTP around them, so that Composite can make calls of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.errors import ApiError, bad_json
from acassist.sandbox.salesforce.save import SaveOptions, Transaction, Writer

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor, SalesforceOrg

JSON = "application/json;charset=UTF-8"
CSV = "text/csv; charset=UTF-8"


@dataclass
class Reply:
    """An answer: a JSON value, or `raw` bytes of another media type; no body for 204 and 304."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    media: str = JSON


@dataclass
class Call:
    """One REST call below `/services/data/vXX.0`; header names are lower-case, `path` has no trailing slash."""

    org: SalesforceOrg
    actor: Actor
    version: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    token: str = ""
    depth: int = 0
    transaction: Transaction | None = None
    """Shared by the parts of an all-or-none Composite."""
    kind: str | None = None
    """What the request log calls it, where the method does not say."""

    def json(self) -> Any:
        """Return the parsed body. Raises ApiError JSON_PARSER_ERROR."""
        try:
            return json.loads(self.body or b"")
        except ValueError as error:
            raise bad_json(f"Unexpected content in the request body: {error}") from error

    def object(self) -> dict[str, Any]:
        """Return the body, which must be a JSON object."""
        found = self.json()
        if not isinstance(found, dict):
            raise bad_json("The request body must be a JSON object.")
        return found

    def url(self, path: str) -> str:
        """Return an absolute path of this version."""
        return f"/services/data/v{self.version}{path}"

    def save_options(self) -> SaveOptions:
        """Read the headers that change a save (sections 4.4 and 4.5)."""
        assign = self.headers.get("sforce-auto-assign", "TRUE").strip().lower() != "false"
        rule = self.headers.get("sforce-duplicate-rule-header", "").replace(",", ";")
        flags = dict(part.strip().lower().split("=", 1) for part in rule.split(";") if "=" in part)
        return SaveOptions(
            auto_assign=assign,
            allow_duplicates=flags.get("allowsave") == "true",
            include_record_details=flags.get("includerecorddetails") == "true",
        )

    def writer(self) -> Writer:
        return Writer(self.org, self.actor, self.save_options(), self.transaction)

    def number(self, name: str) -> int | None:
        """Return a numeric query parameter. Raises ApiError."""
        text = self.query.get(name)
        if text is None:
            return None
        if not text.isdigit():
            raise ApiError("INVALID_QUERY_FILTER_OPERATOR", f"{name} must be a whole number")
        return int(text)
