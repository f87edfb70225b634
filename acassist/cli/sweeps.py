"""`acassist sweeps`: where the rolling sweeps stand, their daily allowance, and a full turn right away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from acassist.assistant.assistant import Assistant
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal
from acassist.cli.output import Output
from acassist.domain.sweeps import SWEEP_NAMES, SweepKind, SweepStanding
from acassist.domain.text import N_, Message


def sweeps(command: Command) -> int:
    """Show all sweeps, or one; change its allowance or make a full turn of it."""
    kind = SweepKind(command.arguments.kind) if command.arguments.kind else None
    writes = command.arguments.now or command.arguments.allow is not None
    if writes and kind is None:
        reason = Message(N_("Say which one: contacts, formulas, accounts or tags."))
        raise Refusal("which_sweep", reason, Message(N_("See acassist sweeps --help.")), Exit.USAGE)

    async def work(assistant: Assistant) -> int:
        if kind is not None and command.arguments.allow is not None:
            await assistant.set_sweep_allowance(kind, command.arguments.allow)
        if kind is not None and command.arguments.now:
            await assistant.sweep_now(kind)
        shown = [s for s in await assistant.sweeps() if kind in (None, s.kind)]
        if command.output.as_json:
            command.output.data({"sweeps": [shape(s) for s in shown]})
        else:
            _show(command.output, shown)
        return Exit.DONE

    return command.with_profile(work, writer=writes)


def shape(one: SweepStanding) -> dict[str, Any]:
    """Write one sweep for other programs."""
    return {
        "kind": one.kind.value,
        "on": one.on,
        "last_turn": one.last_turn,
        "turn_started": one.started,
        "done": one.done,
        "total": one.total,
        "found": one.found,
        "calls_today": one.calls_today,
        "allowance": one.allowance,
        "calls_per_turn": one.calls_per_turn,
        "calls_per_day": one.calls_per_day,
        "days_per_turn": one.days_per_turn,
    }


def _show(output: Output, shown: Sequence[SweepStanding]) -> None:
    rows = [
        (
            Message(SWEEP_NAMES[one.kind]),
            _state(one),
            one.last_turn or Message(N_("not yet")),
            Message(N_("{used} of {allowed}"), {"used": one.calls_today, "allowed": one.allowance}),
            _forecast(one),
        )
        for one in shown
    ]
    headers = (N_("What"), N_("State"), N_("All read"), N_("Calls today"), N_("Forecast"))
    output.table(rows, headers)


def _state(one: SweepStanding) -> Message:
    if not one.on:
        return Message(N_("nothing to watch"))
    if one.started is None:
        return Message(N_("waits for its next turn"))
    return Message(N_("{done} of {total} read"), {"done": one.done, "total": one.total})


def _forecast(one: SweepStanding) -> Message:
    days = one.days_per_turn
    if not one.allowance:
        return Message(N_("switched off"))
    if days is None:
        return Message(N_("not known yet"))
    values = {"calls": one.calls_per_turn, "days": max(1, round(days))}
    return Message(N_("{calls} calls in {days} days"), values) if days >= 1 else _within_a_day(one)


def _within_a_day(one: SweepStanding) -> Message:
    hours = max(1, round((one.days_per_turn or 0) * 24))
    return Message(N_("{calls} calls in {hours} hours"), {"calls": one.calls_per_turn, "hours": hours})
