"""`acassist undo RUN`: takes back the values that a run replaced, as far as nobody changed them since (rule 6.5)."""

from __future__ import annotations

from acassist.assistant.assistant import Assistant
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal
from acassist.cli.output import Output
from acassist.cli.preview import SERVICE_NAMES
from acassist.cli.progress import shown_progress
from acassist.domain.ledger import DIRECTION_NAMES, RUN_STATE_NAMES, HistoryAction, HistoryItem, RunSummary
from acassist.domain.text import N_, Message
from acassist.sync.undo import Left, UndoReport

LAST = "last"
SHOWN = 200
_RUNS = 20


def undo(command: Command) -> int:
    """Take back what a run wrote; without RUN show the runs that there are."""
    wanted = command.arguments.run

    async def look(assistant: Assistant) -> int:
        return _show_runs(command.output, await assistant.runs(_RUNS))

    async def work(assistant: Assistant) -> int:
        run = await _find(assistant, wanted)
        with shown_progress(assistant.events, command.output):
            report = await assistant.undo_run(run.id)
        if command.output.as_json:
            command.output.data(_shape(run, report, command.output))
        else:
            _show(command.output, run, report)
        return Exit.RECORDS if _refused(report) else Exit.DONE

    return command.with_profile(look if wanted is None else work, writer=wanted is not None)


async def _find(assistant: Assistant, wanted: str) -> RunSummary:
    """Find a run by its number, or the last one that changed something."""
    if wanted == LAST:
        runs = [run for run in await assistant.runs(_RUNS) if run.counters.updated_ac or run.counters.updated_sf]
    else:
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() else 0
        runs = [run for run in await assistant.runs(1, number + 1) if run.id == number]
    if not runs:
        raise Refusal(
            "not_found",
            Message(N_("There is no run {run}."), {"run": wanted}),
            Message(N_("acassist undo without a number shows the last runs.")),
            Exit.RECORDS,
        )
    return runs[0]


def _refused(report: UndoReport) -> list[Left]:
    """Return the replaced values that were not restored; what is never taken back does not count."""
    return [left for left in report.left if left.item.action is HistoryAction.UPDATE]


# -- showing
def _shape(run: RunSummary, report: UndoReport, output: Output) -> dict[str, object]:
    return {
        "run": run.id,
        "restored": [_item_shape(item) for item in report.restored],
        "left": [{**_item_shape(left.item), "reason": output.words(left.reason)} for left in report.left],
    }


def _item_shape(item: HistoryItem) -> dict[str, object]:
    return {
        "target": item.target.value,
        "action": item.action.value,
        "subject": item.subject,
        "name": item.name,
        "field": item.field,
        "before": item.before,
        "after": item.after,
    }


def _show(output: Output, run: RunSummary, report: UndoReport) -> None:
    values = {"count": len(report.restored), "run": run.id}
    output.say(Message(N_("Run {run}, values set back: {count}"), values), style="bold")
    if report.restored:
        restored = [(*_where(item), item.after, item.before) for item in report.restored[:SHOWN]]
        output.table(restored, (N_("Where"), N_("Record"), N_("Field"), N_("Was"), N_("Is again")))
    if report.left:
        output.line("")
        output.say(Message(N_("Entries left as they are: {count}"), {"count": len(report.left)}))
        rows = [(*_where(left.item), left.item.after, left.reason) for left in report.left[:SHOWN]]
        output.table(rows, (N_("Where"), N_("Record"), N_("Field"), N_("Value"), N_("Why")))
    if max(len(report.restored), len(report.left)) > SHOWN:
        output.note(Message(N_("The list is not complete; the counts are.")))


def _where(item: HistoryItem) -> tuple[str, str, str]:
    return SERVICE_NAMES[item.target], item.name or item.subject, item.field


def _show_runs(output: Output, runs: list[RunSummary]) -> int:
    if output.as_json:
        output.data({"runs": [{"id": r.id, "started": r.started, "state": r.state.value, "cause": r.cause,
                               "updated_ac": r.counters.updated_ac, "updated_sf": r.counters.updated_sf}
                              for r in runs]})  # fmt: skip
        return Exit.DONE
    if not runs:
        output.say(Message(N_("There has been no run yet.")))
        return Exit.DONE
    rows = [(r.id, r.started, Message(DIRECTION_NAMES[r.direction]), Message(RUN_STATE_NAMES[r.state]),
             r.counters.updated_ac, r.counters.updated_sf) for r in runs]  # fmt: skip
    headers = (N_("Run"), N_("When"), N_("What"), N_("State"), N_("Updated in ActiveCampaign"),
               N_("Updated in Salesforce"))  # fmt: skip
    output.table(rows, headers)
    return Exit.DONE
