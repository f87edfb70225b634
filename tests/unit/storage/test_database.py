from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from acassist.domain.problem import ProblemCode, ProblemError
from acassist.storage.database import Database
from acassist.storage.migrate import latest_version
from acassist.storage.settings import SettingsStore


def put(db: Database, name: str) -> None:
    SettingsStore(db).put(name, 1)


def names(db: Database) -> list[str]:
    return SettingsStore(db).names()


def test_an_inner_transaction_belongs_to_the_outer_one(db):
    with pytest.raises(RuntimeError), db.transaction():  # noqa: PT012
        with db.transaction():
            put(db, "inner")
        raise RuntimeError
    assert names(db) == []
    assert db.commits == 0


def test_each_outer_commit_is_counted_and_announced_after_it_is_durable(db, tmp_path, clock):
    seen: list[tuple[int, list[str]]] = []

    def look(number: int) -> None:
        other = Database.open(db.path, clock=clock, read_only=True)
        seen.append((number, names(other)))
        other.close()

    db.on_commit = look
    with db.transaction():
        put(db, "a")
        put(db, "b")
    put(db, "c")
    assert seen == [(1, ["a", "b"]), (2, ["a", "b", "c"])]


def test_a_program_that_ends_in_the_commit_hook_can_go_on_afterwards(db):
    def end(number: int) -> None:
        if number == 1:
            raise KeyboardInterrupt

    db.on_commit = end
    with pytest.raises(KeyboardInterrupt):
        put(db, "a")
    put(db, "b")
    assert names(db) == ["a", "b"]


def test_commits_are_durable_and_logged_ahead(db):
    assert db.value("PRAGMA journal_mode") == "wal"
    assert db.value("PRAGMA synchronous") == 2
    assert db.value("PRAGMA foreign_keys") == 1


def test_a_reading_connection_reads_while_a_transaction_is_open_and_cannot_write(db, clock):
    put(db, "a")
    reader = Database.open(db.path, clock=clock, read_only=True)
    with db.transaction():
        put(db, "b")
        assert names(reader) == ["a"]
    assert names(reader) == ["a", "b"]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        put(reader, "c")
    reader.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_only_the_owner_may_read_the_files(db, tmp_path):
    put(db, "a")
    copy = db.backup(tmp_path / "backups" / "copy.db")
    for path in [copy, *tmp_path.glob("profile.db*")]:
        assert path.stat().st_mode & 0o077 == 0


def test_a_backup_is_a_complete_profile_and_leaves_no_partial_file(db, tmp_path, clock):
    put(db, "a")
    copy = db.backup(tmp_path / "backups" / "copy.db")
    assert [p.name for p in copy.parent.iterdir()] == ["copy.db"]
    restored = Database.open(copy, clock=clock)
    assert names(restored) == ["a"]
    restored.close()


def test_a_full_disk_is_a_problem_and_undoes_the_transaction(db):
    put(db, "a")
    db.execute(f"PRAGMA max_page_count = {db.value('PRAGMA page_count')}")
    with pytest.raises(ProblemError) as caught, db.transaction():  # noqa: PT012
        put(db, "b")
        SettingsStore(db).put("big", "x" * 1_000_000)
    assert caught.value.problem.code is ProblemCode.DISK_FULL
    assert names(db) == ["a"]


def test_a_file_that_is_no_database_is_kept_aside(tmp_path, clock):
    path = tmp_path / "profile.db"
    path.write_bytes(b"not a database at all " * 100)
    with pytest.raises(ProblemError) as caught:
        Database.open(path, clock=clock)
    problem = caught.value.problem
    assert problem.code is ProblemCode.PROFILE_DAMAGED
    assert problem.values["file"] == "profile.damaged-20260301T120000000000.db"
    assert (tmp_path / str(problem.values["file"])).read_bytes().startswith(b"not a database")
    assert not path.exists()


def test_damage_found_while_working_keeps_the_file_aside(tmp_path, clock):
    path = tmp_path / "profile.db"
    first = Database.open(path, clock=clock)
    with first.transaction():
        for number in range(2000):
            put(first, f"name {number}")
    first.close()
    content = bytearray(path.read_bytes())
    page = int.from_bytes(content[16:18], "big")
    content[page * 2 :] = b"\xff" * (len(content) - page * 2)  # keeps the header and the root of the schema
    path.write_bytes(content)
    with pytest.raises(ProblemError) as caught:
        names(Database.open(path, clock=clock))
    assert caught.value.problem.code is ProblemCode.PROFILE_DAMAGED
    assert (tmp_path / str(caught.value.problem.values["file"])).exists()


def newer_file(path: Path) -> bytes:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE future (x)")
        connection.execute(f"PRAGMA user_version = {latest_version() + 1}")
    return path.read_bytes()


@pytest.mark.parametrize("read_only", [False, True])
def test_a_newer_profile_is_refused_and_not_touched(tmp_path, clock, read_only):
    path = tmp_path / "profile.db"
    before = newer_file(path)
    with pytest.raises(ProblemError) as caught:
        Database.open(path, clock=clock, read_only=read_only)
    assert caught.value.problem.code is ProblemCode.PROFILE_NEWER
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["profile.db"]


def test_a_new_profile_has_the_latest_schema_and_no_backup(db, tmp_path):
    assert db.value("PRAGMA user_version") == latest_version()
    assert not (tmp_path / "backups").exists()


def test_an_empty_file_becomes_a_profile(tmp_path, clock):
    path = tmp_path / "profile.db"
    path.touch()
    db = Database.open(path, clock=clock)
    put(db, "a")
    db.close()


def test_all_tables_are_strict(db):
    loose = db.rows(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite%'"
    )
    assert [row["name"] for row in loose] == []
