"""Disconnecting: access ends, secrets go, people are forgotten on request, and both services keep everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.session import API_KEY, DRAFT, REFRESH_TOKEN
from acassist.domain.profile import Step
from acassist.storage.backups import backups_of, make_backup
from tests.engine import Engine, open_engine

PEOPLE_TABLES = ("link", "history", "issue", "run", "contact", "activity_cache")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    made = await open_engine(tmp_path)
    await made.assistant.start()
    yield made
    await made.close()


def rows(engine: Engine, table: str) -> int:
    return int(engine.stores.db.value(f"SELECT COUNT(*) FROM {table}"))



async def secrets(engine: Engine) -> list[str | None]:
    vault = engine.assistant.session.vault
    return [await vault.get(prefix + name) for prefix in ("", DRAFT) for name in (API_KEY, REFRESH_TOKEN)]


async def test_the_access_ends_at_salesforce_and_the_secrets_go(engine: Engine) -> None:
    assert await engine.assistant.disconnect()
    assert all(family.revoked for family in engine.world.salesforce.auth.families)
    assert await secrets(engine) == [None] * 4
    assert (await engine.assistant.setup()).salesforce is None


async def test_history_and_links_stay_unless_they_are_to_be_forgotten(engine: Engine) -> None:
    before = rows(engine, "link"), rows(engine, "history")
    await engine.assistant.disconnect()
    assert (rows(engine, "link"), rows(engine, "history")) == before
    assert before[0] > 0


async def test_forgetting_leaves_nobody_on_this_computer(engine: Engine) -> None:
    make_backup(engine.stores.db)
    address = str(engine.stores.db.value("SELECT email FROM link LIMIT 1"))
    await engine.assistant.disconnect(forget=True)
    assert [rows(engine, table) for table in PEOPLE_TABLES] == [0] * len(PEOPLE_TABLES)
    path = engine.stores.db.path
    assert backups_of(path) == []
    held = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    assert address.encode() not in held


async def test_settings_and_the_audit_log_stay_when_people_are_forgotten(engine: Engine) -> None:
    mapping = (await engine.assistant.setup()).mapping
    await engine.assistant.disconnect(forget=True)
    setup = await engine.assistant.setup()
    assert setup.mapping == mapping
    assert Step.MAPPING in setup.finished
    assert not setup.started
    assert rows(engine, "audit") > 0


async def test_neither_service_loses_anything(engine: Engine) -> None:
    leads = len(engine.world.salesforce.rows_of("Lead").rows)
    mark = engine.world.log.total
    await engine.assistant.disconnect(forget=True)
    assert len(engine.world.salesforce.rows_of("Lead").rows) == leads
    changing = [e for e in engine.world.log.since(mark) if e["method"] in ("PUT", "PATCH", "DELETE")]
    # The entry that names this computer is no record: it goes, so that nobody waits for a computer that left.
    assert [e["path"] for e in changing] == ["/api/3/connections/1"]
    assert list(engine.world.activecampaign.tables["connections"]) == []


async def test_somebody_without_a_network_may_leave_too_and_is_told(engine: Engine) -> None:
    engine.world.faults.add({"times": -1, "action": {"kind": "drop"}})
    assert await engine.assistant.disconnect() is False
    assert await secrets(engine) == [None] * 4


async def test_a_second_time_changes_nothing(engine: Engine) -> None:
    await engine.assistant.disconnect()
    before = await engine.assistant.setup()
    assert await engine.assistant.disconnect()
    assert await engine.assistant.setup() == before
