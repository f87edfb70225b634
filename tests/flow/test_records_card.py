"""The header of a record, syncing one record alone, and its timeline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from acassist.assistant.person_card import Memberships, make_card
from acassist.assistant.views import RecordRef
from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState, RunState
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Selection, SelectionKind
from acassist.sync.undo import UNDONE
from tests.engine import Engine
from tests.flow.records_world import ac_calls, links, open_records, ref_of

CONTACT_ID = "ActiveCampaign_ID__c"
NOBODY = OutboundSettings(lead=Selection(SelectionKind.NONE), contact=Selection(SelectionKind.NONE))


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    opened = await open_records(tmp_path / "profile")
    yield opened
    await opened.close()


async def sf(engine: Engine, ref: RecordRef) -> dict:
    rows = await engine.control.call("GET", f"/state/salesforce/{ref.sobject}")
    return next(row for row in rows if row["Id"] == ref.sf_id)


async def ac(engine: Engine, ref: RecordRef) -> dict:
    rows = await engine.control.call("GET", "/state/activecampaign/contacts")
    return next(row for row in rows if row["id"] == ref.ac_id)


# -- the header


async def test_the_header_names_account_owner_lists_and_tags(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    await engine.control.call("PATCH", f"/activecampaign/contacts/{ref.ac_id}", {"lists": {"1": 1}})
    card = await engine.assistant.record(ref)
    person = await ac(engine, ref)
    assert (card.email, card.contact_id, card.ref) == (person["email"], ref.ac_id, ref)
    assert card.tags == tuple(person["tags"])
    assert card.owner
    assert len(card.lists) == sum(1 for status in person["lists"].values() if status == 1)
    assert card.sync_status == "Synced successfully"


async def test_a_contact_shows_its_account_and_a_lead_its_company(engine: Engine) -> None:
    lead = ref_of(links(engine, SObject.LEAD)[0])
    assert (await engine.assistant.record(lead)).company == (await sf(engine, lead))["Company"]
    account = await engine.control.call("POST", "/salesforce/Account", {"Name": "Orchard Ltd"})
    contact = ref_of(links(engine)[0])
    await engine.control.call("PATCH", f"/salesforce/Contact/{contact.sf_id}", {"AccountId": account["id"]})
    assert (await engine.assistant.record(contact)).company == "Orchard Ltd"


async def test_the_addresses_lead_to_lightning_and_to_the_contact(engine: Engine) -> None:
    session = engine.assistant.session
    org = replace(session.setup.salesforce, instance_url="https://acme--uat.sandbox.my.salesforce.com")
    session.setup = replace(session.setup, salesforce=org)
    ref = ref_of(links(engine, SObject.LEAD)[0])
    people = engine.assistant.people
    ctx = await people.reader.known.context()
    ends = await people.reader.ends(ctx, ref)
    card = make_card(ctx, ends, Memberships({}, ()))
    assert card.salesforce_url == f"https://acme--uat.sandbox.lightning.force.com/lightning/r/Lead/{ref.sf_id}/view"
    assert card.activecampaign_url == f"https://acct.activehosted.com/app/contacts/{ref.ac_id}"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({"lists": {"1": 2}}, (True, False)), ({"lists": {"1": 3}}, (False, True)), ({"lists": {"1": 1}}, (False, False))],
)
async def test_unsubscribed_and_bounced_are_told(engine: Engine, changes: dict, expected: tuple[bool, bool]) -> None:
    ref = ref_of(links(engine)[0])
    both = {"lists": {**changes["lists"], "2": changes["lists"]["1"]}}
    await engine.control.call("PATCH", f"/activecampaign/contacts/{ref.ac_id}", both)
    card = await engine.assistant.record(ref)
    assert (card.unsubscribed, card.bounced) == expected


async def test_a_record_is_found_from_either_end_and_by_a_pasted_address(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    for start in (RecordRef(ref.sobject, ref.sf_id), RecordRef(ac_id=ref.ac_id)):
        assert (await engine.assistant.record(start)).ref == ref
    hits = await engine.assistant.search(f"https://acct.activehosted.com/app/contacts/{ref.ac_id}")
    assert [hit.ref for hit in hits] == [ref]


async def test_a_record_that_is_gone_says_so(engine: Engine) -> None:
    with pytest.raises(ProblemError) as caught:
        await engine.assistant.record(RecordRef(ac_id="999999"))
    assert caught.value.problem.code is ProblemCode.AC_GONE


async def test_the_last_header_is_there_without_a_connection_until_disconnect(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    card = await engine.assistant.record(ref)
    engine.world.faults.add({"times": -1, "action": {"kind": "drop"}})
    kept = await engine.assistant.seen_record(RecordRef(ref.sobject, ref.sf_id))
    assert kept == replace(card, problems=())
    assert [hit.ref for hit in await engine.assistant.recent_records()] == [ref]
    engine.world.faults.clear()
    await engine.assistant.disconnect()
    assert await engine.assistant.seen_record(ref) is None
    assert await engine.assistant.recent_records() == []


# -- sync this record


async def test_syncing_one_record_leaves_every_other_alone(engine: Engine) -> None:
    one, other = (ref_of(link) for link in links(engine)[:2])
    for ref in (one, other):
        await engine.control.call("PATCH", f"/salesforce/Contact/{ref.sf_id}", {"FirstName": "Newer"})
    before = (await ac(engine, other))["firstName"]
    result = await engine.assistant.sync_record(one)
    assert result.done, result
    assert (await ac(engine, one))["firstName"] == "Newer"
    assert (await ac(engine, other))["firstName"] == before
    await engine.assistant.sync_now()
    assert (await ac(engine, other))["firstName"] == "Newer"


async def test_syncing_one_record_also_brings_what_changed_in_activecampaign(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    await engine.control.call("PATCH", f"/activecampaign/contacts/{ref.ac_id}", {"firstName": "Inward"})
    assert (await engine.assistant.sync_record(ref)).done
    assert (await sf(engine, ref))["FirstName"] == "Inward"


async def test_a_single_sync_stands_in_the_history_and_moves_no_cursor(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    cursors = {n: engine.stores.ledger.cursor(n) for n in ("salesforce.Contact", "activecampaign.updated")}
    await engine.control.call("PATCH", f"/salesforce/Contact/{ref.sf_id}", {"FirstName": "Listed"})
    await engine.assistant.sync_record(ref)
    run = (await engine.assistant.runs())[0]
    assert (run.cause, run.state, run.counters.updated_ac) == ("record", RunState.DONE, 1)
    assert [i.after for i in await engine.assistant.run_items(run.id) if i.key] == ["Listed"]
    assert {n: engine.stores.ledger.cursor(n) for n in cursors} == cursors


async def test_a_record_in_sync_is_said_to_be_and_nothing_is_written(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    await engine.assistant.sync_record(ref)
    mark = engine.world.log.total
    result = await engine.assistant.sync_record(ref)
    assert (result.done, result.sentence.text) == (True, "Both sides agree already. Nothing had to be written.")
    assert [e for e in engine.world.log.since(mark) if e["kind"] == "write" and "oauth" not in e["path"]] == []


async def test_a_new_selected_record_is_created_alone(engine: Engine) -> None:
    ids = []
    for number in range(2):
        values = {"LastName": f"New{number}", "Email": f"new{number}@one.example"}
        ids.append((await engine.control.call("POST", "/salesforce/Contact", values))["id"])
    result = await engine.assistant.sync_record(RecordRef(SObject.CONTACT, ids[0]))
    assert result.done, result
    emails = {c["email"] for c in await engine.control.call("GET", "/state/activecampaign/contacts")}
    assert ("new0@one.example" in emails, "new1@one.example" in emails) == (True, False)
    assert set(engine.stores.ledger.links_by_sf(SObject.CONTACT, ids)) == {ids[0]}


async def test_an_unselected_record_is_not_sent_and_says_why(tmp_path: Path) -> None:
    engine = await open_records(tmp_path / "p", outbound=NOBODY)
    created = await engine.control.call("POST", "/salesforce/Contact", {"LastName": "Out", "Email": "out@one.example"})
    result = await engine.assistant.sync_record(RecordRef(SObject.CONTACT, created["id"]))
    assert not result.done
    assert "selection" in result.sentence.english()
    people = await engine.control.call("GET", "/state/activecampaign/contacts")
    assert "out@one.example" not in {person["email"] for person in people}
    await engine.close()


async def test_a_tagged_contact_becomes_a_record_alone(engine: Engine) -> None:
    made = []
    for number in range(2):
        person = {"email": f"wish{number}@one.example", "lastName": "W", "tags_add": ["create-salesforce-contact"]}
        made.append((await engine.control.call("POST", "/activecampaign/contacts", person))["id"])
    result = await engine.assistant.sync_record(RecordRef(ac_id=str(made[0])))
    assert result.done, result
    made_records = {row["Email"] for row in await engine.control.call("GET", "/state/salesforce/Contact")}
    assert ("wish0@one.example" in made_records, "wish1@one.example" in made_records) == (True, False)


async def test_a_contact_without_a_trigger_tag_creates_nothing(engine: Engine) -> None:
    made = await engine.control.call("POST", "/activecampaign/contacts", {"email": "plain@one.example"})
    result = await engine.assistant.sync_record(RecordRef(ac_id=str(made["id"])))
    assert (result.done, "create-salesforce-lead" in result.sentence.english()) == (False, True)


async def test_a_person_waits_for_no_retry_time_and_sees_what_is_wrong(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    await engine.control.call("DELETE", f"/activecampaign/contacts/{ref.ac_id}")
    result = await engine.assistant.sync_record(ref)
    assert (result.done, result.problem.code if result.problem else None) == (False, ProblemCode.AC_GONE)


async def test_a_failure_is_told_and_stored_with_the_run(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    engine.world.faults.add({"service": "salesforce", "path": "query", "times": -1, "action": {"kind": "drop"}})
    result = await engine.assistant.sync_record(ref)
    assert not result.done
    assert result.problem is not None
    assert (await engine.assistant.runs())[0].state is RunState.STOPPED


async def test_a_run_under_way_is_not_waited_for(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    answers = []

    async def meanwhile() -> None:
        answers.append(await engine.assistant.sync_record(ref))

    await engine.assistant.jobs.alone(meanwhile)
    assert (answers[0].done, "under way" in answers[0].sentence.english()) == (False, True)


async def test_stop_keeps_a_record_out_until_it_is_resumed(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    before = (await ac(engine, ref))["firstName"]
    await engine.assistant.stop_syncing(ref)
    await engine.control.call("PATCH", f"/salesforce/Contact/{ref.sf_id}", {"FirstName": "Waiting"})
    await engine.assistant.sync_now()
    assert not (await engine.assistant.sync_record(ref)).done
    assert (await ac(engine, ref))["firstName"] == before
    assert (await engine.assistant.record(ref)).link_state is LinkState.STOPPED
    await engine.assistant.stop_syncing(ref, stop=False)
    await engine.assistant.sync_record(ref)
    assert (await ac(engine, ref))["firstName"] == "Waiting"


# -- timeline


async def test_the_timeline_tells_every_change_with_field_rule_and_direction(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    await engine.control.call("PATCH", f"/salesforce/Contact/{ref.sf_id}", {"FirstName": "Told"})
    await engine.assistant.sync_record(ref)
    newest = next(i for i in await engine.assistant.timeline(ref) if i.key)
    row = (newest.field, newest.after, newest.target.value, newest.rule)
    assert row == ("First Name", "Told", "activecampaign", "only_salesforce_changed")
    pages = await engine.assistant.timeline(ref, limit=1)
    second = await engine.assistant.timeline(ref, limit=1, before_id=pages[0].id)
    assert pages[0].id > second[0].id


async def test_undoing_one_change_leaves_the_others_and_is_not_synced_back(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    before = await ac(engine, ref)
    changes = {"FirstName": "Undone", "Phone": "+1 212 555 0100"}
    await engine.control.call("PATCH", f"/salesforce/Contact/{ref.sf_id}", changes)
    await engine.assistant.sync_record(ref)
    item = next(i for i in await engine.assistant.timeline(ref) if i.after == "Undone")
    report = await engine.assistant.undo_change(item.id)
    assert ([i.id for i in report.restored], report.left) == ([item.id], [])
    now = await ac(engine, ref)
    assert (now["firstName"], now["phone"]) == (before["firstName"], "+1 212 555 0100")
    await engine.assistant.sync_now()
    assert (await ac(engine, ref))["firstName"] == before["firstName"]
    undone = next(i for i in await engine.assistant.timeline(ref) if i.rule == UNDONE)
    assert (await engine.assistant.undo_change(undone.id)).restored == []


async def test_a_value_that_changed_since_is_not_undone(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    await engine.control.call("PATCH", f"/salesforce/Contact/{ref.sf_id}", {"FirstName": "First"})
    await engine.assistant.sync_record(ref)
    item = next(i for i in await engine.assistant.timeline(ref) if i.after == "First")
    await engine.control.call("PATCH", f"/activecampaign/contacts/{ref.ac_id}", {"firstName": "Since"})
    report = await engine.assistant.undo_change(item.id)
    assert (report.restored, len(report.left)) == ([], 1)
    assert (await ac(engine, ref))["firstName"] == "Since"


# -- calls


async def test_header_and_activities_take_at_most_six_calls(engine: Engine) -> None:
    people = [ref_of(link) for link in links(engine)[:5]]
    await engine.assistant.record(people[0])
    for ref in people[1:]:
        mark = engine.world.log.total
        await asyncio.gather(engine.assistant.record(ref), engine.assistant.recent_activities(ref))
        paths = [e["path"] for e in ac_calls(engine, mark)]
        assert len(paths) <= 6, paths
        assert len([p for p in paths if p.endswith(f"/contacts/{ref.ac_id}")]) == 1


def described(engine: Engine, since: int) -> int:
    return sum(1 for e in engine.world.log.since(since) if e["path"].endswith("/describe"))


async def test_the_schema_is_read_once_a_minute_and_looking_does_not_wait_for_it(engine: Engine) -> None:
    one, other = (ref_of(link) for link in links(engine)[:2])
    await engine.assistant.record(one)
    mark = engine.world.log.total
    await engine.assistant.record(other)
    assert described(engine, mark) == 0
    engine.world.clock.advance(120)
    engine.world.faults.add({"path": "/describe", "times": -1, "action": {"kind": "drop"}})
    assert (await engine.assistant.record(one)).ref == one


async def test_a_changed_set_up_is_looked_at_anew(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    before = len((await engine.assistant.record(ref)).fields)
    session = engine.assistant.session
    mapping = session.setup.mapping
    session.store(replace(session.setup, mapping=replace(mapping, contact=mapping.contact[:-1])), what="test")
    assert len((await engine.assistant.record(ref)).fields) == before - 1


async def test_a_record_without_a_link_is_found_by_the_id_it_shows_before_any_search(tmp_path: Path) -> None:
    engine = await open_records(tmp_path / "p", outbound=NOBODY, synced=False)
    people = await engine.control.call("GET", "/state/activecampaign/contacts")
    contact = people[0]
    values = {"LastName": "Shown", "Email": contact["email"], CONTACT_ID: contact["id"]}
    ref = RecordRef(SObject.CONTACT, (await engine.control.call("POST", "/salesforce/Contact", values))["id"])
    await engine.assistant.recent_records()
    mark = engine.world.log.total
    card, feed = await asyncio.gather(engine.assistant.record(ref), engine.assistant.recent_activities(ref))
    assert (card.ref.ac_id, card.link_state) == (contact["id"], None)
    assert feed.read_at is not None
    paths = [e["path"] for e in ac_calls(engine, mark)]
    assert [p for p in paths if p.endswith("/contacts")] == []
    await engine.close()


async def test_an_id_that_belongs_to_somebody_else_does_not_count_where_the_address_leads(tmp_path: Path) -> None:
    engine = await open_records(tmp_path / "p", outbound=NOBODY, synced=False)
    one, other = (await engine.control.call("GET", "/state/activecampaign/contacts"))[:2]
    values = {"LastName": "Wrong", "Email": one["email"], CONTACT_ID: other["id"]}
    wrong = RecordRef(SObject.CONTACT, (await engine.control.call("POST", "/salesforce/Contact", values))["id"])
    assert (await engine.assistant.record(wrong)).ref.ac_id == one["id"]
    moved = {"LastName": "Moved", "Email": "moved.away@one.example", CONTACT_ID: other["id"]}
    ref = RecordRef(SObject.CONTACT, (await engine.control.call("POST", "/salesforce/Contact", moved))["id"])
    assert (await engine.assistant.record(ref)).ref.ac_id == other["id"]
    await engine.close()


async def test_somebody_outside_activecampaign_is_looked_for_once_and_has_no_activities(tmp_path: Path) -> None:
    engine = await open_records(tmp_path / "p", outbound=NOBODY, synced=False)
    values = {"LastName": "Outside", "Email": "outside@one.example"}
    ref = RecordRef(SObject.CONTACT, (await engine.control.call("POST", "/salesforce/Contact", values))["id"])
    mark = engine.world.log.total
    card, feed = await asyncio.gather(
        engine.assistant.record(ref, names=False), engine.assistant.recent_activities(ref), return_exceptions=True
    )
    assert card.ref == ref
    assert feed.problem.code is ProblemCode.AC_GONE
    assert len([e for e in ac_calls(engine, mark) if e["path"].endswith("/contacts")]) == 1
    await engine.close()


async def test_names_are_kept_over_a_start_and_forgotten_on_disconnect(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    named = await engine.assistant.record(ref)
    await engine.close()
    await engine.reopen()
    mark = engine.world.log.total
    again = await engine.assistant.record(ref, names=False)
    assert (again.naming, again.tags, again.lists) == (False, named.tags, named.lists)
    assert [e["path"] for e in ac_calls(engine, mark) if e["path"].endswith(("/tags", "/lists"))] == []
    await engine.assistant.disconnect()
    assert engine.stores.settings.get("records.names") is None


async def test_names_nobody_waited_for_come_without_reading_the_person_again(engine: Engine) -> None:
    ref = ref_of(links(engine)[0])
    first = await engine.assistant.record(ref, names=False)
    assert first.naming
    mark = engine.world.log.total
    named = await engine.assistant.named_record(first)
    assert (named.naming, named.tags) == (False, tuple((await ac(engine, ref))["tags"]))
    of_person = [e["path"] for e in ac_calls(engine, mark) if "/contacts" in e["path"]]
    assert [path.rpartition("/")[2] for path in of_person] == ["contactTags"]
    assert await engine.assistant.seen_record(ref) == replace(named, problems=())
