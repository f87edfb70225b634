"""Issues: open problems of single records, unique by cause, record and field, with a growing delay."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue, IssueState
from acassist.domain.problem import Problem, ProblemCode, Reaction
from acassist.storage.codec import dumps, id_list, loads, micros, moment
from acassist.storage.database import Database

FIRST_DELAY = timedelta(minutes=5)
LONGEST_DELAY = timedelta(hours=24)
_COLUMNS = (
    "code",
    "subject",
    "field",
    "values_json",
    "detail",
    "name",
    "sobject",
    "sf_id",
    "ac_id",
    "link_id",
    "version",
    "attempts",
    "state",
    "first_seen",
    "last_seen",
    "next_try",
)
# Column names are constants of this module; every value travels as a parameter.
_INSERT = f"INSERT INTO issue ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + c for c in _COLUMNS)})"  # noqa: S608
_UPDATE = f"UPDATE issue SET {', '.join(f'{c} = :{c}' for c in _COLUMNS)} WHERE id = :id"  # noqa: S608
_LIST = (
    "SELECT * FROM issue WHERE id > :after AND (:state IS NULL OR state = :state) AND (:code IS NULL OR code = :code)"
    " AND (:text = '' OR instr(lower(name || ' ' || subject || ' ' || field), lower(:text))) ORDER BY id LIMIT :limit"
)
# What only a call can find out. Planning finds all other problems again at no cost, so they never hold a record back.
_FOUND_BY_CALL = ("sf_", "ac_")


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: five minutes, doubled each time, at most a day."""
    doubled: int = 1 << min(attempts - 1, 16)
    return min(FIRST_DELAY * doubled, LONGEST_DELAY)


class Issues:
    """The error inbox of one profile."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def raise_issue(self, issue: Issue) -> Issue:
        """Store a problem, or count it once more when it is there, and return what is stored.

        An ignored issue stays ignored while the same content version fails; a resolved one starts anew.
        """
        with self._db.transaction():
            row = self._db.row(
                "SELECT * FROM issue WHERE code = ? AND subject = ? AND field = ?",
                (issue.code, issue.subject, issue.field),
            )
            merged = self._merged(issue, None if row is None else _issue(row))
            cursor = self._db.execute(_UPDATE if merged.id else _INSERT, _parameters(merged))
        return merged if merged.id else replace(merged, id=int(cursor.lastrowid or 0))

    def clear(
        self,
        subject: str,
        *,
        codes: Collection[ProblemCode] | None = None,
        fields: Collection[str] | None = None,
    ) -> int:
        """Resolve the issues of a record, all or those with these codes and fields; return how many."""
        sql = (
            "SELECT id FROM issue WHERE subject = ?1 AND state IN ('open', 'ignored')"
            " AND (?2 IS NULL OR code IN (SELECT value FROM json_each(?2)))"
            " AND (?3 IS NULL OR field IN (SELECT value FROM json_each(?3)))"
        )
        chosen = (subject, None if codes is None else id_list(codes), None if fields is None else id_list(fields))
        found = [row["id"] for row in self._db.rows(sql, chosen)]
        if found:  # a record without issues costs no write
            with self._db.transaction():
                self._db.executemany("UPDATE issue SET state = 'resolved' WHERE id = ?", [(i,) for i in found])
        return len(found)

    def get(self, issue_id: int) -> Issue | None:
        """Read one issue."""
        row = self._db.row("SELECT * FROM issue WHERE id = ?", (issue_id,))
        return None if row is None else _issue(row)

    def open_for(self, subject: str) -> list[Issue]:
        """Return the open issues of a record."""
        rows = self._db.rows("SELECT * FROM issue WHERE subject = ? AND state = 'open' ORDER BY id", (subject,))
        return [_issue(row) for row in rows]

    def due(self, sobject: SObject, now: datetime) -> list[str]:
        """Return the Salesforce ids of all records of an object with an open issue whose waiting time is over."""
        sql = (
            "SELECT sf_id, min(id) AS first FROM issue WHERE state = 'open' AND sobject = ? AND sf_id IS NOT NULL"
            " AND (next_try IS NULL OR next_try <= ?) GROUP BY sf_id ORDER BY first"
        )
        return [row["sf_id"] for row in self._db.rows(sql, (sobject, micros(now)))]

    def concerned(self, subjects: Iterable[str]) -> set[str]:
        """Return those of these records that have an open or ignored issue."""
        sql = (
            "SELECT DISTINCT subject FROM issue WHERE state IN ('open', 'ignored')"
            " AND subject IN (SELECT value FROM json_each(?))"
        )
        return {row["subject"] for row in self._db.rows(sql, (id_list(subjects),))}

    def list(
        self,
        *,
        state: IssueState | None = IssueState.OPEN,
        code: ProblemCode | None = None,
        text: str = "",
        after_id: int = 0,
        limit: int = 500,
    ) -> list[Issue]:
        """Read one page in id order; `text` is looked for in name, subject and field; `state` None means any."""
        chosen = {"state": state, "code": code, "text": text.strip(), "after": after_id, "limit": limit}
        return [_issue(row) for row in self._db.rows(_LIST, chosen)]

    def counts(self) -> dict[ProblemCode, int]:
        """Count the open issues by code."""
        rows = self._db.rows("SELECT code, count(*) AS n FROM issue WHERE state = 'open' GROUP BY code")
        return {ProblemCode(row["code"]): row["n"] for row in rows}

    def set_state(self, issue_id: int, state: IssueState) -> None:
        """Move an issue by a person's wish; LookupError when it is not there."""
        with self._db.transaction():
            if not self._db.execute("UPDATE issue SET state = ? WHERE id = ?", (state, issue_id)).rowcount:
                raise LookupError(f"no issue {issue_id}")

    def make_due(self, issue_id: int) -> None:
        """Let a person's retry pass: no waiting time, no version that failed already."""
        with self._db.transaction():
            self._db.execute(
                "UPDATE issue SET next_try = NULL, version = '', state = 'open' WHERE id = ?", (issue_id,)
            )

    def may_try(self, subject: str, version: str, now: datetime) -> bool:
        """Tell whether a record may be written again (rule 6.3).

        Not while this very content version has an open or ignored issue that a service reported; passing trouble
        (reaction "retry") is tried again when its delay is over.
        """
        rows = self._db.rows(
            "SELECT * FROM issue WHERE subject = ? AND state IN ('open', 'ignored') AND version = ?",
            (subject, version),
        )
        return not any(_holds_back(_issue(row), now) for row in rows)

    def _merged(self, issue: Issue, known: Issue | None) -> Issue:
        now = self._db.clock.now()
        if known is None or known.state is IssueState.RESOLVED:
            fresh = replace(issue, id=known.id if known else 0, state=IssueState.OPEN, attempts=1)
            return replace(fresh, first_seen=now, last_seen=now, next_try=now + delay_after(1))
        stays = known.state is IssueState.IGNORED and known.version == issue.version
        return replace(
            issue,
            id=known.id,
            attempts=known.attempts + 1,
            state=IssueState.IGNORED if stays else IssueState.OPEN,
            first_seen=known.first_seen,
            last_seen=now,
            next_try=now + delay_after(known.attempts + 1),
        )


