"""What the chart of the Sync page can show, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from acassist.assistant.desk import Day, Days
from acassist.gui.strings import day, number, tr, tr_n

DAYS = 14
TO_AC, TO_SF = "accent", "edge"


class Measure(StrEnum):
    """What the chart counts."""

    RECORDS = "records"
    CALLS_SF = "calls_sf"
    CALLS_AC = "calls_ac"


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the chart: its role in the palette and its words."""

    role: str
    title: str


def series(measure: Measure) -> tuple[Series, ...]:
    """Return what each bar is made of."""
    if measure is Measure.CALLS_SF:
        return (Series(TO_SF, tr("Salesforce calls")),)
    if measure is Measure.CALLS_AC:
        return (Series(TO_AC, tr("ActiveCampaign calls")),)
    return Series(TO_AC, tr("To ActiveCampaign")), Series(TO_SF, tr("To Salesforce"))


def values(item: Day, measure: Measure) -> tuple[int, ...]:
    """Return the numbers of a day, one for each series."""
    if measure is Measure.CALLS_SF:
        return (item.calls_sf,)
    if measure is Measure.CALLS_AC:
        return (item.calls_ac,)
    return item.to_activecampaign, item.to_salesforce


def day_words(value: date) -> str:
    """Name a day."""
    return day(datetime.combine(value, time(12)).astimezone())


def sentence(item: Day, measure: Measure) -> str:
    """Say one day in words."""
    found = [number(value) for value in values(item, measure)]
    if measure is Measure.CALLS_SF:
        return tr("{day}: {calls} Salesforce calls", day=day_words(item.day), calls=found[0])
    if measure is Measure.CALLS_AC:
        return tr("{day}: {calls} ActiveCampaign calls", day=day_words(item.day), calls=found[0])
    return tr("{day}: {ac} to ActiveCampaign, {sf} to Salesforce", day=day_words(item.day), ac=found[0], sf=found[1])


def summary(days: Sequence[Day], measure: Measure) -> str:
    """Say the chart in words."""
    total = sum(sum(values(item, measure)) for item in days)
    records = measure is Measure.RECORDS
    if not total:
        none = tr("No call was made in the last {days} days.", days=DAYS)
        return tr("No record was written in the last {days} days.", days=DAYS) if records else none
    best = max(days, key=lambda item: sum(values(item, measure)))
    written = tr_n("{n} record written", "{n} records written", total)
    return tr(
        "{written} in the last {days} days; most on {day}: {best}.",
        written=written if records else tr_n("{n} call made", "{n} calls made", total),
        days=DAYS, day=day_words(best.day), best=number(sum(values(best, measure))),
    )  # fmt: skip


def share_words(part: float, whole: float) -> str:
    """Say a part of a whole in percent, small ones as such."""
    percent = 100 * part / whole
    if 0 < percent < 1:
        return tr("less than 1 %")
    return tr("{n} %", n=number(round(percent)))


def limit_words(days: Days, measure: Measure) -> str:
    """Say the limit that the chart's calls count against, in words; empty for records."""
    if measure is Measure.CALLS_AC:
        return tr("ActiveCampaign has no limit a day. It lets all programs of the account make five calls a second.")
    if measure is Measure.RECORDS:
        return ""
    if not days.allowance:
        return tr("Salesforce tells its limit a day with the first call.")
    most = max((item.calls_sf for item in days.days), default=0)
    return tr(
        "Limit a day: {limit}, shared with all other programs of the org. Busiest day: {share} of it.",
        limit=number(days.allowance), share=share_words(most, days.allowance),
    )  # fmt: skip
