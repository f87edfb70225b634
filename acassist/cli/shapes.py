"""The JSON shapes that commands print; names and types are stable, sentences are in the person's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from acassist.assistant.settled import Settled
from acassist.assistant.views import CheckItem, Status
from acassist.cli.output import Output
from acassist.domain.activity import ACTIVITY_LABELS, Activity
from acassist.domain.ledger import Issue, PlannedChange, Preview, RunSummary
from acassist.domain.merge import RULE_LABELS
from acassist.domain.problem import Problem
from acassist.domain.text import Message

PREVIEW_COUNTS = ("creates_ac", "creates_sf", "updates_ac", "updates_sf", "links", "skips", "conflicts")


def run_shape(run: RunSummary) -> dict[str, Any]:
    """Write one run."""
    return {
        "id": run.id,
        "direction": run.direction.value,
        "state": run.state.value,
        "started": run.started,
        "ended": run.ended,
        "cause": run.cause,
        "problem": run.problem.value if run.problem else None,
        "counters": asdict(run.counters),
    }


def issue_problem(issue: Issue) -> Problem:
    """Return an issue as the problem that it was."""
    return Problem(issue.code, issue.subject, issue.values, issue.detail)


def issue_shape(issue: Issue, output: Output) -> dict[str, Any]:
    """Write one open issue."""
    problem = issue_problem(issue)
    return {
        "code": issue.code.value,
        "subject": issue.subject,
        "name": issue.name,
        "field": issue.field,
        "sentence": output.words(problem.sentence),
        "next_step": output.words(problem.next_step),
    }


def settled_shape(interrupted: int | None, settled: Iterable[Settled]) -> dict[str, Any]:
    """Write what an interrupted run had left, and what became of it."""
    rows = [{"kind": s.kind.value, "records": s.records, "at": s.at, "known": s.known} for s in settled]
    return {"interrupted_run": interrupted, "settled": rows}


def change_reason(change: PlannedChange) -> Message | None:
    """Say why a line of a dry run is so: what keeps a record back, else the rule; None when there is nothing to say."""
    if change.problem is not None:
        return Problem(change.problem, values=change.problem_values).sentence
    labels = {rule.value: label for rule, label in RULE_LABELS.items()}
    return Message(labels[change.rule]) if change.rule in labels else None


def change_shape(change: PlannedChange, output: Output) -> dict[str, Any]:
    """Write one line of a dry run."""
    reason = change_reason(change)
    return {
        "target": change.target.value,
        "action": change.action.value,
        "subject": change.subject,
        "name": change.name,
        "sf_id": change.sf_id,
        "ac_id": change.ac_id,
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "rule": change.rule,
        "problem": change.problem.value if change.problem else None,
        "reason": output.words(reason) if reason is not None else None,
    }


def preview_shape(preview: Preview, output: Output) -> dict[str, Any]:
    """Write a dry run."""
    return {
        "counts": {name: getattr(preview, name) for name in PREVIEW_COUNTS},
        "changes": [change_shape(change, output) for change in preview.changes],
        "truncated": preview.truncated,
    }


def status_shape(status: Status, output: Output) -> dict[str, Any]:
    """Write the state of the profile."""
    used, allowed = status.calls_sf or (None, None)
    return {
        "sentence": output.words(status.sentence),
        "level": status.level.value,
        "profile": status.profile,
        "steps_done": status.steps_done,
        "started": status.started,
        "running": status.running,
        "paused": status.paused,
        "in_sync": status.in_sync,
        "waiting": status.waiting,
        "need_you": status.need_you,
        "next_run": status.next_run,
        "last_run": run_shape(status.last_run) if status.last_run else None,
        "sync_blocked": output.words(status.sync_blocked) if status.sync_blocked else None,
        "calls": {"salesforce": {"used": used, "allowed": allowed}, "activecampaign": status.calls_ac},
    }


def activity_shapes(activities: Iterable[Activity], output: Output) -> list[dict[str, Any]]:
    """Write activities, newest first."""
    return [
        {
            "kind": activity.kind.value,
            "label": output.text(ACTIVITY_LABELS[activity.kind]),
            "at": activity.at,
            "title": activity.title,
            "detail": activity.detail,
            "link": activity.link,
        }
        for activity in activities
    ]


def check_shape(item: CheckItem, output: Output) -> dict[str, Any]:
    """Write one line of a check list."""
    return {
        "title": output.words(item.title),
        "level": item.level.value,
        "state": output.words(item.state),
        "remedy": output.words(item.remedy) if item.remedy else None,
    }
