"""Disconnecting: access ends, secrets go, people are forgotten on request, and both services keep everything."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.session import API_KEY, DRAFT, REFRESH_TOKEN
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import OutboundSettings, Step
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.storage.backups import backups_of, make_backup
from tests.engine import Engine, connected, log_in, open_engine

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


async def connect_again(engine: Engine) -> None:
    """Log in to the same org and account, as step 1 does."""
    vault = engine.assistant.session.vault
    await vault.put(API_KEY, engine.world.activecampaign.api_key)
    await vault.put(REFRESH_TOKEN, await log_in(engine.world))
    session = engine.assistant.session
    session.store(replace(connected(engine.world, outbound=session.setup.outbound), started=False), what="test")


async def test_reconnecting_finds_the_links_again_through_the_id_field_even_where_the_address_changed(
    tmp_path: Path,
) -> None:
    everybody = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))
    engine = await open_engine(tmp_path, outbound=OutboundSettings(lead=everybody, contact=everybody))
    await engine.assistant.sync_now(yes=True)
    await engine.assistant.sync_now()
    before = {link.sf_id: link.ac_id for link in engine.stores.ledger.iter_links()}
    people = len(engine.world.activecampaign.contacts)
    moved = next(link for link in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if link.primary)
    await engine.assistant.disconnect(forget=True)
    new = {"Email": "quite.another@address.example"}
    await engine.control.call("PATCH", f"/salesforce/Contact/{moved.sf_id}", new)
    await connect_again(engine)
    await engine.assistant.sync_now(yes=True)
    assert {link.sf_id: link.ac_id for link in engine.stores.ledger.iter_links()} == before
    assert len(engine.world.activecampaign.contacts) == people
    await engine.close()


async def test_the_ledger_is_saved_whole_before_it_is_forgotten(engine: Engine, tmp_path: Path) -> None:
    links, items = rows(engine, "link"), rows(engine, "history")
    file = tmp_path / "ledger.json"
    await engine.assistant.disconnect(forget=True, export=file)
    saved = json.loads(file.read_text(encoding="utf-8"))
    assert (saved["format"], len(saved["links"]), len(saved["history"])) == ("acassist-ledger", links, items)
    assert rows(engine, "link") == 0


async def test_where_the_file_cannot_be_written_nothing_ends(engine: Engine, tmp_path: Path) -> None:
    links = rows(engine, "link")
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.disconnect(forget=True, export=tmp_path / "none" / "ledger.json")
    assert caught.value.problem.code is ProblemCode.EXPORT_FAILED
    assert rows(engine, "link") == links
    assert (await engine.assistant.setup()).salesforce is not None
    await engine.assistant.sync_now()
