"""History: runs and every change they made, for people, for "why" and for undo (rule 6.5)."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import (
    Counters,
    HistoryAction,
    HistoryItem,
    RunDirection,
    RunState,
    RunSummary,
)
from acassist.domain.problem import Problem, ProblemCode
from acassist.storage.codec import dumps, loads, micros, moment, moment_of
from acassist.storage.database import Database

_LAST = 2**62
_ADD = (
    "INSERT INTO history (run_id, at, target, action, subject, name, link_id, sobject, sf_id, ac_id, field, before,"
    " after, rule, reply, key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What all runs of one day (UTC) did."""

    day: date
    runs: int
    counters: Counters


class History:
    """Runs and history items of one profile."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def start_run(self, direction: RunDirection, cause: str) -> int:
        """Open a run and return its id."""
        with self._db.transaction():
            cursor = self._db.execute(
                "INSERT INTO run (direction, state, started, counters_json, cause, problem_values_json)"
                " VALUES (?, ?, ?, '{}', ?, '{}')",
                (direction, RunState.RUNNING, micros(self._db.clock.now()), cause),
            )
        return int(cursor.lastrowid or 0)

    def finish_run(self, run_id: int, state: RunState, counters: Counters, problem: Problem | None = None) -> None:
        """Close a run; LookupError when it is not there."""
        sql = (
            "UPDATE run SET state = ?, ended = ?, counters_json = ?, problem = ?, problem_values_json = ? WHERE id = ?"
        )
        code, values = (None, "{}") if problem is None else (problem.code.value, dumps(dict(problem.values)))
        ended = micros(self._db.clock.now())
        with self._db.transaction():
            if not self._db.execute(sql, (state, ended, _pack(counters), code, values, run_id)).rowcount:
                raise LookupError(f"no run {run_id}")

    def add(self, items: Iterable[HistoryItem]) -> int:
        """Append items and return how many."""
        with self._db.transaction():
            return self._db.executemany(_ADD, (_parameters(item) for item in items))

    def run(self, run_id: int) -> RunSummary | None:
        """Read one run."""
        row = self._db.row("SELECT * FROM run WHERE id = ?", (run_id,))
        return None if row is None else _run(row)

    def runs(self, limit: int = 100, before_id: int | None = None) -> list[RunSummary]:
        """Read one page of runs, newest first; pass the last id to get the next page."""
        rows = self._db.rows("SELECT * FROM run WHERE id < ? ORDER BY id DESC LIMIT ?", (before_id or _LAST, limit))
        return [_run(row) for row in rows]

    def items(
        self,
        *,
        run_id: int | None = None,
        link_id: int | None = None,
        sf_id: str | None = None,
        ac_id: str | None = None,
        limit: int = 500,
        before_id: int | None = None,
    ) -> list[HistoryItem]:
        """Read one page of items, newest first, of a run, a link, a record or a contact (the first given)."""
        chosen = {
            "run": run_id,
            "link": link_id,
            "sf": sf_id,
            "ac": ac_id,
            "before": before_id or _LAST,
            "limit": limit,
        }
        if run_id is not None:
            sql = "SELECT * FROM history WHERE run_id = :run AND id < :before ORDER BY id DESC LIMIT :limit"
        elif link_id is not None:
            sql = "SELECT * FROM history WHERE link_id = :link AND id < :before ORDER BY id DESC LIMIT :limit"
        elif sf_id is not None:
            sql = "SELECT * FROM history WHERE sf_id = :sf AND id < :before ORDER BY id DESC LIMIT :limit"
        elif ac_id is not None:
            sql = "SELECT * FROM history WHERE ac_id = :ac AND id < :before ORDER BY id DESC LIMIT :limit"
        else:
            sql = "SELECT * FROM history WHERE id < :before ORDER BY id DESC LIMIT :limit"
        return [_item(row) for row in self._db.rows(sql, chosen)]

    def item(self, item_id: int) -> HistoryItem | None:
        """Read one item."""
        row = self._db.row("SELECT * FROM history WHERE id = ?", (item_id,))
        return None if row is None else _item(row)

    def close_killed(self) -> int:
        """Mark runs that never ended as interrupted and return how many there were."""
        sql = "UPDATE run SET state = 'killed', ended = ? WHERE state = 'running'"
        if self._db.value("SELECT 1 FROM run WHERE state = 'running' LIMIT 1") is None:
            return 0
        with self._db.transaction():
            return self._db.execute(sql, (micros(self._db.clock.now()),)).rowcount

    def per_day(self, days: int) -> list[DayTotals]:
        """Add up the runs of the last days (UTC), oldest first; days without a run are left out."""
        now = self._db.clock.now()
        first = micros(now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1))
        totals: dict[date, DayTotals] = {}
        for row in self._db.rows("SELECT * FROM run WHERE started >= ? ORDER BY started", (first,)):
            run = _run(row)
            day = run.started.date()
            known = totals.get(day, DayTotals(day, 0, Counters()))
            totals[day] = DayTotals(day, known.runs + 1, _sum(known.counters, run.counters))
        return list(totals.values())

    def prune(self, before: datetime, *, limit: int = 5000) -> int:
        """Delete at most `limit` items older than `before`, and emptied runs; the newest run stays whole.

        Returns how many items were deleted, so that the caller can go on in slices until it is less than `limit`.
        """
        newest = self._db.value("SELECT max(id) FROM run") or 0
        old = micros(before)
        with self._db.transaction():
            sql = (
                "DELETE FROM history WHERE id IN (SELECT id FROM history WHERE at < ? AND (run_id IS NULL OR"
                " run_id <> ?) LIMIT ?)"
            )
            deleted = self._db.execute(sql, (old, newest, limit)).rowcount
            self._db.execute(
                "DELETE FROM run WHERE started < ? AND id <> ? AND state <> 'running'"
                " AND NOT EXISTS (SELECT 1 FROM history WHERE history.run_id = run.id)",
                (old, newest),
            )
        return deleted


def _sum(one: Counters, other: Counters) -> Counters:
    names = [f.name for f in dataclasses.fields(Counters)]
    return Counters(**{name: getattr(one, name) + getattr(other, name) for name in names})


def _pack(counters: Counters) -> str:
    return dumps({name: n for name, n in dataclasses.asdict(counters).items() if n})


def _parameters(item: HistoryItem) -> tuple[Any, ...]:
    return (
        item.run_id,
        micros(item.at),
        item.target,
        item.action,
        item.subject,
        item.name,
        item.link_id,
        item.sobject,
        item.sf_id,
        item.ac_id,
        item.field,
        item.before,
        item.after,
        item.rule,
        item.reply,
        item.key,
    )


def _run(row: sqlite3.Row) -> RunSummary:
    return RunSummary(
        id=row["id"],
        direction=RunDirection(row["direction"]),
        state=RunState(row["state"]),
        started=moment_of(row["started"]),
        ended=moment(row["ended"]),
        counters=Counters(**loads(row["counters_json"])),
        cause=row["cause"],
        problem=None if row["problem"] is None else ProblemCode(row["problem"]),
        problem_values=loads(row["problem_values_json"]),
    )


def _item(row: sqlite3.Row) -> HistoryItem:
    return HistoryItem(
        run_id=row["run_id"],
        at=moment_of(row["at"]),
        target=Service(row["target"]),
        action=HistoryAction(row["action"]),
        subject=row["subject"],
        name=row["name"],
        id=row["id"],
        link_id=row["link_id"],
        sobject=None if row["sobject"] is None else SObject(row["sobject"]),
        sf_id=row["sf_id"],
        ac_id=row["ac_id"],
        field=row["field"],
        before=row["before"],
        after=row["after"],
        rule=row["rule"],
        reply=row["reply"],
        key=row["key"],
    )
