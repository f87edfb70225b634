"""Builds SOQL: escaping, literals, SELECT statements and ORDER BY (salesforce_api 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_LIKE_ESCAPES = {**_ESCAPES, "%": "\\%", "_": "\\_"}
# A string literal in WHERE may hold this many characters (salesforce_api 3.1).
LONGEST_LITERAL = 4_000


def escape(text: str) -> str:
    """Escape text for the inside of a literal."""
    return "".join(_ESCAPES.get(char, char) for char in text)


def quote(text: str) -> str:
    """Return a string literal."""
    return f"'{escape(text)}'"


def like(text: str, *, before: str = "%", after: str = "%") -> str:
    """Return a LIKE literal in which the text itself holds no wildcard."""
    escaped = "".join(_LIKE_ESCAPES.get(char, char) for char in text)
    return f"'{before}{escaped}{after}'"


def datetime_literal(moment: datetime) -> str:
    """Return an unquoted date-time in UTC with whole seconds; `moment` must be aware."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone cannot be compared")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_list(values: Iterable[str]) -> str:
    """Return `('a', 'b')` for IN and INCLUDES; raises ValueError when there is nothing in it."""
    items = ", ".join(quote(value) for value in values)
    if not items:
        raise ValueError("IN needs at least one value")
    return f"({items})"


def all_of(conditions: Iterable[str | None]) -> str:
    """Join conditions by AND, each in parentheses; None and empty ones are left out."""
    present = [condition for condition in conditions if condition]
    return present[0] if len(present) == 1 else " AND ".join(f"({condition})" for condition in present)


def select(
    fields: Sequence[str], sobject: str, *, where: str | None = None, order_by: str | None = None, limit: int = 0
) -> str:
    """Build a SELECT statement; repeated fields appear once, `limit` 0 means none."""
    parts = [f"SELECT {', '.join(dict.fromkeys(fields))} FROM {sobject}"]  # noqa: S608 - values come in through quote()
    if where:
        parts.append(f"WHERE {where}")
    if order_by:
        parts.append(f"ORDER BY {order_by}")
    if limit:
        parts.append(f"LIMIT {limit}")
    return " ".join(parts)


def count(sobject: str, *, where: str | None = None) -> str:
    """Build a SELECT COUNT() statement."""
    return select(["COUNT()"], sobject, where=where)
