"""Keys, limits, unknown paths, the account, notes, connections and webhooks (sections 1, 8 and 9)."""

from __future__ import annotations

from typing import ClassVar

import pytest


class TestKeys:
    @pytest.mark.parametrize("key", ["", "wrong"])
    async def test_a_wrong_key_is_a_403_not_a_401(self, http, key):
        """[D, C-JAVA, C-SINGER] section 1, Auth."""
        response = await http.get("/api/3/users/me", headers={"Api-Token": key})
        assert (response.status_code, response.json()) == (403, {"message": "Forbidden"})

    async def test_its_body_may_be_a_page_by_the_switch(self, http, switch):
        """UNVERIFIED, section 1."""
        switch(wrong_key_body="html")
        response = await http.get("/api/3/users/me", headers={"Api-Token": "wrong"})
        assert (response.status_code, response.headers["content-type"][:9]) == (403, "text/html")
        switch(wrong_key_body="empty")
        response = await http.get("/api/3/users/me", headers={"Api-Token": "wrong"})
        assert (response.status_code, response.content) == (403, b"")

    async def test_a_403_may_come_without_cause(self, call, switch):
        """[C-SINGER 1.3.1] section 1."""
        switch(spurious_403_every=3)
        seen = []
        for _ in range(6):
            try:
                await call("GET", "users/me", status=200)
                seen.append(200)
            except AssertionError:
                seen.append(403)
        assert sorted(seen) == [200] * 4 + [403] * 2

    async def test_a_key_with_few_rights_sees_people_only(self, http, world):
        """[D] section 1: the long form of a 403."""
        headers = {"Api-Token": world.activecampaign.limited_key}
        assert (await http.get("/api/3/contacts", headers=headers)).status_code == 200
        body = (await http.get("/api/3/lists", headers=headers)).json()
        assert body["errors"][0]["detail"] == "You do not have permission to view lists."
        assert (await http.get("/api/3/fields", headers=headers)).json() == {"message": "Forbidden"}

    async def test_rights_can_be_taken_by_the_switch(self, call, switch):
        switch(denied_resources=["automations"])
        await call("GET", "automations", status=403)


class TestLimits:
    async def test_the_sixth_request_in_a_second_is_a_429(self, http, world, switch):
        """[D 2025-10-02] section 1, Rate limits."""
        switch(rate_limit=True, retry_after=2)
        statuses = [(await http.get("/api/3/users/me")).status_code for _ in range(5)]
        refused = await http.get("/api/3/users/me")
        assert (statuses, refused.status_code) == ([200] * 5, 429)
        assert refused.headers["Retry-After"] == "2"
        world.clock.advance(1.01)
        assert (await http.get("/api/3/users/me")).status_code == 200

    async def test_older_accounts_answer_503(self, http, switch):
        """[mediatoolkit #18] section 1."""
        switch(rate_limit=True, rate_per_second=1, rate_status=503)
        await http.get("/api/3/users/me")
        assert (await http.get("/api/3/users/me")).status_code == 503

    async def test_no_rate_headers_on_good_answers(self, http):
        """[R1, R2] section 1: none in 582 recordings."""
        headers = (await http.get("/api/3/users/me")).headers
        assert not [name for name in headers if name.startswith("ratelimit")]


class TestShapesOfErrors:
    async def test_unknown_paths_and_methods(self, call):
        await call("GET", "nothing", status=404)
        await call("DELETE", "contacts", status=405)

    async def test_a_body_that_is_no_json_is_a_400(self, http):
        response = await http.post("/api/3/contact/sync", content=b"{")
        assert response.status_code == 400


class TestAccountAndUser:
    async def test_me_names_neither_plan_nor_account(self, call):
        """[R1, R3] section 1."""
        user = (await call("GET", "users/me"))["user"]
        assert {"username", "firstName", "lastName", "email", "localZoneid", "id", "links"} <= set(user)
        assert not {"plan", "account"} & set(user)

    async def test_settings_account_is_flat_without_a_tier(self, call, person):
        """[D] section 9."""
        person()
        body = await call("GET", "settings/account")
        assert (body["subscriber_total"], body["trial"], body["status"]) == (1, False, "active")
        assert not {"plan", "tier"} & set(body)


class TestNotes:
    async def test_a_note_hangs_on_the_person(self, call, person):
        """[D] section 7.3; the total is a number, section 2."""
        key = person()
        given = {"note": {"note": "Hello", "relid": key, "reltype": "Subscriber"}}
        assert (await call("POST", "notes", given, status=201))["note"]["note"] == "Hello"
        assert (await call("GET", "notes"))["meta"]["total"] == 1
        row = (await call("GET", f"contacts/{key}/notes"))["notes"][0]
        assert row["owner"] == {"type": "contact", "id": key}


class TestConnections:
    GIVEN: ClassVar = {
        "service": "s",
        "externalid": "e",
        "name": "n",
        "logoUrl": "https://l.example",
        "linkUrl": "https://k.example",
    }

    async def test_find_or_create_by_service_and_externalid(self, call):
        """[D] section 8: the pair is unique."""
        made = (await call("POST", "connections", {"connection": self.GIVEN}, status=201))["connection"]
        await call("POST", "connections", {"connection": self.GIVEN}, status=422)
        found = await call("GET", "connections?filters[service]=s&filters[externalid]=e")
        assert [row["id"] for row in found["connections"]] == [made["id"]]
        assert (await call("GET", "connections?filters[service]=other"))["connections"] == []

    async def test_all_five_are_required(self, call):
        """[D] section 8."""
        for key in self.GIVEN:
            given = {name: value for name, value in self.GIVEN.items() if name != key}
            body = await call("POST", "connections", {"connection": given}, status=422)
            assert body["errors"][0]["title"] == f"The connection {key} was not provided."

    async def test_status_changes_and_it_goes(self, call):
        key = (await call("POST", "connections", {"connection": self.GIVEN}))["connection"]["id"]
        row = (await call("PUT", f"connections/{key}", {"connection": {"status": 0, "syncStatus": 1}}))["connection"]
        assert (row["status"], row["syncStatus"], row["name"]) == ("0", "1", "n")
        assert await call("DELETE", f"connections/{key}", status=200) == {}


class TestWebhooks:
    async def test_events_are_counted_as_a_number(self, call):
        """[D] section 8: 25 events."""
        body = await call("GET", "webhook/events")
        assert (len(body["webhookEvents"]), body["meta"]["total"]) == (25, 25)

    async def test_one_is_made_and_removed(self, call):
        """[D] section 8."""
        given = {"name": "w", "url": "https://w.example", "events": ["update"], "sources": ["public"]}
        row = (await call("POST", "webhooks", {"webhook": given}, status=201))["webhook"]
        assert row["events"] == ["update"]
        await call("DELETE", f"webhooks/{row['id']}", status=200)
        assert (await call("GET", "webhooks"))["webhooks"] == []
