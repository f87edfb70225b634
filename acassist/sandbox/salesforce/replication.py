"""`/updated` and `/deleted`: ids by time, with the commit-safe watermark (section 3.3)."""

from __future__ import annotations

from datetime import datetime, timedelta

from acassist.sandbox.salesforce import rows
from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.stamps import parse_datetime, stamp
from acassist.sandbox.salesforce.table import Table


def updated(call: Call, name: str) -> Reply:
    """Answer `GET /sobjects/{S}/updated/?start=&end=`; reaches back 30 days."""
    item = _replicated(call, name)
    start, end = _span(call, days=30)
    table, now = call.org.table(item), call.org.now().timestamp()
    ids = []
    for key in table.since(stamp(start)):
        row = table.seen(key, now)
        if row and not row.get("IsDeleted") and stamp(start) <= row["SystemModstamp"] < stamp(end):
            ids.append(key)
    return Reply(body={"ids": ids, "latestDateCovered": _covered(call, table, end)})


def deleted(call: Call, name: str) -> Reply:
    """Answer `GET /sobjects/{S}/deleted/?start=&end=`; reaches back 15 days."""
    item = _replicated(call, name)
    start, end = _span(call, days=15)
    table, now = call.org.table(item), call.org.now().timestamp()
    records = []
    for key in table.since(stamp(start)):
        row = table.seen(key, now)
        if row and row.get("IsDeleted") and stamp(start) <= row["SystemModstamp"] < stamp(end):
            records.append({"deletedDate": row["SystemModstamp"], "id": key})
    earliest = call.org.now() - timedelta(days=15)
    body = {"deletedRecords": records, "earliestDateAvailable": stamp(earliest.replace(second=0))}
    return Reply(body={**body, "latestDateCovered": _covered(call, table, end)})


def _replicated(call: Call, name: str) -> SObject:
    item = rows.find(call, name)
    if "r" not in item.operations:
        raise ApiError("INVALID_TYPE", f"object type '{item.name}' is not replicateable")
    return item


def _span(call: Call, *, days: int) -> tuple[datetime, datetime]:
    """Return the start and end of the request in whole minutes. Raises ApiError INVALID_REPLICATION_DATE."""
    bounds = [parse_datetime(call.query.get(key, "").replace(" ", "+")) for key in ("start", "end")]
    start, end = bounds
    if start is None or end is None:
        raise ApiError("INVALID_REPLICATION_DATE", "start and end must be date-times with an offset")
    start, end = start.replace(second=0, microsecond=0), end.replace(second=0, microsecond=0)
    if start >= end:
        raise ApiError("INVALID_REPLICATION_DATE", "startDate must be before endDate")
    if start < call.org.now() - timedelta(days=days):
        raise ApiError("INVALID_REPLICATION_DATE", f"startDate cannot be more than {days} days ago")
    return start, end


def _covered(call: Call, table: Table, end: datetime) -> str:
    """Return the end, the present, or the stamp of the earliest transaction still open, whichever comes first."""
    table.settle(call.org.now().timestamp())
    open_stamps = [table.rows[key]["SystemModstamp"] for key in table.unsettled if key in table.rows]
    present = call.org.now().replace(second=0, microsecond=0)
    return str(min([stamp(min(end, present)), *open_stamps]))
