"""Search over both services: one typed list that says what is linked to what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.views import RecordRef, SearchHit
from acassist.domain.ids import SObject
from tests.engine import Engine
from tests.flow.records_world import links, open_records, ref_of


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    """A lead and a contact of one company, and somebody whom only ActiveCampaign knows."""
    opened = await open_records(tmp_path / "p")
    account = await opened.control.call("POST", "/salesforce/Account", {"Name": "Quincebury Ltd"})
    lead = {"LastName": "Quill", "FirstName": "Ada", "Company": "Quincebury Ltd", "Email": "ada.quill@one.example"}
    await opened.control.call("POST", "/salesforce/Lead", lead)
    contact = {"LastName": "Quarry", "FirstName": "Ben", "AccountId": account["id"], "Email": "ben.quarry@one.example"}
    await opened.control.call("POST", "/salesforce/Contact", contact)
    only = {"email": "cid.quoin@one.example", "firstName": "Cid", "lastName": "Quoin"}
    await opened.control.call("POST", "/activecampaign/contacts", only)
    yield opened
    await opened.close()


def told(hits: list[SearchHit]) -> set[tuple[str, str, bool]]:
    return {(hit.email, hit.kind.text, hit.linked) for hit in hits}


ADA = ("ada.quill@one.example", "Lead", False)
BEN = ("ben.quarry@one.example", "Contact", False)
CID = ("cid.quoin@one.example", "ActiveCampaign contact", False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Quill", {ADA}),
        ("quarry", {BEN}),
        ("Quincebury", {ADA, BEN}),
        ("ben.quarry@one.example", {BEN}),
        ("Quoin", {CID}),
        ("cid.quoin", {CID}),
        ("nobody of this name", set()),
        ("%", set()),
        ("' OR Name LIKE '%", set()),
        ("   ", set()),
    ],
)
async def test_names_addresses_and_companies_are_found_on_both_sides(
    engine: Engine, words: str, expected: set[tuple[str, str, bool]]
) -> None:
    assert told(await engine.assistant.search(words)) == expected


async def test_a_linked_pair_is_one_result_that_names_both_ends(engine: Engine) -> None:
    await engine.assistant.sync_now(yes=True)
    hits = await engine.assistant.search("ada.quill@one.example")
    assert [(hit.kind.text, hit.linked) for hit in hits] == [("Lead", True)]
    link = next(link for link in links(engine, SObject.LEAD) if link.email == "ada.quill@one.example")
    assert hits[0].ref == ref_of(link)


@pytest.mark.parametrize("form", ["{id}", "{id15}", "https://x.lightning.force.com/lightning/r/Contact/{id}/view"])
async def test_a_pasted_salesforce_id_or_address_finds_the_record(engine: Engine, form: str) -> None:
    ref = ref_of(links(engine)[0])
    assert ref.sf_id is not None
    hits = await engine.assistant.search(form.format(id=ref.sf_id, id15=ref.sf_id[:15]))
    assert [hit.ref for hit in hits] == [ref]


async def test_the_records_seen_last_come_newest_first_without_a_question(engine: Engine) -> None:
    first, second = (ref_of(link) for link in links(engine)[:2])
    for ref in (first, second, first):
        await engine.assistant.record(ref)
    engine.world.faults.add({"times": -1, "action": {"kind": "drop"}})
    refs: list[RecordRef] = [hit.ref for hit in await engine.assistant.recent_records()]
    assert refs == [first, second]
