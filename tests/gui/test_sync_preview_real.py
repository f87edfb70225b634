"""Preview equals what the following run then does, record by record and field by field, through the window."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import HistoryAction, HistoryItem, PlannedChange
from acassist.domain.problem import ProblemCode
from acassist.domain.tags import TRIGGER
from tests.gui.sync_world import SyncWorld, sync_world

WRITES = (HistoryAction.CREATE, HistoryAction.UPDATE)
Write = tuple[Service, HistoryAction, str, str, str | None, str | None]


@pytest.fixture
def world(tmp_path: Path, qtbot, look) -> Iterator[SyncWorld]:
    with sync_world(tmp_path, qtbot) as made:
        yield made


def edit(world: SyncWorld, dice: random.Random) -> None:
    """Change people on either side in every way that a preview speaks of."""
    for sobject in (SObject.CONTACT, SObject.LEAD):
        links = dice.sample(world.links(sobject), 5)
        world.edit_record(links[0], Phone=f"+34 {dice.randrange(10**6)}")
        world.edit_contact(links[1], firstName=f"Named{dice.randrange(100)}")
        world.edit_record(links[2], FirstName="Left", Phone="")
        world.edit_contact(links[2], firstName="Right")
        world.edit_record(links[3], LastName=f"Renamed{dice.randrange(100)}")
        world.edit_contact(links[3], phone=f"+49 {dice.randrange(10**6)}")
        world.edit_record(links[4], Email=f"moved{dice.randrange(10**6)}@example.com")
        world.trigger(f"wish{dice.randrange(10**6)}@example.com", TRIGGER[sobject])
    known = f"known{dice.randrange(10**6)}@example.com"
    world.call("POST", "/activecampaign/contacts", {"email": known, "firstName": "", "lastName": ""})
    for email in (known, f"new{dice.randrange(10**6)}@example.com", None):
        body = {"LastName": "Preview", "FirstName": "Pia", "Company": "Acme", "Email": email}
        world.call("POST", "/salesforce/Lead", {key: value for key, value in body.items() if value is not None})


def people(lines: list[PlannedChange] | list[HistoryItem]) -> dict[str, str]:
    """Name people created in Salesforce by their address: before the run they have no id there."""
    created = [c for c in lines if c.action is HistoryAction.CREATE and c.target is Service.SALESFORCE]
    return {c.subject: str(c.after) for c in created if c.field == "Email"}


def writes(lines: list[PlannedChange] | list[HistoryItem]) -> set[Write]:
    named = people(lines)
    return {
        (c.target, c.action, named.get(c.subject, c.subject), c.field, c.before, c.after)
        for c in lines
        if c.action in WRITES
    }


def of(action: HistoryAction, lines: list[PlannedChange] | list[HistoryItem]) -> set[str]:
    return {c.subject for c in lines if c.action is action}


@pytest.mark.parametrize("seed", range(4))
def test_each_field_of_each_record_is_written_as_the_preview_said_and_no_other(world, seed):
    edit(world, random.Random(seed))
    planned = world.preview()
    done = world.go_on()
    assert writes(planned), "the scene has to change something"
    assert writes(done) == writes(planned)


def test_who_is_linked_was_named_before_as_linked_or_as_new(world):
    edit(world, random.Random(7))
    planned = world.preview()
    done = world.go_on()
    new = {c.subject for c in planned if c.action is HistoryAction.CREATE and c.target is Service.ACTIVECAMPAIGN}
    assert of(HistoryAction.LINK, done) == of(HistoryAction.LINK, planned) | new


def test_what_the_preview_left_out_is_what_the_run_lists_as_issues(world):
    edit(world, random.Random(11))
    planned = world.preview()
    skipped = {(c.subject, c.problem, c.field) for c in planned if c.problem is not None}
    world.go_on()
    assert {(i.subject, i.code, i.field) for i in world.issues()} == skipped
    assert {ProblemCode.CONFLICT, ProblemCode.NO_EMAIL} <= {code for _, code, _ in skipped}


def test_the_counts_above_the_table_are_those_of_the_run(world):
    edit(world, random.Random(13))
    world.preview()
    shown = world.page.preview._preview
    world.go_on()
    done = world.page.run._run.counters
    assert (done.created_ac, done.created_sf, done.updated_ac, done.updated_sf, done.linked) == (
        shown.creates_ac, shown.creates_sf, shown.updates_ac, shown.updates_sf, shown.links,
    )  # fmt: skip


def test_a_preview_writes_nothing_to_either_service(world):
    edit(world, random.Random(17))
    before = [world.call("GET", f"/state/salesforce/{kind}") for kind in ("Lead", "Contact")]
    contacts = world.call("GET", "/state/activecampaign/contacts")
    world.preview()
    assert [world.call("GET", f"/state/salesforce/{kind}") for kind in ("Lead", "Contact")] == before
    assert world.call("GET", "/state/activecampaign/contacts") == contacts


def test_after_the_run_the_preview_is_empty_but_for_what_needs_a_person(world):
    edit(world, random.Random(19))
    world.preview()
    world.go_on()
    world.page._to_overview()
    world.sync()  # settles what the run itself set off
    world.page._to_overview()
    assert writes(world.preview()) == set()
