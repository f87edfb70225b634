"""Orphans: tagged contacts without a link are found by comparing, and linked only where one record is theirs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.desk import Comparison
from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.domain.tags import CREATED_FROM
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_engine(tmp_path / "profile", outbound=OutboundSettings(contact=EVERYBODY))
    await opened.assistant.sync_now(yes=True)
    await opened.assistant.sync_now(yes=True)
    yield opened
    await opened.close()


async def compared(engine: Engine) -> Comparison:
    return [step async for step in engine.assistant.desk.compare(None)][-1]


def some_link(engine: Engine) -> Link:
    """A link whose address only one record has, so that it is plain whose contact it is."""
    links = [x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary]
    return next(x for x in links if len(engine.stores.ledger.links_by_ac([x.ac_id])[x.ac_id]) == 1)


async def tag_somebody_else(engine: Engine) -> str:
    """Tag a contact of the account that belongs to no record; returns its id."""
    client = await engine.assistant.session.activecampaign()
    known = [c async for page in client.contacts() for c in page]
    linked = engine.stores.ledger.links_by_ac([c.id for c in known])
    people = [await engine.control.call("GET", f"/state/salesforce/{kind}") for kind in ("Lead", "Contact")]
    records = {record["Email"] for found in people for record in found}
    other = next(c for c in known if c.id not in linked and c.email not in records)
    await client.add_tag(other.id, (await client.tags())[CREATED_FROM[SObject.CONTACT]])
    return other.id


async def test_while_every_tagged_contact_is_linked_there_is_no_orphan(engine: Engine) -> None:
    assert (await compared(engine)).orphans == 0


async def test_a_tagged_contact_without_a_link_is_an_orphan(engine: Engine) -> None:
    other = await tag_somebody_else(engine)
    found = await compared(engine)
    assert (found.orphans, [row.ref.ac_id for row in found.orphan_rows]) == (1, [other])


async def test_an_orphan_is_linked_to_the_one_record_with_its_address(engine: Engine) -> None:
    link = some_link(engine)
    engine.stores.ledger.remove_link(link.id)
    found = await compared(engine)
    assert [row.ref.ac_id for row in found.orphan_rows] == [link.ac_id]
    assert await engine.assistant.desk.link_orphans([row.ref for row in found.orphan_rows]) == 1
    again = engine.stores.ledger.links_by_sf(SObject.CONTACT, [link.sf_id])[link.sf_id]
    assert again.ac_id == link.ac_id
    assert (await compared(engine)).orphans == 0


async def test_an_orphan_without_a_record_stays_as_it_is_and_nobody_is_created(engine: Engine) -> None:
    await tag_somebody_else(engine)
    before = len(await engine.control.call("GET", "/state/salesforce/Contact"))
    found = await compared(engine)
    assert await engine.assistant.desk.link_orphans([row.ref for row in found.orphan_rows]) == 0
    assert len(await engine.control.call("GET", "/state/salesforce/Contact")) == before
    assert (await compared(engine)).orphans == 1


async def test_a_run_after_linking_an_orphan_changes_nothing(engine: Engine) -> None:
    link = some_link(engine)
    engine.stores.ledger.remove_link(link.id)
    found = await compared(engine)
    await engine.assistant.desk.link_orphans([row.ref for row in found.orphan_rows])
    run = await engine.assistant.sync_now(yes=True)
    done = run.counters
    assert (done.created_ac, done.created_sf, done.updated_ac) == (0, 0, 0)


async def test_tags_of_all_records_are_looked_at_once(engine: Engine) -> None:
    """One page of each tag, however many chunks of pairs there are."""
    mark = engine.world.log.total
    await compared(engine)
    asked = [entry for entry in engine.world.log.since(mark) if "tagid" in entry["query"]]
    client = await engine.assistant.session.activecampaign()
    assert 1 <= len(asked) <= len(await client.tags())
