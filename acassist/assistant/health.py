"""Health: how the linked records stand, as counts with lists, from what is stored; no call is made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from acassist.assistant.session import Session
from acassist.assistant.views import RecordRef
from acassist.domain.ids import PEOPLE
from acassist.domain.ledger import Issue, Link, LinkState
from acassist.domain.problem import Problem
from acassist.domain.text import N_, Message
from acassist.sync.context import subject_of

LISTED = 500
"""How many records of each kind are listed; the counts are complete."""
_PAGE = 1000
_ISSUES = 100_000
_TAGS = 1_000_000
_UNTAGGED = N_("The contact holds no sync tag any more, so its changes do not go to Salesforce.")


class HealthKind(StrEnum):
    """How one record stands."""

    SYNCED = "synced"
    WAITING = "waiting"
    PARTIAL = "partial"
    """Linked and synced, but some fields have an issue."""
    MISSING = "missing"
    """Linked, and one end is gone."""
    STOPPED = "stopped"
    IN_ERROR = "in_error"
    """Not linked because of an issue."""
    TAG_MISSING = "tag_missing"
    """Found by a sweep, or by comparing: the contact holds no sync tag any more (rule 1.4)."""


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One record of a list; `note` says what is wrong, None when nothing is."""

    ref: RecordRef
    name: str
    note: Message | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """Counts and lists by kind."""

    counts: Mapping[HealthKind, int]
    rows: Mapping[HealthKind, tuple[HealthRow, ...]]


class _Collector:
    def __init__(self) -> None:
        self.counts = dict.fromkeys(HealthKind, 0)
        self.rows: dict[HealthKind, list[HealthRow]] = {kind: [] for kind in HealthKind}

    def add(self, kind: HealthKind, row: HealthRow) -> None:
        self.counts[kind] += 1
        if len(self.rows[kind]) < LISTED:
            self.rows[kind].append(row)

    def health(self) -> Health:
        return Health(self.counts, {kind: tuple(rows) for kind, rows in self.rows.items()})


async def health(session: Session) -> Health:
    """Sort every link and every open issue; gives way between pages, so that a run is not held up."""
    found = _Collector()
    by_subject: dict[str, list[Issue]] = {}
    for issue in session.stores.issues.list(limit=_ISSUES):
        by_subject.setdefault(issue.subject, []).append(issue)
    bare = set(session.stores.sweeps.missing(_TAGS))
    for sobject in PEOPLE:
        after = 0
        while page := session.stores.ledger.iter_links(sobject=sobject, after_id=after, limit=_PAGE):
            for link in page:
                issues = by_subject.pop(subject_of(link.sobject, link.sf_id), [])
                kind = _kind(link, issues)
                if link.ac_id in bare and kind in (HealthKind.SYNCED, HealthKind.WAITING):
                    kind = HealthKind.TAG_MISSING
                found.add(kind, _row(link, issues, bare=kind is HealthKind.TAG_MISSING))
            after = page[-1].id
            await asyncio.sleep(0)
    for left in by_subject.values():
        first = left[0]
        ref = RecordRef(first.sobject, first.sf_id, first.ac_id)
        found.add(HealthKind.IN_ERROR, HealthRow(ref, first.name or first.subject, _note(first)))
    return found.health()


def _kind(link: Link, issues: list[Issue]) -> HealthKind:
    if link.state is LinkState.BROKEN:
        return HealthKind.MISSING
    if link.state is LinkState.STOPPED:
        return HealthKind.STOPPED
    if issues:
        return HealthKind.PARTIAL
    return HealthKind.SYNCED if link.ac_stamp is not None else HealthKind.WAITING


def _row(link: Link, issues: list[Issue], *, bare: bool = False) -> HealthRow:
    name = next((issue.name for issue in issues if issue.name), "") or link.email or link.sf_id
    note = Message(_UNTAGGED) if bare else _note(issues[0]) if issues else None
    return HealthRow(RecordRef(link.sobject, link.sf_id, link.ac_id), name, note)


def _note(issue: Issue) -> Message:
    field = str(issue.values.get("field") or issue.field)
    return Problem(issue.code, values={"name": issue.name, "field": field, **issue.values}).sentence
