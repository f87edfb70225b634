"""What the Sync, Issues and Settings pages ask for beside runs: health, exports, limits, logs, copies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from acassist.activecampaign.address import app_url
from acassist.assistant import diagnostics, exports, transfer, upkeep
from acassist.assistant.daily import Day, Days, last_days
from acassist.assistant.decisions import make_due
from acassist.assistant.diagnostics import LogLine
from acassist.assistant.events import IssuesChanged, StatusChanged
from acassist.assistant.health import LISTED, Health, HealthRow, health
from acassist.assistant.jobs import Jobs
from acassist.assistant.orphans import Orphans, find_orphans, link_orphans, prepared, untagged_links
from acassist.assistant.repairs import tag_again
from acassist.assistant.restoring import Forgotten, forgotten, prepare_restore
from acassist.assistant.session import Session
from acassist.assistant.upkeep import AuditEntry, Import, SettingChange
from acassist.assistant.views import RecordRef
from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.ledger import HistoryItem, Issue, IssueState, Link, LinkState, Preview, RunSummary
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import Defaults, Limits
from acassist.domain.text import N_, Message
from acassist.salesforce.address import record_url
from acassist.storage.backups import Backup
from acassist.storage.backups import Backup as Copy
from acassist.sync.undo import Left, UndoReport
from acassist.sync.verify import Difference, VerifyReport
from acassist.system.launch import start_own

__all__ = [
    "AuditEntry",
    "Comparison",
    "Copy",
    "Day",
    "Days",
    "Desk",
    "Forgotten",
    "Health",
    "HealthRow",
    "Import",
    "Left",
    "LogLine",
    "SettingChange",
    "UndoReport",
]

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where a comparison of linked pairs stands; lists hold at most 500 records each, counts are complete."""

    checked: int
    total: int
    equal: int
    missing: int
    differing: int
    untagged: int
    rows: tuple[HealthRow, ...] = ()
    """Pairs that differ, or have lost one end."""
    untagged_rows: tuple[HealthRow, ...] = ()
    orphans: int | None = None
    """Contacts with a sync tag and without a link; None until they were looked for, after the pairs."""
    orphan_rows: tuple[HealthRow, ...] = ()


