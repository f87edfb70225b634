"""Dates and moments: ISO texts as canonical form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from babel import Locale

from acassist.domain.problem_codes import ProblemCode
from acassist.domain.values_problem import Canonical, Pair

_ISO = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?\s?(?:Z|[+-]\d{2}:?\d{2})?)?", re.ASCII
)
_NUMERIC = re.compile(r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?", re.ASCII)
# What Salesforce's date type holds (Salesforce "Date field" range).
_FIRST_YEAR, _LAST_YEAR = 1700, 4000


@dataclass(frozen=True, slots=True)
class DateOrder:
    """In which order a locale writes day, month and year, and the sign between them."""

    order: str
    sign: str


def date_order(locale: str) -> DateOrder:
    """Read the short date form of a locale; raises babel.UnknownLocaleError or ValueError."""
    pattern = Locale.parse(locale.replace("-", "_")).date_formats["short"].pattern
    letters = re.sub(r"[^dMy]", "", pattern)
    order = "".join(dict.fromkeys(letters))
    sign = next((c for c in pattern if c in "./-"), "-")
    return DateOrder(order, sign)


def parse_date(text: str, how: DateOrder) -> date | None:
    """Read an ISO date or moment (the day in its own offset), or a full numeric date in the locale's order."""
    if iso := _ISO.fullmatch(text):
        return _made(iso[1])
    numeric = _NUMERIC.fullmatch(text)
    if not numeric or numeric[2] != how.sign:
        return None
    parts = dict(zip(how.order, (numeric[1], numeric[3], numeric[4]), strict=False))
    if set(parts) != set("dMy") or len(parts["y"]) != 4 or len(parts["d"]) > 2:
        return None
    return _made(f"{parts['y']}-{parts['M']:0>2}-{parts['d']:0>2}")


def _made(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _nothing(text: str) -> bool:
    """Tell whether a text stands for no date; ActiveCampaign also stores zeros for none."""
    return not text or text.startswith("0000-00-00")


@dataclass(frozen=True, slots=True)
class DateConversion:
    """A day, without time; both sides write ISO. The Salesforce side may be a text that holds a date."""

    pair: Pair
    how: DateOrder

    def from_salesforce(self, raw: object) -> Canonical:
        """Read the day; a text field may hold it in the locale's form."""
        text = raw.strip() if isinstance(raw, str) else raw.isoformat() if isinstance(raw, date) else raw
        if text is None or (isinstance(text, str) and _nothing(text)):
            return None
        day = parse_date(text, self.how) if isinstance(text, str) else None
        if day is None:
            raise self.pair.sf_problem(ProblemCode.VALUE_NOT_DATE)
        return day.isoformat()

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read the day; moments are tolerated and lose their time."""
        text = (raw or "").strip()
        if _nothing(text):
            return None
        day = parse_date(text, self.how)
        if day is None:
            raise self.pair.ac_problem(ProblemCode.VALUE_NOT_DATE)
        return day.isoformat()

    def to_salesforce(self, value: Canonical) -> object:
        """Return the ISO day when the field can hold it."""
        if value is None:
            return None
        day = _made(value)
        if day is None or not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise self.pair.sf_problem(ProblemCode.VALUE_NOT_DATE)
        if self.pair.sf.type != "date" and 0 < self.pair.sf.length < len(value):
            raise self.pair.sf_problem(ProblemCode.VALUE_TOO_LONG, self.pair.sf.length)
        return value

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the ISO day."""
        return value or ""

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare days."""
        return a == b


def canonical_moment(raw: str) -> str | None:
    """Return a Salesforce moment in UTC to the second, or None when the text is none."""
    try:
        at = datetime.fromisoformat(raw)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    try:
        return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class MomentConversion:
    """A formula's date and time, shown in ActiveCampaign as ISO text in UTC."""

    pair: Pair

    def from_salesforce(self, raw: object) -> Canonical:
        """Read a moment with its offset."""
        if raw is None or raw == "":
            return None
        moment = canonical_moment(raw) if isinstance(raw, str) else None
        if moment is None:
            raise self.pair.sf_problem(ProblemCode.VALUE_NOT_DATE)
        return moment

    def from_activecampaign(self, raw: str | None) -> Canonical:
        """Read a moment with its offset."""
        text = (raw or "").strip()
        if _nothing(text):
            return None
        moment = canonical_moment(text)
        if moment is None:
            raise self.pair.ac_problem(ProblemCode.VALUE_NOT_DATE)
        return moment

    def to_salesforce(self, value: Canonical) -> object:
        """Return the moment as text."""
        return value

    def to_activecampaign(self, value: Canonical) -> str:
        """Return the moment as text."""
        return value or ""

    def equal(self, a: Canonical, b: Canonical) -> bool:
        """Compare moments."""
        return a == b
