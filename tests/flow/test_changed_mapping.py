"""A changed mapping: nothing is written before a person chose; the run does what the preview told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryAction
from acassist.domain.mapping import FieldMapping
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import OutboundSettings
from acassist.domain.record import ContactWrite
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))
TITLE = FieldMapping("field:1", "Title")


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    outbound = OutboundSettings(lead=EVERYBODY, contact=EVERYBODY)
    opened = await open_engine(tmp_path / "profile", outbound=outbound)
    await opened.assistant.sync_now(yes=True)
    await opened.assistant.sync_now(yes=True)
    yield opened
    await opened.close()


async def text_field(engine: Engine) -> str:
    """Return the key of a custom text field of the account that the sandbox fills for nobody yet."""
    client = await engine.assistant.session.activecampaign()
    fields = await client.custom_fields()
    return next(f.key for f in fields if f.type == "text")


async def differ(engine: Engine, key: str) -> tuple[str, str]:
    """Give one linked pair different values in Title and in the custom field; returns both ids."""
    link = next(x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary)
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"Title": "Left"})
    client = await engine.assistant.session.activecampaign()
    await client.update_contact(link.ac_id, ContactWrite(values={key: "Right"}))
    await engine.assistant.sync_now(yes=True)
    return link.sf_id, link.ac_id


async def map_title(engine: Engine) -> FieldMapping:
    key = await text_field(engine)
    row = replace(TITLE, ac_key=key)
    session = engine.assistant.session
    await differ(engine, key)
    rows = (*session.setup.mapping.contact, row)
    session.store(session.with_setup(mapping=session.setup.mapping.with_rows(SObject.CONTACT, rows)), what="test")
    return row


async def test_a_changed_mapping_stops_the_run_and_the_preview_names_what_differs(engine: Engine) -> None:
    row = await map_title(engine)
    with pytest.raises(ProblemError) as stopped:
        await engine.assistant.sync_now()
    assert stopped.value.problem.code is ProblemCode.MAPPING_CHANGED
    found = [d for d in (await engine.assistant.preview()).differences if d.key == row.key]
    assert [(d.salesforce, d.activecampaign) for d in found if d.salesforce == "Left"] == [("Left", "Right")]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (FirstLinkChoice.KEEP, ("Left", "Right")),
        (FirstLinkChoice.SALESFORCE, ("Left", "Left")),
        (FirstLinkChoice.ACTIVECAMPAIGN, ("Right", "Right")),
    ],
)
async def test_the_choice_for_a_field_is_carried_out(
    engine: Engine, choice: FirstLinkChoice, expected: tuple[str, str]
) -> None:
    row = await map_title(engine)
    await engine.assistant.start({row.key: choice})
    people = await engine.control.call("GET", "/state/salesforce/Contact")
    link = next(x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary)
    left = next(r["Title"] for r in people if r["Id"] == link.sf_id)
    client = await engine.assistant.session.activecampaign()
    right = (await client.contacts_by_ids([link.ac_id]))[0].values[row.ac_key]
    assert (left, right) == expected


async def test_the_preview_of_a_changed_mapping_equals_the_run_that_follows(engine: Engine) -> None:
    await map_title(engine)
    preview = await engine.assistant.preview()
    run = await engine.assistant.start({})
    planned = {(c.subject, c.target, c.before, c.after) for c in preview.changes if c.action is HistoryAction.UPDATE}
    items = await engine.assistant.run_items(run.id, 5000)
    done = {(i.subject, i.target, i.before, i.after) for i in items if i.action is HistoryAction.UPDATE}
    assert planned
    assert done == planned
