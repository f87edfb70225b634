"""`acassist sync`: one run now, or a dry run; what an interrupted run left is settled first, and told."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager

from acassist.assistant.assistant import Assistant
from acassist.assistant.events import Event, RunEnded
from acassist.assistant.settled import Settled, Unsettled
from acassist.cli.command import Command
from acassist.cli.exits import exit_for_run
from acassist.cli.interrupts import on_interrupt
from acassist.cli.output import Output
from acassist.cli.preview import report_preview
from acassist.cli.progress import shown_progress
from acassist.cli.shapes import issue_problem, issue_shape, run_shape, settled_shape
from acassist.domain.ledger import DIRECTION_NAMES, RUN_STATE_NAMES, IntentKind, Issue, RunDirection, RunSummary
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.text import N_, Message

SHOWN_ISSUES = 20
_WRITES = {
    IntentKind.CREATE_CONTACT: N_("Creating contacts in ActiveCampaign"),
    IntentKind.IMPORT: N_("Creating contacts in ActiveCampaign"),
    IntentKind.CREATE_SALESFORCE: N_("Creating records in Salesforce"),
    IntentKind.UPDATE_SALESFORCE: N_("Updating records in Salesforce"),
    IntentKind.UPDATE_CONTACT: N_("Updating pairs"),
    IntentKind.TAG: N_("Changing tags"),
    IntentKind.SEND_CAMPAIGN: N_("Sending a campaign"),
    IntentKind.ENTER_AUTOMATION: N_("Adding to an automation"),
    IntentKind.EDIT_VALUE: N_("Correcting a value"),
}


def sync(command: Command) -> int:
    """Make one run, or with --dry-run show what it would do."""
    direction = RunDirection(command.arguments.direction)
    dry = command.arguments.dry_run

    async def work(assistant: Assistant) -> int:
        output, unsettled = command.output, Unsettled(assistant.session)
        with shown_progress(assistant.events, output), _cancelling(assistant, output):
            if command.given("take_over"):
                await assistant.take_over()
            if dry:
                planned = await assistant.preview(direction)
            else:
                summary = await _run(assistant, output, direction, yes=command.arguments.yes)
        if dry:
            return report_preview(output, planned, direction)
        return await _report_run(assistant, output, summary, unsettled)

    return command.with_profile(work, writer=True)


def preview(command: Command) -> int:
    """Show what a run would do and write nothing to either service: `sync --dry-run` under a name of its own."""
    command.arguments.dry_run, command.arguments.yes = True, False
    return sync(command)


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


async def _report_run(assistant: Assistant, output: Output, summary: RunSummary, unsettled: Unsettled) -> int:
    issues, settled = await assistant.issues(), unsettled.settled()
    if output.as_json:
        shapes = [issue_shape(issue, output) for issue in issues]
        output.data({"run": run_shape(summary), "issues": shapes, **settled_shape(unsettled.interrupted_run, settled)})
    else:
        _show_settled(output, unsettled.interrupted_run, settled)
        show_run(output, summary)
        _show_issues(output, issues)
    return exit_for_run(summary.state)


def _show_settled(output: Output, interrupted: int | None, settled: list[Settled]) -> None:
    """Say that the last run was interrupted, and what became of the writes whose answer was lost."""
    if interrupted is not None:
        output.say(Message(N_("Run {run} had been interrupted. This run did the rest."), {"run": interrupted}))
    if settled:
        found, lost = Message(N_("It was found out what had been carried out.")), Message(N_("Not known; see Issues."))
        rows = [(Message(_WRITES[one.kind]), one.records, found if one.known else lost) for one in settled]
        output.table(rows, (N_("Interrupted while"), N_("Records"), N_("Result")))
        output.line("")


def show_run(output: Output, summary: RunSummary) -> None:
    """Write one run as text."""
    values = {"state": Message(RUN_STATE_NAMES[summary.state]), "what": Message(DIRECTION_NAMES[summary.direction])}
    output.say(Message(N_("{state} ({what})"), values), style="bold")
    counters = summary.counters
    output.table(
        [
            (Message(N_("Run")), summary.id),
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
