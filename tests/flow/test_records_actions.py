"""CX Automation through the facade: whatever goes wrong, nothing goes out twice and the person is always told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acassist.assistant.views import ActionResult, RecordRef
from acassist.domain.ledger import HistoryAction, Link
from acassist.domain.problem import ProblemCode
from acassist.sandbox.settings import Settings
from tests.engine import Engine
from tests.flow.records_world import links, open_records, ref_of

SEND, ENTER = "api\\.php", "/contactAutomations$"


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_records(tmp_path / "profile")
    yield opened
    await opened.close()


@pytest.fixture
async def person(engine: Engine) -> Link:
    """Return somebody who may get e-mail on both sides."""
    link = links(engine)[0]
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": {"1": 1}})
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": False})
    engine.world.activecampaign.contacts[int(link.ac_id)].bounced_hard = 0
    await engine.assistant.sync_now(yes=True)
    return link


async def campaign(engine: Engine) -> str:
    campaigns, _ = await engine.assistant.offers()
    return next(c.id for c in campaigns if c.reason is None)


async def automation(engine: Engine, *, again: bool) -> str:
    client = await engine.assistant.session.activecampaign()
    found = [a for a in await client.automations() if a.active]
    chosen = next((a for a in found if a.multi_entry is again), None)
    if chosen is None:
        row = engine.world.activecampaign.tables["automations"].get(found[0].id)
        row["multientry"] = "1" if again else "0"
        return found[0].id
    return chosen.id


def sends(engine: Engine) -> list[Any]:
    return list(engine.world.activecampaign.sends)


def entries(engine: Engine, ac_id: str) -> list[Any]:
    return [row for row in engine.world.activecampaign.tables["contactAutomations"] if row["contact"] == ac_id]


async def email(engine: Engine, link: Link) -> str:
    return (await engine.assistant.record(ref_of(link))).contact_email


async def send(engine: Engine, link: Link, **more: str) -> ActionResult:
    shown = more.get("email") or await email(engine, link)
    return await engine.assistant.send_campaign(ref_of(link), await campaign(engine), shown)


def code(result: ActionResult) -> ProblemCode | None:
    return result.problem.code if result.problem else None


async def test_a_campaign_goes_out_once_and_stands_in_the_timeline(engine: Engine, person: Link) -> None:
    result = await send(engine, person)
    assert result.done, result
    assert len(sends(engine)) == 1
    newest = (await engine.assistant.timeline(ref_of(person)))[0]
    assert newest.action is HistoryAction.SEND
    assert newest.after in {row["name"] for row in engine.world.activecampaign.tables["campaigns"]}


async def test_the_key_goes_in_the_header_of_a_post(engine: Engine, person: Link) -> None:
    mark = engine.world.log.total
    await send(engine, person)
    calls = [e for e in engine.world.log.since(mark) if e["path"].endswith("api.php")]
    assert [(e["method"], e["query"]) for e in calls] == [("POST", "")]


async def test_a_double_click_sends_once_and_says_so(engine: Engine, person: Link) -> None:
    shown, chosen = await email(engine, person), await campaign(engine)
    both = await asyncio.gather(
        *(engine.assistant.send_campaign(ref_of(person), chosen, shown) for _ in range(2))
    )
    assert sorted(result.done for result in both) == [False, True]
    assert len(sends(engine)) == 1
    assert "twice" in next(r for r in both if not r.done).sentence.english()


async def test_a_double_click_adds_once(engine: Engine, person: Link) -> None:
    shown, chosen = await email(engine, person), await automation(engine, again=True)
    before = len(entries(engine, person.ac_id))
    both = await asyncio.gather(
        *(engine.assistant.enter_automation(ref_of(person), chosen, shown) for _ in range(2))
    )
    assert sorted(result.done for result in both) == [False, True]
    assert len(entries(engine, person.ac_id)) == before + 1


@pytest.mark.parametrize("kind", ["drop", "drop_after"])
async def test_a_lost_answer_is_looked_up_and_never_repeated(engine: Engine, person: Link, kind: str) -> None:
    engine.world.faults.add({"path": SEND, "times": 1, "action": {"kind": kind}})
    result = await send(engine, person)
    arrived = kind == "drop_after"
    assert len(sends(engine)) == (1 if arrived else 0)
    assert result.done or code(result) is ProblemCode.SEND_UNKNOWN
    assert result.done <= arrived
    for _ in range(2):
        engine.world.clock.advance(3600)
        await engine.assistant.sync_now(yes=True)
    assert len(sends(engine)) == (1 if arrived else 0)


@pytest.mark.parametrize("kind", ["drop", "drop_after"])
async def test_a_lost_answer_adds_at_most_once(engine: Engine, person: Link, kind: str) -> None:
    chosen, shown = await automation(engine, again=True), await email(engine, person)
    before = len(entries(engine, person.ac_id))
    engine.world.faults.add({"path": ENTER, "method": "POST", "times": 1, "action": {"kind": kind}})
    result = await engine.assistant.enter_automation(ref_of(person), chosen, shown)
    arrived = kind == "drop_after"
    assert len(entries(engine, person.ac_id)) == before + arrived
    assert result.done or code(result) is ProblemCode.ENTER_UNKNOWN
    assert result.done <= arrived
    engine.world.clock.advance(3600)
    await engine.assistant.sync_now(yes=True)
    assert len(entries(engine, person.ac_id)) == before + arrived


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_a_refused_send_is_told_and_not_repeated(engine: Engine, person: Link, status: int) -> None:
    action = {"kind": "status", "status": status, "body": {"message": "no"}, "headers": {"Retry-After": "1"}}
    engine.world.faults.add({"path": SEND, "times": -1, "action": action})
    result = await send(engine, person)
    assert not result.done
    assert result.problem is not None
    assert result.sentence.english()
    assert sends(engine) == []


async def test_a_busy_service_is_asked_again_because_nothing_was_sent(engine: Engine, person: Link) -> None:
    action = {"kind": "status", "status": 429, "body": "", "headers": {"Retry-After": "1"}}
    engine.world.faults.add({"path": SEND, "times": 1, "action": action})
    result = await send(engine, person)
    assert len(sends(engine)) == int(result.done)
    assert result.done or result.problem is not None


@pytest.mark.parametrize("status", [403, 429])
async def test_a_refused_adding_is_told_and_not_repeated(engine: Engine, person: Link, status: int) -> None:
    chosen, shown = await automation(engine, again=True), await email(engine, person)
    before = len(entries(engine, person.ac_id))
    action = {"kind": "status", "status": status, "body": {"message": "Could not create SubscriberSeries"}}
    engine.world.faults.add({"path": ENTER, "method": "POST", "times": -1, "action": action})
    result = await engine.assistant.enter_automation(ref_of(person), chosen, shown)
    assert (result.done, result.problem is None) == (False, False)
    assert len(entries(engine, person.ac_id)) == before


async def test_somebody_deleted_meanwhile_gets_nothing(engine: Engine, person: Link) -> None:
    shown, chosen = await email(engine, person), await campaign(engine)
    await engine.control.call("DELETE", f"/activecampaign/contacts/{person.ac_id}")
    result = await engine.assistant.send_campaign(ref_of(person), chosen, shown)
    assert (result.done, code(result)) == (False, ProblemCode.AC_GONE)
    entered = await engine.assistant.enter_automation(ref_of(person), await automation(engine, again=True), shown)
    assert (entered.done, code(entered)) == (False, ProblemCode.AC_GONE)
    assert sends(engine) == []


async def test_an_address_that_changed_after_the_look_stops_and_asks(engine: Engine, person: Link) -> None:
    shown = await email(engine, person)
    await engine.control.call("PATCH", f"/activecampaign/contacts/{person.ac_id}", {"email": "else@where.example"})
    result = await send(engine, person, email=shown)
    assert (code(result), sends(engine)) == (ProblemCode.PERSON_CHANGED, [])


async def refuse(engine: Engine, link: Link, why: str) -> None:
    if why == "opted out under another address":
        changed = {"HasOptedOutOfEmail": True, "Email": "new@address.example"}
        await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", changed)
    elif why == "opted out":
        await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": True})
    elif why == "bounced":
        engine.world.activecampaign.contacts[int(link.ac_id)].bounced_hard = 1
    else:
        path = f"/activecampaign/contacts/{link.ac_id}"
        await engine.control.call("PATCH", path, {"lists": {"1": 2, "2": 2}})


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        ("opted out", ProblemCode.PERSON_OPTED_OUT),
        ("opted out under another address", ProblemCode.PERSON_OPTED_OUT),
        ("bounced", ProblemCode.PERSON_BOUNCED),
        ("unsubscribed", ProblemCode.PERSON_UNSUBSCRIBED),
    ],
)
async def test_both_actions_refuse_who_must_not_get_mail(
    engine: Engine, person: Link, why: str, expected: ProblemCode
) -> None:
    shown = await email(engine, person)
    await refuse(engine, person, why)
    before = len(entries(engine, person.ac_id))
    sent = await send(engine, person, email=shown)
    chosen = await automation(engine, again=True)
    entered = await engine.assistant.enter_automation(ref_of(person), chosen, shown)
    assert (code(sent), code(entered)) == (expected, expected)
    assert (sends(engine), len(entries(engine, person.ac_id))) == ([], before)


async def test_who_is_inside_is_not_added_again(engine: Engine, person: Link) -> None:
    chosen, shown, ref = await automation(engine, again=True), await email(engine, person), ref_of(person)
    first = await engine.assistant.passages(ref, chosen)
    assert (await engine.assistant.enter_automation(ref, chosen, shown)).done
    entries(engine, person.ac_id)[-1].update(status="1", completed=0)
    engine.world.clock.advance(60)
    second = await engine.assistant.passages(ref, chosen)
    assert (second.inside, second.times - first.times, second.again) == (True, 1, True)
    before = len(entries(engine, person.ac_id))
    again = await engine.assistant.enter_automation(ref, chosen, shown)
    assert (again.done, "already" in again.sentence.english()) == (False, True)
    assert len(entries(engine, person.ac_id)) == before


async def test_who_went_through_may_only_enter_again_where_the_automation_allows_it(
    engine: Engine, person: Link
) -> None:
    chosen, shown, ref = await automation(engine, again=False), await email(engine, person), ref_of(person)
    await engine.assistant.enter_automation(ref, chosen, shown)
    for row in entries(engine, person.ac_id):
        row |= {"status": "2", "completed": 1, "remdate": row["adddate"]}
    engine.world.clock.advance(60)
    before = len(entries(engine, person.ac_id))
    refused = await engine.assistant.enter_automation(ref, chosen, shown)
    assert (refused.done, "only once" in refused.sentence.english()) == (False, True)
    engine.world.activecampaign.tables["automations"].get(chosen)["multientry"] = "1"
    assert (await engine.assistant.enter_automation(ref, chosen, shown)).done
    assert len(entries(engine, person.ac_id)) == before + 1


async def test_what_is_not_offered_any_more_is_refused(engine: Engine, person: Link) -> None:
    session = engine.assistant.session
    chosen, shown = await campaign(engine), await email(engine, person)
    session.store(replace(session.setup, cx=replace(session.setup.cx, campaigns=())), what="test")
    result = await engine.assistant.send_campaign(ref_of(person), chosen, shown)
    assert (code(result), sends(engine)) == (ProblemCode.NOT_OFFERED, [])
    session.store(replace(session.setup, cx=replace(session.setup.cx, enabled=False)), what="test")
    entered = await engine.assistant.enter_automation(ref_of(person), await automation(engine, again=True), shown)
    assert code(entered) is ProblemCode.NOT_OFFERED


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_crash_between_intent_and_answer_sends_nothing_again(
    engine: Engine, person: Link, arrived: bool
) -> None:
    """The answer never comes because the program ends; the next start looks and tells, and does not send."""
    shown, chosen = await email(engine, person), await campaign(engine)
    started, stop = asyncio.Event(), asyncio.Event()
    client = await engine.assistant.session.activecampaign()
    real = type(client).send_campaign

    async def dies(self: Any, **values: str) -> None:
        if arrived:
            await real(self, **values)
        started.set()
        await stop.wait()

    type(client).send_campaign = dies
    try:
        task = asyncio.create_task(engine.assistant.send_campaign(ref_of(person), chosen, shown))
        await started.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    finally:
        type(client).send_campaign = real
    await engine.close()
    await engine.reopen()
    for _ in range(2):
        engine.world.clock.advance(3600)
        await engine.assistant.sync_now(yes=True)
    assert len(sends(engine)) == int(arrived)
    told = [i for i in await engine.assistant.timeline(ref_of(person)) if i.action is HistoryAction.SEND]
    issues = {i.code for i in await engine.assistant.issues()}
    assert (len(told), ProblemCode.SEND_UNKNOWN in issues) == ((1, False) if arrived else (0, True))


async def test_a_contact_without_a_record_can_get_a_campaign(engine: Engine) -> None:
    person = {"email": "only@ac.example", "lists": {"1": 1}}
    ref = RecordRef(ac_id=str((await engine.control.call("POST", "/activecampaign/contacts", person))["id"]))
    result = await engine.assistant.send_campaign(ref, await campaign(engine), "only@ac.example")
    assert result.done, result


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_crash_between_intent_and_answer_adds_nobody_again(
    engine: Engine, person: Link, arrived: bool
) -> None:
    shown, chosen = await email(engine, person), await automation(engine, again=True)
    before = len(entries(engine, person.ac_id))
    started, stop = asyncio.Event(), asyncio.Event()
    client = await engine.assistant.session.activecampaign()
    real = type(client).enter_automation

    async def dies(self: Any, contact_id: str, automation_id: str) -> None:
        if arrived:
            await real(self, contact_id, automation_id)
        started.set()
        await stop.wait()

    type(client).enter_automation = dies
    try:
        task = asyncio.create_task(engine.assistant.enter_automation(ref_of(person), chosen, shown))
        await started.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    finally:
        type(client).enter_automation = real
    await engine.close()
    await engine.reopen()
    for _ in range(2):
        engine.world.clock.advance(3600)
        await engine.assistant.sync_now(yes=True)
    assert len(entries(engine, person.ac_id)) == before + arrived
    told = [i for i in await engine.assistant.timeline(ref_of(person)) if i.action is HistoryAction.ENTER]
    issues = {i.code for i in await engine.assistant.issues()}
    assert (len(told), ProblemCode.ENTER_UNKNOWN in issues) == ((1, False) if arrived else (0, True))


@pytest.mark.parametrize("central", [True, False], ids=["times are Central", "times are UTC"])
async def test_a_lost_answer_is_found_whatever_zone_a_filter_time_is_read_in(tmp_path: Path, central: bool) -> None:
    engine = await open_records(tmp_path / "p", settings=Settings(naive_filter_is_central=central))
    link = links(engine)[0]
    await engine.control.call("PATCH", f"/activecampaign/contacts/{link.ac_id}", {"lists": {"1": 1}})
    await engine.control.call("PATCH", f"/salesforce/Contact/{link.sf_id}", {"HasOptedOutOfEmail": False})
    engine.world.activecampaign.contacts[int(link.ac_id)].bounced_hard = 0
    await engine.assistant.sync_now(yes=True)
    engine.world.faults.add({"path": SEND, "times": 1, "action": {"kind": "drop_after"}})
    result = await send(engine, link)
    assert (result.done, len(sends(engine))) == (True, 1)
    await engine.close()
