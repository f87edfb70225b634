"""Numbered schema files, applied one by one, each in one transaction with its version number."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

SCHEMA_FOLDER = Path(__file__).parent / "schema"


def schema_files(folder: Path = SCHEMA_FOLDER) -> dict[int, Path]:
    """List the schema files by version."""
    return {int(path.stem): path for path in sorted(folder.glob("[0-9][0-9][0-9][0-9].sql"))}


def latest_version(folder: Path = SCHEMA_FOLDER) -> int:
    """Return the version that this program writes."""
    return max(schema_files(folder))


def version_of(connection: sqlite3.Connection) -> int:
    """Read the version that a file was left at; 0 is a file without a schema."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    connection: sqlite3.Connection, before_each: Callable[[int], None], *, folder: Path = SCHEMA_FOLDER
) -> list[int]:
    """Bring a file up to the latest version and return the versions applied.

    `before_each` is called with the old version before a file that holds data is changed: it makes the backup.
    A step that fails leaves the file exactly at the version before it; a new file has nothing to back up.
    """
    applied = []
    new = version_of(connection) == 0
    for version, path in schema_files(folder).items():
        current = version_of(connection)
        if version <= current:
            continue
        if not new:
            before_each(current)
        _apply(connection, version, path.read_text(encoding="utf-8"))
        applied.append(version)
    return applied


def statements(script: str) -> list[str]:
    """Split a script where SQLite sees the end of a statement, so that triggers stay whole."""
    found: list[str] = []
    text = ""
    for line in script.splitlines(keepends=True):
        text += line
        if sqlite3.complete_statement(text):
            found.append(text.strip())
            text = ""
    return found


def _apply(connection: sqlite3.Connection, version: int, script: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if version_of(connection) < version:  # another process may have been faster
            for statement in statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {version:d}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
