"""Contacts are read again by turns: what no delta shows is found, within a daily allowance (rule 2.8)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from acassist.activecampaign.client import ActiveCampaignClient
from acassist.assistant.events import RunProgress
from acassist.domain.ledger import LinkState
from acassist.domain.problem import ProblemError
from acassist.domain.sweeps import SweepKind
from tests.flow.sweeps_world import DAY, crowd, quietly, standing, sweep_now
from tests.simulation.scene import Scene

CONTACTS = SweepKind.CONTACTS
NICK = ("Nickname", "Nickname__c")


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=[NICK])
    yield made
    await made.close()


async def linked(scene: Scene, count: int = 1) -> list[tuple[str, str]]:
    """Create leads, bring them in sync and return both ids of each."""
    ids = [await scene.lead(f"p{n}@x.example", FirstName=f"P{n}", Nickname__c="Old") for n in range(count)]
    await scene.sync()
    await scene.sync()
    return [(sf, scene.link(sf).ac_id) for sf in ids]


async def test_an_edit_that_moved_no_stamp_is_found_by_the_sweep_alone(scene: Scene) -> None:
    [(sf, ac)] = await linked(scene)
    with quietly(scene, ac):
        await scene.change(ac, values={"Nickname": "New"})
    await scene.sync()
    assert scene.row("Lead", sf)["Nickname__c"] == "Old"
    assert await sweep_now(scene, CONTACTS) == 1
    assert scene.row("Lead", sf)["Nickname__c"] == "New"


async def test_an_address_that_changed_quietly_reaches_salesforce(scene: Scene) -> None:
    [(sf, ac)] = await linked(scene)
    with quietly(scene, ac):
        await scene.change(ac, email="renamed@x.example")
    await sweep_now(scene, CONTACTS)
    assert scene.row("Lead", sf)["Email"] == "renamed@x.example"
    assert scene.link(sf).email == "renamed@x.example"
    assert len(scene.people()) == 1


async def test_a_deleted_contact_breaks_its_link_after_one_page_and_one_question(scene: Scene) -> None:
    (sf, ac), (other, _) = await linked(scene, 2)
    await scene.drop(ac)
    assert await sweep_now(scene, CONTACTS) == 2
    assert scene.link(sf).state is LinkState.BROKEN
    assert scene.link(other).state is LinkState.ACTIVE
    assert scene.codes() == ["ac_gone"]
    assert scene.row("Lead", sf)["Nickname__c"] == "Old"
    assert scene.record_writes() == []


async def test_a_deleted_contact_without_a_link_just_leaves_the_index(scene: Scene) -> None:
    await linked(scene)
    stranger = await scene.person("stranger@x.example")
    await scene.sync()
    await scene.drop(stranger)
    await sweep_now(scene, CONTACTS)
    assert scene.engine.stores.index.by_ids([stranger]) == {}
    assert scene.codes() == []


async def test_absence_from_a_page_alone_breaks_no_link(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    (sf, ac), _ = await linked(scene, 2)
    read = ActiveCampaignClient.contacts_page

    async def without_one(self: ActiveCampaignClient, **where: Any) -> Any:
        return [c for c in await read(self, **where) if c.id != ac]

    monkeypatch.setattr(ActiveCampaignClient, "contacts_page", without_one)
    assert await sweep_now(scene, CONTACTS) == 2
    assert scene.link(sf).state is LinkState.ACTIVE
    assert ac in scene.engine.stores.index.by_ids([ac])


async def test_an_answer_that_lacks_somebody_known_to_be_there_proves_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sf, ac), _ = await linked(scene, 2)
    await scene.drop(ac)

    async def nobody(self: ActiveCampaignClient, ids: Any) -> Any:
        return []

    monkeypatch.setattr(ActiveCampaignClient, "contacts_by_ids", nobody)
    await sweep_now(scene, CONTACTS)
    assert scene.link(sf).state is LinkState.ACTIVE


async def test_a_lost_index_is_read_again_and_nothing_is_written(scene: Scene) -> None:
    crowd(scene, 250)
    await linked(scene, 2)
    scene.engine.stores.index.clear()
    assert await sweep_now(scene, CONTACTS) == 3
    assert scene.engine.stores.index.count() == 252
    assert scene.record_writes() == []


async def test_a_fourteenth_of_the_contacts_is_read_a_day_in_slices_of_hourly_runs(scene: Scene) -> None:
    crowd(scene, 1_500)
    await scene.sync()
    spent = []
    for _ in range(2 * 24):
        run = await scene.sync()
        spent.append(run.counters.sweep_calls)
    # Fifteen pages, a fourteenth of them a day rounded up: two calls a day, twelve hours apart.
    assert sum(spent) == 4
    assert set(spent) == {0, 1}
    now = standing(scene, CONTACTS)
    assert (now.done, now.total, now.calls_per_turn) == (400, 1_500, 15)
    assert now.days_per_turn == pytest.approx(7.5)


async def test_all_contacts_are_read_again_within_fourteen_days(scene: Scene) -> None:
    crowd(scene, 1_500)
    await scene.sync()
    for _ in range(14):
        await scene.sync(wait=DAY)
    now = standing(scene, CONTACTS)
    age = now.age(scene.engine.options.clock.now())
    assert age is not None
    assert age < timedelta(days=14)
    assert scene.engine.stores.sweeps.state(CONTACTS).turn >= 1


async def test_the_daily_allowance_is_never_exceeded_and_nought_switches_the_sweep_off(scene: Scene) -> None:
    crowd(scene, 6_000)
    await scene.sync()
    await scene.engine.assistant.set_sweep_allowance(CONTACTS, 3)
    days = [sum([(await scene.sync()).counters.sweep_calls for _ in range(24)]) for _ in range(2)]
    assert days[1] == 3
    assert standing(scene, CONTACTS).days_per_turn == pytest.approx(20)
    await scene.engine.assistant.set_sweep_allowance(CONTACTS, 0)
    assert (await scene.sync(wait=DAY)).counters.sweep_calls == 0
    assert standing(scene, CONTACTS).days_per_turn is None


async def test_a_computer_that_was_off_does_not_make_up_for_all_of_it_at_once(scene: Scene) -> None:
    crowd(scene, 1_500)
    await scene.sync()
    assert (await scene.sync(wait=10 * DAY)).counters.sweep_calls == 2


async def test_a_preview_makes_no_sweep(scene: Scene) -> None:
    crowd(scene, 10)
    await scene.sync()
    scene.world.clock.advance(2 * DAY)
    await scene.engine.assistant.preview()
    assert standing(scene, CONTACTS).calls_today == 0


async def test_the_first_crawl_counts_as_the_first_turn(scene: Scene) -> None:
    crowd(scene, 10)
    await scene.sync()
    now = standing(scene, CONTACTS)
    age = now.age(scene.engine.options.clock.now())
    assert age is not None
    assert age < timedelta(seconds=5)
    assert (now.started, now.calls_today) == (None, 0)


async def test_the_first_crawl_tells_how_far_it_is_and_goes_on_where_it_stopped(scene: Scene) -> None:
    crowd(scene, 450)
    told: list[int] = []

    def note(event: Any) -> None:
        if isinstance(event, RunProgress) and event.phase.text == "Reading ActiveCampaign contacts":
            told.append(event.done)

    scene.engine.assistant.events.subscribe(note)
    fault = {"service": "activecampaign", "path": "/api/3/contacts", "nth": 4, "times": 50}
    scene.world.faults.add({**fault, "action": {"kind": "status", "status": 500}})
    with pytest.raises(ProblemError):
        await scene.sync()
    stopped_at = scene.engine.stores.index.count()
    assert told[-1] == stopped_at == 300
    scene.world.faults.clear()
    await scene.sync()
    assert told[-1] == 450
    pages = [e for e in scene.calls() if e["path"] == "/api/3/contacts" and "id_greater" in e["query"]]
    assert f"id_greater={_nth_id(scene, 300)}" in pages[0]["query"]


def _nth_id(scene: Scene, number: int) -> int:
    return sorted(scene.world.activecampaign.contacts)[number - 1]
