"""A run with nothing to do on a ledger of a million links: prints its CPU time, asserts what it reads."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.benchmarks.test_call_budget import HOUR, quiet_engine
from tests.engine import Engine

LINKS = 1_000_000
LIMIT_SECONDS = 2.0
# The virtual machine of SQLite calls back after so many of its instructions.
INSTRUCTIONS = 1_000
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
_CONTACTS = f"""{_NUMBERS}
INSERT INTO contact (ac_id, email, email_key, updated, values_json, stamps_json, tagged, deleted)
SELECT CAST(1000000 + i AS TEXT), 'p' || i || '@million.example', 'p' || i || '@million.example', :at,
       '{{"email":"p' || i || '@million.example","lastName":"Name"}}', '{{}}', 0, 0 FROM n"""
_LINKS = f"""{_NUMBERS}
INSERT INTO link (sobject, sf_id, ac_id, email, email_key, is_primary, state, base_json, sf_stamp, ac_stamp,
                  own_sf_stamp, status_written, fingerprint, opted_out, watch, synced_at)
SELECT 'Lead', printf('00Q%012dAAA', i), CAST(1000000 + i AS TEXT), 'p' || i || '@million.example',
       'p' || i || '@million.example', 1, 'active', '{{"lastName~LastName":"Name"}}', :at, :at, NULL, NULL, '', NULL,
       '', :at FROM n"""


def fill(engine: Engine, count: int) -> None:
    """Store links and contacts that nobody changed since."""
    db = engine.stores.db
    at = int(engine.world.clock.now().timestamp()) * 1_000_000
    with db.transaction():
        db.execute(_CONTACTS, {"count": count, "at": at})
        db.execute(_LINKS, {"count": count, "at": at})


@contextmanager
def counted(engine: Engine) -> Iterator[list[int]]:
    """Count thousands of SQLite instructions."""
    found = [0]

    def more() -> int:
        found[0] += 1
        return 0

    connection = engine.stores.db._connection
    connection.set_progress_handler(more, INSTRUCTIONS)
    try:
        yield found
    finally:
        connection.set_progress_handler(None, 0)


async def quiet_run(engine: Engine) -> tuple[float, int]:
    """Make a run an hour later; return its CPU seconds and the thousands of SQLite instructions."""
    engine.world.clock.advance(HOUR)
    with counted(engine) as instructions:
        began = time.process_time()
        await engine.assistant.sync_now()
        return time.process_time() - began, instructions[0]


@pytest.mark.usefixtures("without_sweeps")
async def test_a_run_with_nothing_to_do_does_not_read_a_million_links(tmp_path: Path) -> None:
    engine = await quiet_engine(tmp_path / "profile", full=True)
    _, few = await quiet_run(engine)
    began = time.process_time()
    fill(engine, LINKS)
    print(f"\n{LINKS:,} links stored in {time.process_time() - began:.1f} s")
    await quiet_run(engine)
    seconds, many = await quiet_run(engine)
    held = "held" if seconds < LIMIT_SECONDS else "MISSED"
    print(f"{seconds:.2f} s of CPU for a run with nothing to do, limit {LIMIT_SECONDS:.0f} s: {held}")
    print(f"{many},000 SQLite instructions, {few},000 with 40 links")
    assert many < few + 100
    await engine.close()
