"""State, log, clock, and edits as another user."""

from __future__ import annotations

import json

import pytest

from acassist.sandbox.control import world_state
from acassist.sandbox.settings import Settings
from tests.sandbox import CONTROL, Control, client, in_process


@pytest.fixture(scope="module")
def same():
    return in_process()


@pytest.fixture
def world():
    return in_process()


@pytest.fixture
def control(world):
    return Control(world)


class TestState:
    async def test_it_holds_both_sides_with_sorted_keys(self, world):
        async with client(world, CONTROL) as http:
            raw = (await http.get("/state")).text
        assert raw == json.dumps(json.loads(raw), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        body = json.loads(raw)
        assert set(body) == {"salesforce", "activecampaign"}
        assert set(body["salesforce"]) == {"Lead", "Contact", "Account"}

    async def test_one_kind_alone(self, control, world):
        people = await control.call("GET", "/state/activecampaign/contacts")
        assert len(people) == len(world.activecampaign.contacts)
        assert len(await control.call("GET", "/state/salesforce/Account")) > 0
        async with client(world, CONTROL) as http:
            assert (await http.get("/state/activecampaign/nothing")).status_code == 400

    def test_the_same_seed_makes_the_same_world_and_another_another(self, same):
        assert world_state(in_process()) == world_state(same)
        assert world_state(in_process(Settings(seed=8, leads=12, contacts=8))) != world_state(same)

    def test_the_sizes_are_those_of_the_settings(self):
        state = world_state(in_process(Settings(leads=70, contacts=30)))["salesforce"]
        assert len(state["Contact"]) >= 30  # converted leads add to them
        assert 60 <= len(state["Lead"]) <= 70  # merged ones are gone

    def test_some_people_are_on_both_sides_and_some_on_one(self):
        state = world_state(in_process(Settings(leads=200, contacts=100)))
        there = {row["email"] for row in state["activecampaign"]["contacts"]}
        here = {
            str(row["Email"]).lower()
            for name in ("Lead", "Contact")
            for row in state["salesforce"][name]
            if row.get("Email")
        }
        both = len(here & there)
        assert both > 60
        assert len(here - there) > 60
        assert len(there - here) > 60


class TestEditsInActiveCampaign:
    async def test_a_person_is_made_changed_and_deleted_by_the_other_user(self, control, world):
        made = await control.call("POST", "/activecampaign/contacts", {"email": "x@mail.example", "firstName": "X"})
        changes = {
            "phone": "1",
            "fieldValues": {"1": "85k"},
            "tags_add": ["a", "b"],
            "lists": {"1": 1},
            "account": "Acme",
        }
        await control.call("PATCH", f"/activecampaign/contacts/{made['id']}", changes)
        body = await control.call("PATCH", f"/activecampaign/contacts/{made['id']}", {"tags_remove": ["a"]})
        expected = {"firstName": "X", "phone": "1", "fieldValues": {"1": "85k"}, "tags": ["b"], "lists": {"1": 1}}
        assert {key: body[key] for key in expected} == expected
        assert body["account"] == "Acme"
        assert world.activecampaign.find("x@mail.example").by == "2"
        await control.call("DELETE", f"/activecampaign/contacts/{made['id']}")
        assert world.activecampaign.find("x@mail.example") is None

    async def test_such_an_edit_moves_the_stamp(self, control, world):
        contact = next(iter(world.activecampaign.contacts.values()))
        await control.call("PATCH", f"/activecampaign/contacts/{contact.id}", {"firstName": "New"})
        assert contact.udate == world.clock.now()

    async def test_an_activity_is_recorded_at_a_time(self, control, world):
        contact = max(world.activecampaign.contacts.values(), key=lambda person: person.id)
        given = {"kind": "clicked", "campaign": 1, "at": "2026-02-01T12:00:00+00:00"}
        before = len(world.activecampaign.activities[contact.id])
        body = await control.call("POST", f"/activecampaign/contacts/{contact.id}/activity", given)
        assert body == {"activities": before + 1}

    async def test_settings_change_and_nonsense_is_refused(self, control, world):
        await control.call("PATCH", "/activecampaign/settings", {"accounts_plan": False, "subscriber_limit": 10})
        assert world.activecampaign.settings.accounts_plan is False
        assert world.activecampaign.subscriber_limit == 10
        async with client(world, CONTROL) as http:
            for wrong in ({"nothing": 1}, {"labels": "yes"}, {"rate_per_second": True}):
                assert (await http.patch("/activecampaign/settings", json=wrong)).status_code == 400

    async def test_imports_can_be_finished_at_once(self, control, world):
        async with client(world) as http:
            await http.post("/api/3/import/bulk_import", json={"contacts": [{"email": "soon@mail.example"}]})
        await control.call("POST", "/activecampaign/imports/finish", {})
        assert world.activecampaign.find("soon@mail.example") is not None


class TestEditsInSalesforce:
    async def test_a_lead_is_made_changed_deleted_and_brought_back(self, control):
        key = (await control.call("POST", "/salesforce/Lead", {"LastName": "X", "Company": "C"}))["id"]
        await control.call("PATCH", f"/salesforce/Lead/{key}", {"FirstName": "Y"})
        await control.call("DELETE", f"/salesforce/Lead/{key}")
        ids = {row["Id"] for row in await control.call("GET", "/state/salesforce/Lead")}
        assert key not in ids
        await control.call("POST", f"/salesforce/Lead/{key}/undelete", {})
        rows = {row["Id"]: row for row in await control.call("GET", "/state/salesforce/Lead")}
        assert rows[key]["FirstName"] == "Y"


class TestLog:
    async def test_requests_are_numbered_counted_and_forgotten(self, control, world):
        async with client(world) as http:
            await http.get("/api/3/users/me")
            await http.post("/api/3/contact/sync", json={"contact": {"email": "x@mail.example"}})
        log = await control.call("GET", "/log")
        assert [(entry["n"], entry["method"], entry["kind"]) for entry in log] == [
            (1, "GET", "read"),
            (2, "POST", "write"),
        ]
        assert [entry["n"] for entry in await control.call("GET", "/log?since=1")] == [2]
        counts = await control.call("GET", "/log/counts")
        assert counts["services"] == {"activecampaign.read": 1, "activecampaign.write": 1}
        await control.call("DELETE", "/log")
        assert await control.call("GET", "/log") == []

    async def test_it_never_holds_a_secret(self, control, world):
        key = world.activecampaign.api_key
        async with client(world) as http:
            await http.get(f"/admin/api.php?api_key={key}&api_action=user_me")
        assert key not in json.dumps(await control.call("GET", "/log"))


class TestClock:
    async def test_it_moves_on(self, control, world):
        before = world.clock.now()
        await control.call("POST", "/clock/advance", {"seconds": 90})
        assert (world.clock.now() - before).total_seconds() == 90

    async def test_health_tells_the_time(self, control, world):
        assert await control.call("GET", "/health") == {"ok": True, "now": world.clock.now().isoformat()}
