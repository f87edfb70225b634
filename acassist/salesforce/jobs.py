"""The org's other scheduled jobs, for information only (salesforce_api 6.5, CronTrigger)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from acassist.domain.problem import ProblemError
from acassist.domain.profile import ScheduledJob
from acassist.domain.text import N_
from acassist.salesforce.caller import HIDDEN, Caller
from acassist.salesforce.soql import select

_FIELDS = ("Id", "State", "NextFireTime", "PreviousFireTime", "CronJobDetail.Name", "CronJobDetail.JobType")
_KINDS = {
    "0": N_("Data export"),
    "3": N_("Dashboard refresh"),
    "4": N_("Reporting snapshot"),
    "6": N_("Scheduled flow"),
    "7": N_("Scheduled Apex"),
    "8": N_("Report run"),
    "9": N_("Batch job"),
    "A": N_("Reporting notification"),
}


def moment(text: object) -> datetime | None:
    """Read a Salesforce date-time such as 2022-03-17T16:21:26.000+0000."""
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _job(row: Mapping[str, Any]) -> ScheduledJob:
    detail = row.get("CronJobDetail") or {}
    return ScheduledJob(
        name=str(detail.get("Name") or row.get("Id") or ""),
        state=str(row.get("State") or ""),
        next_run=moment(row.get("NextFireTime")),
        previous_run=moment(row.get("PreviousFireTime")),
        kind=_KINDS.get(str(detail.get("JobType") or ""), ""),
    )


async def scheduled_jobs(client: Caller) -> list[ScheduledJob]:
    """List scheduled jobs by their next run; empty when the user may not see them."""
    try:
        rows = await client.rows(select(_FIELDS, "CronTrigger", order_by="NextFireTime", limit=200))
    except ProblemError as error:
        if error.problem.code in HIDDEN:
            return []
        raise
    return [_job(row) for row in rows]
