"""Tables that leave the program: previews, runs and issues as CSV for people or JSON for programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from acassist.domain.ids import Service
from acassist.domain.ledger import (
    DIRECTION_NAMES,
    HISTORY_LABELS,
    RUN_STATE_NAMES,
    HistoryItem,
    Issue,
    PlannedChange,
    RunSummary,
)
from acassist.domain.merge import OTHER_REASONS, RULE_LABELS, Rule
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.spreadsheet import csv_text
from acassist.domain.text import N_, Message

Translate = Callable[[Message], str]
Row = Mapping[str, str | int | None]

_SERVICES = {Service.SALESFORCE: "Salesforce", Service.ACTIVECAMPAIGN: "ActiveCampaign"}
CHANGE_TITLES = {
    "name": N_("Record"),
    "side": N_("Side"),
    "change": N_("Change"),
    "field": N_("Field"),
    "before": N_("Before"),
    "after": N_("After"),
    "rule": N_("Rule"),
    "salesforce_id": N_("Salesforce ID"),
    "activecampaign_id": N_("ActiveCampaign ID"),
}
ITEM_TITLES = {"time": N_("Time"), **CHANGE_TITLES}
ISSUE_TITLES = {
    "name": N_("Record"),
    "object": N_("Object"),
    "field": N_("Field"),
    "cause": N_("Cause"),
    "meaning": N_("What it means"),
    "remedy": N_("What to do"),
    "first_seen": N_("First seen"),
    "last_seen": N_("Last seen"),
    "attempts": N_("Tries"),
    "salesforce_id": N_("Salesforce ID"),
    "activecampaign_id": N_("ActiveCampaign ID"),
}


RUN_TITLES = {
    "run": N_("Run"),
    "began": N_("Began"),
    "ended": N_("Ended"),
    "covered": N_("Direction"),
    "state": N_("State"),
    "why": N_("Why it stopped"),
    "created_activecampaign": N_("Created in ActiveCampaign"),
    "created_salesforce": N_("Created in Salesforce"),
    "updated_activecampaign": N_("Updated in ActiveCampaign"),
    "updated_salesforce": N_("Updated in Salesforce"),
    "linked": N_("Linked"),
    "skipped": N_("Skipped"),
    "issues": N_("Issues"),
    "calls_activecampaign": N_("ActiveCampaign calls"),
    "calls_salesforce": N_("Salesforce calls"),
}
AUDIT_TITLES = {"time": N_("Time"), "change": N_("Change"), "before": N_("Before"), "after": N_("After")}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by stable keys, and the titles that people see."""

    titles: Mapping[str, str]
    rows: Sequence[Row]

    def text(self, suffix: str, translate: Translate) -> str:
        """Return the table as JSON for the suffix `.json`, else as CSV."""
        if suffix.casefold() == ".json":
            return json.dumps(list(self.rows), ensure_ascii=False, indent=2)
        titles = [translate(Message(title)) for title in self.titles.values()]
        return csv_text(titles, ([row.get(key) for key in self.titles] for row in self.rows))


async def write(path: Path, text: str) -> Path:
    """Write a file off the engine's loop; raises EXPORT_FAILED when the place cannot be written to."""
    try:
        await asyncio.to_thread(path.write_text, text, "utf-8", newline="")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        values = {"file": str(path), "reason": reason}
        raise ProblemError(Problem(ProblemCode.EXPORT_FAILED, path.name, values)) from error
    return path


def planned_rows(changes: Sequence[PlannedChange], translate: Translate) -> list[Row]:
    """Return one row for each line of a preview."""
    return [_change(change, _why_planned(change), translate) for change in changes]


def item_rows(items: Sequence[HistoryItem], translate: Translate) -> list[Row]:
    """Return one row for each change of a run."""
    return [{"time": _time(item.at), **_change(item, _why(item.rule), translate)} for item in items]


def _change(change: PlannedChange | HistoryItem, why: Message | None, translate: Translate) -> Row:
    return {
        "name": change.name or change.subject,
        "side": _SERVICES[change.target],
        "change": translate(Message(HISTORY_LABELS[change.action])),
        "field": change.field.rpartition("~")[2],
        "before": change.before,
        "after": change.after,
        "rule": translate(why) if why else "",
        "salesforce_id": change.sf_id,
        "activecampaign_id": change.ac_id,
    }


def _why_planned(change: PlannedChange) -> Message | None:
    if change.problem is None:
        return _why(change.rule)
    values = {"field": change.field.rpartition("~")[2], "name": change.name, **change.problem_values}
    return Problem(change.problem, values=values).sentence


def _why(rule: str) -> Message | None:
    if rule in set(Rule):
        return Message(RULE_LABELS[Rule(rule)])
    return Message(OTHER_REASONS[rule]) if rule in OTHER_REASONS else None


def run_rows(runs: Sequence[RunSummary], translate: Translate) -> list[Row]:
    """Return one row for each run."""
    return [_run(run, translate) for run in runs]


def _run(run: RunSummary, translate: Translate) -> Row:
    done = run.counters
    why = Problem(run.problem, values=run.problem_values).sentence if run.problem is not None else None
    return {
        "run": run.id,
        "began": _time(run.started),
        "ended": _time(run.ended),
        "covered": translate(Message(DIRECTION_NAMES[run.direction])),
        "state": translate(Message(RUN_STATE_NAMES[run.state])),
        "why": translate(why) if why else "",
        "created_activecampaign": done.created_ac,
        "created_salesforce": done.created_sf,
        "updated_activecampaign": done.updated_ac,
        "updated_salesforce": done.updated_sf,
        "linked": done.linked,
        "skipped": done.skipped,
        "issues": done.issues,
        "calls_activecampaign": done.calls_ac,
        "calls_salesforce": done.calls_sf,
    }


def issue_rows(issues: Sequence[Issue], translate: Translate) -> list[Row]:
    """Return one row for each open issue."""
    return [_issue(issue, translate) for issue in issues]


def _issue(issue: Issue, translate: Translate) -> Row:
    field = str(issue.values.get("field") or issue.field.rpartition("~")[2])
    problem = Problem(issue.code, values={"name": issue.name or issue.subject, "field": field, **issue.values})
    return {
        "name": issue.name or issue.subject,
        "object": issue.sobject.value if issue.sobject else "",
        "field": field,
        "cause": translate(problem.title),
        "meaning": translate(problem.sentence),
        "remedy": translate(problem.next_step),
        "first_seen": _time(issue.first_seen),
        "last_seen": _time(issue.last_seen),
        "attempts": issue.attempts,
        "salesforce_id": issue.sf_id,
        "activecampaign_id": issue.ac_id,
    }


def _time(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""
