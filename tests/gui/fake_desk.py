"""The decisions and the desk of the assistant with believable data; they answer through its `_answer`."""

# ruff: noqa: E501

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acassist.assistant.decisions import Choice
from acassist.assistant.desk import (
    AuditEntry,
    Comparison,
    Day,
    Days,
    Forgotten,
    Health,
    HealthRow,
    Import,
    LogLine,
    SettingChange,
)
from acassist.assistant.events import IssuesChanged, SetupChanged
from acassist.assistant.health import HealthKind
from acassist.assistant.relinking import AccountCandidate, Candidate
from acassist.assistant.value_edits import Edit, EditableValue
from acassist.assistant.views import ActionResult, RecordRef, SearchHit
from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue, IssueState, Preview
from acassist.domain.problem import ProblemError
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.profile import Defaults, Limits
from acassist.domain.record import SalesforceRecord
from acassist.domain.text import Message
from tests.gui import fake_data as data

if TYPE_CHECKING:
    from tests.gui.fake_assistant import FakeAssistant


@dataclass(frozen=True)
class Copy:
    """Stands for a backup."""

    path: Path
    at: datetime
    size: int


LABELS = {"Phone": "Phone", "Title": "Title", "Email": "Email"}


def candidate(sf_id: str, first: str, last: str, phone: str, now: datetime) -> SalesforceRecord:
    fields = {"FirstName": first, "LastName": last, "Email": "ana@pair.example", "Phone": phone, "Title": None}
    return SalesforceRecord(SObject.CONTACT, sf_id, now, fields)


class FakeDecisions:
    """Counts what was decided."""

    def __init__(self, fake: FakeAssistant) -> None:
        self._fake = fake

    def _note(self, name: str, *args: Any) -> None:
        self._fake.calls.append((name, args))
        if name in self._fake.fail:
            raise ProblemError(self._fake.fail[name])

    def resolve_conflict(self, issue_id: int, choice: Choice, *, same_field: bool = False) -> int:
        self._note("resolve_conflict", issue_id, choice, same_field)
        return 2 if same_field else 1

    def make_primary(self, issue_id: int) -> bool:
        self._note("make_primary", issue_id)
        return True

    async def candidates(self, issue_id: int) -> list[Candidate]:
        await self._fake._answer("candidates", issue_id)
        if self._fake.empty:
            return []
        now = self._fake.now
        return [
            Candidate(candidate("003000000000011AAA", "Ana", "O’Brien", "+34 600 1", now - timedelta(days=2)), True, LABELS),
            Candidate(candidate("003000000000012AAA", "Anna", "O’Brien", "", now - timedelta(days=90)), False, LABELS),
        ]

    async def choose_record(self, issue_id: int, sf_id: str) -> bool:
        await self._fake._answer("choose_record", issue_id, sf_id)
        return True

    async def unlink(self, issue_id: int, sf_id: str | None = None) -> bool:
        await self._fake._answer("unlink", issue_id, sf_id)
        return True

    async def partners(self, issue_id: int, text: str) -> list[SearchHit]:
        await self._fake._answer("partners", issue_id, text)
        if self._fake.empty:
            return []
        return [
            SearchHit(RecordRef(ac_id="81"), "José Peña", "jose@acme.example", "", Message("ActiveCampaign contact"), linked=False),
            SearchHit(RecordRef(ac_id="82"), "Josefa Peñalver", "josefa@acme.example", "", Message("ActiveCampaign contact"), linked=False),
        ]

    async def relink(self, issue_id: int, hit: SearchHit) -> bool:
        await self._fake._answer("relink", issue_id, hit.ref)
        return True

    async def account_candidates(self, issue_id: int) -> list[AccountCandidate]:
        await self._fake._answer("account_candidates", issue_id)
        return [] if self._fake.empty else [AccountCandidate("4", "Acme", 12), AccountCandidate("9", "Acme", 1)]

    async def choose_account(self, issue_id: int, account_id: str) -> bool:
        await self._fake._answer("choose_account", issue_id, account_id)
        return True

    async def move_account(self, issue_id: int) -> bool:
        await self._fake._answer("move_account", issue_id)
        return True

    async def editable(self, issue_id: int) -> tuple[EditableValue, ...]:
        await self._fake._answer("editable", issue_id)
        return () if self._fake.empty else self._fake.editable

    async def edit_value(self, issue_id: int, edit: Edit) -> ActionResult:
        await self._fake._answer("edit_value", issue_id, edit)
        return ActionResult(done=True, sentence=Message("Saved, and the record was synced."))

    def let_go(self, issue_id: int) -> bool:
        self._note("let_go", issue_id)
        return True

    def link_again(self, issue_id: int) -> bool:
        self._note("link_again", issue_id)
        return True

    async def answer_opt_out(self, issue_id: int, *, clear: bool) -> bool:
        await self._fake._answer("answer_opt_out", issue_id, clear)
        return True


