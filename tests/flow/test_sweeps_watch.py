"""Formula values, accounts and sync tags are watched by turns (rules 1.4, 3.3 and 5.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acassist.activecampaign.client import ActiveCampaignClient
from acassist.domain.ids import SObject
from acassist.domain.ledger import Link, LinkState, RunDirection
from acassist.domain.mapping import FieldMapping
from acassist.domain.sweeps import SweepKind
from acassist.sandbox.activecampaign.companies import drop_company
from tests.flow.sweeps_world import DAY, quietly, recalculate, standing, sweep_now
from tests.simulation.scene import Scene, mapping

FORMULAS, ACCOUNTS, TAGS = SweepKind.FORMULAS, SweepKind.ACCOUNTS, SweepKind.TAGS
BAND = ("Nickname", "Age_Band__c")
NICK = ("Nickname", "Nickname__c")


# -- formulas
@pytest.fixture
async def banded(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=[BAND])
    yield made
    await made.close()


async def test_a_formula_that_moved_without_the_record_is_noticed_by_its_value(banded: Scene) -> None:
    sf = await banded.lead("ann@x.example", Score__c=20)
    other = await banded.contact("bob@x.example", Score__c=70)
    await banded.sync()
    await banded.sync()
    ac = banded.link(sf).ac_id
    assert banded.value(ac, "Nickname") == "Under 30"
    recalculate(banded, "Lead", sf, "30 to 59")
    await banded.sync()
    assert banded.value(ac, "Nickname") == "Under 30"
    # One slice of leads and one of contacts.
    assert await sweep_now(banded, FORMULAS) == 2
    assert banded.value(ac, "Nickname") == "30 to 59"
    assert banded.value(banded.link(other).ac_id, "Nickname") == "60 and over"
    await sweep_now(banded, FORMULAS)
    assert banded.record_writes() == []


async def test_a_formula_is_watched_within_six_hours_by_ordinary_runs(banded: Scene) -> None:
    sf = await banded.lead("ann@x.example", Score__c=20)
    await banded.sync()
    await banded.sync()
    recalculate(banded, "Lead", sf, "30 to 59")
    for _ in range(6):
        await banded.sync()
    assert banded.value(banded.link(sf).ac_id, "Nickname") == "30 to 59"
    assert standing(banded, FORMULAS).calls_today == 1


async def test_a_run_to_salesforce_leaves_formulas_to_the_next_one(banded: Scene) -> None:
    await banded.lead("ann@x.example", Score__c=20)
    await banded.sync()
    await banded.sync()
    run = await banded.sync(RunDirection.INBOUND, wait=DAY)
    assert standing(banded, FORMULAS).calls_today == 0
    assert run.counters.sweep_calls >= 1
    await banded.sync()
    assert standing(banded, FORMULAS).calls_today == 1


async def test_without_a_mapped_formula_nothing_is_watched(tmp_path: Path) -> None:
    scene = await Scene.open(tmp_path, rows=[NICK])
    await scene.lead("ann@x.example")
    await scene.sync()
    await scene.sync(wait=DAY)
    assert await sweep_now(scene, FORMULAS) == 0
    assert not standing(scene, FORMULAS).on
    await scene.close()


async def test_two_thousand_records_are_compared_by_one_query(banded: Scene) -> None:
    for number in range(30):
        await banded.lead(f"p{number}@x.example", Score__c=20)
    await banded.sync()
    await banded.sync()
    assert await sweep_now(banded, FORMULAS) == 1
    assert standing(banded, FORMULAS).calls_per_turn == 1


# -- accounts
@pytest.fixture
async def firms(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path)
    made.use(replace(mapping(made.world), accounts_on=True, account=(FieldMapping("name", "Name"),)))
    yield made
    await made.close()


async def firm(scene: Scene, name: str) -> Link:
    """Create an account with one contact, bring it in sync and return the link of the account."""
    account = await scene.create("Account", Name=name)
    await scene.contact(f"{name.casefold().replace(' ', '')}@x.example", AccountId=account)
    await scene.sync()
    await scene.sync()
    return next(x for x in scene.engine.stores.ledger.iter_links(sobject=SObject.ACCOUNT) if x.sf_id == account)


def company(scene: Scene, link: Link) -> dict[str, Any]:
    rows: dict[int, dict[str, Any]] = scene.world.activecampaign.tables["accounts"].rows
    return rows[int(link.ac_id.removeprefix("account:"))]


async def test_an_account_renamed_in_activecampaign_is_found_by_one_call(firms: Scene) -> None:
    link = await firm(firms, "Acme One")
    company(firms, link)["name"] = "Acme Renamed"
    await firms.sync()
    assert firms.row("Account", link.sf_id)["Name"] == "Acme One"
    assert await sweep_now(firms, ACCOUNTS) == 1
    assert firms.row("Account", link.sf_id)["Name"] == "Acme Renamed"
    await sweep_now(firms, ACCOUNTS)
    assert firms.record_writes() == []


async def test_an_account_deleted_in_activecampaign_breaks_its_link_once_confirmed(firms: Scene) -> None:
    link = await firm(firms, "Acme One")
    kept = await firm(firms, "Beta Two")
    drop_company(firms.world.activecampaign, link.ac_id.removeprefix("account:"))
    assert await sweep_now(firms, ACCOUNTS) == 2
    states = {x.id: x.state for x in firms.engine.stores.ledger.iter_links(sobject=SObject.ACCOUNT)}
    assert (states[link.id], states[kept.id]) == (LinkState.BROKEN, LinkState.ACTIVE)
    assert [(i.code.value, i.name) for i in firms.issues()] == [("ac_gone", "Acme One")]
    assert firms.row("Account", link.sf_id)["Name"] == "Acme One"


async def test_an_account_that_a_page_left_out_keeps_its_link(firms: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    link = await firm(firms, "Acme One")

    async def nothing(self: ActiveCampaignClient, offset: int) -> tuple[list[tuple[str, str]], None]:
        return [], None

    monkeypatch.setattr(ActiveCampaignClient, "accounts_page", nothing)
    await sweep_now(firms, ACCOUNTS)
    assert firms.codes() == []
    [now] = firms.engine.stores.ledger.iter_links(sobject=SObject.ACCOUNT)
    assert (now.id, now.state) == (link.id, LinkState.ACTIVE)


async def test_accounts_that_did_not_change_cost_a_run_one_call(firms: Scene) -> None:
    for number in range(12):
        await firm(firms, f"Firm {number}")
    await firms.sync()
    paths = [f"{e['path']} {e['query']}" for e in firms.calls() if "ccount" in e["path"] + e["query"]]
    asked = [p for p in paths if "FROM+Account" in p or "FROM%20Account" in p or p.startswith("/api/3/accounts")]
    assert len(asked) == 1


async def test_an_account_that_activecampaign_refuses_waits_and_is_tried_again(firms: Scene) -> None:
    link = await firm(firms, "Acme One")
    await firm(firms, "Beta Two")
    # The name is taken by another account there.
    await firms.edit("Account", link.sf_id, Name="Beta Two")
    await firms.sync()
    assert len(firms.codes()) == 1
    await firms.sync(wait=60)
    assert firms.record_writes() == []
    other = next(row for row in firms.world.activecampaign.tables["accounts"] if row["name"] == "Beta Two")
    other["name"] = "Gamma"
    await firms.sync()
    assert company(firms, link)["name"] == "Beta Two"
    assert firms.codes() == []


async def test_accounts_merged_in_salesforce_move_the_link_to_the_survivor(firms: Scene) -> None:
    link = await firm(firms, "Acme One")
    survivor = await firms.create("Account", Name="Acme Survivor")
    await firms.merge("Account", survivor, link.sf_id)
    await firms.sync()
    [now] = firms.engine.stores.ledger.iter_links(sobject=SObject.ACCOUNT)
    assert (now.sf_id, now.ac_id) == (survivor, link.ac_id)
    assert company(firms, link)["name"] == "Acme Survivor"


# -- tags
@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    made = await Scene.open(tmp_path, rows=[NICK])
    yield made
    await made.close()


async def untagged(scene: Scene) -> tuple[str, str]:
    """Return a linked pair whose sync tag was taken away without a stamp."""
    sf = await scene.lead("ann@x.example", Nickname__c="Old")
    await scene.sync()
    await scene.sync()
    ac = scene.link(sf).ac_id
    with quietly(scene, ac):
        await scene.change(ac, tags_remove=["created-from-salesforce-lead"])
    return sf, ac


async def test_a_change_that_waited_for_the_tag_goes_through_once_the_tag_is_there(scene: Scene) -> None:
    sf, ac = await untagged(scene)
    await scene.change(ac, values={"Nickname": "New"})
    await scene.sync()
    assert scene.row("Lead", sf)["Nickname__c"] == "Old"
    with quietly(scene, ac):
        await scene.change(ac, tags_add=["created-from-salesforce-lead"])
    await scene.sync()
    assert scene.row("Lead", sf)["Nickname__c"] == "Old"
    await sweep_now(scene, TAGS)
    assert scene.row("Lead", sf)["Nickname__c"] == "New"


async def test_a_removed_tag_is_counted_and_lists_the_person(scene: Scene) -> None:
    _, ac = await untagged(scene)
    await sweep_now(scene, TAGS)
    assert scene.engine.stores.sweeps.missing() == [ac]
    assert standing(scene, TAGS).found == 1
    with quietly(scene, ac):
        await scene.change(ac, tags_add=["created-from-salesforce-lead"])
    await sweep_now(scene, TAGS)
    assert scene.engine.stores.sweeps.missing() == []


async def test_a_turn_of_tags_costs_a_page_for_each_tag_and_hundred_people(scene: Scene) -> None:
    for number in range(120):
        await scene.lead(f"p{number}@x.example")
    await scene.sync()
    await scene.sync()
    # Five tags of the new generation exist; one of them is on 120 people. One page more tells who unsubscribed.
    assert await sweep_now(scene, TAGS) == 7
    assert scene.engine.stores.sweeps.missing() == []


async def test_an_unsubscribe_that_moved_no_stamp_is_found_and_opts_out(scene: Scene) -> None:
    sf = await scene.lead("ann@x.example")
    kept = await scene.lead("bob@x.example")
    await scene.sync()
    for person in scene.people():
        await scene.change(person["id"], lists={"1": 1, "2": 1})
    await scene.sync()
    await scene.sync()
    for record, left in ((sf, {"1": 2, "2": 2}), (kept, {"1": 2})):
        with quietly(scene, scene.link(record).ac_id):
            await scene.change(scene.link(record).ac_id, lists=left)
    await scene.sync()
    assert scene.row("Lead", sf)["HasOptedOutOfEmail"] is False
    await sweep_now(scene, TAGS)
    assert scene.row("Lead", sf)["HasOptedOutOfEmail"] is True
    # Who is still on one list has not opted out, and is asked about once.
    assert scene.row("Lead", kept)["HasOptedOutOfEmail"] is False
    await sweep_now(scene, TAGS)
    assert standing(scene, TAGS).found == 0
    assert [e for e in scene.calls() if e["path"].endswith("/contactLists")] == []
