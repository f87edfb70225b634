"""Profiles written by older versions open in this one, with a backup, or stay exactly as they were."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.domain.merge import Base
from acassist.storage.database import Database
from acassist.storage.ledger import Ledger
from acassist.storage.migrate import SCHEMA_FOLDER, latest_version, migrate, schema_files, statements, version_of
from tests.upgrade.old_profiles import write_version_1


class NoonClock:
    def now(self) -> datetime:
        return datetime(2026, 3, 1, 12, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("storage never waits")


def test_a_profile_of_version_1_keeps_its_links_and_cursors(tmp_path):
    path = tmp_path / "profile.db"
    write_version_1(path)
    db = Database.open(path, clock=NoonClock())
    ledger = Ledger(db)
    link = ledger.links_by_sf(SObject.CONTACT, ["003000000000001AAA"])["003000000000001AAA"]
    assert (link.ac_id, link.email, link.base) == ("7", "Ana@example.com", {"k": Base("a", "b")})
    assert link.sf_stamp == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert ledger.cursor("sf:Contact") == "2025-01-02"
    # Version 5: the links of one object by an index of their own.
    assert ledger.iter_links(sobject=SObject.CONTACT) == [link]
    assert ledger.active_ids(SObject.CONTACT) == [link.id]
    assert db.value("PRAGMA user_version") == latest_version()
    db.close()


def test_schema_files_are_numbered_without_gaps():
    assert list(schema_files()) == list(range(1, latest_version() + 1))


def test_every_statement_of_a_schema_file_is_applied():
    for path in schema_files().values():
        script = path.read_text(encoding="utf-8")
        assert "".join("".join(statements(script)).split()) == "".join(script.split())


@pytest.fixture
def next_schema(tmp_path) -> Path:
    folder = tmp_path / "schema"
    folder.mkdir()
    for path in SCHEMA_FOLDER.glob("*.sql"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def test_each_step_on_a_file_with_data_is_preceded_by_a_backup(tmp_path, next_schema):
    last = latest_version()
    with closing(sqlite3.connect(tmp_path / "profile.db", isolation_level=None)) as connection:
        backups: list[int] = []
        migrate(connection, backups.append, folder=next_schema)
        assert backups == []
        (next_schema / f"{last + 1:04d}.sql").write_text("CREATE TABLE one (x INTEGER) STRICT;\n")
        (next_schema / f"{last + 2:04d}.sql").write_text("CREATE TABLE two (x INTEGER) STRICT;\n")
        migrate(connection, backups.append, folder=next_schema)
        assert backups == [last, last + 1]
        assert version_of(connection) == last + 2


def test_a_step_that_fails_leaves_the_version_before_it(tmp_path, next_schema):
    last = latest_version()
    (next_schema / f"{last + 1:04d}.sql").write_text("CREATE TABLE one (x INTEGER) STRICT;\nDROP TABLE nowhere;\n")
    with closing(sqlite3.connect(tmp_path / "profile.db", isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError):
            migrate(connection, lambda _: None, folder=next_schema)
        assert version_of(connection) == last
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'one'").fetchall()


def test_opening_an_older_profile_writes_a_backup_of_it(tmp_path, monkeypatch, next_schema):
    last = latest_version()
    path = tmp_path / "profile.db"
    Database.open(path, clock=NoonClock()).close()
    (next_schema / f"{last + 1:04d}.sql").write_text("CREATE TABLE one (x INTEGER) STRICT;\n")
    monkeypatch.setattr("acassist.storage.migrate.schema_files.__defaults__", (next_schema,))
    monkeypatch.setattr("acassist.storage.migrate.migrate.__kwdefaults__", {"folder": next_schema})
    monkeypatch.setattr("acassist.storage.migrate.latest_version.__defaults__", (next_schema,))
    Database.open(path, clock=NoonClock()).close()
    (backup,) = (tmp_path / "backups").iterdir()
    assert backup.name == f"profile-v{last}-20260301T120000000000.db"
    with closing(sqlite3.connect(backup)) as connection:
        assert version_of(connection) == last