class FakeDesk:
    """Keeps limits and defaults in the fake's set-up; writes exports as one line."""

    def __init__(self, fake: FakeAssistant) -> None:
        self._fake = fake

    async def start_practice(self) -> int:
        await self._fake._answer("start_practice", None)
        return 1

    async def issues(self, limit: int = 10_000) -> list[Issue]:
        return await self._fake.issues(limit)

    async def retry_all(self, code: ProblemCode) -> int:
        await self._fake._answer("retry_all", code)
        return 2

    async def ignored(self) -> list[Issue]:
        await self._fake._answer("ignored")
        return [] if self._fake.empty else [replace(i, state=IssueState.IGNORED) for i in data.issue_list(self._fake.now)[:1]]

    async def decided(self) -> None:
        self._fake.events.emit(IssuesChanged(2))

    async def addresses(self, ref: RecordRef) -> tuple[str | None, str | None]:
        await self._fake._answer("addresses", ref)
        left = f"https://acme.lightning.force.com/lightning/r/Lead/{ref.sf_id}/view" if ref.sf_id else None
        return left, f"https://acme.activehosted.com/app/contacts/{ref.ac_id}" if ref.ac_id else None

    async def _write(self, name: str, path: Path) -> Path:
        await self._fake._answer(name, path)
        await asyncio.to_thread(path.write_text, name, "utf-8")
        return path

    async def export_preview(self, preview: Preview, path: Path) -> Path:
        return await self._write("export_preview", path)

    async def export_run(self, run_id: int, path: Path) -> Path:
        return await self._write("export_run", path)

    async def export_runs(self, path: Path) -> Path:
        return await self._write("export_runs", path)

    async def export_issues(self, path: Path) -> Path:
        return await self._write("export_issues", path)

    async def save_text(self, text: str, path: Path) -> Path:
        await self._fake._answer("save_text", path)
        await asyncio.to_thread(path.write_text, text, "utf-8")
        return path

    async def lists(self) -> dict[str, str]:
        await self._fake._answer("lists")
        return {} if self._fake.empty else {"3": "Customers", "1": "Newsletter", "2": "Webinars"}

    async def last_days(self, count: int = 14) -> Days:
        await self._fake._answer("last_days", count)
        today = self._fake.now.date()
        quiet = self._fake.empty
        return Days(
            tuple(
                Day(today - timedelta(days=n), *((0,) * 4 if quiet else (120 - 7 * n, 40 + 3 * (n % 4), 431 - 20 * n, 210 - 9 * n)))
                for n in range(count - 1, -1, -1)
            ),
            100_000,
        )

    async def health(self) -> Health:
        await self._fake._answer("health")
        empty = self._fake.empty
        counts = dict.fromkeys(HealthKind, 0)
        if not empty:
            counts |= {HealthKind.SYNCED: 8_375, HealthKind.WAITING: 37, HealthKind.PARTIAL: 2, HealthKind.MISSING: 1, HealthKind.IN_ERROR: 4}
        ref = RecordRef(SObject.CONTACT, "003000000000002AAA", "77")
        rows: dict[HealthKind, tuple[HealthRow, ...]] = {kind: () for kind in HealthKind}
        if not empty:
            rows[HealthKind.PARTIAL] = (HealthRow(ref, "José Peña", Message("Phone was changed on both sides to different values.")),)
            rows[HealthKind.MISSING] = (HealthRow(ref, "zoe@mueller.example", Message("The contact was deleted in ActiveCampaign.")),)
            rows[HealthKind.SYNCED] = tuple(HealthRow(ref, f"person{n}@acme.example") for n in range(40))
        return Health(counts, rows)

    async def compare(self, limit: int | None = None) -> AsyncIterator[Comparison]:
        await self._fake._answer("compare", limit)
        ref = RecordRef(SObject.CONTACT, "003000000000002AAA")
        row = HealthRow(ref, "José Peña", Message("Phone differs: 1 in Salesforce, 2 in ActiveCampaign."))
        yield Comparison(100, 200, 100, 0, 0, 0)
        await self._fake._answer("comparing")
        bare = HealthRow(RecordRef(SObject.LEAD, "00Q000000000001AAA", "79"), "zoe@mueller.example", Message("The contact holds no sync tag any more."))
        yield Comparison(200, 200, 199, 0, 1, 1, (row,), (bare,))
        lost = HealthRow(RecordRef(None, None, "81"), "lost@acme.example", Message("The contact holds a sync tag, but belongs to no lead and no contact of Salesforce."))
        yield Comparison(200, 200, 199, 0, 1, 1, (row,), (bare,), 1, (lost,))

    async def link_orphans(self, refs: list[RecordRef]) -> int:
        await self._fake._answer("link_orphans", tuple(refs))
        return len(refs)

    async def sync_again(self, refs: list[RecordRef]) -> int:
        await self._fake._answer("sync_again", tuple(refs))
        return len(refs)

    async def tag_again(self, refs: list[RecordRef]) -> int:
        await self._fake._answer("tag_again", tuple(refs))
        return len(refs)

    async def set_limits(self, limits: Limits) -> None:
        await self._fake._answer("set_limits", limits)
        self._fake.current = replace(self._fake.current, limits=limits)
        self._fake.events.emit(SetupChanged())

    async def set_defaults(self, defaults: Defaults) -> None:
        await self._fake._answer("set_defaults", defaults)
        self._fake.current = replace(self._fake.current, defaults=defaults)
        self._fake.events.emit(SetupChanged())

    async def read_import(self, path: Path) -> Import:
        await self._fake._answer("read_import", path)
        changes = (
            SettingChange("limits.emptied_count", "20", "50"),
            SettingChange("mapping.contact.phone~Phone.direction", "both", "to_activecampaign"),
        )
        return Import(path.name, {"setup": {}}, () if self._fake.empty else changes)

    async def export_setup(self, path: Path) -> Path:
        return await self._write("export_setup", path)

    async def audit(self, limit: int = 200, before_id: int | None = None) -> list[AuditEntry]:
        await self._fake._answer("audit", limit, before_id)
        if self._fake.empty or before_id:
            return []
        now = self._fake.now
        return [
            AuditEntry(2, now - timedelta(hours=1), "limits", "limits.emptied_count: 20", "limits.emptied_count: 50"),
            AuditEntry(1, now - timedelta(days=1), "start", "started: False", "started: True"),
        ]

    async def export_audit(self, path: Path) -> Path:
        return await self._write("export_audit", path)

    async def backups(self) -> list[Copy]:
        await self._fake._answer("backups")
        return [] if self._fake.empty else [Copy(Path("/home/anna/acassist/backups/profile-1.db"), self._fake.now - timedelta(hours=9), 4_200_000)]

    async def back_up(self) -> Copy:
        await self._fake._answer("back_up")
        return Copy(Path("/home/anna/acassist/backups/profile-2.db"), self._fake.now, 4_300_000)

    async def forgotten(self, copy: Path) -> Forgotten:
        await self._fake._answer("forgotten", copy)
        entries = tuple(await self.audit())
        return Forgotten(14, 37, 2, entries, 8_375)

    async def prepare_restore(self, copy: Path) -> Callable[[], None]:
        await self._fake._answer("prepare_restore", copy)
        return lambda: self._fake.calls.append(("restored", (copy,)))

    async def log_lines(self) -> list[LogLine]:
        await self._fake._answer("log_lines")
        if self._fake.empty:
            return []
        return [
            LogLine("2026-03-02 14:00:01.000", "INFO", "acassist.sync.run", "run 41 began"),
            LogLine("2026-03-02 14:00:09.000", "WARNING", "acassist.http", "429, waiting 2 s"),
        ]

    async def diagnostics(self) -> str:
        await self._fake._answer("diagnostics")
        return "PROGRAM\nacassist 0.1\nSET-UP\nlimits.emptied_count = 20\nLOG\n[e-mail] was skipped\n"
