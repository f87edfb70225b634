"""Shows a dry run: what a run would do, record by record and field by field, and why."""

from __future__ import annotations

from acassist.cli.exits import Exit
from acassist.cli.output import Output
from acassist.cli.shapes import change_reason, preview_shape
from acassist.domain.ids import Service
from acassist.domain.ledger import HISTORY_LABELS, PlannedChange, Preview, RunDirection
from acassist.domain.text import N_, Message

SERVICE_NAMES = {Service.SALESFORCE: "Salesforce", Service.ACTIVECAMPAIGN: "ActiveCampaign"}


def report_preview(output: Output, found: Preview, direction: RunDirection) -> int:
    """Write a dry run."""
    if output.as_json:
        output.data({"direction": direction.value, "dry_run": True, **preview_shape(found, output)})
        return Exit.DONE
    output.say(Message(N_("This would happen; nothing was written.")), style="bold")
    show_counts(output, found)
    if found.changes:
        output.line("")
        headers = (N_("Where"), N_("What"), N_("Record"), N_("Field"), N_("Before"), N_("After"), N_("Why"))
        output.table([_change(change) for change in found.changes], headers)
    if found.truncated:
        output.note(Message(N_("The list is not complete; the counts are.")))
    return Exit.DONE


def show_counts(output: Output, found: Preview) -> None:
    """Write the counts of a dry run as text."""
    output.table(
        [
            (Message(N_("Created in ActiveCampaign")), found.creates_ac),
            (Message(N_("Created in Salesforce")), found.creates_sf),
            (Message(N_("Updated in ActiveCampaign")), found.updates_ac),
            (Message(N_("Updated in Salesforce")), found.updates_sf),
            (Message(N_("Linked")), found.links),
            (Message(N_("Skipped")), found.skips),
            (Message(N_("Conflicts")), found.conflicts),
        ]
    )


def _change(change: PlannedChange) -> tuple[object, ...]:
    skipped = change.problem is not None
    return (
        SERVICE_NAMES[change.target],
        Message(N_("Skip")) if skipped else Message(HISTORY_LABELS[change.action]),
        change.name or change.subject,
        change.field,
        change.before,
        "" if skipped else change.after,
        change_reason(change) or "",
    )
