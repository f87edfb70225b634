"""`acassist verify`: compares linked pairs on values read now, and writes nothing."""

from __future__ import annotations

from dataclasses import asdict

from acassist.assistant.assistant import Assistant
from acassist.cli.command import Command
from acassist.cli.exits import Exit
from acassist.cli.output import Output
from acassist.domain.text import N_, Message
from acassist.sync.verify import VerifyReport

SHOWN = 200


def verify(command: Command) -> int:
    """Compare all pairs, or the first N of each object; exit code 4 when some differ or are gone."""

    async def work(assistant: Assistant) -> int:
        report = await assistant.verify(command.arguments.sample)
        if command.output.as_json:
            command.output.data(_shape(report))
        else:
            _show(command.output, report)
        return Exit.DONE if in_order(report) else Exit.RECORDS

    return command.with_profile(work, writer=False)


def in_order(report: VerifyReport) -> bool:
    """Tell whether every pair is equal, apart from values that were both kept on purpose."""
    return not report.missing and all(difference.kept for difference in report.differences)


def _shape(report: VerifyReport) -> dict[str, object]:
    return {
        "checked": report.checked,
        "equal": report.equal,
        "in_order": in_order(report),
        "missing": report.missing,
        "differences": [asdict(difference) for difference in report.differences],
    }


def _show(output: Output, report: VerifyReport) -> None:
    output.table(
        [
            (Message(N_("Pairs compared")), report.checked),
            (Message(N_("Equal")), report.equal),
            (Message(N_("Different fields")), len(report.differences)),
            (Message(N_("Gone on one side")), len(report.missing)),
        ]
    )
    if report.differences:
        output.line("")
        headers = (N_("Record"), N_("Field"), "Salesforce", "ActiveCampaign", N_("Note"))
        kept = Message(N_("Both values are kept on purpose."))
        rows = [(d.name or d.subject, d.field, d.salesforce, d.activecampaign, kept if d.kept else "")
                for d in report.differences[:SHOWN]]  # fmt: skip
        output.table(rows, headers)
    for subject in report.missing[:SHOWN]:
        output.say(Message(N_("{record}: gone on one side."), {"record": subject}))
    if max(len(report.differences), len(report.missing)) > SHOWN:
        output.note(Message(N_("The list is not complete; the counts are.")))
