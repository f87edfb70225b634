"""The one place that builds an httpx client: time-outs, TLS, proxies, host fence, pacing, retries, redacted log."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import urlsplit

import httpx
import truststore

from acassist import __version__
from acassist.domain.ids import Service
from acassist.domain.ports import Clock
from acassist.domain.problem import ProblemError
from acassist.domain.redact import redact
from acassist.http.address import check_address, host_of, is_loopback, origin, refuse
from acassist.http.budget import CallBudget
from acassist.http.faults import Outcome, fault_of, outcome_of_status
from acassist.http.pacing import Pacer, Priority
from acassist.http.response import Response
from acassist.http.retry import LONGEST_RETRY_AFTER, SAFE_METHODS, Attempt, Dice, run_with_retries

log = logging.getLogger(__name__)

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
TOKEN_TIMEOUT = 30.0
DEFAULT_RETRIES = 4
_LOOPBACK_MOUNTS: dict[str, None] = {"all://localhost": None, "all://127.0.0.1": None, "all://[::1]": None}


class Auth(Protocol):
    """A secret together with the only address that may see it."""

    def origin(self) -> str:
        """Return the address (scheme, host, port) that the secret was made for."""
        ...

    async def headers(self) -> Mapping[str, str]:
        """Return the headers that carry the secret."""
        ...


@dataclass(frozen=True, slots=True)
class HeaderAuth:
    """A fixed secret in one header, such as `Api-Token`."""

    url: str
    header: str
    secret: str = field(repr=False)

    def origin(self) -> str:
        """Return the address that the secret was made for."""
        return self.url

    async def headers(self) -> Mapping[str, str]:
        """Return the header."""
        return {self.header: self.secret}


@dataclass(frozen=True, slots=True)
class Wiring:
    """What every HTTP client of a session shares; `transport` is handed in by tests and the in-process sandbox."""

    clock: Clock
    dice: Dice
    budget: CallBudget
    transport: httpx.AsyncBaseTransport | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, ready to be sent."""

    method: str
    url: str
    content: Mapping[str, Any] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    authenticated: bool
    priority: Priority
    timeout: float
    most: int | None = None

    @property
    def write(self) -> bool:
        return self.method not in SAFE_METHODS


def _quiet_libraries() -> None:
    """Stop httpx and httpcore from logging addresses with queries and headers."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _tls() -> ssl.SSLContext:
    """Trust what the operating system trusts."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _build(base_url: str, transport: httpx.AsyncBaseTransport | None) -> httpx.AsyncClient:
    """Build the connection pool; cookies are dropped, redirects are never followed, loopback avoids proxies."""
    _quiet_libraries()
    return httpx.AsyncClient(
        verify=_tls() if transport is None else True,
        transport=transport,
        trust_env=not is_loopback(urlsplit(base_url).hostname or ""),
        mounts=_LOOPBACK_MOUNTS if transport is None else None,
        headers={"User-Agent": f"acassist/{__version__}", "Accept": "application/json"},
        timeout=httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT),
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


