"""The ActiveCampaign side of preparing, read from the real account: entry, tags, labels, plan."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.views import CheckItem, Level
from acassist.domain.tags import WRITTEN_TAGS
from acassist.sandbox.settings import Settings
from acassist.sync.installation import Holding
from tests.engine import Engine, open_engine


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    made = await open_engine(tmp_path, settings=Settings(leads=4, contacts=4, labels=True))
    yield made
    await made.close()


async def feature(engine: Engine, title: str) -> CheckItem:
    side = await engine.assistant.provisioning.account_side()
    return next(item for item in side.features if item.title.english() == title)


async def test_looking_writes_nothing(engine: Engine) -> None:
    side = await engine.assistant.provisioning.account_side()
    assert side.holder.holding is Holding.FREE
    assert side.missing
    assert engine.world.log.counts()["kinds"].get("write", 0) == 0


async def test_the_missing_tags_are_created_once(engine: Engine) -> None:
    side = await engine.assistant.provisioning.make_tags()
    assert side.missing == ()
    mark = engine.world.log.total
    assert (await engine.assistant.provisioning.make_tags()).missing == ()
    assert [e for e in engine.world.log.since(mark) if e["method"] == "POST"] == []
    assert set(WRITTEN_TAGS) <= set(await (await engine.assistant.session.activecampaign()).tags())


async def test_the_entry_is_shown_after_a_run(engine: Engine) -> None:
    await engine.assistant.sync_now(yes=True)
    side = await engine.assistant.provisioning.account_side()
    assert side.holder.holding is Holding.OURS
    assert side.holder.seen is not None


async def test_labels_are_known_where_the_account_tells_them(engine: Engine) -> None:
    assert (await feature(engine, "Labels of campaigns and automations")).level is Level.OK


async def test_an_account_that_tells_no_labels_asks_to_tick_in_step_four(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path, settings=Settings(leads=4, contacts=4))
    item = await feature(engine, "Labels of campaigns and automations")
    assert (item.level, item.remedy is not None) == (Level.WARN, True)
    await engine.close()


async def test_a_plan_without_accounts_is_said(tmp_path: Path) -> None:
    engine = await open_engine(tmp_path, settings=Settings(leads=4, contacts=4, accounts_plan=False))
    assert (await feature(engine, "Account fields in both directions")).level is Level.WARN
    await engine.close()


async def test_a_key_that_may_not_use_connections_is_said(engine: Engine) -> None:
    action = {"kind": "status", "status": 403, "body": {"message": "You do not have permission to do that."}}
    engine.world.faults.add({"service": "activecampaign", "path": "/connections", "times": -1, "action": action})
    assert (await feature(engine, "Connection entry")).level is Level.WARN
    assert (await engine.assistant.provisioning.account_side()).holder.holding is Holding.UNAVAILABLE
