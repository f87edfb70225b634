"""The two hosts of Salesforce as ASGI apps: the login host and the instance host."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from acassist.sandbox import pages
from acassist.sandbox.clock import SandboxClock
from acassist.sandbox.faults import LOG_KEY, Asgi, InjectFaults, Receive, Scope, Send
from acassist.sandbox.salesforce import gate, sites
from acassist.sandbox.salesforce.call import JSON, Call, Reply
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.org import Actor, SalesforceOrg
from acassist.sandbox.salesforce.router import dispatch
from acassist.sandbox.salesforce.seed import seed
from acassist.sandbox.salesforce.web import Visit
from acassist.sandbox.settings import Settings

if TYPE_CHECKING:
    from acassist.sandbox.world import World

DATA = re.compile(r"/services/data/v(\d+\.\d+)(/.*)?")
NO_BODY = frozenset({204, 304})


def build_org(settings: Settings, clock: SandboxClock, rng: random.Random) -> SalesforceOrg:
    """Return an org with users and set-up, and without any lead, contact or account."""
    org = SalesforceOrg(settings, clock, rng)
    seed(org)
    return org


def instance_app(world: World) -> Asgi:
    """Return the app of the instance host: REST services, OAuth (it is a My Domain too) and record pages."""
    return _wrapped(world, data=True)


def login_app(world: World) -> Asgi:
    """Return the app of the login host, which has no REST services."""
    return _wrapped(world, data=False)


def _wrapped(world: World, *, data: bool) -> Asgi:
    host = _Host(world, data=data)
    return InjectFaults(host, service="salesforce", faults=world.faults, log=world.log, clock=world.clock)


class _Host:
    """One host of the org."""

    def __init__(self, world: World, *, data: bool) -> None:
        self.world, self.data = world, data

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
        if "gzip" in headers.get("content-encoding", ""):
            body = gzip.decompress(body)
        reply = self._answer(scope, headers, body)
        status, raw_headers, raw = _encoded(reply, headers)
        await send({"type": "http.response.start", "status": status, "headers": raw_headers})
        await send({"type": "http.response.body", "body": raw, "more_body": False})

    def _answer(self, scope: Scope, headers: dict[str, str], body: bytes) -> Reply:
        org, note = self.world.salesforce, scope.get(LOG_KEY, {})
        if org.switches.maintenance:
            return Reply(503, raw=pages.maintenance().encode(), media="text/html; charset=UTF-8")
        path = str(scope["path"]).rstrip("/")
        query_string = scope.get("query_string", b"")
        query = dict(parse_qsl(query_string.decode("latin-1"), keep_blank_values=True))
        too_long = gate.too_long(scope, headers)
        if too_long is not None:
            return too_long
        if self.data and path == "/services/data":
            return gate.versions(org)
        match = DATA.fullmatch(path) if self.data else None
        if match is None:
            note["kind"] = "auth"
            visit = Visit(org, self.world.addresses, scope["method"], path, query, _form(headers, body), headers)
            return sites.answer(visit, data=self.data)
        call = Call(org, Actor(""), match[1], scope["method"], match[2] or "", query, headers, body)
        return _rest(call, note)


def _rest(call: Call, note: dict[str, object]) -> Reply:
    """Answer a REST call: session, limits, the call itself, and what the log shall know of it."""
    org = call.org
    mark = len(org.written)
    try:
        gate.enter(call)
        reply = dispatch(call)
    except ApiError as error:
        reply = Reply(error.status, error.body())
    if call.kind:
        note["kind"] = call.kind
    written = org.written[mark:]
    if written:
        note["kind"] = "write"
        note["sobject"] = ",".join(sorted(Counter(item.sobject for item in written)))
        note["rows"] = len(written)
        note["fields"] = sorted({name for item in written for name in item.fields})
    org.written.clear()
    reply.headers.setdefault("Sforce-Limit-Info", gate.usage(org))
    return reply


def _form(headers: dict[str, str], body: bytes) -> dict[str, str]:
    if "application/x-www-form-urlencoded" not in headers.get("content-type", ""):
        return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _encoded(reply: Reply, request: dict[str, str]) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return status, headers and bytes of an answer; large ones are compressed for clients that take it."""
    headers = [(key.lower().encode(), value.encode("latin-1")) for key, value in reply.headers.items()]
    headers.append((b"set-cookie", b"BrowserId=sandbox; path=/; SameSite=Lax"))
    if reply.status in NO_BODY:
        return reply.status, headers, b""
    if reply.raw is not None:
        raw = reply.raw
    elif reply.body is None:
        raw = b""
    else:
        pretty = 2 if request.get("x-prettyprint") == "1" else None
        separators = None if pretty else (",", ":")
        raw = json.dumps(reply.body, ensure_ascii=False, indent=pretty, separators=separators).encode()
    if len(raw) > 4096 and "gzip" in request.get("accept-encoding", ""):
        raw = gzip.compress(raw, compresslevel=1, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-type", (reply.media or JSON).encode()))
    headers.append((b"content-length", str(len(raw)).encode()))
    return reply.status, headers, raw