class HttpClient:
    """Sends requests of one service.

    A secret goes only to the origin it was made for, and plain http only to this computer; both raise ProblemError
    HOST_REFUSED. Redirects are returned, not followed, so that no secret can travel with one.
    """

    def __init__(
        self, service: Service, *, base_url: str, wiring: Wiring, pacer: Pacer | None = None, auth: Auth | None = None
    ) -> None:
        check_address(base_url, service)
        self.service = service
        self.base_url = base_url.rstrip("/")
        self._wiring = wiring
        self._pacer = pacer
        self._auth = auth
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections; the client may be used again afterwards."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    @property
    def calls_made(self) -> int:
        """Return how many calls went to this service since the program started."""
        return self._wiring.budget.calls_made(self.service)

    @property
    def clock(self) -> Clock:
        """Return the clock that paces this client."""
        return self._wiring.clock

    async def request(
        self,
        method: str,
        path_or_url: str,
        *,
        params: Mapping[str, Any] | list[tuple[str, Any]] | None = None,
        json: Any = None,
        data: Mapping[str, Any] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        idempotent: bool | None = None,
        priority: Priority = Priority.JOB,
        retries: int = DEFAULT_RETRIES,
        authenticated: bool = True,
        timeout: float = READ_TIMEOUT,
        most: int | None = None,
    ) -> Response:
        """Send one request and return whatever answer came, also 4xx and 5xx after the allowed repeats.

        `idempotent` defaults to True for GET; pass it for writes that may be repeated safely. `timeout` is in
        seconds for the answer; of one with more than `most` bytes no more is read, and its body is empty (status 413).
        Raises ProblemError NO_NETWORK, TLS, PROXY, TIMEOUT, BAD_ANSWER or HOST_REFUSED;
        `problem.ambiguous` tells that a write may have been carried out.
        """
        sends = {"params": params, "json": json, "data": data, "content": content}
        call = _Call(
            method=method.upper(),
            url=self._resolve(path_or_url),
            content={name: value for name, value in sends.items() if value is not None},
            headers=headers or {},
            authenticated=authenticated and self._auth is not None,
            priority=priority,
            timeout=timeout,
            most=most,
        )
        self._fence(call)

        async def attempt() -> Attempt:
            return await self._attempt(call)

        last = await run_with_retries(
            attempt,
            idempotent=not call.write if idempotent is None else idempotent,
            retries=retries,
            clock=self._wiring.clock,
            dice=self._wiring.dice,
        )
        if last.response is None:
            assert last.fault is not None
            raise ProblemError(last.fault.problem)
        return last.response

    def _resolve(self, path_or_url: str) -> str:
        if path_or_url.startswith(("https://", "http://")):
            return path_or_url
        return f"{self.base_url}/{path_or_url.lstrip('/')}"

    def _fence(self, call: _Call) -> None:
        """Refuse addresses that may not be called, or not with this secret."""
        check_address(call.url, self.service)
        if call.authenticated and self._auth is not None and origin(self._auth.origin()) != origin(call.url):
            raise refuse(call.url, self.service)

    async def _attempt(self, call: _Call) -> Attempt:
        """Send once; httpx errors end here so that no request object with a secret stays in a traceback."""
        headers = dict(call.headers)
        if call.authenticated and self._auth is not None:
            headers.update(await self._auth.headers())
            # The address may have moved while the headers were made (a token refresh can bring another instance).
            self._fence(call)
        if self._pacer is not None:
            await self._pacer.acquire(call.priority)
        self._wiring.budget.note(self.service)
        started = self._wiring.clock.monotonic()
        try:
            answer = await self._send(call, headers)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            fault = fault_of(error, host=host_of(call.url), service=self.service, write=call.write)
            self._note(call, f"{fault.problem.code.value} ({type(error).__name__})", started)
            return Attempt(fault.outcome, fault=fault)
        self._note(call, str(answer.status_code), started)
        return self._judge(call, answer)

    async def _send(self, call: _Call, headers: Mapping[str, str]) -> httpx.Response:
        if self._client is None:
            self._client = _build(self.base_url, self._wiring.transport)
        timeout = httpx.Timeout(call.timeout, connect=min(CONNECT_TIMEOUT, call.timeout))
        if call.most is not None:
            async with self._client.stream(call.method, call.url, headers=headers, timeout=timeout) as answer:
                return await _bounded(answer, call.most)
        return await self._client.request(call.method, call.url, headers=headers, timeout=timeout, **call.content)

    def _judge(self, call: _Call, answer: httpx.Response) -> Attempt:
        """Translate an answer, and hold every caller back when the service asked for it."""
        response = Response(
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.content,
            host=host_of(call.url),
            service=self.service,
            write=call.write,
        )
        retry_after = response.retry_after(self._wiring.clock.now())
        outcome = outcome_of_status(response.status, has_retry_after=retry_after is not None)
        if outcome is not Outcome.ANSWERED and retry_after is not None and self._pacer is not None:
            self._pacer.pause(min(retry_after, LONGEST_RETRY_AFTER))
        return Attempt(outcome, response=response, retry_after=retry_after)

    def _note(self, call: _Call, result: str, started: float) -> None:
        if log.isEnabledFor(logging.DEBUG):
            took = (self._wiring.clock.monotonic() - started) * 1000
            path = redact(urlsplit(call.url).path)
            log.debug("%s %s%s %s %.0f ms", call.method, host_of(call.url), path, result, took)


async def _bounded(answer: httpx.Response, most: int) -> httpx.Response:
    """Read an answer as long as it is short enough; the stream is left where it is not."""
    kept = {name: answer.headers[name] for name in ("content-type", "date", "retry-after") if name in answer.headers}
    body = bytearray()
    async for part in answer.aiter_bytes():
        body += part
        if len(body) > most:
            return httpx.Response(413, headers=kept)
    return httpx.Response(answer.status_code, headers=kept, content=bytes(body))
