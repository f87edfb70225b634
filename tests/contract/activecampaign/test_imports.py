"""Bulk import (section 3)."""

from __future__ import annotations

from typing import Any


def people(count: int, **more: Any) -> dict[str, Any]:
    return {"contacts": [{"email": f"p{number}@mail.example", **more} for number in range(count)]}


class TestSubmit:
    async def test_it_is_queued_under_a_batch_id(self, call):
        """[D] section 3."""
        body = await call("POST", "import/bulk_import", people(2), status=200)
        assert (body["Success"], body["queued_contacts"], body["message"]) == (1, 2, "Contact import queued")
        assert len(body["batchId"]) == 36

    async def test_it_is_carried_out_later(self, call, world):
        await call("POST", "import/bulk_import", people(2))
        assert (await call("GET", "contacts"))["meta"]["total"] == "0"
        world.clock.advance(0.3)
        assert (await call("GET", "contacts"))["meta"]["total"] == "2"

    async def test_more_than_250_people_are_refused(self, call):
        """[D] section 3."""
        assert (await call("POST", "import/bulk_import", people(251), status=400))["success"] == 0
        await call("POST", "import/bulk_import", people(250), status=200)

    async def test_400_000_bytes_are_refused(self, call):
        """[D] section 3."""
        big = {"fields": [{"id": 11, "value": "x" * 200_000}]}
        await call("POST", "import/bulk_import", people(2, **big), status=400)

    async def test_faults_are_told_by_index(self, call):
        """[D] section 3."""
        body = {"contacts": [{"email": "a@mail.example"}, {"firstName": "camel"}, {"email": "b@x.example", "x": 1}]}
        answer = await call("POST", "import/bulk_import", body, status=400)
        assert [item["contact"] for item in answer["failureReasons"]] == [1, 2]

    async def test_excluded_addresses_are_left_out_without_a_word(self, call, world):
        """[D] section 3: queued_contacts may be lower."""
        world.activecampaign.excluded = {"p0@mail.example"}
        assert (await call("POST", "import/bulk_import", people(2)))["queued_contacts"] == 1

    async def test_a_hundred_a_minute_with_several_people_then_a_400(self, call, world):
        """[D] section 3: the rate is told by 400, not 429."""
        for _ in range(100):
            await call("POST", "import/bulk_import", people(2), status=200)
        body = await call("POST", "import/bulk_import", people(2), status=400)
        assert body["message"] == "Rate limit exceeded."
        world.clock.advance(61)
        await call("POST", "import/bulk_import", people(2), status=200)

    async def test_twenty_a_minute_with_one_person(self, call):
        """[D] section 3."""
        for _ in range(20):
            await call("POST", "import/bulk_import", people(1), status=200)
        await call("POST", "import/bulk_import", people(1), status=400)


class TestEffect:
    async def run(self, call, world, body: dict[str, Any]) -> Any:
        batch = (await call("POST", "import/bulk_import", body, status=200))["batchId"]
        world.clock.advance(1)
        return await call("GET", f"import/info?batchId={batch}")

    async def test_everything_in_one_call(self, call, world):
        """[D] section 3: account by name, tags, fields, lists."""
        row = {"first_name": "Ada", "phone": "1", "customer_acct_name": "Acme", "tags": ["x", "y"]}
        row |= {"fields": [{"id": 1, "value": "85k"}], "subscribe": [{"listid": 1}], "unsubscribe": [{"listid": 2}]}
        await self.run(call, world, people(1, **row))
        account = world.activecampaign
        contact = account.find("p0@mail.example")
        assert (contact.first, contact.phone, contact.values[1].value) == ("Ada", "1", "85k")
        assert {account.tables["tags"].rows[tag]["tag"] for tag in contact.tags} == {"x", "y"}
        assert {key: row.status for key, row in contact.lists.items()} == {1: 1, 2: 2}
        assert account.tables["accounts"].rows[contact.affiliation.account]["name"] == "Acme"

    async def test_only_new_ids_are_reported(self, call, world, person):
        """[D] section 3: updated people appear in neither list."""
        person("p0@mail.example")
        body = await self.run(call, world, people(2, first_name="New"))
        assert body == {"status": "completed", "success": ["2"], "failure": []}
        assert world.activecampaign.find("p0@mail.example").first == "New"

    async def test_failures_are_bare_addresses(self, call, world, person):
        """[D] section 3: known reasons."""
        account = world.activecampaign
        account.contact(person("hard@mail.example")).bounced_hard = 1
        account.set_list(account.contact(person("left@mail.example")), 1, 2)
        rows = [{"email": email} for email in ("hard@mail.example", "not an address")]
        rows.append({"email": "left@mail.example", "subscribe": [{"listid": 1}]})
        body = await self.run(call, world, {"contacts": rows})
        assert body["failure"] == ["hard@mail.example", "not an address", "left@mail.example"]
        assert account.find("left@mail.example").lists[1].status == 2

    async def test_a_full_plan_takes_nobody_new(self, call, world):
        world.activecampaign.subscriber_limit = 1
        body = await self.run(call, world, people(2))
        assert (body["success"], body["failure"]) == (["1"], ["p1@mail.example"])

    async def test_automations_run_unless_excluded_in_either_place(self, call, world):
        """[D, placement UNVERIFIED] section 3."""
        account = world.activecampaign
        await self.run(call, world, people(1, tags=["demo-requested"]))
        assert account.tag_id("create-salesforce-lead") in account.find("p0@mail.example").tags
        quiet = {"contacts": [{"email": "q@mail.example", "tags": ["demo-requested"]}], "exclude_automations": True}
        await self.run(call, world, quiet)
        inside = {"email": "r@mail.example", "tags": ["demo-requested"], "exclude_automations": True}
        await self.run(call, world, {"contacts": [inside]})
        for email in ("q@mail.example", "r@mail.example"):
            assert account.tag_id("create-salesforce-lead") not in account.find(email).tags


class TestProgress:
    async def test_it_is_false_at_first_and_passes_the_stages(self, call, world):
        """[D] section 3: bare false, then waiting, claimed, active, completed."""
        batch = (await call("POST", "import/bulk_import", people(2)))["batchId"]
        seen = []
        for _ in range(5):
            seen.append(await call("GET", f"import/info?batchId={batch}"))
            world.clock.advance(0.09)
        assert seen[0] is False
        assert [answer["status"] for answer in seen[2:]] == ["claimed", "active", "completed"]

    async def test_a_batch_id_is_needed(self, call):
        """[D] section 3."""
        body = await call("GET", "import/info", status=400)
        assert body == {"success": 0, "message": "'batchId' is a required field."}

    async def test_the_overview_counts_as_text(self, call, world):
        """[D] section 3."""
        await call("POST", "import/bulk_import", people(3))
        day = {"forDate": "2026-03-02", "batches": "1", "contacts": "3"}
        assert await call("GET", "import/bulk_import") == {"outstanding": [day], "recentlyCompleted": []}
        world.clock.advance(1)
        assert await call("GET", "import/bulk_import") == {"outstanding": [], "recentlyCompleted": [day]}
        world.clock.advance(8 * 86_400)
        assert (await call("GET", "import/bulk_import"))["recentlyCompleted"] == []
