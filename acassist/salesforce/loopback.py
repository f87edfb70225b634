"""The local address that the browser returns to after the login page (RFC 8252, salesforce_api 1.3)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hmac
import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from acassist.domain.ids import Service
from acassist.domain.ports import Clock
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import CALLBACK_PATH, CALLBACK_PORTS
from acassist.domain.text import Message
from acassist.salesforce.oauth import login_failed
from acassist.salesforce.pages import DONE, FAILED, UNKNOWN, WRONG_STATE, Page, Translator, render

log = logging.getLogger(__name__)

HOSTS = ("127.0.0.1", "::1")
_NO_IPV6 = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EINVAL}
_HEAD_LIMIT = 16_384
_HEAD_SECONDS = 10.0
# How long the last page may still be asked for after the answer came, in seconds.
_FAREWELL = 2.0
_SAFE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Private-Network": "true",
}
_REASONS = {204: "No Content", 303: "See Other", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    query: Mapping[str, str]
    host: str


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    page: Page | None = None
    headers: Mapping[str, str] | None = None


def _parse(head: bytes) -> _Request | None:
    """Read request line and Host; None when it is no HTTP request."""
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        return None
    headers = {k.strip().casefold(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
    parts = urlsplit(words[1])
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    return _Request(words[0].upper(), parts.path, query, headers.get("host", ""))


def _problem(query: Mapping[str, str]) -> Problem:
    """Translate the error that came back instead of a code (salesforce_api 1.2)."""
    error = query.get("error", "")
    if error == "access_denied":
        return Problem(ProblemCode.SF_LOGIN_DENIED, service=Service.SALESFORCE)
    return login_failed(query.get("error_description") or error)


class LoopbackListener:
    """Waits for one login answer on the first free of the fixed ports, on IPv4 and IPv6 of this computer only.

    Answers with another `state` are refused and reported through `on_stray`; waiting goes on.
    """

    def __init__(
        self,
        state: str,
        *,
        clock: Clock,
        translate: Translator = Message.english,
        on_stray: Callable[[Problem], None] | None = None,
        ports: tuple[int, ...] = CALLBACK_PORTS,
    ) -> None:
        self._state = state
        self._clock = clock
        self._translate = translate
        self._on_stray = on_stray
        self._ports = ports
        self._servers: list[asyncio.Server] = []
        self._result: asyncio.Future[str] | None = None
        self._farewell = asyncio.Event()
        self._redirected = False
        self._connections: set[asyncio.Task[Any]] = set()
        self.port = 0

    @property
    def redirect_uri(self) -> str:
        """Return the address to register and to send; matching is exact, so it is always `localhost`."""
        return f"http://localhost:{self.port}{CALLBACK_PATH}"

    async def start(self) -> str:
        """Listen, and return the redirect address; raises ProblemError SF_PORTS_TAKEN when all ports are in use."""
        self._result = asyncio.get_running_loop().create_future()
        for port in self._ports:
            self.port = port
            if await self._listen(port):
                return self.redirect_uri
        listed = ", ".join(str(port) for port in self._ports)
        raise ProblemError(Problem(ProblemCode.SF_PORTS_TAKEN, values={"ports": listed}, service=Service.SALESFORCE))

    async def _listen(self, port: int) -> bool:
        """Bind both addresses or neither: a browser may resolve `localhost` to either."""
        try:
            for host in HOSTS:
                await self._bind(host, port)
        except OSError:
            await self._stop()
            return False
        return True

    async def _bind(self, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            server = await asyncio.start_server(self._serve, host, port, family=family, limit=_HEAD_LIMIT)
        except OSError as error:
            # A computer without IPv6 listens on IPv4 alone.
            absent = isinstance(error, socket.gaierror) or error.errno in _NO_IPV6
            if family is socket.AF_INET6 and absent:
                return
            raise
        self._servers.append(server)

    async def wait(self, timeout: float) -> str:
        """Return the authorization code.

        `timeout` is in seconds. Raises ProblemError SF_LOGIN_TIMEOUT, SF_LOGIN_DENIED, SF_LOGIN_FAILED or
        SF_LOGIN_CANCELLED.
        """
        assert self._result is not None, "start first"
        timer = asyncio.ensure_future(self._clock.sleep(timeout))
        waited: set[asyncio.Future[Any]] = {self._result, timer}
        try:
            await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
        if not self._result.done():
            values = {"minutes": max(1, round(timeout / 60))}
            raise ProblemError(Problem(ProblemCode.SF_LOGIN_TIMEOUT, values=values, service=Service.SALESFORCE))
        return self._result.result()

    def cancel(self) -> None:
        """End the wait with SF_LOGIN_CANCELLED."""
        self._settle(problem=Problem(ProblemCode.SF_LOGIN_CANCELLED, service=Service.SALESFORCE))

    async def close(self) -> None:
        """Stop listening, after the browser had the time to fetch the last page."""
        if self._redirected and not self._farewell.is_set():
            timer = asyncio.ensure_future(self._clock.sleep(_FAREWELL))
            shown = asyncio.ensure_future(self._farewell.wait())
            await asyncio.wait({timer, shown}, return_when=asyncio.FIRST_COMPLETED)
            for task in (timer, shown):
                task.cancel()
        await self._stop()

    async def _stop(self) -> None:
        servers, self._servers = self._servers, []
        for server in servers:
            server.close()
        # Browsers open connections in advance and leave them silent; they must not hold the program back.
        for connection in tuple(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        for server in servers:
            await server.wait_closed()

    def _settle(self, *, code: str = "", problem: Problem | None = None) -> None:
        if self._result is None or self._result.done():
            return
        if problem is None:
            self._result.set_result(code)
            return
        self._result.set_exception(ProblemError(problem))
        # A login that was given up has nobody left who asks; the loop must not complain about that.
        self._result.exception()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request of the browser and close the connection."""
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            request = _parse(head)
            answer = self._route(request) if request else _Answer(400, UNKNOWN)
            writer.write(self._encode(answer, with_body=request is None or request.method != "HEAD"))
            await writer.drain()
            if request is not None and request.path in {"/done", "/failed"}:
                self._farewell.set()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("a local connection ended without a request")
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _route(self, request: _Request) -> _Answer:
        # Another name in Host means that a foreign page points its own name at this computer (DNS rebinding).
        if request.host.casefold() not in {f"{name}:{self.port}" for name in ("localhost", "127.0.0.1", "[::1]")}:
            return _Answer(400, UNKNOWN)
        if request.method == "OPTIONS":
            return _Answer(204, headers=_PREFLIGHT)
        if request.method not in {"GET", "HEAD"}:
            return _Answer(405, UNKNOWN)
        if request.path in {"/done", "/failed"}:
            return _Answer(200, DONE if request.path == "/done" else FAILED)
        if request.path != CALLBACK_PATH or request.method == "HEAD":
            return _Answer(404, UNKNOWN)
        return self._callback(request.query)

    def _callback(self, query: Mapping[str, str]) -> _Answer:
        """Take the answer; the code leaves the address bar through a redirect."""
        if not hmac.compare_digest(query.get("state", "").encode(), self._state.encode()):
            log.warning("a login answer with another state was refused")
            if self._on_stray is not None:
                self._on_stray(Problem(ProblemCode.SF_LOGIN_STATE, service=Service.SALESFORCE))
            return _Answer(400, WRONG_STATE)
        if query.get("error"):
            self._settle(problem=_problem(query))
            self._redirected = True
            return _Answer(303, headers={"Location": "/failed"})
        if not query.get("code"):
            return _Answer(400, UNKNOWN)
        self._settle(code=query["code"])
        self._redirected = True
        return _Answer(303, headers={"Location": "/done"})

    def _encode(self, answer: _Answer, *, with_body: bool) -> bytes:
        body = render(answer.page, self._translate) if answer.page else b""
        headers = {**_SAFE_HEADERS, **(answer.headers or {})}
        if answer.status != 204:
            headers |= {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, 'OK')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body if with_body else b"")
