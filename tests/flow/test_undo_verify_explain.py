"""Undo takes back what has not changed since; verify compares fresh reads; explain names what decides."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sync.undo import UNDONE
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_engine(tmp_path / "profile", outbound=OutboundSettings(lead=EVERYBODY, contact=EVERYBODY))
    await opened.assistant.sync_now(yes=True)
    yield opened
    await opened.close()


def contacts(engine: Engine) -> list[Link]:
    return [x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary]


async def sf_value(engine: Engine, link: Link, field: str) -> object:
    rows = await engine.control.call("GET", f"/state/salesforce/{link.sobject}")
    return next(r[field] for r in rows if r["Id"] == link.sf_id)


async def ac_value(engine: Engine, link: Link, key: str) -> object:
    rows = await engine.control.call("GET", "/state/activecampaign/contacts")
    return next(r[key] for r in rows if r["id"] == link.ac_id)


async def change_both(engine: Engine) -> tuple[Link, Link, str]:
    """Edit one contact on each side, sync, and return both links and what Salesforce held before."""
    left, right = contacts(engine)[:2]
    before = str(await sf_value(engine, right, "FirstName"))
    await engine.control.call("PATCH", f"/salesforce/Contact/{left.sf_id}", {"LastName": "Nouveau"})
    await engine.control.call("PATCH", f"/activecampaign/contacts/{right.ac_id}", {"firstName": "Marlene"})
    await engine.assistant.sync_now()
    assert await ac_value(engine, left, "lastName") == "Nouveau"
    assert await sf_value(engine, right, "FirstName") == "Marlene"
    return left, right, before


async def test_undo_restores_what_a_run_replaced_and_the_next_run_leaves_it_so(engine: Engine) -> None:
    left, right, before = await change_both(engine)
    run = (await engine.assistant.runs())[0]
    report = await engine.assistant.undo_run(run.id)
    assert {i.field for i in report.restored} == {"Last Name", "First Name"}
    assert await sf_value(engine, right, "FirstName") == before
    assert await ac_value(engine, left, "lastName") != "Nouveau"
    await engine.assistant.sync_now()
    assert await sf_value(engine, right, "FirstName") == before
    assert await sf_value(engine, left, "LastName") == "Nouveau"


async def test_undo_leaves_what_was_changed_again_and_says_so(engine: Engine) -> None:
    _, right, _ = await change_both(engine)
    run = (await engine.assistant.runs())[0]
    await engine.control.call("PATCH", f"/salesforce/Contact/{right.sf_id}", {"FirstName": "Later"})
    report = await engine.assistant.undo_run(run.id)
    left_over = {(x.item.field, x.reason.english()) for x in report.left if x.item.sf_id == right.sf_id}
    assert ("First Name", "It was changed again since.") in left_over
    assert await sf_value(engine, right, "FirstName") == "Later"


async def test_undo_never_deletes_what_the_first_run_created(engine: Engine) -> None:
    people = len(await engine.control.call("GET", "/state/activecampaign/contacts"))
    report = await engine.assistant.undo_run(1)
    assert len(await engine.control.call("GET", "/state/activecampaign/contacts")) == people
    assert "A record that was created is never deleted." in {x.reason.english() for x in report.left}


async def test_an_undo_is_a_run_of_its_own_in_the_history(engine: Engine) -> None:
    await change_both(engine)
    run = (await engine.assistant.runs())[0]
    await engine.assistant.undo_run(run.id)
    newest = (await engine.assistant.runs())[0]
    assert newest.cause == f"undo {run.id}"
    assert (newest.counters.updated_ac, newest.counters.updated_sf) == (1, 1)
    assert {i.rule for i in await engine.assistant.run_items(newest.id)} == {UNDONE}


async def test_verify_finds_equal_pairs_after_a_sync_and_names_a_difference_before_the_next(engine: Engine) -> None:
    link = contacts(engine)[0]
    quiet = await engine.assistant.verify()
    assert quiet.checked == engine.stores.ledger.count_links()
    assert [d for d in quiet.differences if not d.kept] == []
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"LastName": "Elsewhere"})
    found = [d for d in (await engine.assistant.verify()).differences if not d.kept]
    assert [(d.subject, d.field, d.salesforce) for d in found] == [
        (f"Contact:{link.sf_id}", "Last Name", "Elsewhere")
    ]


async def test_explain_says_that_a_linked_record_is_in_order(engine: Engine) -> None:
    link = contacts(engine)[0]
    told = await engine.assistant.explain(RecordRef(SObject.CONTACT, link.sf_id))
    assert told.decisive is None
    assert [c.name for c in told.conditions][:5] == ["email", "selection", "link", "tag", "status"]


async def test_explain_names_the_missing_address_first(engine: Engine) -> None:
    made = await engine.control.call("POST", "/salesforce/Lead", {"LastName": "Nomail", "Company": "X"})
    sf_id = made["id"] if "id" in made else made["Id"]
    told = await engine.assistant.explain(RecordRef(SObject.LEAD, sf_id))
    assert told.decisive is not None
    assert told.decisive.name == "email"


async def test_explain_names_the_missing_tag_of_a_linked_person(engine: Engine) -> None:
    link = contacts(engine)[0]
    rows = await engine.control.call("GET", "/state/activecampaign/contacts")
    tags = next(r["tags"] for r in rows if r["id"] == link.ac_id)
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"tags_remove": tags})
    told = await engine.assistant.explain(RecordRef(SObject.CONTACT, link.sf_id))
    assert told.decisive is not None
    assert told.decisive.name == "tag"
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"firstName": "Unheard"})
    await engine.assistant.sync_now()
    assert await sf_value(engine, link, "FirstName") != "Unheard"


async def test_explain_names_a_stopped_record(engine: Engine) -> None:
    link = contacts(engine)[0]
    await engine.assistant.stop_syncing(RecordRef(SObject.CONTACT, link.sf_id))
    told = await engine.assistant.explain(RecordRef(SObject.CONTACT, link.sf_id))
    assert told.decisive is not None
    assert told.decisive.name == "link"
