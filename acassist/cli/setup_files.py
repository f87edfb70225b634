"""`acassist setup`: shows the set-up, writes it to a file, puts a file into effect."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from acassist.assistant.assistant import Assistant
from acassist.assistant.views import StepCard
from acassist.cli.command import Command
from acassist.cli.exits import Exit
from acassist.cli.output import Output
from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.mapping import DIRECTION_LABELS, UPDATE_LABELS, FieldMapping
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Setup
from acassist.domain.schedule import FREQUENCY_LABELS, Frequency
from acassist.domain.selection import OPERATOR_LABELS, Criteria, Join, Selection, SelectionKind
from acassist.domain.text import N_, Message

STREAM = "-"
_SELECTION_LABELS = {
    SelectionKind.NONE: N_("None are sent"),
    SelectionKind.NEW: N_("Those created from the moment this was saved"),
    SelectionKind.MARKED: N_("Those marked in Salesforce"),
    SelectionKind.CRITERIA: N_("Those that meet conditions"),
}
_LEADS = {SObject.LEAD: N_("Leads"), SObject.CONTACT: N_("Contacts"), SObject.ACCOUNT: N_("Accounts")}


def setup_show(command: Command) -> int:
    """Show the four steps and what they decided."""

    async def work(assistant: Assistant) -> int:
        if command.output.as_json:
            command.output.data(await assistant.export_setup())
        else:
            _show(command.output, await assistant.setup(), await assistant.step_cards())
        return Exit.DONE

    return command.with_profile(work, writer=False)


def setup_export(command: Command) -> int:
    """Write the set-up to a file; it never holds a secret."""

    async def work(assistant: Assistant) -> int:
        text = json.dumps(await assistant.export_setup(), indent=2) + "\n"
        name = command.arguments.file
        if name == STREAM:
            command.host.stdout.write(text)
            return Exit.DONE
        _write(name, text)
        command.output.note(Message(N_("The set-up was written to {file}."), {"file": name}))
        return Exit.DONE

    return command.with_profile(work, writer=False)


def _write(name: str, text: str) -> None:
    try:
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unusable(name, error.strerror or type(error).__name__) from error


def setup_import(command: Command) -> int:
    """Put steps 2 to 4 of an exported set-up into effect."""
    data = _read(command, command.arguments.file)

    async def work(assistant: Assistant) -> int:
        try:
            setup = await assistant.import_setup(data)
        except ProblemError as error:
            raise _with_file(error, command.arguments.file) from error
        if command.output.as_json:
            command.output.data(await assistant.export_setup())
            return Exit.DONE
        command.output.say(Message(N_("The set-up is in effect: steps 2 to 4 are finished.")))
        if not setup.started:
            command.output.note(Message(N_("Look at what the first sync would do: acassist sync --dry-run")))
        return Exit.DONE

    return command.with_profile(work, writer=True)


def _read(command: Command, name: str) -> dict[str, Any]:
    try:
        text = command.host.stdin.read() if name == STREAM else Path(name).read_text(encoding="utf-8")
        data = json.loads(text)
    except OSError as error:
        raise _unusable(name, error.strerror or type(error).__name__) from error
    except ValueError as error:
        raise _unusable(name, Message(N_("it is not JSON"))) from error
    if not isinstance(data, dict):
        raise _unusable(name, Message(N_("it is not JSON")))
    return data


def _unusable(name: str, reason: object) -> ProblemError:
    return ProblemError(Problem(ProblemCode.FILE_INVALID, name, {"file": name, "reason": reason}))


def _with_file(error: ProblemError, name: str) -> ProblemError:
    """Name the file in a problem of its content."""
    problem = error.problem
    if problem.code is not ProblemCode.FILE_INVALID:
        return error
    return _unusable(name, problem.values.get("reason", ""))


# -- text
def _show(output: Output, setup: Setup, cards: list[StepCard]) -> None:
    headers = (N_("Step"), N_("State"), N_("Summary"))
    rows = [(f"{card.number} {output.words(card.title)}", _state(card), card.summary) for card in cards]
    output.table(rows, headers)
    for sobject in (*PEOPLE, SObject.ACCOUNT):
        _show_rows(output, sobject, setup.mapping.for_object(sobject))
    output.line("")
    output.table([(Message(_LEADS[s]), _selection(output, setup.outbound.for_object(s))) for s in PEOPLE])
    output.say(_schedule(setup))


def _state(card: StepCard) -> Message:
    if card.done:
        return Message(N_("Done"))
    return Message(N_("Draft")) if card.draft else Message(N_("Open"))


def _show_rows(output: Output, sobject: SObject, rows: tuple[FieldMapping, ...]) -> None:
    if not rows:
        return
    output.line("")
    output.say(Message(_LEADS[sobject]), style="bold")
    headers = (N_("ActiveCampaign"), N_("Salesforce"), N_("Direction"), N_("Update"))
    output.table([_row(row) for row in rows], headers)


def _row(row: FieldMapping) -> tuple[object, ...]:
    return row.ac_key, row.sf_field, Message(DIRECTION_LABELS[row.direction]), Message(UPDATE_LABELS[row.update])


def _selection(output: Output, selection: Selection) -> str:
    label = output.text(_SELECTION_LABELS[selection.kind])
    if selection.kind is not SelectionKind.CRITERIA:
        return label
    return f"{label}: {_criteria(output, selection.criteria)}"


def _criteria(output: Output, criteria: Criteria) -> str:
    joint = output.text(N_("and") if criteria.join is Join.AND else N_("or"))
    rows = [f"{r.field} {output.text(OPERATOR_LABELS[r.operator])} {r.value}".rstrip() for r in criteria.rows]
    return f" {joint} ".join(rows)


def _schedule(setup: Setup) -> Message:
    schedule = setup.outbound.schedule
    if schedule is None:
        return Message(N_("No job is scheduled."))
    values = {"frequency": Message(FREQUENCY_LABELS[schedule.frequency]), "hour": schedule.hour}
    if schedule.frequency is Frequency.DAILY:
        return Message(N_("Job: {frequency}, at {hour}:00."), values)
    return Message(N_("Job: {frequency}."), values)
