"""A client from the package registry that we did not write, over loopback (`activecampaign-python`)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from activecampaign.client import Client

from acassist.sandbox.server import Running
from tests.sandbox import in_process


@pytest.fixture(scope="module")
def foreign() -> Iterator[Client]:
    with Running(in_process()) as running:
        yield Client(running.info["activecampaign"], running.info["api_key"])


def test_it_logs_in(foreign):
    assert foreign.users.retrieve_logged_in_user()["user"]["username"] == "alma"


def test_it_creates_reads_changes_and_deletes_a_person(foreign):
    made = foreign.contacts.create_a_contact({"contact": {"email": "foreign@mail.example", "firstName": "Zoë"}})
    key = made["contact"]["id"]
    foreign.contacts.update_a_contact(key, {"contact": {"lastName": "Ñandú"}})
    read = foreign.contacts.retrieve_a_contact(key)["contact"]
    assert (read["firstName"], read["lastName"]) == ("Zoë", "Ñandú")
    again = foreign.contacts.create_or_update_contact({"contact": {"email": "FOREIGN@mail.example", "phone": "1"}})
    assert again["contact"]["id"] == key
    assert foreign.contacts.delete_a_contact(key) == {}
    assert foreign.contacts.retrieve_a_contact(key)["message"].startswith("No Result found for Subscriber")


def test_it_pages_through_all_people(foreign):
    first = foreign.contacts.list_all_contacts(limit=5)
    ids = []
    for offset in range(0, int(first["meta"]["total"]), 5):
        ids += [row["id"] for row in foreign.contacts.list_all_contacts(limit=5, offset=offset)["contacts"]]
    assert len(ids) == len(set(ids)) == int(first["meta"]["total"])


def test_it_tags_and_untags(foreign):
    tag = foreign.tags.create_a_tag({"tag": {"tag": "from elsewhere", "tagType": "contact"}})["tag"]["id"]
    row = foreign.contacts.add_a_tag_to_contact({"contactTag": {"contact": 1, "tag": tag}})["contactTag"]
    tags = foreign.contacts.retrieve_contact_tags(1)["contactTags"]
    assert tag in [item["tag"] for item in tags]
    foreign.contacts.remove_a_tag_from_a_contact(row["id"])
    assert foreign.tags.list_all_tags(search="from elsewhere")["tags"][0]["subscriber_count"] == "0"


def test_it_makes_a_field_and_a_value(foreign):
    field = foreign.contacts.create_a_custom_field({"field": {"type": "text", "title": "From elsewhere"}})["field"][
        "id"
    ]
    given = {"fieldValue": {"contact": 1, "field": field, "value": "x"}}
    row = foreign.contacts.create_a_custom_field_value(given)["fieldValue"]
    assert row["id"] in [item["id"] for item in foreign.contacts.retrieve_a_contacts_field_values(1)["fieldValues"]]
    assert foreign.contacts.list_all_custom_fields(limit=100)["meta"]["total"] == "20"


def test_it_subscribes_and_automates(foreign):
    given = {"contactList": {"list": 2, "contact": 2, "status": 1}}
    assert foreign.contacts.update_list_status_for_a_contact(given)["contactList"]["status"] == 1
    entered = foreign.contacts.add_a_contact_to_an_automation({"contactAutomation": {"contact": 2, "automation": 2}})
    assert entered["contactAutomation"]["seriesid"] == "2"


def test_it_reads_campaigns_links_and_activities(foreign):
    campaign = foreign.campaigns.list_all_campaigns()["campaigns"][0]["id"]
    assert foreign.campaigns.retrieve_a_link_associated_campaign(campaign)["links"][0]["link"] == "open"
    assert int(foreign.activities.list_all_activities(1)["meta"]["total"]) >= 45


def test_it_leaves_a_note_and_a_webhook(foreign):
    note = foreign.notes.create_a_note({"note": {"note": "x", "relid": 1, "reltype": "Subscriber"}})["note"]["id"]
    changed = foreign.notes.update_a_note(note, {"note": {"note": "y"}})
    assert changed["note"]["note"] == "y"
    hook = foreign.webhooks.create_a_webhook({"webhook": {"name": "w", "url": "https://w.example", "events": []}})
    assert foreign.webhooks.retrieve_a_webhook(hook["webhook"]["id"])["webhook"]["name"] == "w"
