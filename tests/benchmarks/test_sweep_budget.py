"""What sweeps cost beside a quiet run: itemised by kind, within the day's allowance, nothing when nothing is due."""

from __future__ import annotations

from pathlib import Path

from acassist.domain.sweeps import SWEEP_NAMES, SweepKind
from tests.benchmarks.test_call_budget import calls, quiet_engine

DAY = 24 * 3600
QUIET = 18


async def test_sweeps_are_counted_apart_from_a_quiet_run(tmp_path: Path) -> None:
    engine = await quiet_engine(tmp_path / "profile", full=True)
    engine.world.clock.advance(DAY)
    engine.world.log.clear()
    run = await engine.assistant.sync_now()
    spent = {s.kind: s.calls_today for s in engine.assistant.rolling.standings()}
    for kind, count in spent.items():
        print(f"{count:4}  {SWEEP_NAMES[kind]}, allowed {engine.stores.sweeps.allowance(kind)} a day")
    # The token ran out overnight, and the sign of life is counted apart (rule 6.6).
    other = [e for e in engine.world.log.since(0) if e["status"] == 401 or "/connections" in e["path"]]
    made = [e for e in engine.world.log.since(0) if e["kind"] in ("read", "write") and e not in other]
    apart = len(made) - run.counters.sweep_calls
    verdict = "kept" if apart <= QUIET else "EXCEEDED"
    print(f"{apart:4}  without the sweeps, limit {QUIET}: {verdict}")
    assert sum(spent.values()) == run.counters.sweep_calls > 0
    assert all(spent[kind] <= engine.stores.sweeps.allowance(kind) for kind in SweepKind)
    assert apart <= QUIET
    engine.world.log.clear()
    again = await engine.assistant.sync_now()
    assert again.counters.sweep_calls == 0
    assert calls(engine).total() <= QUIET
    await engine.close()
