"""What each of the last days saw: records written, by local day, and API calls, by UTC day; no call is made."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from acassist.assistant.session import Session
from acassist.domain.ids import Service
from acassist.domain.ledger import RunSummary

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Day:
    """One day: records written to each side by the runs that began on it, and calls made to each service.

    Records belong to the local day, because that is the user's; calls to the UTC day, because they are stored so.
    """

    day: date
    to_activecampaign: int = 0
    to_salesforce: int = 0
    calls_ac: int = 0
    calls_sf: int = 0


@dataclass(frozen=True, slots=True)
class Days:
    """The last days, oldest first, quiet ones included.

    `allowance` is how many calls Salesforce grants the org a day (Sforce-Limit-Info, salesforce_api 2.6), None while
    it is not known; ActiveCampaign has no limit a day (activecampaign_api 1.4).
    """

    days: tuple[Day, ...]
    allowance: int | None = None


async def last_days(session: Session, count: int) -> Days:
    """Add up the last days; gives way between pages of runs, so that nothing waits for a long history."""
    now, zone = session.machine.clock.now(), session.machine.zone
    today = now.astimezone(zone).date()
    wanted = [today - timedelta(days=back) for back in range(count - 1, -1, -1)]
    records, made = await _runs(session, wanted[0], zone)
    stored = session.call_counts().last_days(count + 1)
    unstored = {service: session.unstored_calls(service) for service in Service}
    days = []
    for day in wanted:
        calls = {
            # Before Salesforce's calls were stored by day, only the runs told of them.
            service: max(stored[service].get(day, 0), made.get((service, day), 0))
            + (unstored[service] if day == now.astimezone(UTC).date() else 0)
            for service in Service
        }
        ac, sf = (records.get((service, day), 0) for service in (Service.ACTIVECAMPAIGN, Service.SALESFORCE))
        days.append(Day(day, ac, sf, calls[Service.ACTIVECAMPAIGN], calls[Service.SALESFORCE]))
    told = session.calls()[0]
    return Days(tuple(days), told[1] if told is not None else None)


_Sums = dict[tuple[Service, date], int]


async def _runs(session: Session, first: date, zone: tzinfo) -> tuple[_Sums, _Sums]:
    """Return records by local day and calls by UTC day, of the runs since the first day began."""
    records: _Sums = {}
    calls: _Sums = {}
    since = datetime(first.year, first.month, first.day, tzinfo=zone) - timedelta(days=1)
    before: int | None = None
    while page := session.stores.history.runs(_PAGE, before):
        for run in page:
            _add(run, zone, records, calls)
        if page[-1].started < since:
            break
        before = page[-1].id
        await asyncio.sleep(0)
    return records, calls


def _add(run: RunSummary, zone: tzinfo, records: _Sums, calls: _Sums) -> None:
    done, local, utc = run.counters, run.started.astimezone(zone).date(), run.started.astimezone(UTC).date()
    for service, written, made in (
        (Service.ACTIVECAMPAIGN, done.created_ac + done.updated_ac, done.calls_ac),
        (Service.SALESFORCE, done.created_sf + done.updated_sf, done.calls_sf),
    ):
        records[service, local] = records.get((service, local), 0) + written
        calls[service, utc] = calls.get((service, utc), 0) + made
