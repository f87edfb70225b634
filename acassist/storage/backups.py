"""Copies of a profile's file: one a day, a few kept, and the way back from one."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from acassist.domain.ports import Clock
from acassist.storage.database import Database, backup_folder, copy_into_place, set_aside
from acassist.storage.failures import damaged, is_damage

_NAME = re.compile(r".+-(\d{8}T\d{6}\d{6})\.db")
_CONTENTS = ("SELECT count(*) FROM link", "SELECT max(id) FROM run", "SELECT max(id) FROM audit")
_STAMP = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy of a profile's file; `size` in bytes."""

    path: Path
    at: datetime
    size: int


def backups_of(path: Path) -> list[Backup]:
    """List the copies of a profile's file, newest first."""
    found = []
    for copy in backup_folder(path).glob(f"{path.stem}-*.db"):
        if name := _NAME.fullmatch(copy.name):
            at = datetime.strptime(name.group(1), _STAMP).replace(tzinfo=UTC)
            found.append(Backup(copy, at, copy.stat().st_size))
    return sorted(found, key=lambda backup: backup.at, reverse=True)


def back_up_daily(db: Database, *, keep: int = 7) -> Backup | None:
    """Make a copy when the newest is older than a day, and delete all but the newest `keep`; None when not due."""
    now = db.clock.now()
    known = backups_of(db.path)
    if known and now - known[0].at < timedelta(days=1):
        return None
    made = make_backup(db)
    for old in backups_of(db.path)[keep:]:
        old.path.unlink(missing_ok=True)
    return made


def make_backup(db: Database) -> Backup:
    """Make a copy now, whatever is there already; the daily copy removes what is too many. Raises DISK_FULL."""
    at = db.clock.now()
    while (free := _place(db.path, at)).exists():  # a copy is never written over another
        at += timedelta(microseconds=1)
    made = db.backup(free)
    return Backup(made, at, made.stat().st_size)


def _place(path: Path, at: datetime) -> Path:
    return backup_folder(path) / f"{path.stem}-{at.strftime(_STAMP)}.db"


@dataclass(frozen=True, slots=True)
class Contents:
    """What a copy holds, or a profile: how many links, and the newest run and audit entry (0 for none)."""

    links: int
    newest_run: int
    newest_audit: int


def contents_of(backup: Path) -> Contents:
    """Look into a copy without changing it; raises ProblemError PROFILE_DAMAGED when it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as reader:
            return Contents(*(int(reader.execute(sql).fetchone()[0] or 0) for sql in _CONTENTS))
    except sqlite3.Error as error:
        raise damaged(backup.name) from error


def contents_now(db: Database) -> Contents:
    """Look into the open profile the same way."""
    return Contents(*(int(db.value(sql) or 0) for sql in _CONTENTS))


def restore(path: Path, backup: Path, *, clock: Clock) -> str | None:
    """Put a copy in the place of a profile's file, which must be closed; return the name the old file is kept under.

    Raises ProblemError PROFILE_DAMAGED when the copy itself cannot be read; the old file stays where it is then.
    """
    _check(backup)
    kept = set_aside(path, clock, "replaced") if path.exists() else None
    with closing(sqlite3.connect(backup)) as source:
        copy_into_place(source, path)
    return kept


def _check(backup: Path) -> None:
    try:
        with closing(sqlite3.connect(backup)) as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        if is_damage(error):
            raise damaged(backup.name) from error
        raise
    if answer != "ok":
        raise damaged(backup.name)
