"""Maps what goes wrong below HTTP to problems, and tells whether the request may have been carried out."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from enum import StrEnum

import httpx

from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode
from acassist.domain.redact import redact


class Outcome(StrEnum):
    """How far a request came."""

    ANSWERED = "answered"
    """An answer arrived that repeating would not change."""
    NOT_SENT = "not_sent"
    """The request never left: no connection, no address, no free connection in the pool."""
    REFUSED = "refused"
    """Certificate or proxy: repeating changes nothing."""
    LOST = "lost"
    """It may have been carried out; the answer did not arrive."""
    THROTTLED = "throttled"
    """The service named a time to wait (Retry-After) and did nothing."""
    UNAVAILABLE = "unavailable"
    """The service or something before it has a passing fault (5xx, 408, 429 without a time)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A transport failure as data."""

    problem: Problem
    outcome: Outcome


_CODES: tuple[tuple[type[Exception], ProblemCode, Outcome], ...] = (
    (httpx.ProxyError, ProblemCode.PROXY, Outcome.REFUSED),
    (httpx.UnsupportedProtocol, ProblemCode.HOST_REFUSED, Outcome.REFUSED),
    (httpx.InvalidURL, ProblemCode.HOST_REFUSED, Outcome.REFUSED),
    (httpx.ConnectTimeout, ProblemCode.NO_NETWORK, Outcome.NOT_SENT),
    (httpx.PoolTimeout, ProblemCode.TIMEOUT, Outcome.NOT_SENT),
    (httpx.ConnectError, ProblemCode.NO_NETWORK, Outcome.NOT_SENT),
    (httpx.LocalProtocolError, ProblemCode.INTERNAL, Outcome.REFUSED),
    (httpx.TimeoutException, ProblemCode.TIMEOUT, Outcome.LOST),
    (httpx.DecodingError, ProblemCode.BAD_ANSWER, Outcome.LOST),
    (httpx.RemoteProtocolError, ProblemCode.NO_NETWORK, Outcome.LOST),
    (httpx.NetworkError, ProblemCode.NO_NETWORK, Outcome.LOST),
)


def _is_tls(error: BaseException | None) -> bool:
    """Look through the causes for a failure of the secure connection."""
    seen = 0
    while error is not None and seen < 8:
        if isinstance(error, ssl.SSLError):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def fault_of(error: Exception, *, host: str, service: Service | None, write: bool) -> Fault:
    """Turn an httpx failure into a problem.

    `ambiguous` is set when a write may have been carried out. The detail holds the kind of failure and its
    redacted text, never an address with a query.
    """
    code, outcome = next(
        ((code, outcome) for kind, code, outcome in _CODES if isinstance(error, kind)),
        (ProblemCode.NO_NETWORK, Outcome.LOST),
    )
    if outcome is Outcome.NOT_SENT and _is_tls(error):
        code, outcome = ProblemCode.TLS, Outcome.REFUSED
    problem = Problem(
        code,
        values={"host": host},
        detail=f"{type(error).__name__}: {redact(str(error))}"[:300],
        service=service,
        ambiguous=write and outcome is Outcome.LOST,
    )
    return Fault(problem, outcome)


def outcome_of_status(status: int, *, has_retry_after: bool) -> Outcome:
    """Judge an answer by its status alone."""
    if status == 429:
        return Outcome.THROTTLED if has_retry_after else Outcome.UNAVAILABLE
    return Outcome.UNAVAILABLE if status in {408, 500, 502, 503, 504} else Outcome.ANSWERED
