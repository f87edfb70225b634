"""What every REST call passes first: size, session, edition and limits (sections 2.1 and 2.4)."""

from __future__ import annotations

from acassist.sandbox.faults import Scope
from acassist.sandbox.salesforce import limits
from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.org import Actor, SalesforceOrg

MAX_BYTES = 16_384


def too_long(scope: Scope, headers: dict[str, str]) -> Reply | None:
    """Return 414 for an address and 431 for headers over 16,384 bytes."""
    address = scope.get("raw_path") or str(scope["path"]).encode()
    length = len(address.partition(b"?")[0]) + len(scope.get("query_string", b"")) + 1
    if length > MAX_BYTES:
        return Reply(414, raw=b"<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>", media="text/html")
    if sum(len(key) + len(value) + 4 for key, value in headers.items()) > MAX_BYTES:
        text = b"<h1>Bad Message 431</h1><pre>reason: Request Header Fields Too Large</pre>"
        return Reply(431, raw=text, media="text/html")
    return None


def versions(org: SalesforceOrg) -> Reply:
    """Answer `GET /services/data`, which needs no session and counts against no limit."""
    return Reply(body=limits.versions(org.switches.newest_version))


def enter(call: Call) -> None:
    """Let a call in and count it. Raises ApiError."""
    _session(call)
    switches = call.org.switches
    if not switches.api_enabled:
        message = "API is not enabled for this Organization or Partner"
        raise ApiError("API_DISABLED_FOR_ORG", message, status=403)
    if switches.system_disabled:
        message = "Because of a system issue, API is currently disabled for this organization."
        raise ApiError("API_CURRENTLY_DISABLED", message, status=403)
    if switches.concurrent_refusals:
        switches.concurrent_refusals -= 1
        raise ApiError("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", status=403)
    if switches.daily_api_used >= switches.daily_api_requests:
        raise ApiError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403)
    switches.daily_api_used += 1


def usage(org: SalesforceOrg) -> str:
    """Return the value of `Sforce-Limit-Info`."""
    return f"api-usage={org.switches.daily_api_used}/{org.switches.daily_api_requests}"


def _session(call: Call) -> None:
    kind, _, token = call.headers.get("authorization", "").partition(" ")
    if kind.lower() not in ("bearer", "oauth") or not token.strip():
        raise ApiError("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", status=401)
    now = call.org.now().timestamp()
    session = call.org.auth.sessions.get(token.strip())
    if session is None or session.until <= now:
        raise ApiError("INVALID_SESSION_ID", "Session expired or invalid", status=401)
    if not call.org.switches.user_api_enabled:
        raise ApiError("INVALID_SESSION_ID", "This session is not valid for use with the REST API", status=401)
    session.until = now + call.org.switches.session_seconds
    call.token, call.actor = session.token, Actor(session.user_id)
