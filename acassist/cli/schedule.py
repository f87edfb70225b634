"""`acassist run`: the schedule without a window."""

from __future__ import annotations

import asyncio

from acassist.assistant.assistant import Assistant
from acassist.assistant.events import Alert, Event, RunEnded, RunStarted
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal
from acassist.cli.interrupts import on_interrupt
from acassist.domain.ledger import DIRECTION_NAMES, RUN_STATE_NAMES
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Role, Setup
from acassist.domain.text import N_, Message


def run(command: Command) -> int:
    """Make scheduled runs until Ctrl+C or SIGTERM."""

    async def work(assistant: Assistant) -> int:
        _check(await assistant.setup())
        if command.given("take_over"):
            await assistant.take_over()
        stop_telling = assistant.events.subscribe(lambda event: _tell(command, event))
        try:
            await _until_interrupted(command, assistant)
        finally:
            stop_telling()
        return Exit.DONE

    return command.with_profile(work, writer=True)


def _check(setup: Setup) -> None:
    """Refuse where the schedule could never make a run."""
    if setup.role is Role.VIEWER:
        raise ProblemError(Problem(ProblemCode.VIEWER_ONLY))
    if not setup.complete:
        raise ProblemError(Problem(ProblemCode.SETUP_INCOMPLETE))
    if setup.ask_each_time:
        raise Refusal(
            "ask_each_time",
            Message(N_("The secrets of this profile are asked for each time, so nothing can run unattended.")),
            Message(N_("Let the keyring keep them: open Settings in the window.")),
            Exit.CONNECTION,
        )
    if not setup.started:
        raise Refusal(
            "not_started",
            Message(N_("The first sync of this profile was not started yet.")),
            Message(N_("Look at it with acassist sync --dry-run, then start it with acassist sync --yes.")),
            Exit.DECISION,
        )


async def _until_interrupted(command: Command, assistant: Assistant) -> None:
    stop = asyncio.Event()
    scheduler = asyncio.create_task(assistant.runner.forever(), name="scheduler")
    waiting = asyncio.create_task(stop.wait(), name="stop")
    with on_interrupt(stop.set, scheduler.cancel):
        command.output.note(Message(N_("The schedule is running. Press Ctrl+C to stop.")))
        await asyncio.wait({scheduler, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not scheduler.done():
            await _wind_down(assistant, scheduler)
    command.output.note(Message(N_("The schedule was stopped.")))
    if not scheduler.cancelled() and (error := scheduler.exception()) is not None:
        raise error


async def _wind_down(assistant: Assistant, scheduler: asyncio.Task[None]) -> None:
    """Let a run under way end between two actions before the schedule is stopped."""
    ended = asyncio.Event()
    stop = assistant.events.subscribe(lambda event: ended.set() if isinstance(event, RunEnded) else None)
    try:
        if assistant.jobs.running:
            await assistant.cancel_run()
            waiting = asyncio.create_task(ended.wait())
            await asyncio.wait({scheduler, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
    finally:
        stop()
    scheduler.cancel()
    await asyncio.gather(scheduler, return_exceptions=True)


def _tell(command: Command, event: Event) -> None:
    if isinstance(event, RunStarted):
        what = Message(DIRECTION_NAMES[event.direction])
        command.output.say(Message(N_("A run begins ({what})."), {"what": what}))
    elif isinstance(event, RunEnded):
        counters = event.summary.counters
        values: dict[str, object] = {
            "at": event.summary.ended or event.summary.started,
            "state": Message(RUN_STATE_NAMES[event.summary.state]),
            "ac": counters.created_ac + counters.updated_ac,
            "sf": counters.created_sf + counters.updated_sf,
            "issues": counters.issues,
        }
        text = N_("{at} {state}: {ac} written in ActiveCampaign, {sf} in Salesforce, {issues} need you.")
        command.output.say(Message(text, values))
    elif isinstance(event, Alert):
        command.output.problem(event.problem)
