"""Undo through the window: what did not change since is set back on both sides, and what was left is listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.tags import TRIGGER
from tests.gui.keyboard import answer, press, seen
from tests.gui.sync_world import SyncWorld, sync_world

_WISH = "wish@example.com"


@pytest.fixture
def world(tmp_path: Path, qtbot, look) -> Iterator[SyncWorld]:
    with sync_world(tmp_path, qtbot) as made:
        yield made


@dataclass(frozen=True)
class Scene:
    """Whom the run changed: to ActiveCampaign, to Salesforce, and one who was changed again since."""

    sent: Link
    received: Link
    again: Link
    before: dict[str, str]


@pytest.fixture
def scene(world: SyncWorld) -> Scene:
    """One run that writes both ways and creates somebody; afterwards a person edits one of the values."""
    sent, received, again = world.links(SObject.CONTACT)[:3]
    before = {
        "sent": world.contact(sent)["firstName"],
        "received": world.record(received)["FirstName"],
    }
    world.edit_record(sent, FirstName="Sent")
    world.edit_contact(received, firstName="Received")
    world.edit_record(again, FirstName="First")
    world.trigger(_WISH, TRIGGER[SObject.CONTACT])
    run = world.sync()
    world.edit_contact(again, firstName="Edited since")
    world.page.open(run)
    world.settle()
    return Scene(sent, received, again, before)


def undo(world: SyncWorld) -> None:
    press(world.page.run.undo)
    answer(world.page.run, "undo")
    world.settle()


def report(world: SyncWorld) -> list[tuple[str, str]]:
    model = world.page.run.report.model
    return [(model.data(model.index(n, 0)), model.data(model.index(n, 3))) for n in range(model.rowCount())]


def test_values_that_did_not_change_since_are_set_back_on_both_sides(world, scene):
    undo(world)
    assert world.contact(scene.sent)["firstName"] == scene.before["sent"]
    assert world.record(scene.received)["FirstName"] == scene.before["received"]


def test_a_value_that_changed_since_stays_and_is_listed_with_the_reason(world, scene):
    undo(world)
    assert world.contact(scene.again)["firstName"] == "Edited since"
    assert "It was changed again since." in {why for _, why in report(world)}


def test_nobody_who_was_created_is_deleted_and_each_is_listed(world, scene):
    undo(world)
    assert _WISH in {row["Email"] for row in world.call("GET", "/state/salesforce/Contact")}
    assert "A record that was created is never deleted." in {why for _, why in report(world)}


def test_nothing_is_undone_before_the_question_is_answered(world, scene):
    press(world.page.run.undo)
    answer(world.page.run, "keep")
    world.settle()
    assert world.contact(scene.sent)["firstName"] == "Sent"


def test_the_undo_is_a_run_of_its_own_in_the_history(world, scene):
    undo(world)
    world.page._to_overview()
    world.page.runs.reload()
    world.settle()
    newest = world.page.runs.model.shown[0]
    assert newest.cause.startswith("undo")
    assert "Undo of run" in world.page.runs.model.data(world.page.runs.model.index(0, 0))


def test_the_report_counts_what_was_restored(world, scene):
    undo(world)
    assert "2 values were restored." in seen(world.page.run.report)
