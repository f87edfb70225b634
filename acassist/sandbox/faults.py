"""Faults on request: wrong answers, delays, lost answers and a killed client, by method, path, body and count."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import Any

from acassist.sandbox.clock import SandboxClock
from acassist.sandbox.requestlog import RequestLog

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

LOG_KEY = "sandbox.log"  # scope entry: a dict to which an app adds kind, sobject, rows, fields and the like
ACTIONS = frozenset({"status", "delay", "drop", "drop_after", "kill_before", "kill_after", "expire_token", "quota"})


class ConnectionDropped(Exception):
    """The sandbox hangs up; the server closes the socket, a test transport raises a read error."""


@dataclass
class Fault:
    """One rule: which request it strikes, from which match on, how often, and what then happens."""

    id: str
    action: dict[str, Any]
    service: str = "*"
    method: str | None = None
    path: str | None = None
    body_contains: str | None = None
    nth: int = 1
    times: int = 1
    matched: int = 0
    fired: int = 0
    pattern: re.Pattern[str] | None = field(default=None, repr=False)

    def hits(self, service: str, method: str, path: str, body: bytes) -> bool:
        """Say whether the request is of the kind that this rule strikes."""
        return (
            self.service in ("*", service)
            and (self.method is None or self.method.upper() == method.upper())
            and (self.pattern is None or self.pattern.search(path) is not None)
            and (self.body_contains is None or self.body_contains.encode() in body)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the rule and its counters as JSON-able values."""
        names = ("id", "service", "method", "path", "body_contains", "nth", "times", "action", "matched", "fired")
        return {name: getattr(self, name) for name in names}


class FaultPlan:
    """The rules in force, in the order in which they were added; the first that is due fires."""

    def __init__(self) -> None:
        self._rules: dict[str, Fault] = {}
        self._next = 1

    def add(self, rule: dict[str, Any]) -> str:
        """Add one rule and return its id. Raises ValueError for an unknown key or action and a bad pattern."""
        allowed = {"service", "method", "path", "body_contains", "nth", "times", "action"}
        if unknown := set(rule) - allowed:
            raise ValueError(f"unknown keys: {', '.join(sorted(unknown))}")
        action = rule.get("action")
        if not isinstance(action, dict) or action.get("kind") not in ACTIONS:
            raise ValueError(f"action.kind must be one of {', '.join(sorted(ACTIONS))}")
        fault = Fault(id=f"f{self._next}", **rule)
        try:
            fault.pattern = re.compile(fault.path) if fault.path else None
        except re.error as error:
            raise ValueError(f"path is not a regular expression: {error}") from error
        self._next += 1
        self._rules[fault.id] = fault
        return fault.id

    def remove(self, rule_id: str) -> bool:
        """Remove one rule; say whether it was there."""
        return self._rules.pop(rule_id, None) is not None

    def clear(self) -> None:
        """Remove every rule."""
        self._rules.clear()

    def rules(self) -> list[Fault]:
        """Return the rules with their counters."""
        return list(self._rules.values())

    def match(self, service: str, method: str, path: str, body: bytes) -> Fault | None:
        """Count the request on every rule that it matches and return the first rule that is due."""
        due: Fault | None = None
        for rule in self._rules.values():
            if not rule.hits(service, method, path, body):
                continue
            rule.matched += 1
            if due is None and rule.matched >= rule.nth and (rule.times < 0 or rule.fired < rule.times):
                rule.fired += 1
                due = rule
        return due


def canned(service: str, action: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer that replaces the real one."""
    kind = action["kind"]
    if kind == "expire_token":
        expired = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
        return 401, {"content-type": "application/json;charset=UTF-8"}, json.dumps(expired).encode()
    if kind == "quota" and service == "salesforce":
        used_up = [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
        return 403, {"content-type": "application/json;charset=UTF-8"}, json.dumps(used_up).encode()
    if kind == "quota":
        headers = {"content-type": "application/json", "retry-after": str(action.get("retry_after", 1))}
        return 429, headers, b'{"message":"Too Many Requests"}'
    body = action.get("body", "")
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    default = "text/html; charset=UTF-8" if isinstance(body, str) else "application/json"
    return int(action.get("status", 500)), {"content-type": default, **action.get("headers", {})}, raw


class InjectFaults:
    """ASGI wrapper of a service: strikes with the faults that are due and logs every request.

    Raises ConnectionDropped out of the app for "drop", "drop_after" and the two kills.
    """

    def __init__(self, app: Asgi, *, service: str, faults: FaultPlan, log: RequestLog, clock: SandboxClock) -> None:
        self.app, self.service, self.faults, self.log, self.clock = app, service, faults, log, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        fault = self.faults.match(self.service, scope["method"], scope["path"], body)
        exchange = _Exchange(scope, body, send, self.clock)
        try:
            await self._answer(exchange, fault.action if fault else {"kind": "none"})
        finally:
            self._note(exchange, fault)

    async def _answer(self, exchange: _Exchange, action: dict[str, Any]) -> None:
        kind = action["kind"]
        if kind == "delay":
            await self.clock.sleep(float(action.get("seconds", 1)))
        if kind == "kill_before":
            os.kill(int(action["pid"]), signal.SIGKILL)
        if kind in ("drop", "kill_before"):
            raise ConnectionDropped
        if kind in ("status", "expire_token", "quota"):
            await exchange.reply(*canned(self.service, action))
            return
        exchange.mute = kind in ("drop_after", "kill_after")
        await self.app(exchange.scope, exchange.receive, exchange.send)
        if kind == "kill_after":
            os.kill(int(action["pid"]), signal.SIGKILL)
        if exchange.mute:
            raise ConnectionDropped

    def _note(self, exchange: _Exchange, fault: Fault | None) -> None:
        scope = exchange.scope
        entry = {
            "service": self.service,
            "method": scope["method"],
            "path": scope["path"],
            "query": scope.get("query_string", b"").decode("latin-1"),
            "status": exchange.status,
            "bytes": len(exchange.body),
            "kind": "read" if scope["method"] in ("GET", "HEAD", "OPTIONS") else "write",
            **scope[LOG_KEY],
        }
        if fault is not None:
            entry["fault"] = fault.id
        self.log.append(self.clock.now(), entry)


class _Exchange:
    """One request with its buffered body, and what was answered."""

    def __init__(self, scope: Scope, body: bytes, send: Send, clock: SandboxClock) -> None:
        self.clock = clock
        self.scope, self.body, self.status, self.mute = scope, body, 0, False
        self.scope[LOG_KEY] = {}
        self._send, self._unread = send, True

    async def receive(self) -> Message:
        if self._unread:
            self._unread = False
            return {"type": "http.request", "body": self.body, "more_body": False}
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            # Clients take the time from this header, so it must be the sandbox's time, in-process too.
            now = format_datetime(self.clock.now().replace(microsecond=0), usegmt=True)
            message["headers"] = [*message.get("headers", []), (b"date", now.encode())]
        if not self.mute:
            await self._send(message)

    async def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        raw = [(key.lower().encode("latin-1"), str(value).encode("latin-1")) for key, value in headers.items()]
        raw.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": raw})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return b"".join(parts)
