"""`acassist status` and `acassist doctor`: the state of the profile, and checks of everything it needs."""

from __future__ import annotations

from acassist.assistant.assistant import Assistant
from acassist.assistant.views import CheckItem, Level, Status
from acassist.cli.command import Command
from acassist.cli.exits import Exit
from acassist.cli.output import Output
from acassist.cli.shapes import check_shape, status_shape
from acassist.domain.ledger import RUN_STATE_NAMES
from acassist.domain.text import N_, Message

_LEVELS = {
    Level.OK: N_("OK"),
    Level.BUSY: N_("Busy"),
    Level.WARN: N_("Look at this"),
    Level.BAD: N_("Not in order"),
    Level.IDLE: N_("Not known yet"),
}


def status(command: Command) -> int:
    """Show the state of the profile; never asks the network, and works beside the open window."""

    async def work(assistant: Assistant) -> int:
        state = await assistant.status()
        if command.output.as_json:
            command.output.data(status_shape(state, command.output))
        else:
            _show(command.output, state)
        return Exit.DONE

    return command.with_profile(work, writer=False)


def _show(output: Output, state: Status) -> None:
    output.say(state.sentence, style="bold")
    rows: list[tuple[object, object]] = [
        (Message(N_("Profile")), state.profile or Message(N_("not connected"))),
        (Message(N_("Records in sync")), state.in_sync),
        (Message(N_("Waiting")), state.waiting),
        (Message(N_("Need you")), state.need_you),
        (Message(N_("Next run")), state.next_run or Message(N_("not scheduled"))),
    ]
    if state.last_run is not None:
        run = state.last_run
        values = {"at": run.ended or run.started, "state": Message(RUN_STATE_NAMES[run.state])}
        rows.append((Message(N_("Last run")), Message(N_("{at}: {state}"), values)))
    if state.calls_sf is not None:
        values = {"used": state.calls_sf[0], "allowed": state.calls_sf[1]}
        rows.append((Message(N_("Salesforce calls today")), Message(N_("{used} of {allowed}"), values)))
    rows.append((Message(N_("ActiveCampaign calls today")), state.calls_ac))
    output.table(rows)
    if state.sync_blocked is not None:
        output.note(state.sync_blocked)


def doctor(command: Command) -> int:
    """Check computer, keyring, profile and both services; exit code 3 when something is not in order."""

    async def work(assistant: Assistant) -> int:
        items = await assistant.doctor()
        healthy = all(item.level is not Level.BAD for item in items)
        if command.output.as_json:
            shapes = [check_shape(item, command.output) for item in items]
            command.output.data({"healthy": healthy, "checks": shapes})
        else:
            show_checks(command.output, items)
        return Exit.DONE if healthy else Exit.CONNECTION

    return command.with_profile(work, writer=False)


def show_checks(output: Output, items: list[CheckItem]) -> None:
    """Write a check list as text."""
    rows = [(item.title, Message(_LEVELS[item.level]), _state(output, item)) for item in items]
    output.table(rows, (N_("What"), N_("State"), N_("Details")))


def _state(output: Output, item: CheckItem) -> str:
    sentences = [item.state] if item.remedy is None else [item.state, item.remedy]
    return "\n".join(output.words(sentence) for sentence in sentences)
