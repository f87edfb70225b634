"""The client against the sandbox's account: what it reads, writes and refuses to do twice."""

from datetime import timedelta

import pytest

from acassist.activecampaign.connection import Installation
from acassist.domain.activity import ActivityKind
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.record import ContactWrite, ImportRow
from acassist.http.pacing import Priority
from acassist.sandbox.settings import Settings
from tests.flow.activecampaign_world import client_on, half_world

SMALL = {"leads": 60, "contacts": 40}


@pytest.fixture
def world():
    return half_world()


@pytest.fixture
async def client(world):
    made = client_on(world)
    yield made
    await made.close()


async def code_of(awaitable):
    with pytest.raises(ProblemError) as caught:
        await awaitable
    return caught.value.problem


async def crawl(client, **more):
    return [contact async for page in client.contacts(**more) for contact in page]


def stored(world, contact_id):
    return world.activecampaign.contacts[int(contact_id)]


def values_in(world):
    contacts = world.activecampaign.contacts.values()
    return {str(c.id): {f"field:{v.field}": v.value for v in c.values.values()} for c in contacts}


def custom(contact):
    return {key: value for key, value in contact.values.items() if key.startswith("field:")}


def busiest(world):
    activities = world.activecampaign.activities
    return str(max(activities, key=lambda key: len(activities[key])))


async def test_a_crawl_reads_every_contact_with_every_value(world, client):
    found = await crawl(client)
    assert {c.id: custom(c) for c in found} == values_in(world)
    assert {c.id: c.updated for c in found} == {str(c.id): c.udate for c in world.activecampaign.contacts.values()}


async def test_a_crawl_finds_the_same_where_lists_bring_no_values():
    world = half_world(Settings(**SMALL, list_includes_field_values=False))
    client = client_on(world)
    assert {c.id: custom(c) for c in await crawl(client)} == values_in(world)
    assert client.lists_hold_values is False


async def test_a_crawl_survives_spurious_refusals():
    world = half_world(Settings(**SMALL, spurious_403_every=3))
    assert len(await crawl(client_on(world))) == len(world.activecampaign.contacts)


async def test_changes_are_found_by_time_and_by_tag(world, client):
    known = (await crawl(client))[0]
    world.clock.advance(3600)
    since = world.clock.now()
    world.clock.advance(60)
    await client.update_contact(known.id, ContactWrite(None, {"phone": "+49 30 1"}))
    assert [c.id for c in await crawl(client, updated_after=since)] == [known.id]
    tag = await client.create_tag("only-one")
    await client.add_tag(known.id, tag)
    assert [c.id for c in await crawl(client, tag_id=tag)] == [known.id]


async def test_contacts_are_read_by_id_by_address_and_by_words(world, client):
    some = list(world.activecampaign.contacts.values())[3]
    assert [c.id for c in await client.contacts_by_ids([str(some.id), "999999"])] == [str(some.id)]
    assert (await client.contact_by_email(some.email.upper())).id == str(some.id)
    assert str(some.id) in {c.id for c in await client.search_contacts(some.email[:12])}


async def test_sync_creates_then_updates_only_what_it_is_given(world, client):
    made = await client.sync_contact(ContactWrite("Zoe@New.example", {"firstName": "Zoë", "field:2": "||CRM||"}))
    again = await client.sync_contact(ContactWrite("zoe@new.example", {"lastName": "O'Neil"}))
    assert made.id == again.id
    contact = stored(world, made.id)
    assert (contact.first, contact.last, contact.values[2].value) == ("Zoë", "O'Neil", "||CRM||")


async def test_a_sync_whose_answer_is_lost_makes_one_contact(world, client):
    before = len(world.activecampaign.contacts)
    world.faults.add({"path": "contact/sync", "action": {"kind": "drop_after"}})
    await client.sync_contact(ContactWrite("lost@new.example", {"firstName": "L"}))
    assert len(world.activecampaign.contacts) == before + 1


async def test_an_update_to_an_address_in_use_is_told(world, client):
    first, second = list(world.activecampaign.contacts.values())[:2]
    problem = await code_of(client.update_contact(str(first.id), ContactWrite(second.email)))
    assert problem.code is ProblemCode.AC_EMAIL_TAKEN


async def test_a_deleted_contact_is_gone_for_every_call(world, client):
    calls = (
        client.update_contact("999999", ContactWrite(None, {"phone": "1"})),
        client.contact_tags("999999"),
        client.contact_lists("999999"),
        client.add_tag("999999", "1"),
        client.recent_activities("999999", 20),
        client.automation_entries("999999"),
    )
    assert [(await code_of(call)).code for call in calls] == [ProblemCode.AC_GONE] * 6


async def test_tags_are_created_once_and_put_on_and_off(world, client):
    contact_id = str(next(iter(world.activecampaign.contacts)))
    tag = await client.create_tag("Created-From-Salesforce-Lead")
    assert await client.create_tag("created-from-salesforce-lead") == tag
    assert (await client.tags())["created-from-salesforce-lead"] == tag
    await client.add_tag(contact_id, tag)
    await client.add_tag(contact_id, tag)
    association = (await client.contact_tags(contact_id))[tag]
    await client.remove_tag(association)
    await client.remove_tag(association)
    assert tag not in await client.contact_tags(contact_id)


