"""How many calls a run with nothing to do costs; prints them by endpoint, asserts only the counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.domain.mapping import default_mapping
from acassist.domain.profile import Defaults, OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sandbox.settings import Settings
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("Email", Operator.IS_NOT_BLANK),)))
ALL = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
HOUR = 3600


async def quiet_engine(folder: Path, *, full: bool) -> Engine:
    """Open an engine on a world that is in sync and has been quiet for an hour."""
    mapping = replace(default_mapping(), accounts_on=full)
    engine = await open_engine(folder, outbound=ALL, settings=Settings(leads=20, contacts=20), mapping=mapping)
    session = engine.assistant.session
    session.store(replace(session.setup, defaults=Defaults(sync_opt_out=full, last_name="-", company="-")), what="test")
    for _ in range(3):
        await engine.assistant.sync_now(yes=True)
        engine.world.clock.advance(HOUR)
    return engine


def calls(engine: Engine) -> Counter[str]:
    return Counter(engine.world.log.counts()["calls"])


@pytest.mark.parametrize(("full", "most"), [(True, 18), (False, 12)], ids=["every feature on", "accounts off"])
async def test_a_run_with_nothing_to_do_stays_within_its_calls(tmp_path: Path, full: bool, most: int) -> None:
    engine = await quiet_engine(tmp_path / "profile", full=full)
    engine.world.log.clear()
    await engine.assistant.sync_now()
    found = calls(engine)
    for name, count in sorted(found.items()):
        print(f"{count:4}  {name}")
    print(f"{found.total():4}  in all, limit {most}")
    assert found.total() <= most
    assert engine.world.log.counts()["kinds"].get("write", 0) == 0
    await engine.close()


async def test_the_calls_of_a_quiet_run_do_not_grow_with_the_records(tmp_path: Path) -> None:
    engine = await quiet_engine(tmp_path / "profile", full=True)
    engine.world.log.clear()
    await engine.assistant.sync_now()
    few = calls(engine).total()
    for number in range(300):
        values = {"LastName": f"Name {number}", "Company": "Many", "Email": f"p{number}@many.example"}
        await engine.control.call("POST", "/salesforce/Lead", values)
    for _ in range(3):
        engine.world.clock.advance(HOUR)
        await engine.assistant.sync_now(yes=True)
    engine.world.clock.advance(HOUR)
    engine.world.log.clear()
    await engine.assistant.sync_now()
    print(f"{few} calls with 40 records, {calls(engine).total()} with 340")
    assert calls(engine).total() <= few
    await engine.close()
