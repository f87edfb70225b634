"""Backfill on the real engine, through the window: estimated, tried on five people, gone on with, looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryAction
from acassist.domain.profile import OutboundSettings
from tests.gui.keyboard import answer, press, seen
from tests.gui.sync_world import EVERYBODY, SyncWorld, sync_world


@pytest.fixture
def world(tmp_path: Path, qtbot, look) -> Iterator[SyncWorld]:
    """Contacts are synced; no lead was ever selected."""
    with sync_world(tmp_path, qtbot, OutboundSettings(contact=EVERYBODY)) as made:
        made.page.show_backfill()
        made.settle()
        yield made


def leads(world: SyncWorld) -> list[dict]:
    return [r for r in world.call("GET", "/state/salesforce/Lead") if not r.get("IsConverted")]


def emails(world: SyncWorld) -> set[str]:
    return {c["email"] for c in world.call("GET", "/state/activecampaign/contacts")}


def estimate(world: SyncWorld):
    view = world.page.backfill
    press(view.estimate.estimate)
    world.settle()
    return view.estimate.found


@pytest.fixture
def tried(world: SyncWorld) -> SyncWorld:
    estimate(world)
    press(world.page.backfill.estimate.start)
    world.settle()
    return world


def test_the_estimate_counts_every_lead_once_and_writes_nothing(world):
    before = emails(world)
    found = estimate(world)
    assert found.records == len(leads(world))
    assert found.records == found.without_email + found.linked + found.existing + found.new
    assert emails(world) == before


def test_the_lists_of_the_account_are_offered(world):
    names = set(world.do(lambda e: e.assistant.desk.lists()).values())
    shown = world.page.backfill.form.lists.list
    assert {shown.item(n).text() for n in range(shown.count())} == names


def test_after_five_people_it_waits(world):
    before = len(world.links(SObject.LEAD))
    estimate(world)
    press(world.page.backfill.estimate.start)
    world.settle()
    assert world.page.backfill.standing.chip.text() == "Waiting for your go-ahead"
    assert 1 <= len(world.links(SObject.LEAD)) - before <= 5


def test_the_five_can_be_looked_at(tried):
    press(tried.page.backfill.standing.look)
    tried.settle()
    lines = tried.page.run.changes.model.shown
    written = {line.subject for line in lines if line.action in (HistoryAction.CREATE, HistoryAction.LINK)}
    assert 1 <= len(written) <= 5


def test_the_rest_follows_and_every_lead_with_an_address_is_there(tried):
    press(tried.page.backfill.standing.go)
    tried.settle()
    view = tried.page.backfill
    assert view.standing.chip.text() == "Done"
    assert {lead["Email"].casefold() for lead in leads(tried) if lead["Email"]} <= emails(tried)


def test_after_a_restart_it_still_waits_and_goes_on_without_sending_anybody_twice(tried):
    five = {link.sf_id: link.ac_id for link in tried.links(SObject.LEAD)}
    tried.restart()
    tried.page.show_backfill()
    tried.settle()
    view = tried.page.backfill
    assert view.standing.chip.text() == "Waiting for your go-ahead"
    press(view.standing.go)
    tried.settle()
    assert view.standing.chip.text() == "Done"
    now = {link.sf_id: link.ac_id for link in tried.links(SObject.LEAD)}
    assert five.items() <= now.items()
    addresses = [c["email"] for c in tried.call("GET", "/state/activecampaign/contacts")]
    assert len(addresses) == len(set(addresses))


def test_the_run_after_it_changes_nothing_more(tried):
    press(tried.page.backfill.standing.go)
    tried.settle()
    done = tried.sync().counters
    assert (done.created_ac, done.created_sf) == (0, 0)


def test_one_that_was_abandoned_after_five_leaves_them_linked_and_the_rest_alone(tried):
    before = len(tried.links(SObject.LEAD))
    press(tried.page.backfill.standing.abandon)
    answer(tried.page.backfill, "abandon")
    tried.settle()
    tried.page.backfill.reload()
    tried.settle()
    assert tried.page.backfill.pages.currentWidget() is tried.page.backfill.asking
    assert len(tried.links(SObject.LEAD)) == before


def test_nobody_is_there_to_send_when_all_were_sent(tried):
    view = tried.page.backfill
    press(view.standing.go)
    tried.settle()
    press(view.standing.again)
    estimate(tried)
    assert view.estimate.start.toolTip() == "There is nobody to send."
    assert "Already synced" in seen(view)