async def test_somebody_who_left_a_list_is_not_brought_back(world, client):
    contact_id = str(next(iter(world.activecampaign.contacts)))
    await client.set_list_status(contact_id, "2", subscribed=True)
    await client.set_list_status(contact_id, "2", subscribed=False)
    await client.set_list_status(contact_id, "2", subscribed=True)
    assert (await client.contact_lists(contact_id))["2"] == 2


async def test_an_import_creates_tags_accounts_and_values_without_starting_automations(world, client):
    rows = [
        ImportRow(
            f"bulk{i}@import.example",
            {"firstName": f"N{i}", "field:2": "||CRM||SMS||"},
            tags=("demo-requested",),
            account_name="Import Ltd",
            subscribe=("1",),
        )
        for i in range(12)
    ]
    before = len(list(world.activecampaign.tables["contactAutomations"]))
    receipt = await client.import_contacts(rows, exclude_automations=True)
    assert receipt.queued == 12
    assert not (await client.import_status(receipt.batch_id)).finished
    world.clock.advance(5)
    status = await client.import_status(receipt.batch_id)
    assert (status.state, len(status.created_ids), status.failed_emails) == ("completed", 12, ())
    contact = stored(world, status.created_ids[0])
    assert (contact.first, contact.values[2].value) == ("N0", "||CRM||SMS||")
    assert {name for _, name in (await client.account_of(status.created_ids)).values()} == {"Import Ltd"}
    assert len(list(world.activecampaign.tables["contactAutomations"])) == before


async def test_an_import_names_the_people_it_left_out(world, client):
    rows = [ImportRow("good@import.example"), ImportRow("not-an-address")]
    receipt = await client.import_contacts(rows, exclude_automations=True)
    world.clock.advance(5)
    assert (await client.import_status(receipt.batch_id)).failed_emails == ("not-an-address",)


async def test_the_limit_of_imports_per_minute_says_how_long_to_wait():
    world = half_world(Settings(**SMALL, bulk_per_minute_many=1))
    client = client_on(world)
    rows = [ImportRow("a@import.example"), ImportRow("b@import.example")]
    await client.import_contacts(rows, exclude_automations=True)
    problem = await code_of(client.import_contacts(rows, exclude_automations=True))
    assert (problem.code, problem.retry_after) == (ProblemCode.AC_BUSY, 60.0)


async def test_accounts_are_created_once_linked_once_and_written_with_values(world, client):
    made = await client.create_account("Fresh Fields")
    assert await client.create_account("fresh fields") == made
    person = await client.sync_contact(ContactWrite("acc@new.example"))
    await client.link_account(person.id, made)
    await client.link_account(person.id, made)
    other = await client.create_account("Other Fields")
    assert (await code_of(client.link_account(person.id, other))).code is ProblemCode.ACCOUNT_MOVE
    fields = {f.title: f.key for f in await client.account_fields()}
    wanted = {fields["Industry"]: "Retail", fields["Revenue"]: "1250.75", fields["Employees"]: "12"}
    await client.update_account(made, "Fresh Fields GmbH", wanted)
    assert await client.accounts_custom_values([made]) == {made: wanted}
    assert await client.account_of([person.id]) == {person.id: (made, "Fresh Fields GmbH")}


async def test_a_plan_without_accounts_is_seen_in_the_facts_and_named():
    client = client_on(half_world(Settings(**SMALL, accounts_plan=False)))
    assert (await client.account_facts()).accounts_available is False
    assert (await code_of(client.accounts())).code is ProblemCode.AC_PLAN


async def test_a_wrong_key_is_refused_in_json_and_in_html(world):
    for settings in (Settings(**SMALL), Settings(**SMALL, wrong_key_body="html")):
        client = client_on(half_world(settings), key="wrong")
        assert (await code_of(client.account_facts())).code is ProblemCode.AC_KEY_REFUSED


async def test_a_key_with_few_rights_names_what_it_may_not_use(world):
    client = client_on(world, key=world.activecampaign.limited_key)
    assert (await client.account_facts()).user_id
    problem = await code_of(client.lists())
    assert problem.code is ProblemCode.AC_NO_RIGHTS
    assert "lists" in problem.sentence.english()


async def test_the_recent_feed_is_the_newest_of_the_full_one(world, client):
    contact_id = busiest(world)
    await client.account_facts()
    before = client.calls_made()
    feed = await client.recent_activities(contact_id, 20)
    assert client.calls_made() - before <= 6
    everything = [item async for page in client.all_activities(contact_id) for item in page]
    assert len(feed.items) == 20
    assert list(feed.items) == everything[:20]
    assert feed.complete
    assert len({(i.kind, i.source) for i in everything}) == len(everything)


async def test_every_kind_of_activity_has_a_title(world, client):
    seen = {}
    for contact_id in list(world.activecampaign.activities):
        async for page in client.all_activities(str(contact_id)):
            seen.update((item.kind, item) for item in page)
    assert set(seen) == set(ActivityKind)
    assert all(item.title for item in seen.values())


