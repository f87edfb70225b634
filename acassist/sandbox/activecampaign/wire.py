"""How ActiveCampaign speaks: escaped JSON, string scalars, Central-time stamps and its mixed error bodies."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

CENTRAL = ZoneInfo("America/Chicago")
NO_TIME = "0000-00-00 00:00:00"

Json = dict[str, Any]


@dataclass(slots=True)
class Reply:
    """One answer: a JSON-able body (None = empty body), the status and extra headers."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"


class ApiError(Exception):
    """Ends a request with a status and a body in one of the forms the service uses."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"HTTP {status}")
        self.reply = Reply(body, status, headers or {})


def missing(model: str, key: object) -> ApiError:
    """Return the 404 of a resource that is not there; `model` is the service's internal name (section 1)."""
    return ApiError(404, {"message": f"No Result found for {model} with id {key}"})


def forbidden(detail: str = "") -> ApiError:
    """Return a 403 in the short or, with `detail`, in the long form (section 1)."""
    if detail:
        return ApiError(403, {"errors": [{"status": 403, "title": "Forbidden", "detail": detail}]})
    return ApiError(403, {"message": "Forbidden"})


def invalid(title: str, code: str, pointer: str = "") -> ApiError:
    """Return a 422 with one error object (section 1)."""
    error: Json = {"title": title, "detail": "", "code": code}
    if pointer:
        error["source"] = {"pointer": pointer}
    return ApiError(422, {"errors": [error]})


def encode(body: Any) -> bytes:
    """Encode as PHP does: slashes escaped, everything beyond ASCII as \\uXXXX (section 1)."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


@lru_cache(maxsize=100_000)
def central(moment: datetime) -> str:
    """Return ISO time with the US Central offset, as in `cdate` and `udate` (section 2)."""
    return moment.astimezone(CENTRAL).isoformat(timespec="seconds")


@lru_cache(maxsize=100_000)
def bare(moment: datetime) -> str:
    """Return the Central wall clock without offset, as in the `*_timestamp` keys, UTC ones included (section 2)."""
    return moment.astimezone(CENTRAL).strftime("%Y-%m-%d %H:%M:%S")


def parse_time(text: str, *, naive_is_central: bool) -> datetime | None:
    """Read a filter's time; None when it cannot be read."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "T") if "+" not in text else _plus(text.strip()))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=CENTRAL if naive_is_central else UTC)
    return moment.astimezone(UTC)


def _plus(text: str) -> str:
    head, _, tail = text.partition("+")
    return head.strip().replace(" ", "T") + "+" + tail


def text(value: Any) -> str:
    """Return a scalar as the service stores it: as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
