"""Backfill of existing records: five people first, then everybody, once, however often it is interrupted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.domain.backfill import BackfillPhase, BackfillRequest
from acassist.domain.ids import SObject
from acassist.domain.profile import OutboundSettings
from tests.simulation.scene import Scene

LEADS = BackfillRequest(SObject.LEAD)
ROWS = [("Nickname", "Nickname__c"), ("Annual budget", "Annual_Budget__c")]


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    opened = await Scene.open(tmp_path / "profile", rows=ROWS, outbound=OutboundSettings())
    yield opened
    await opened.close()


async def leads(scene: Scene, count: int, **fields: object) -> list[str]:
    return [await scene.lead(f"p{n}@x.example", FirstName=f"F{n}", Nickname__c=f"N{n}", **fields) for n in range(count)]


async def test_everybody_is_sent_once_and_told_so(scene: Scene) -> None:
    ids = await leads(scene, 40)
    state = await scene.engine.assistant.start_backfill(LEADS, yes=True)
    assert (state.phase, state.done, state.total, state.created) == (BackfillPhase.DONE, 40, 40, 40)
    assert len(scene.world.activecampaign.contacts) == 40
    rows = {row["Id"]: row for row in scene.rows("Lead")}
    assert {rows[i]["ActiveCampaign_Sync_Status__c"] for i in ids} == {"Synced successfully"}
