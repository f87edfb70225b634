"""Date literals (`TODAY`, `LAST_N_DAYS:7`) as half-open ranges of days; the org's time zone is UTC."""

from __future__ import annotations

from datetime import date, timedelta


def period(word: str, number: int, today: date) -> tuple[date, date]:
    """Return the first day of the period and the first day after it. Weeks start on Sunday."""
    day = timedelta(days=1)
    if word in ("LAST_90_DAYS", "NEXT_90_DAYS"):
        word, number = word.replace("90", "N"), 90
    spans = {
        "YESTERDAY": (today - day, today),
        "TODAY": (today, today + day),
        "TOMORROW": (today + day, today + 2 * day),
        "LAST_N_DAYS": (today - number * day, today + day),
        "NEXT_N_DAYS": (today + day, today + (number + 1) * day),
        "N_DAYS_AGO": (today - number * day, today - (number - 1) * day),
    }
    if word in spans:
        return spans[word]
    which, _, unit = word.partition("_")
    shift = {"LAST": -1, "THIS": 0, "NEXT": 1}[which]
    if unit == "WEEK":
        start = today - timedelta(days=(today.weekday() + 1) % 7) + timedelta(weeks=shift)
        return start, start + timedelta(weeks=1)
    if unit == "MONTH":
        return _month(today, shift), _month(today, shift + 1)
    return date(today.year + shift, 1, 1), date(today.year + shift + 1, 1, 1)


def _month(today: date, shift: int) -> date:
    months = today.year * 12 + today.month - 1 + shift
    return date(months // 12, months % 12 + 1, 1)