class Desk:
    """One session's settings and reports."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self._session = session
        self._jobs = jobs

    async def start_practice(self) -> int:
        """Open a second window on two sandboxes, as a process of its own; returns its process id."""
        return start_own(["demo"])

    # -- issues
    async def issues(self, limit: int = 10_000) -> list[Issue]:
        """Return open issues, the newest page of at most `limit`."""
        return self._session.stores.issues.list(limit=limit)

    async def retry_all(self, code: ProblemCode) -> int:
        """Let every record with this cause be tried in the next run; returns how many."""
        stores = self._session.stores
        with stores.db.transaction():
            found = stores.issues.list(code=code, limit=100_000)
            for issue in found:
                make_due(stores, issue.id)
        self.changed()
        return len(found)

    async def ignored(self) -> list[Issue]:
        """Return the issues that are ignored until their record changes."""
        return self._session.stores.issues.list(state=IssueState.IGNORED, limit=_PAGE)

    async def decided(self) -> None:
        """Tell the window that decisions changed the inbox."""
        self.changed()

    def changed(self) -> None:
        """Emit the new number of issues."""
        self._session.events.emit(IssuesChanged(sum(self._session.stores.issues.counts().values())))
        self._session.events.emit(StatusChanged())

    async def addresses(self, ref: RecordRef) -> tuple[str | None, str | None]:
        """Return the pages of a person in Salesforce and in ActiveCampaign, None where there is none; makes no call."""
        sf, ac = self._session.setup.salesforce, self._session.setup.activecampaign
        left = record_url(sf.instance_url, ref.sf_id, ref.sobject) if sf and sf.instance_url and ref.sf_id else None
        right = f"{app_url(ac.account)}/app/contacts/{ref.ac_id}" if ac and ac.account and ref.ac_id else None
        return left, right

    # -- exports
    async def export_preview(self, preview: Preview, path: Path) -> Path:
        """Write a preview as CSV or JSON; raises EXPORT_FAILED."""
        rows = exports.planned_rows(preview.changes, self._session.machine.translate)
        return await self._export(exports.Table(exports.CHANGE_TITLES, rows), path)

    async def export_run(self, run_id: int, path: Path) -> Path:
        """Write every change of a run as CSV or JSON; raises EXPORT_FAILED."""
        items: list[HistoryItem] = []
        history, before = self._session.stores.history, None
        while page := history.items(run_id=run_id, limit=_PAGE, before_id=before):
            items += page
            before = page[-1].id
            await asyncio.sleep(0)
        rows = exports.item_rows(items, self._session.machine.translate)
        return await self._export(exports.Table(exports.ITEM_TITLES, rows), path)

    async def export_runs(self, path: Path) -> Path:
        """Write the whole run history, newest first, as CSV or JSON; raises EXPORT_FAILED."""
        runs: list[RunSummary] = []
        before: int | None = None
        while page := self._jobs.runs(_PAGE, before):
            runs += page
            before = page[-1].id
            await asyncio.sleep(0)
        rows = exports.run_rows(runs, self._session.machine.translate)
        return await self._export(exports.Table(exports.RUN_TITLES, rows), path)

    async def export_issues(self, path: Path) -> Path:
        """Write the open issues as CSV or JSON; raises EXPORT_FAILED."""
        found = self._session.stores.issues.list(limit=100_000)
        rows = exports.issue_rows(found, self._session.machine.translate)
        return await self._export(exports.Table(exports.ISSUE_TITLES, rows), path)

    async def _export(self, table: exports.Table, path: Path) -> Path:
        return await exports.write(path, table.text(path.suffix, self._session.machine.translate))

    async def save_text(self, text: str, path: Path) -> Path:
        """Write a text that was shown before, such as the diagnostics; raises EXPORT_FAILED."""
        return await exports.write(path, text)

    async def lists(self) -> dict[str, str]:
        """Read the account's lists, id to name, in the order of their names; one call for each hundred."""
        found = await (await self._session.activecampaign()).lists()
        return dict(sorted(found.items(), key=lambda entry: entry[1].casefold()))

    # -- days
    async def last_days(self, count: int = 14) -> Days:
        """Add up records written and calls made on each of the last days, oldest first; makes no call."""
        return await last_days(self._session, count)

    # -- health
    async def health(self) -> Health:
        """Sort all links and issues; makes no call."""
        return await health(self._session)

    async def compare(self, limit: int | None = None) -> AsyncIterator[Comparison]:
        """Compare linked pairs on values read now, chunk by chunk; `limit` pairs of each object, None for all.

        The last step tells of orphans as well, among the first `limit` contacts of each sync tag.
        """
        ledger = self._session.stores.ledger
        every = ledger.count_links(LinkState.ACTIVE)
        total = every if limit is None else min(every, 2 * limit)
        step = Comparison(0, total, 0, 0, 0, 0)
        async for report in self._jobs.verify_pages(limit, tags=limit is not None):
            step = _step(report, total)
            yield step
        lost, bare = await self._jobs.alone(lambda: self._tags(limit))
        step = replace(step, total=step.checked, orphans=lost.count, orphan_rows=lost.rows)
        yield step if bare is None else replace(step, untagged=len(bare), untagged_rows=_bare(bare))

    async def _tags(self, limit: int | None) -> tuple[Orphans, list[Link] | None]:
        """Look for orphans; with all tagged contacts at hand, also for links whose contact is not among them."""
        ctx = await prepared(await self._jobs.person_context())
        lost = await find_orphans(ctx, limit)
        return lost, untagged_links(ctx, lost.tagged) if limit is None else None

    async def link_orphans(self, refs: list[RecordRef]) -> int:
        """Link contacts to the one record that has their address and no link; returns how many were linked."""

        async def work() -> int:
            return await link_orphans(await prepared(await self._jobs.person_context()), refs)

        linked = await self._jobs.alone(work)
        self._session.events.emit(StatusChanged())
        return linked

    async def sync_again(self, refs: list[RecordRef]) -> int:
        """Let these linked records be planned again by the next run; the one safe repair of a difference."""
        ledger = self._session.stores.ledger
        wanted = {ref.ac_id for ref in refs if ref.ac_id}
        for sobject in PEOPLE:
            ids = [ref.sf_id for ref in refs if ref.sobject is sobject and ref.sf_id and not ref.ac_id]
            wanted |= {link.ac_id for link in ledger.links_by_sf(sobject, ids).values()}
        marked = ledger.mark_unseen(wanted)
        self._session.events.emit(StatusChanged())
        return marked

    async def tag_again(self, refs: list[RecordRef]) -> int:
        """Give linked contacts their sync tag back."""
        return await tag_again(self._session, refs)

    # -- settings
    async def set_limits(self, limits: Limits) -> None:
        """Put quotas and brakes into effect."""
        upkeep.set_limits(self._session, limits)

    async def set_defaults(self, defaults: Defaults) -> None:
        """Put sync defaults into effect."""
        upkeep.set_defaults(self._session, defaults)

    async def read_import(self, path: Path) -> Import:
        """Read an exported set-up and say what it would change; raises FILE_INVALID."""
        return await upkeep.read_import(self._session, path)

    async def export_setup(self, path: Path) -> Path:
        """Write the set-up, without secrets, to a file; raises EXPORT_FAILED."""
        text = json.dumps(transfer.exported(self._session.setup), ensure_ascii=False, indent=2)
        return await exports.write(path, text + "\n")

    async def audit(self, limit: int = 200, before_id: int | None = None) -> list[AuditEntry]:
        """Read one page of the audit log, newest first."""
        return upkeep.audit(self._session, limit, before_id)

    async def export_audit(self, path: Path) -> Path:
        """Write the whole audit log as CSV or JSON; raises EXPORT_FAILED."""
        rows = [
            {"time": e.at.isoformat(timespec="seconds"), "change": e.what, "before": e.before, "after": e.after}
            for e in upkeep.audit(self._session, 1_000_000)
        ]
        return await self._export(exports.Table(exports.AUDIT_TITLES, rows), path)

    async def backups(self) -> list[Backup]:
        """List the copies of the profile, newest first."""
        return upkeep.backups(self._session)

    async def back_up(self) -> Backup:
        """Make a copy of the profile now; raises DISK_FULL."""
        return upkeep.back_up(self._session)

    async def forgotten(self, copy: Path) -> Forgotten:
        """Say what going back to a copy makes this computer forget; raises PROFILE_DAMAGED."""
        return forgotten(self._session, copy)

    async def prepare_restore(self, copy: Path) -> Callable[[], None]:
        """Wait for a run under way, keep the present state, and return what puts the copy in place.

        The profile must be closed before that is called (`EngineThread.reopen`); scheduled runs are paused
        afterwards. Raises PROFILE_DAMAGED or DISK_FULL, and nothing has changed then.
        """

        async def prepare() -> Callable[[], None]:
            return prepare_restore(self._session, copy)

        return await self._jobs.alone(prepare)

    # -- logs
    async def log_lines(self) -> list[LogLine]:
        """Read the newest log lines, oldest first."""
        return await asyncio.to_thread(diagnostics.log_lines, self._session)

    async def diagnostics(self) -> str:
        """Return the text of the diagnostics report, exactly as it would be saved."""
        return diagnostics.report(self._session)


