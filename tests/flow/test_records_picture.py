"""The picture of a campaign on the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from acassist.sandbox.settings import Settings
from tests.engine import Engine
from tests.flow.records_world import open_records

PNG = b"\x89PNG\r\n\x1a\n"


async def first_campaign(engine: Engine) -> str:
    campaigns, _ = await engine.assistant.offers()
    return campaigns[0].id


async def test_the_picture_comes_from_the_account_and_the_key_stays_here(tmp_path: Path) -> None:
    engine = await open_records(tmp_path / "p", synced=False)
    campaign, mark = await first_campaign(engine), engine.world.log.total
    found = await engine.assistant.campaign_picture(campaign)
    assert (found.data or b"").startswith(PNG)
    assert found.reason is None
    asked = [e for e in engine.world.log.since(mark) if "_screenshot_" in e["path"]]
    assert [(e["method"], e["query"]) for e in asked] == [("GET", "")]
    await engine.close()


async def test_an_account_without_pictures_says_so(tmp_path: Path) -> None:
    engine = await open_records(tmp_path / "p", settings=Settings(campaign_pictures=False), synced=False)
    found = await engine.assistant.campaign_picture(await first_campaign(engine))
    assert found.data is None
    assert found.reason is not None
    assert "no picture" in found.reason.english()
    await engine.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [("https://elsewhere.example/x.png", "elsewhere.example"), ("//acct.sandbox.example/index.php", "no picture")],
)
async def test_a_picture_elsewhere_or_none_at_all_is_said_in_words(tmp_path: Path, address: str, words: str) -> None:
    engine = await open_records(tmp_path / "p", synced=False)
    campaign = await first_campaign(engine)
    engine.world.activecampaign.tables["campaigns"].get(campaign)["screenshot"] = address
    page = {"kind": "status", "status": 200, "body": "<html></html>"}
    engine.world.faults.add({"path": "/index.php", "action": page})
    found = await engine.assistant.campaign_picture(campaign)
    assert found.data is None
    assert found.reason is not None
    assert words in found.reason.english()
    await engine.close()
