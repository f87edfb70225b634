"""The one SQLite file of a profile: opening, transactions, backup, and failures as problems."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from acassist.domain.ports import Clock
from acassist.storage.failures import damaged, disk_full, is_damage, is_full, newer
from acassist.storage.migrate import latest_version, migrate, version_of

Parameters = Sequence[Any] | Mapping[str, Any]
BUSY_SECONDS = 10.0
_SIDE_FILES = ("-wal", "-shm")


class Database:
    """One connection to a profile's file, used by the thread that opened it.

    Commits are durable when they return. `commits` counts them and `on_commit` is called right after each one
    with that number, so that tests can end the program at any commit.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, clock: Clock, read_only: bool) -> None:
        self.path = path
        self.clock = clock
        self.read_only = read_only
        self.commits = 0
        self.on_commit: Callable[[int], None] | None = None
        self._connection = connection
        self._depth = 0

    @classmethod
    def open(cls, path: Path, *, clock: Clock, read_only: bool = False) -> Database:
        """Open or create a profile's file and bring it up to date.

        Raises ProblemError PROFILE_NEWER (file untouched), PROFILE_DAMAGED (file kept aside under the name in the
        problem) or DISK_FULL. A reading connection never waits for the writer (WAL).
        """
        try:
            _prepare(path, clock)
            return cls(_connect(path, read_only=read_only), path, clock=clock, read_only=read_only)
        except sqlite3.Error as error:
            if is_damage(error):
                raise damaged(set_aside(path, clock)) from error
            if is_full(error):
                raise disk_full(path.name) from error
            raise
        except OSError as error:
            if is_full(error):
                raise disk_full(path.name) from error
            raise

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything written inside, or nothing of it; a nested use joins the outer transaction.

        Never await inside: another task's writes would become part of the same transaction.
        """
        if self._depth:
            yield
            return
        with self._failures():
            self._connection.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            with self._failures():
                self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        finally:
            self._depth = 0
        self.commits += 1
        if self.on_commit is not None:
            self.on_commit(self.commits)

    @property
    def in_transaction(self) -> bool:
        """Tell whether a transaction is open."""
        return self._depth > 0

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one writing statement inside a transaction and return its cursor."""
        with self._failures():
            return self._connection.execute(sql, parameters)

    def executemany(self, sql: str, rows: Iterable[Parameters]) -> int:
        """Run one writing statement for each row inside a transaction and return how many rows it changed."""
        with self._failures():
            return self._connection.executemany(sql, rows).rowcount

    def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Read all rows of a query."""
        with self._failures():
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Read the first row of a query."""
        with self._failures():
            found: sqlite3.Row | None = self._connection.execute(sql, parameters).fetchone()
            return found

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Read the first column of the first row, None when there is no row."""
        row = self.row(sql, parameters)
        return None if row is None else row[0]

    def backup(self, to: Path) -> Path:
        """Write a complete copy through SQLite's backup API while the file stays in use; return its path."""
        with self._failures():
            return copy_into_place(self._connection, to)

    def close(self) -> None:
        """Close the connection; the last one folds the write-ahead log into the file."""
        self._connection.close()

    def _roll_back(self) -> None:
        # A full disk or a damaged file may have ended the transaction, or the connection, already.
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.ProgrammingError:
            return

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if is_full(error):
                raise disk_full(self.path.name) from error
            raise
        except sqlite3.Error as error:
            if is_full(error):
                raise disk_full(self.path.name) from error
            if not is_damage(error):
                raise
            self._connection.close()
            raise damaged(self.path.name if self.read_only else set_aside(self.path, self.clock)) from error


def backup_folder(path: Path) -> Path:
    """Return where the backups of a profile's file lie."""
    return path.parent / "backups"


def _prepare(path: Path, clock: Clock) -> None:
    """Create or migrate the file; look before touching, because a newer file must stay as it is."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    elif path.stat().st_size:
        with closing(_connect(path, read_only=True)) as reader:
            found = version_of(reader)
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if found > latest_version():
            raise newer(path.name, found)
        if found == latest_version():
            return
    with closing(_connect(path, read_only=False)) as connection:
        migrate(connection, lambda version: _before_migration(connection, path, version, clock))


def _before_migration(connection: sqlite3.Connection, path: Path, version: int, clock: Clock) -> None:
    copy_into_place(connection, backup_folder(path) / f"{path.stem}-v{version}-{_stamp(clock)}.db")


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16000")
    except BaseException:
        connection.close()
        raise
    return connection


def copy_into_place(connection: sqlite3.Connection, to: Path) -> Path:
    """Copy into a temporary file and move it into place, so that a half-written backup never counts as one."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = to.with_name(to.name + ".part")
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(partial)) as target:
        connection.backup(target)
        target.execute("PRAGMA journal_mode = DELETE")
    partial.replace(to)
    return to


def _stamp(clock: Clock) -> str:
    return clock.now().strftime("%Y%m%dT%H%M%S%f")


def set_aside(path: Path, clock: Clock, why: str = "damaged") -> str:
    """Keep a file and its log under another name; return that name, the old one when it cannot move."""
    kept = path.with_name(f"{path.stem}.{why}-{_stamp(clock)}{path.suffix}")
    try:
        path.replace(kept)
        for suffix in _SIDE_FILES:
            side = path.with_name(path.name + suffix)
            if side.exists():
                side.replace(kept.with_name(kept.name + suffix))
    except OSError:  # Windows refuses while another process has the file open
        return path.name
    return kept.name