_GONE = N_("One end of the link is gone.")
_UNTAGGED = N_("The contact holds no sync tag any more, so its changes do not go to Salesforce.")
_DIFFERS = N_("{field} differs: {salesforce} in Salesforce, {activecampaign} in ActiveCampaign.")
_UNREADABLE = N_("{field} cannot be compared: a value does not fit its type.")
_BLANK = N_("blank")


def _step(report: VerifyReport, total: int) -> Comparison:
    """Say where a comparison stands, with the records that need a look."""
    found = [d for d in report.differences if not d.kept]
    rows = [
        *(HealthRow(_ref(s), s.partition(":")[2], Message(_GONE)) for s in report.missing[:LISTED]),
        *(_differing(d) for d in found[:LISTED]),
    ]
    differing = len({d.subject for d in found})
    equal = report.checked - len(report.missing) - differing
    return Comparison(
        report.checked, total, equal, len(report.missing), differing, len(report.untagged), tuple(rows),
        _bare(report.untagged),
    )  # fmt: skip


def _bare(links: Sequence[Link]) -> tuple[HealthRow, ...]:
    return tuple(
        HealthRow(RecordRef(link.sobject, link.sf_id, link.ac_id), link.email, Message(_UNTAGGED))
        for link in links[:LISTED]
    )


def _ref(subject: str) -> RecordRef:
    sobject, _, sf_id = subject.partition(":")
    return RecordRef(SObject(sobject), sf_id)


def _differing(found: Difference) -> HealthRow:
    if found.salesforce is None and found.activecampaign is None:
        note = Message(_UNREADABLE, {"field": found.field})
        return HealthRow(_ref(found.subject), found.name, note)
    values = {
        "field": found.field,
        "salesforce": found.salesforce or Message(_BLANK),
        "activecampaign": found.activecampaign or Message(_BLANK),
    }
    return HealthRow(_ref(found.subject), found.name, Message(_DIFFERS, values))