def _holds_back(issue: Issue, now: datetime) -> bool:
    if not issue.code.value.startswith(_FOUND_BY_CALL):
        return False
    passing = Problem(issue.code).reaction is Reaction.RETRY
    due = issue.next_try is not None and now >= issue.next_try
    return not (issue.state is IssueState.OPEN and passing and due)


def _parameters(issue: Issue) -> dict[str, Any]:
    return {
        "id": issue.id,
        "code": issue.code,
        "subject": issue.subject,
        "field": issue.field,
        "values_json": dumps(dict(issue.values)),
        "detail": issue.detail,
        "name": issue.name,
        "sobject": issue.sobject,
        "sf_id": issue.sf_id,
        "ac_id": issue.ac_id,
        "link_id": issue.link_id,
        "version": issue.version,
        "attempts": issue.attempts,
        "state": issue.state,
        "first_seen": micros(issue.first_seen),
        "last_seen": micros(issue.last_seen),
        "next_try": micros(issue.next_try),
    }


def _issue(row: sqlite3.Row) -> Issue:
    return Issue(
        code=ProblemCode(row["code"]),
        subject=row["subject"],
        field=row["field"],
        id=row["id"],
        values=loads(row["values_json"]),
        detail=row["detail"],
        name=row["name"],
        sobject=None if row["sobject"] is None else SObject(row["sobject"]),
        sf_id=row["sf_id"],
        ac_id=row["ac_id"],
        link_id=row["link_id"],
        version=row["version"],
        attempts=row["attempts"],
        state=IssueState(row["state"]),
        first_seen=moment(row["first_seen"]),
        last_seen=moment(row["last_seen"]),
        next_try=moment(row["next_try"]),
    )