async def test_a_stream_that_hides_isread_or_waits_for_a_look_is_read_alike():
    usual = half_world()
    odd = half_world(Settings(**SMALL, isread_present=False, activities_need_view=True, series_model_name="series"))
    first, second = client_on(usual), client_on(odd)
    contact_id = busiest(usual)
    expected, found = [await c.recent_activities(contact_id, 20) for c in (first, second)]
    assert [(i.kind, i.at, i.title) for i in found.items] == [(i.kind, i.at, i.title) for i in expected.items]


async def test_labels_are_told_only_where_the_account_tells_them(client):
    labelled = client_on(half_world(Settings(**SMALL, labels=True)))
    assert {c.labels for c in await client.campaigns()} == {None}
    assert ("Salesforce",) in {c.labels for c in await labelled.campaigns()}
    assert ("Salesforce",) in {a.labels for a in await labelled.automations()}


async def chosen(world, client):
    campaign = next(c for c in await client.campaigns() if c.sendable)
    contact = await client.sync_contact(ContactWrite("one@send.example"))
    return campaign, contact


async def test_a_campaign_is_sent_once_and_found_again(world, client):
    campaign, contact = await chosen(world, client)
    since = world.clock.now() - timedelta(seconds=1)
    assert await client.campaign_was_sent(contact.id, campaign.id, since) is False
    world.clock.advance(1)
    await client.send_campaign(email=contact.email, campaign_id=campaign.id, message_id=campaign.message_id)
    world.clock.advance(1)
    assert len(world.activecampaign.sends) == 1
    assert await client.campaign_was_sent(contact.id, campaign.id, since) is True
    assert await client.campaign_was_sent(contact.id, campaign.id, world.clock.now()) is False


async def test_a_send_whose_answer_is_lost_is_ambiguous_and_not_repeated(world, client):
    campaign, contact = await chosen(world, client)
    since = world.clock.now() - timedelta(seconds=1)
    world.faults.add({"path": "api.php", "action": {"kind": "drop_after"}})
    send = client.send_campaign(email=contact.email, campaign_id=campaign.id, message_id=campaign.message_id)
    assert (await code_of(send)).ambiguous
    assert len(world.activecampaign.sends) == 1
    assert await client.campaign_was_sent(contact.id, campaign.id, since) is True


async def test_a_send_to_nobody_says_why(world, client):
    campaign, _ = await chosen(world, client)
    send = client.send_campaign(email="nobody@send.example", campaign_id=campaign.id, message_id=campaign.message_id)
    problem = await code_of(send)
    assert (problem.code, problem.values["reason"]) == (ProblemCode.SEND_FAILED, "Contact not found")


async def test_entering_an_automation_shows_in_its_entries_and_is_refused_when_inactive(world, client):
    automations = {a.name: a for a in await client.automations()}
    contact = await client.sync_contact(ContactWrite("one@enter.example"))
    await client.enter_automation(contact.id, automations["Welcome series"].id)
    entries = await client.automation_entries(contact.id)
    assert [e.automation_id for e in entries] == [automations["Welcome series"].id]
    refused = client.enter_automation(contact.id, automations["Birthday greeting"].id)
    assert (await code_of(refused)).code is ProblemCode.AUTOMATION_REFUSED


async def test_an_entering_whose_answer_is_lost_is_ambiguous_and_not_repeated(world, client):
    automation = next(a for a in await client.automations() if a.multi_entry)
    contact = await client.sync_contact(ContactWrite("two@enter.example"))
    world.faults.add({"path": "contactAutomations", "method": "POST", "action": {"kind": "drop_after"}})
    assert (await code_of(client.enter_automation(contact.id, automation.id))).ambiguous
    assert len(await client.automation_entries(contact.id)) == 1


async def test_the_connection_entry_is_one_and_names_who_runs_the_sync(world, client):
    mine = Installation("inst-1", "Setup Assistant on desk-4", "https://org.my.salesforce.com")
    theirs = Installation("inst-2", "Setup Assistant on desk-9", "https://org.my.salesforce.com")
    await client.beat("00Dx", mine, world.clock.now())
    world.clock.advance(7200)
    made = await client.beat("00Dx", theirs, world.clock.now())
    found = await client.find_connection("00Dx")
    assert found == made
    assert (found.installation, found.seen) == ("inst-2", world.clock.now().replace(microsecond=0))
    assert len(list(world.activecampaign.tables["connections"])) == 1


async def test_pacing_keeps_under_the_limit_of_the_account():
    world = half_world(Settings(**SMALL, rate_limit=True))
    client = client_on(world)
    await client.campaigns()
    await crawl(client.with_priority(Priority.INTERACTIVE))
    for contact_id in list(world.activecampaign.contacts)[:10]:
        await client.recent_activities(str(contact_id), 20)
    assert {entry["status"] for entry in world.log.since()} == {200}


async def test_the_key_stands_in_no_address(world, client):
    await client.account_facts()
    await client.send_campaign(email=(await chosen(world, client))[1].email, campaign_id="1", message_id="1")
    assert all(world.activecampaign.api_key not in str(entry) for entry in world.log.since())
