"""Whoever asked for the state while both sides were compared hears when the comparison has ended."""

from __future__ import annotations

from pathlib import Path

from acassist.assistant.events import StatusChanged
from tests.simulation.scene import Scene


async def test_the_end_of_a_preview_is_told_once_nothing_is_under_way(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path)
    jobs = scene.engine.assistant.jobs
    told: list[bool] = []
    scene.engine.assistant.events.subscribe(
        lambda e: told.append(jobs.running) if isinstance(e, StatusChanged) else None
    )
    await scene.engine.assistant.preview()
    assert told[-1:] == [False]
    await scene.engine.assistant.verify()
    assert told[-2:] == [False, False]
    await scene.close()
