"""Opt-outs travel both ways, count for twins, and are never cleared by a sync (rule 5.8)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.problem import ProblemCode
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from tests.engine import Engine, open_engine

EVERYBODY = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_engine(tmp_path / "profile", outbound=OutboundSettings(lead=EVERYBODY, contact=EVERYBODY))
    await opened.assistant.sync_now(yes=True)
    await opened.assistant.sync_now()
    yield opened
    await opened.close()


def some_contact(engine: Engine) -> Link:
    return next(x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary)


async def opted_out(engine: Engine, link: Link) -> bool:
    rows = await engine.control.call("GET", f"/state/salesforce/{link.sobject}")
    return bool(next(r["HasOptedOutOfEmail"] for r in rows if r["Id"] == link.sf_id))


async def lists(engine: Engine, link: Link) -> dict[str, int]:
    rows = await engine.control.call("GET", "/state/activecampaign/contacts")
    return {k: int(v) for k, v in next(r["lists"] for r in rows if r["id"] == link.ac_id).items()}


async def set_lists(engine: Engine, link: Link, statuses: dict[str, int]) -> None:
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": statuses})


async def test_an_unsubscribe_from_all_lists_sets_the_opt_out_in_salesforce(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 2, "2": 2})
    await engine.assistant.sync_now()
    assert await opted_out(engine, link)


async def test_one_remaining_subscription_is_no_opt_out(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 2, "2": 1})
    await engine.assistant.sync_now()
    assert not await opted_out(engine, link)


async def test_an_opt_out_in_salesforce_unsubscribes_from_every_list(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 1, "2": 1})
    await engine.assistant.sync_now()
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": True})
    await engine.assistant.sync_now()
    assert await lists(engine, link) == {"1": 2, "2": 2}
    assert await opted_out(engine, link)


async def test_subscribing_again_never_clears_the_opt_out_and_asks(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 2, "2": 2})
    await engine.assistant.sync_now()
    await set_lists(engine, link, {"1": 1, "2": 2})
    await engine.assistant.sync_now()
    assert await opted_out(engine, link)
    assert (await lists(engine, link))["1"] == 1
    assert ProblemCode.OPT_OUT_CLEARED in {i.code for i in await engine.assistant.issues() if i.sf_id == link.sf_id}


async def test_unchecking_the_opt_out_in_salesforce_resubscribes_nobody_and_stays(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 2, "2": 2})
    await engine.assistant.sync_now()
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": False})
    await engine.assistant.sync_now()
    await engine.assistant.sync_now()
    assert await lists(engine, link) == {"1": 2, "2": 2}
    assert not await opted_out(engine, link)


async def test_a_run_after_an_opt_out_writes_nothing_more(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 2, "2": 2})
    await engine.assistant.sync_now()
    await engine.control.call("DELETE", "/log")
    await engine.assistant.sync_now()
    log = await engine.control.call("GET", "/log")
    entries = log["entries"] if isinstance(log, dict) else log
    assert [e["path"] for e in entries if e["kind"] == "write"] == []


async def test_a_hidden_opt_out_field_leaves_subscriptions_alone(engine: Engine) -> None:
    link = some_contact(engine)
    await engine.control.call("PATCH", "/salesforce/settings", {"fls_hidden": ["Contact.HasOptedOutOfEmail"]})
    before = await lists(engine, link)
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": True})
    await engine.assistant.sync_now()
    assert await lists(engine, link) == before


async def refuse(engine: Engine, link: Link, *, on: bool) -> None:
    await engine.control.call("PATCH", "/salesforce/settings", {"locked_rows": [link.sf_id] if on else []})


def attempts(engine: Engine, link: Link) -> list[int]:
    issues = engine.stores.issues.list(limit=1000)
    return [i.attempts for i in issues if i.sf_id == link.sf_id and i.field == "HasOptedOutOfEmail"]


async def later(engine: Engine, minutes: float) -> None:
    engine.world.clock.advance(minutes * 60)
    await engine.assistant.sync_now()


async def test_an_opt_out_that_salesforce_refused_is_tried_again_with_a_growing_delay(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 2, "2": 2})
    await refuse(engine, link, on=True)
    await engine.assistant.sync_now()
    assert attempts(engine, link) == [1]
    await later(engine, 2)
    assert attempts(engine, link) == [1]
    await later(engine, 5)
    assert attempts(engine, link) == [2]
    await later(engine, 6)
    assert attempts(engine, link) == [2]
    await refuse(engine, link, on=False)
    await later(engine, 10)
    assert await opted_out(engine, link)
    assert attempts(engine, link) == []


async def test_one_refused_opt_out_stops_nobody_else(engine: Engine) -> None:
    first, second = [x for x in engine.stores.ledger.iter_links(sobject=SObject.CONTACT) if x.primary][:2]
    for link in (first, second):
        await set_lists(engine, link, {"1": 2, "2": 2})
    await refuse(engine, first, on=True)
    await engine.assistant.sync_now()
    assert not await opted_out(engine, first)
    assert await opted_out(engine, second)


async def test_an_opt_out_that_activecampaign_refused_is_an_issue_and_comes_again(engine: Engine) -> None:
    link = some_contact(engine)
    await set_lists(engine, link, {"1": 1, "2": 1})
    await engine.assistant.sync_now()
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": True})
    fault = {"service": "activecampaign", "method": "POST", "path": "/api/3/contactLists", "nth": 1, "times": 1}
    engine.world.faults.add({**fault, "action": {"kind": "status", "status": 422}})
    await later(engine, 60)
    assert attempts(engine, link) == [1]
    assert await opted_out(engine, link)
    await later(engine, 60)
    assert await lists(engine, link) == {"1": 2, "2": 2}
    assert attempts(engine, link) == []


async def test_an_opt_out_field_that_may_not_be_edited_is_told(engine: Engine) -> None:
    link = some_contact(engine)
    await engine.control.call("PATCH", "/salesforce/settings", {"fls_read_only": ["Contact.HasOptedOutOfEmail"]})
    await set_lists(engine, link, {"1": 2, "2": 2})
    await later(engine, 60 * 24)
    assert ProblemCode.SF_PERMISSION in {i.code for i in await engine.assistant.issues() if i.sf_id == link.sf_id}
