"""What a mapped value means on each side, written down a second time so that the checker is a check.

Nothing of the program is imported: two independent readings of the rules must agree.
"""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

Meaning = object
UNREADABLE = object()
"""A value without a meaning of its kind; equal to nothing but itself."""

_SPACES = " \t\u00a0\u2007\u2009\u202f"
_MARKS = re.compile(r"[^\d.,'’\-−]", re.ASCII)


def _text(value: object) -> str:
    return str(value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _number(value: object, decimal: str = ".") -> Meaning:
    """Read digits with the decimal sign given; every other separator only groups."""
    raw = value if isinstance(value, str) else "" if value is None else format(Decimal(str(value)), "f")
    bare = _MARKS.sub("", raw.translate({ord(c): None for c in _SPACES}))
    if not raw.strip():
        return None
    if re.fullmatch(r"-?\d+\.\d+", bare) and not re.fullmatch(r"-?\d{1,3}\.\d{3}", bare):
        decimal = "."
    for sign in {".", ",", "'", "’"} - {decimal}:
        bare = bare.replace(sign, "")
    try:
        return Decimal(bare.replace(decimal, ".").replace("−", "-"))
    except InvalidOperation:
        return UNREADABLE


def _truth(value: object) -> Meaning:
    return value is True or "true" in str(value or "").lower().split("||") or str(value).lower() == "true"


def _choices(separator: str) -> Callable[[object], Meaning]:
    def read(value: object) -> Meaning:
        return frozenset(part.strip() for part in _text(value).split(separator) if part.strip())

    return read


def _day(value: object) -> Meaning:
    text = _text(value)
    if not text or text.startswith("0000"):
        return None
    return text[:10] if re.match(r"\d{4}-\d\d-\d\d", text) else UNREADABLE


def _email(value: object) -> Meaning:
    return _text(value).lower()


_SAME_ON_BOTH = {"text": _text, "email": _email, "bool": _truth, "date": _day}


def salesforce_meaning(kind: str, value: object) -> Meaning:
    """Say what a JSON value of Salesforce means; kind is text, email, bool, date, number or multi."""
    if kind == "number":
        return _number(value)
    return _choices(";")(value) if kind == "multi" else _SAME_ON_BOTH[kind](value)


def activecampaign_meaning(kind: str, value: object, decimal: str = ".") -> Meaning:
    """Say what a text of ActiveCampaign means; `decimal` is the decimal sign of the mapping's locale."""
    if kind == "number":
        return _number(value, decimal)
    return _choices("||")(value) if kind == "multi" else _SAME_ON_BOTH[kind](value)
