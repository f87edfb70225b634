"""Requests outside the REST services: the login host's pages and OAuth endpoints, and record pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from acassist.sandbox.salesforce.call import JSON, Reply

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import SalesforceOrg
    from acassist.sandbox.world import Addresses

HTML = "text/html; charset=UTF-8"
NO_STORE = {"Cache-Control": "no-cache,must-revalidate,max-age=0,no-store,private", "Pragma": "no-cache"}


@dataclass
class Visit:
    """One request of a browser or an OAuth client; header names are lower-case."""

    org: SalesforceOrg
    addresses: Addresses
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> float:
        return self.org.now().timestamp()

    @property
    def bearer(self) -> str:
        """Return the access token of the header or of the form."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() in ("bearer", "oauth") else self.form.get("access_token", "")


def html(text: str, status: int = 200) -> Reply:
    return Reply(status, raw=text.encode(), media=HTML, headers=dict(NO_STORE))


def redirect(url: str, parameters: dict[str, str] | None = None) -> Reply:
    """Return a 302 to `url` with `parameters` added to its query."""
    if parameters:
        url += ("&" if "?" in url else "?") + urlencode(parameters)
    return Reply(302, raw=b"", media=HTML, headers={"Location": url, **NO_STORE})


def oauth_refusal(error: str, description: str, status: int = 400) -> Reply:
    """Return an error body of the token endpoint (section 1.5)."""
    return Reply(status, {"error": error, "error_description": description}, dict(NO_STORE), media=JSON)
