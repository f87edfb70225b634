"""Times as the services write them: UTC, whole seconds, `.000+0000`."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)")


def stamp(moment: datetime) -> str:
    """Return `2026-03-02T09:00:00.000+0000`; parts of a second are dropped (section 0)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def moment(text: str) -> datetime:
    """Parse a stamp. Raises ValueError."""
    return datetime.fromisoformat(text).astimezone(UTC)


def parse_datetime(text: str) -> datetime | None:
    """Parse a date-time with an offset, as clients send it; None where it is not one."""
    if not ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def http_date(when: datetime) -> str:
    """Return an HTTP date (`Tue, 10 Aug 2015 00:00:00 GMT`)."""
    return format_datetime(when.astimezone(UTC).replace(microsecond=0), usegmt=True)


def parse_http_date(text: str) -> datetime | None:
    """Parse an HTTP date; None where it is malformed."""
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
