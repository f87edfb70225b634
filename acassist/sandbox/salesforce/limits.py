"""Versions, the map of resources, limits and record counts (section 2.1)."""

from __future__ import annotations

from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError

OLDEST, NEWEST = 31, 67
RESOURCES = ("composite", "jobs", "limits", "metadata", "query", "queryAll", "sobjects", "tooling")
FIXED = {
    "DailyBulkApiBatches": 15000,
    "DailyBulkV2QueryJobs": 10000,
    "DailyBulkV2QueryFileStorageMB": 976562,
    "DailyDurableStreamingApiEvents": 10000,
    "DailyGenericStreamingApiEvents": 10000,
    "DailyStreamingApiEvents": 10000,
    "DailyWorkflowEmails": 1000,
    "DataStorageMB": 10240,
    "FileStorageMB": 10240,
    "HourlyODataCallout": 1000,
    "HourlyTimeBasedWorkflow": 1000,
    "MassEmail": 5000,
    "SingleEmail": 5000,
    "StreamingApiConcurrentClients": 1000,
}


def release(number: int) -> str:
    """Return the release name of an API version (`66` → `Spring '26`)."""
    season = ("Winter", "Spring", "Summer")[(number - 65) % 3]
    return f"{season} '{26 + (number - 65) // 3}"


def versions(newest: int = NEWEST) -> list[dict[str, str]]:
    """Return the offered versions up to `newest`, oldest first."""
    return [
        {"label": release(number), "url": f"/services/data/v{number}.0", "version": f"{number}.0"}
        for number in range(OLDEST, newest + 1)
    ]


def resources(call: Call) -> Reply:
    return Reply(body={name: call.url(f"/{name}") for name in RESOURCES})


def limits(call: Call) -> Reply:
    """Answer `GET /limits`; 403 without the right to view Setup."""
    if not call.org.switches.limits_allowed:
        raise ApiError("INSUFFICIENT_ACCESS", "You don't have permission to view this resource.", status=403)
    switches = call.org.switches
    most = switches.daily_api_requests
    body: dict[str, object] = {name: {"Max": value, "Remaining": value} for name, value in FIXED.items()}
    body["DailyApiRequests"] = {"Max": most, "Remaining": max(0, most - switches.daily_api_used)}
    return Reply(body=dict(sorted(body.items())))


def record_count(call: Call) -> Reply:
    """Answer `GET /limits/recordCount?sObjects=`."""
    wanted = [name for name in call.query.get("sObjects", "").split(",") if name]
    counts = []
    for item in call.org.schema.all():
        if item.business and (not wanted or item.name in wanted):
            rows = call.org.table(item).rows.values()
            counts.append({"count": sum(not row.get("IsDeleted") for row in rows), "name": item.name})
    return Reply(body={"sObjects": counts})
