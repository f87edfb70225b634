"""The answer of a service, free of httpx, with the few readings that every client needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date (RFC 9110 5.6.7) as an aware time in UTC, None when it is missing or malformed."""
    if not text:
        return None
    try:
        stamp = parsedate_to_datetime(text)
    except ValueError:
        return None
    return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers (names in lower case) and decoded body of one answer.

    `host` is for messages only; `write` tells whether the request could change something there.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    host: str = ""
    service: Service | None = None
    write: bool = False

    @property
    def ok(self) -> bool:
        """Tell whether the request was carried out (2xx)."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """Decode the body: UTF-8, and Latin-1 where it is not (never fails)."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.body.decode("latin-1")

    @property
    def server_time(self) -> datetime | None:
        """Return the Date header."""
        return http_date(self.headers.get("date"))

    @property
    def ambiguous(self) -> bool:
        """Tell whether a write may have been carried out although the answer says it failed (5xx, 408)."""
        return self.write and (self.status >= 500 or self.status == 408)

    @property
    def is_html(self) -> bool:
        """Tell whether a page came where data was expected (proxy, login wall, maintenance)."""
        if "html" in self.headers.get("content-type", ""):
            return True
        return self.body.lstrip()[:9].lower().startswith((b"<!doctype", b"<html"))

    def json(self) -> Any:
        """Parse the body; raise ProblemError BAD_ANSWER when it is not JSON."""
        try:
            return json.loads(self.text)
        except ValueError:
            pass
        raise ProblemError(self.bad_answer())

    def bad_answer(self) -> Problem:
        """Describe an answer in a form that nobody expected; holds status and type, never the body."""
        kind = self.headers.get("content-type", "").partition(";")[0]
        return Problem(
            ProblemCode.BAD_ANSWER,
            values={"host": self.host},
            detail=f"status {self.status}, {len(self.body)} bytes of {kind or 'unnamed type'}",
            service=self.service,
            ambiguous=self.write and (self.ok or self.ambiguous),
        )

    def retry_after(self, now: datetime) -> float | None:
        """Return the seconds that Retry-After asks to wait (number or date), None without the header."""
        raw = self.headers.get("retry-after", "").strip()
        if raw.replace(".", "", 1).isdecimal():
            return float(raw)
        until = http_date(raw)
        if until is None:
            return None
        # The service's own clock is the one that its date was made with.
        return max(0.0, (until - (self.server_time or now)).total_seconds())
