"""How records stand, in words: each kind with its meaning, its records, and the one safe thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from acassist.assistant.desk import Comparison, Health, HealthRow
from acassist.assistant.health import HealthKind
from acassist.gui.strings import tr, tr_n


class Repair(StrEnum):
    """The one safe thing that may be done about a kind."""

    NONE = "none"
    TAG = "tag"
    """Give all of them their sync tag back."""
    LINK = "link"
    """Link all of them to the record that is plainly theirs."""
    AGAIN = "again"
    """Let the next run look at all of them anew."""
    RESUME = "resume"
    """Resume syncing the chosen record."""
    ISSUES = "issues"
    RUN = "run"


REPAIRS = {
    HealthKind.SYNCED: Repair.NONE,
    HealthKind.WAITING: Repair.RUN,
    HealthKind.PARTIAL: Repair.ISSUES,
    HealthKind.MISSING: Repair.ISSUES,
    HealthKind.TAG_MISSING: Repair.TAG,
    HealthKind.STOPPED: Repair.RESUME,
    HealthKind.IN_ERROR: Repair.ISSUES,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of standing: how many, who, and what may be done about it."""

    title: str
    meaning: str
    count: int | None
    """None while nobody has looked."""
    rows: tuple[HealthRow, ...]
    repair: Repair


def entries(health: Health, compared: Comparison | None) -> list[Entry]:
    """Return the kinds in the order of the page; what the comparison found comes first."""
    words = {
        HealthKind.SYNCED: (tr("In sync"), tr("Linked, and nothing waits.")),
        HealthKind.WAITING: (tr("Waiting"), tr("Something changed; the next run takes it along.")),
        HealthKind.PARTIAL: (tr("Partly synced"), tr("Linked, but some fields have an issue. Look at Issues.")),
        HealthKind.MISSING: (tr("One end missing"), tr("The other side was deleted. Issues lets you link or let go.")),
        HealthKind.TAG_MISSING: (
            tr("Tag missing"),
            tr("Without a sync tag, changes in ActiveCampaign do not go to Salesforce."),
        ),
        HealthKind.STOPPED: (tr("Stopped"), tr("Somebody stopped syncing these. Open the record to resume.")),
        HealthKind.IN_ERROR: (tr("Not linked"), tr("An issue keeps these from being linked. Look at Issues.")),
    }
    found = [Entry(*words[kind], health.counts[kind], health.rows[kind], REPAIRS[kind]) for kind in words]
    return _compared(found, compared)


def _compared(found: list[Entry], compared: Comparison | None) -> list[Entry]:
    """Put what a comparison found where it belongs: differences first, orphans and tags among the kinds."""
    meaning = tr("The contact holds a sync tag and belongs to no record.")
    if compared is None or compared.orphans is None:
        unknown = tr("{meaning} Compare to look for them.", meaning=meaning)
        return _with_orphans(found, Entry(tr("Orphans"), unknown, None, (), Repair.NONE))
    link = tr("{meaning} “Link” joins it to the one record with its address, where there is one.", meaning=meaning)
    orphans = Entry(tr("Orphans"), link, compared.orphans, compared.orphan_rows, Repair.LINK)
    again = tr("Compared just now. “Sync again” lets the next run look at these records anew.")
    differing = compared.missing + compared.differing
    first = Entry(tr("Differences"), again, differing, compared.rows, Repair.AGAIN)
    rest = [_bare(entry, compared) if entry.title == tr("Tag missing") else entry for entry in found]
    return [first, *_with_orphans(rest, orphans)]


def _bare(entry: Entry, compared: Comparison) -> Entry:
    """Show whichever found more contacts without a tag: the sweep, or the comparison."""
    if (entry.count or 0) >= compared.untagged:
        return entry
    return replace(entry, count=compared.untagged, rows=compared.untagged_rows)


def _with_orphans(found: list[Entry], orphans: Entry) -> list[Entry]:
    place = 1 + next(n for n, entry in enumerate(found) if entry.title == tr("Tag missing"))
    return [*found[:place], orphans, *found[place:]]


def repair_words(repair: Repair) -> str:
    """Name what a repair does."""
    return {
        Repair.AGAIN: tr("Sync again"),
        Repair.TAG: tr("Add the tags"),
        Repair.LINK: tr("Link"),
        Repair.RESUME: tr("Resume syncing"),
        Repair.ISSUES: tr("Open issues"),
        Repair.RUN: tr("Go to Sync"),
    }.get(repair, "")


def comparison_words(found: Comparison) -> str:
    """Say what a comparison found."""
    parts = [
        tr_n("{n} is equal", "{n} are equal", found.equal),
        tr_n("{n} differs", "{n} differ", found.differing) if found.differing else "",
        tr_n("{n} has lost one end", "{n} have lost one end", found.missing) if found.missing else "",
        tr_n("{n} lacks its tag", "{n} lack their tag", found.untagged) if found.untagged else "",
        tr_n("{n} orphan", "{n} orphans", found.orphans) if found.orphans else "",
    ]
    return " · ".join(part for part in parts if part)
