"""`acassist explain EMAIL|ID`: every condition for syncing a record, with the one that decides."""

from __future__ import annotations

from acassist.assistant.assistant import Assistant
from acassist.assistant.explain import Condition, Explanation
from acassist.cli.command import Command
from acassist.cli.exits import Exit
from acassist.cli.output import Output
from acassist.cli.people import find, not_there
from acassist.domain.problem import ProblemError
from acassist.domain.text import N_, Message

_STATES = {True: N_("Yes"), False: N_("No"), None: N_("Not asked")}


def explain(command: Command) -> int:
    """Say why a record is (not) syncing; writes nothing."""
    who = command.arguments.who

    async def work(assistant: Assistant) -> int:
        try:
            found = await assistant.explain(await find(assistant, who))
        except ProblemError as error:
            raise not_there(error, who) from error
        if command.output.as_json:
            command.output.data(_shape(found, command.output))
        else:
            _show(command.output, found)
        return Exit.DONE

    return command.with_profile(work, writer=False)


def _shape(found: Explanation, output: Output) -> dict[str, object]:
    decisive = found.decisive
    return {
        "name": found.name,
        "syncs": decisive is None,
        "decisive": decisive.name if decisive else None,
        "conditions": [_condition_shape(condition, output) for condition in found.conditions],
    }


def _condition_shape(condition: Condition, output: Output) -> dict[str, object]:
    return {
        "name": condition.name,
        "title": output.words(condition.title),
        "met": condition.met,
        "finding": output.words(condition.finding),
    }


def _show(output: Output, found: Explanation) -> None:
    output.line(found.name, style="bold")
    rows = [(c.title, Message(_STATES[c.met]), c.finding) for c in found.conditions]
    output.table(rows, (N_("Condition"), N_("Met"), N_("What was found")))
    if found.decisive is None:
        output.say(Message(N_("Nothing keeps this record from syncing.")))
    else:
        values = {"condition": found.decisive.title, "finding": found.decisive.finding}
        output.say(Message(N_("This decides: {condition}: {finding}"), values))
