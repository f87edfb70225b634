"""`acassist backfill`: sends existing records; estimates, starts, resumes and abandons, without a window."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from acassist.assistant.assistant import Assistant
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal, exit_for_problem
from acassist.cli.interrupts import on_interrupt
from acassist.cli.output import Output
from acassist.cli.progress import shown_progress
from acassist.domain.backfill import (
    BACKFILL_PHASE_NAMES,
    EVERYONE,
    BackfillEstimate,
    BackfillPhase,
    BackfillRequest,
    BackfillState,
    matching,
)
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem
from acassist.domain.selection import Criteria, Criterion, Join, Operator
from acassist.domain.text import N_, Message

_OBJECTS = {"lead": SObject.LEAD, "contact": SObject.CONTACT}
_OPERATORS = ", ".join(operator.value for operator in Operator)


def backfill(command: Command) -> int:
    """Estimate, start, resume, abandon or show the backfill."""
    arguments = command.arguments
    asked = arguments.object or arguments.all or arguments.criteria or arguments.criteria_file
    if arguments.abandon:
        return command.with_profile(lambda a: _abandon(a, command.output), writer=True)
    if arguments.resume:
        return command.with_profile(lambda a: _carry_out(a, command.output, a.resume_backfill), writer=True)
    if not asked:
        return command.with_profile(lambda a: _show(a, command.output), writer=False)
    request = request_of(arguments)
    if arguments.estimate:
        return command.with_profile(lambda a: _estimate(a, command.output, request), writer=False)
    yes = bool(arguments.yes)
    return command.with_profile(
        lambda a: _carry_out(a, command.output, lambda: a.start_backfill(request, yes=yes)), writer=True
    )


# -- what is asked for
def request_of(arguments: argparse.Namespace) -> BackfillRequest:
    """Return the request that the options make; raises Refusal when they do not make one."""
    if not arguments.object:
        raise _usage(N_("--object says which records: lead or contact."))
    if not (arguments.all or arguments.criteria or arguments.criteria_file):
        raise _usage(N_("Say which records: --all, --criteria or --criteria-file."))
    selection = EVERYONE
    if arguments.criteria:
        rows = tuple(_row(text) for text in arguments.criteria)
        selection = matching(Criteria(rows, Join.OR if arguments.any else Join.AND))
    elif arguments.criteria_file:
        selection = matching(_from_file(Path(arguments.criteria_file)))
    return BackfillRequest(
        _OBJECTS[arguments.object],
        selection,
        run_automations=bool(arguments.automations),
        subscribe_lists=tuple(arguments.list or ()),
    )


def _row(text: str) -> Criterion:
    """Read `Status equals Open - Not Contacted`: a field, an operator, and the rest as the value."""
    field, _, rest = text.strip().partition(" ")
    operator, _, value = rest.strip().partition(" ")
    try:
        return Criterion(field, Operator(operator), value.strip())
    except ValueError:
        values = {"row": text, "operators": _OPERATORS}
        raise _usage(N_("“{row}” is no criterion. The operators are: {operators}."), values) from None


def _from_file(path: Path) -> Criteria:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = tuple(Criterion(r["field"], Operator(r["operator"]), str(r.get("value", ""))) for r in data["rows"])
        found = Criteria(rows, Join(data.get("join", Join.AND)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _usage(N_("{file} holds no criteria."), {"file": path.name}) from error
    if not rows:
        raise _usage(N_("{file} holds no criteria."), {"file": path.name})
    return found


def _usage(text: str, values: Mapping[str, object] | None = None) -> Refusal:
    next_step = Message(N_("See acassist backfill --help."))
    return Refusal("usage", Message(text, values or {}), next_step, Exit.USAGE)


# -- what is done
async def _estimate(assistant: Assistant, output: Output, request: BackfillRequest) -> int:
    found = await assistant.backfill_estimate(request)
    if output.as_json:
        output.data({"estimate": estimate_shape(found, output)})
    else:
        _show_estimate(output, found)
    return Exit.DONE


async def _carry_out(assistant: Assistant, output: Output, work: Callable[[], Any]) -> int:
    with shown_progress(assistant.events, output), _pausing(assistant, output):
        state = await work()
    return _report(output, state)


def _pausing(assistant: Assistant, output: Output) -> AbstractContextManager[None]:
    """Pause between two actions on the first Ctrl+C, end at once on the second."""
    task = asyncio.current_task()

    def first() -> None:
        output.note(Message(N_("Pausing after the requests under way. Press Ctrl+C again to stop at once.")))
        assistant.backfills.pause()

    return on_interrupt(first, lambda: task.cancel() if task else None)


async def _abandon(assistant: Assistant, output: Output) -> int:
    await assistant.abandon_backfill()
    return await _show(assistant, output)


async def _show(assistant: Assistant, output: Output) -> int:
    state = await assistant.backfill_state()
    if output.as_json:
        output.data({"backfill": state_shape(state, output)})
    else:
        _show_state(output, state)
    return Exit.DONE


def _report(output: Output, state: BackfillState) -> int:
    if output.as_json:
        output.data({"backfill": state_shape(state, output)})
    else:
        _show_state(output, state)
    if state.problem is not None:
        return exit_for_problem(state.problem)
    if state.phase is BackfillPhase.WAITING_FOR_GO:
        output.note(
            Message(N_("Look at the five people in ActiveCampaign, then use acassist backfill --resume."))
        )
        return Exit.DECISION
    done = state.phase is BackfillPhase.DONE and not state.problems
    return Exit.DONE if done else Exit.RECORDS


# -- how it is shown
def _show_estimate(output: Output, found: BackfillEstimate) -> None:
    output.table(
        [
            (Message(N_("Records")), found.records),
            (Message(N_("Without an e-mail address")), found.without_email),
            (Message(N_("Linked already")), found.linked),
            (Message(N_("Known in ActiveCampaign")), found.existing),
            (Message(N_("New")), found.new),
            (Message(N_("Calls to Salesforce")), found.calls_salesforce),
            (Message(N_("Calls to ActiveCampaign")), found.calls_activecampaign),
            (Message(N_("Seconds at least")), round(found.seconds)),
        ]
    )
    for note in found.notes:
        output.say(note)


def _show_state(output: Output, state: BackfillState) -> None:
    output.say(Message(BACKFILL_PHASE_NAMES[state.phase]), style="bold")
    if state.request is None:
        return
    output.table(
        [
            (Message(N_("Worked through")), state.done),
            (Message(N_("Records")), state.total),
            (Message(N_("Created in ActiveCampaign")), state.created),
            (Message(N_("Linked")), state.linked),
            (Message(N_("Skipped")), state.skipped),
            (Message(N_("Need you")), state.problems),
            (Message(N_("Calls")), state.calls),
        ]
    )
    if state.problem is not None:
        output.note(state.problem.sentence)
        output.note(state.problem.next_step)


def estimate_shape(found: BackfillEstimate, output: Output) -> dict[str, Any]:
    """Write an estimate."""
    return {**asdict(found), "notes": [output.words(note) for note in found.notes]}


def state_shape(state: BackfillState, output: Output) -> dict[str, Any]:
    """Write where a backfill stands."""
    request = None
    if state.request is not None:
        criteria = state.request.selection.criteria
        request = {
            "object": state.request.sobject.value,
            "criteria": {"join": criteria.join.value, "rows": [asdict(row) for row in criteria.rows]},
            "run_automations": state.request.run_automations,
            "lists": list(state.request.subscribe_lists),
        }
    return {
        "phase": state.phase.value,
        "request": request,
        "done": state.done,
        "total": state.total,
        **asdict(state.counts),
        "started": state.started,
        "run": state.run_id,
        "resumable": state.resumable,
        "problem": None if state.problem is None else _problem_shape(state.problem, output),
    }


def _problem_shape(problem: Problem, output: Output) -> dict[str, str]:
    words = {"title": problem.title, "sentence": problem.sentence, "next_step": problem.next_step}
    return {"code": problem.code.value, **{name: output.words(message) for name, message in words.items()}}
