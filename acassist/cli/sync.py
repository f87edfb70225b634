"""`acassist sync`: one run now, or a dry run."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager

from acassist.assistant.assistant import Assistant
from acassist.assistant.events import Event, RunEnded
from acassist.cli.command import Command
from acassist.cli.exits import Exit, exit_for_run
from acassist.cli.interrupts import on_interrupt
from acassist.cli.output import Output
from acassist.cli.progress import shown_progress
from acassist.cli.shapes import issue_problem, issue_shape, preview_shape, run_shape
from acassist.domain.ids import Service
from acassist.domain.ledger import (
    DIRECTION_NAMES,
    HISTORY_LABELS,
    RUN_STATE_NAMES,
    Issue,
    PlannedChange,
    Preview,
    RunDirection,
    RunSummary,
)
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.text import N_, Message

SHOWN_ISSUES = 20
_SERVICES = {Service.SALESFORCE: "Salesforce", Service.ACTIVECAMPAIGN: "ActiveCampaign"}


def sync(command: Command) -> int:
    """Make one run, or with --dry-run show what it would do."""
    direction = RunDirection(command.arguments.direction)
    dry = command.arguments.dry_run

    async def work(assistant: Assistant) -> int:
        output = command.output
        with shown_progress(assistant.events, output), _cancelling(assistant, output):
            if dry:
                preview = await assistant.preview(direction)
            else:
                summary = await _run(assistant, output, direction, yes=command.arguments.yes)
        if dry:
            return _report_preview(output, preview, direction)
        return await _report_run(assistant, output, summary)

    return command.with_profile(work, writer=True)


def _cancelling(assistant: Assistant, output: Output) -> AbstractContextManager[None]:
    """Cancel between two actions on the first Ctrl+C, at once on the second."""
    task = asyncio.current_task()

    def first() -> None:
        output.note(Message(N_("Stopping after the current action. Press Ctrl+C again to stop at once.")))
        assistant.jobs.cancel()

    return on_interrupt(first, lambda: task.cancel() if task else None)


async def _run(assistant: Assistant, output: Output, direction: RunDirection, *, yes: bool) -> RunSummary:
    """Make the run; one that stops still shows its counters."""
    ended: list[RunSummary] = []

    def listen(event: Event) -> None:
        if isinstance(event, RunEnded):
            ended.append(event.summary)

    stop = assistant.events.subscribe(listen)
    try:
        return await assistant.sync_now(direction, yes=yes)
    except ProblemError:
        if ended and not output.as_json:
            show_run(output, ended[-1])
        raise
    finally:
        stop()


async def _report_run(assistant: Assistant, output: Output, summary: RunSummary) -> int:
    issues = await assistant.issues()
    if output.as_json:
        output.data({"run": run_shape(summary), "issues": [issue_shape(issue, output) for issue in issues]})
    else:
        show_run(output, summary)
        _show_issues(output, issues)
    return exit_for_run(summary.state)


def show_run(output: Output, summary: RunSummary) -> None:
    """Write one run as text."""
    values = {"state": Message(RUN_STATE_NAMES[summary.state]), "what": Message(DIRECTION_NAMES[summary.direction])}
    output.say(Message(N_("{state} ({what})"), values), style="bold")
    counters = summary.counters
    output.table(
        [
            (Message(N_("Created in ActiveCampaign")), counters.created_ac),
            (Message(N_("Created in Salesforce")), counters.created_sf),
            (Message(N_("Updated in ActiveCampaign")), counters.updated_ac),
            (Message(N_("Updated in Salesforce")), counters.updated_sf),
            (Message(N_("Linked")), counters.linked),
            (Message(N_("Skipped")), counters.skipped),
            (Message(N_("Need you")), counters.issues),
        ]
    )


def _show_issues(output: Output, issues: list[Issue]) -> None:
    for issue in issues[:SHOWN_ISSUES]:
        problem: Problem = issue_problem(issue)
        values = {"name": issue.name or issue.subject, "sentence": problem.sentence, "next": problem.next_step}
        output.say(Message(N_("{name}: {sentence} {next}"), values))
    if len(issues) > SHOWN_ISSUES:
        output.note(Message(N_("All {count} are on the page Issues of the window."), {"count": len(issues)}))


def _report_preview(output: Output, preview: Preview, direction: RunDirection) -> int:
    if output.as_json:
        output.data({"direction": direction.value, "dry_run": True, **preview_shape(preview)})
        return Exit.DONE
    output.say(Message(N_("This would happen; nothing was written.")), style="bold")
    show_counts(output, preview)
    if preview.changes:
        output.line("")
        headers = (N_("Where"), N_("What"), N_("Record"), N_("Field"), N_("Before"), N_("After"))
        output.table([_change(change) for change in preview.changes], headers)
    if preview.truncated:
        output.note(Message(N_("The list is not complete; the counts are.")))
    return Exit.DONE


def show_counts(output: Output, preview: Preview) -> None:
    """Write the counts of a dry run as text."""
    output.table(
        [
            (Message(N_("Created in ActiveCampaign")), preview.creates_ac),
            (Message(N_("Created in Salesforce")), preview.creates_sf),
            (Message(N_("Updated in ActiveCampaign")), preview.updates_ac),
            (Message(N_("Updated in Salesforce")), preview.updates_sf),
            (Message(N_("Linked")), preview.links),
            (Message(N_("Skipped")), preview.skips),
            (Message(N_("Conflicts")), preview.conflicts),
        ]
    )


def _change(change: PlannedChange) -> tuple[object, ...]:
    after: object = change.after
    if change.problem is not None:
        after = Problem(change.problem, values=change.problem_values).sentence
    return (
        _SERVICES[change.target],
        Message(HISTORY_LABELS[change.action]),
        change.name or change.subject,
        change.field,
        change.before,
        after,
    )
