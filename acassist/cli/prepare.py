"""`acassist prepare` and `acassist prepare leave`: the org's set-up and leaving it, without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from acassist.assistant.assistant import Assistant
from acassist.assistant.parting import goes_and_stays
from acassist.assistant.provision_views import Applied, Consent, LeavePlan, Left, WritePreview
from acassist.assistant.views import CheckItem, Level
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal
from acassist.cli.output import Output
from acassist.cli.shapes import check_shape
from acassist.cli.status import show_checks
from acassist.domain.problem import Problem
from acassist.domain.text import N_, Message


def prepare(command: Command) -> int:
    """Check the org, or with --apply add what is missing."""
    if not command.arguments.apply:
        return command.with_profile(lambda assistant: _check(assistant, command), writer=False)
    return command.with_profile(lambda assistant: _apply(assistant, command), writer=True)


# -- checking
async def _check(assistant: Assistant, command: Command) -> int:
    """Show checks, what is there and what would be written; exit code 3 when something is in the way."""
    output, work = command.output, assistant.provisioning
    checks, plan = await work.checks(), await work.plan()
    writes = await work.preview(link=command.arguments.link)
    clear = all(item.level is not Level.BAD for item in checks)
    if output.as_json:
        shapes = {"checks": _shapes(checks, output), "plan": _shapes(plan, output)}
        output.data({"clear": clear, "complete": not writes.lines, **shapes, "writes": _lines(writes, output)})
    else:
        _show_check(output, checks, plan, writes)
    return Exit.DONE if clear else Exit.CONNECTION


def _show_check(output: Output, checks: list[CheckItem], plan: list[CheckItem], writes: WritePreview) -> None:
    output.say(Message(N_("Before anything is written")), style="bold")
    show_checks(output, checks)
    output.line("")
    output.say(Message(N_("In this org")), style="bold")
    show_checks(output, plan)
    output.line("")
    if not writes.lines:
        output.say(Message(N_("Everything is in place; there is nothing to add.")))
        return
    output.say(Message(N_("acassist prepare --apply would add this; nothing was written.")), style="bold")
    for line in writes.lines:
        output.say(line)


def _shapes(items: list[CheckItem] | tuple[CheckItem, ...], output: Output) -> list[dict[str, Any]]:
    return [check_shape(item, output) for item in items]


def _lines(writes: WritePreview, output: Output) -> list[str]:
    return [output.words(line) for line in writes.lines]


def _problems(problems: tuple[Problem, ...], output: Output) -> list[dict[str, str]]:
    return [
        {
            "code": problem.code.value,
            "subject": problem.subject,
            "sentence": output.words(problem.sentence),
            "next_step": output.words(problem.next_step),
        }
        for problem in problems
    ]


# -- applying
async def _apply(assistant: Assistant, command: Command) -> int:
    """Add what is missing; exit code 3 when something could not be added, 5 when a person must confirm first."""
    arguments, output = command.arguments, command.output
    consent = Consent(arguments.yes_production, arguments.package_stopped, arguments.link)
    applied: Applied = await assistant.provisioning.apply(_teller(output), consent)
    if output.as_json:
        head = {"changed": applied.changed, "complete": applied.complete}
        output.data({**head, "plan": _shapes(applied.items, output), "problems": _problems(applied.problems, output)})
    else:
        show_checks(output, list(applied.items))
        output.say(_applied_words(applied), style="bold")
        for problem in applied.problems:
            output.problem(problem)
    return Exit.DONE if applied.complete else Exit.CONNECTION


def _applied_words(applied: Applied) -> Message:
    if not applied.complete:
        return Message(N_("Not everything could be added. A second --apply goes on."))
    return Message(N_("Salesforce is prepared.") if applied.changed else N_("Nothing had to be changed."))


def _teller(output: Output) -> Any:
    """Tell each new phase once; progress is no result."""
    told: list[Message] = []

    def tell(phase: Message, _done: int, _total: int | None) -> None:
        if not told or told[-1] != phase:
            told.append(phase)
            output.note(phase)

    return tell


# -- leaving
def leave(command: Command) -> int:
    """Show what goes and what stays; remove and disconnect only where that is asked for."""
    arguments = command.arguments
    exports = arguments.history == "export"
    if exports != bool(arguments.file) or (arguments.history != "keep" and not arguments.disconnect):
        raise Refusal(
            "history",
            Message(N_("These options do not go together.")),
            Message(N_("--history belongs to --disconnect, and --history export needs --file.")),
            Exit.USAGE,
        )
    writes = bool(arguments.remove) or arguments.disconnect
    return command.with_profile(lambda assistant: _leave(assistant, command), writer=writes)


async def _leave(assistant: Assistant, command: Command) -> int:
    """Carry leaving out; exit code 5 without the right name, 3 when something could not be removed."""
    arguments, output = command.arguments, command.output
    viewer, found = assistant.session.viewer, None
    if assistant.session.setup.salesforce is not None and not viewer:
        found = await assistant.provisioning.leave_plan()
    left: Left | None = None
    if arguments.remove:
        left = await assistant.provisioning.leave(confirm=arguments.remove, progress=_teller(output))
    ended: bool | None = None
    if arguments.disconnect and not (left and left.problems):
        file = Path(arguments.file) if arguments.file else None
        ended = await assistant.disconnect(forget=arguments.history != "keep", export=file)
    if output.as_json:
        output.data(_leave_shape(output, found, left, ended) | _lists(output, viewer=viewer))
    else:
        _show_leaving(output, found, viewer=viewer)
        _show_left(output, left, ended)
    return Exit.CONNECTION if left and left.problems else Exit.DONE


def _lists(output: Output, *, viewer: bool) -> dict[str, list[str]]:
    goes, stays = goes_and_stays(viewer=viewer)
    return {"goes": [output.text(line) for line in goes], "stays": [output.text(line) for line in stays]}


def _leave_shape(output: Output, found: LeavePlan | None, left: Left | None, ended: bool | None) -> dict[str, Any]:
    shape: dict[str, Any] = {"org": None, "fields": [], "sets": [], "layouts": [], "links": []}
    if found is not None:
        shape = {
            "org": found.org,
            "fields": [{"object": f.sobject.value, "name": f.name, "records": f.records} for f in found.fields],
            "sets": [{"label": label, "users": users} for label, users in found.sets],
            "layouts": list(found.layouts),
            "links": [sobject.value for sobject in found.links],
        }
    shape["removed"] = list(left.removed) if left else []
    shape["problems"] = _problems(left.problems, output) if left else []
    return {**shape, "disconnected": ended is not None, "access_ended": ended}


def _show_leaving(output: Output, found: LeavePlan | None, *, viewer: bool) -> None:
    lists = _lists(output, viewer=viewer)
    for title, lines in ((N_("What goes"), lists["goes"]), (N_("What stays"), lists["stays"])):
        output.say(Message(title), style="bold")
        for line in lines:
            output.line(f"- {line}")
    if found is None or found.empty:
        return
    output.say(Message(N_("Additions in {org}, removed only with --remove"), {"org": found.org}), style="bold")
    held = Message(N_("Records that hold a value"))
    output.table(
        [
            *((f"{item.sobject.value}: {item.label}", held, item.records) for item in found.fields),
            *((label, Message(N_("Users who have it")), users) for label, users in found.sets),
            *((name, Message(N_("Page layout, put back")), "") for name in found.layouts),
            *((sobject.value, Message(N_("Link, removed")), "") for sobject in found.links),
        ]
    )


def _show_left(output: Output, left: Left | None, ended: bool | None) -> None:
    if left is not None:
        for name in left.removed:
            output.say(Message(N_("Removed: {name}"), {"name": name}))
        for problem in left.problems:
            output.problem(problem)
    if ended is None:
        return
    output.say(Message(N_("Disconnected.")), style="bold")
    if not ended:
        text = N_("Salesforce could not be reached; end the access there under Connected Apps OAuth Usage.")
        output.note(Message(text))
