"""The ActiveCampaign ID of a record finds its contact again where the address does not, and only the right one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.storage.forget import forget_people
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))
ID = "ActiveCampaign_ID__c"
NEW = "quite.another@address.example"


@dataclass(slots=True)
class Lost:
    """An engine that was in sync and has lost its ledger, and one contact record whose address changed since."""

    engine: Engine
    link: Link

    async def change(self, sf_id: str, values: dict[str, Any]) -> None:
        await self.engine.control.call("PATCH", f"/salesforce/Contact/{sf_id}", values)

    async def contact_of(self, sf_id: str) -> str:
        """Sync, and return the contact that a record is linked to."""
        await self.engine.assistant.sync_now(yes=True)
        return self.engine.stores.ledger.links_by_sf(SObject.CONTACT, [sf_id])[sf_id].ac_id

    @property
    def people(self) -> int:
        return len(self.engine.world.activecampaign.contacts)


@pytest.fixture
async def lost(tmp_path: Path) -> AsyncIterator[Lost]:
    engine = await open_engine(tmp_path, outbound=OutboundSettings(lead=EVERYBODY, contact=EVERYBODY))
    await engine.assistant.sync_now(yes=True)
    link = next(x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary)
    forget_people(engine.stores.db)
    made = Lost(engine, link)
    await made.change(link.sf_id, {"Email": NEW})
    yield made
    await engine.close()


async def test_the_contact_is_found_by_the_id_and_nobody_is_made_twice(lost: Lost) -> None:
    before = lost.people
    assert await lost.contact_of(lost.link.sf_id) == lost.link.ac_id
    assert lost.people == before


async def test_a_person_of_another_name_is_not_taken_for_the_contact(lost: Lost) -> None:
    await lost.change(lost.link.sf_id, {"LastName": "Somebody else"})
    assert await lost.contact_of(lost.link.sf_id) != lost.link.ac_id


async def test_an_id_that_two_records_show_decides_nothing(lost: Lost) -> None:
    row = lost.engine.world.salesforce.rows_of("Contact").rows[lost.link.sf_id]
    copy = {key: row[key] for key in ("FirstName", "LastName", ID)}
    await lost.engine.control.call("POST", "/salesforce/Contact", {**copy, "Email": "copied@address.example"})
    assert await lost.contact_of(lost.link.sf_id) != lost.link.ac_id


async def test_an_id_of_nobody_makes_a_new_contact(lost: Lost) -> None:
    await lost.change(lost.link.sf_id, {ID: "987654"})
    before = lost.people
    assert await lost.contact_of(lost.link.sf_id) not in {lost.link.ac_id, "987654"}
    assert lost.people == before + 1


async def test_whoever_holds_the_address_of_the_contact_gets_it(lost: Lost) -> None:
    values = {"LastName": "Holder", "Email": lost.link.email}
    holder = await lost.engine.control.call("POST", "/salesforce/Contact", values)
    assert await lost.contact_of(holder["id"]) == lost.link.ac_id
    assert await lost.contact_of(lost.link.sf_id) != lost.link.ac_id


async def test_a_dry_run_says_the_same_and_writes_nothing(lost: Lost) -> None:
    preview = await lost.engine.assistant.preview()
    created = {change.sf_id for change in preview.changes if change.action.value == "create"}
    assert lost.link.sf_id not in created
    assert lost.engine.stores.ledger.count_links() == 0
