"""Custom fields and their values, tags, lists and memberships (sections 2 and 4)."""

from __future__ import annotations

from datetime import UTC, datetime


class TestFields:
    async def test_without_a_limit_only_twenty_come(self, call):
        """[three bug reports] section 2: send limit=100 and page."""
        for number in range(4):
            await call("POST", "fields", {"field": {"type": "text", "title": f"Extra {number}"}}, status=201)
        body = await call("GET", "fields")
        assert (len(body["fields"]), body["meta"]["total"]) == (20, "23")
        assert len((await call("GET", "fields?limit=100"))["fields"]) == 23

    async def test_options_and_relations_are_siblings(self, call):
        """[R] section 2, Custom fields."""
        body = await call("GET", "fields?limit=100")
        field = next(row for row in body["fields"] if row["title"] == "Segment")
        options = [row for row in body["fieldOptions"] if row["field"] == field["id"]]
        assert field["options"] == [row["id"] for row in options]
        assert [row["value"] for row in options] == ["Enterprise", "Mid-market", "Small business", "Start-up"]
        assert [row["relid"] for row in body["fieldRels"] if row["field"] == field["id"]] == ["0"]

    async def test_the_personalisation_tag_is_made_from_the_title(self, call):
        """[R] section 2: upper-cased, spaces to underscores."""
        body = await call("POST", "fields", {"field": {"type": "text", "title": "Shoe size"}}, status=201)
        assert body["field"]["perstag"] == "SHOE_SIZE"

    async def test_a_second_field_with_the_title_is_refused(self, call):
        """[D] section 2."""
        body = await call("POST", "fields", {"field": {"type": "text", "title": "segment"}}, status=422)
        assert body["errors"][0]["title"] == "There is already a field with this title"

    async def test_options_are_made_in_bulk_and_fail_with_one_string(self, call):
        """[D] section 1: errors as a string."""
        made = await call("POST", "fieldOption/bulk", {"fieldOptions": [{"field": 7, "value": "Other"}]}, status=201)
        assert made["fieldOptions"][0]["label"] == "Other"
        body = await call("POST", "fieldOption/bulk", {"fieldOptions": [{"field": 999, "value": "x"}]}, status=422)
        assert isinstance(body["errors"], str)

    async def test_deleting_an_option_answers_nothing_at_all(self, http, call):
        """[R1] section 1: 200, empty body, X-Ac-Error."""
        option = (await call("GET", "fields/7/options"))["fieldOptions"][0]
        response = await http.delete(f"/api/3/fieldOptions/{option['id']}")
        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["X-Ac-Error"] == "Code 9001"

    async def test_a_deleted_field_takes_its_values_along(self, call, world, person):
        account = world.activecampaign
        account.set_value(account.contact(person()), 1, "x")
        assert await call("DELETE", "fields/1", status=200) == {}
        assert (await call("GET", "fieldValues"))["fieldValues"] == []
        await call("GET", "fields/1", status=404)

    async def test_a_relation_and_a_group_member_make_it_visible(self, call):
        """[R] section 2."""
        field = (await call("POST", "fields", {"field": {"type": "date", "title": "Renewal"}}))["field"]["id"]
        await call("POST", "fieldRels", {"fieldRel": {"field": field, "relid": 0}}, status=201)
        member = {"groupMember": {"rel_id": field, "group_id": "1", "ordernum": None}}
        await call("POST", "groupMembers", member, status=201)
        assert len((await call("GET", f"fields/{field}/relations"))["fieldRels"]) == 1


class TestFieldValues:
    async def test_a_value_is_made_with_201_and_comes_with_the_person(self, call, person):
        """[R1] section 2, Field values."""
        given = {"fieldValue": {"contact": person(), "field": 3, "value": "||true||"}, "useDefaults": True}
        body = await call("POST", "fieldValues", given, status=201)
        assert body["fieldValue"]["owner"] == body["contacts"][0]["id"]
        again = await call("PUT", f"fieldValues/{body['fieldValue']['id']}", {"fieldValue": {"value": ""}}, status=200)
        assert again["fieldValue"]["value"] == ""

    async def test_filters_by_field_and_by_value(self, call, world, person):
        account = world.activecampaign
        for number, value in enumerate(("a", "b", "a")):
            account.set_value(account.contact(person(f"p{number}@mail.example")), 1, value)
            account.set_value(account.contacts[number + 1], 8, "other")
        body = await call("GET", "fieldValues?filters[fieldid]=1&filters[val]=a&limit=100")
        assert [row["contact"] for row in body["fieldValues"]] == ["1", "3"]
        assert (await call("GET", "fieldValues?filters[fieldid]=1&limit=1"))["meta"]["total"] == "3"

    async def test_a_date_with_time_is_re_expressed_in_the_account_zone(self, call, person):
        """[D] section 2, Encoding."""
        given = {"fieldValue": {"contact": person(), "field": 19, "value": "2026-07-01T12:00:00+02:00"}}
        assert (await call("POST", "fieldValues", given))["fieldValue"]["value"] == "2026-07-01T05:00:00-05:00"

    async def test_deleting_works_once(self, call, world, person):
        """[R1] section 2."""
        account = world.activecampaign
        row = account.set_value(account.contact(person()), 1, "x")
        assert await call("DELETE", f"fieldValues/{row.id}", status=200) == {}
        body = await call("DELETE", f"fieldValues/{row.id}", status=404)
        assert body == {"message": f"No Result found for FieldValue with id {row.id}"}

    async def test_the_value_has_a_stamp_of_its_own(self, call, world, person, switch):
        """Section 2: fieldValue.udate, with and without moving the person (switch)."""
        account, key = world.activecampaign, person()
        row = account.set_value(account.contact(key), 1, "x")
        switch(field_value_moves_contact=False)
        world.clock.set(datetime(2026, 3, 3, 18, 0, tzinfo=UTC))
        value = (await call("PUT", f"fieldValues/{row.id}", {"fieldValue": {"value": "y"}}))["fieldValue"]
        assert value["udate"] == "2026-03-03T12:00:00-06:00"
        assert (await call("GET", f"contacts/{key}"))["contact"]["udate"] == "2026-03-02T03:00:00-06:00"
        switch(field_value_moves_contact=True)
        await call("PUT", f"fieldValues/{row.id}", {"fieldValue": {"value": "z"}})
        assert (await call("GET", f"contacts/{key}"))["contact"]["udate"] == "2026-03-03T12:00:00-06:00"


class TestTags:
    async def test_search_contains_and_filters_compare(self, call):
        """[D] section 4."""
        for name in ("created-from-salesforce-lead", "Sales", "VIP"):
            await call("POST", "tags", {"tag": {"tag": name, "tagType": "contact"}}, status=201)
        found = await call("GET", "tags?search=SALES")
        assert [row["tag"] for row in found["tags"]] == ["created-from-salesforce-lead", "Sales"]
        exact = await call("GET", "tags?filters[search][eq]=sales")
        assert ([row["tag"] for row in exact["tags"]], exact["meta"]["total"]) == (["Sales"], "1")

    async def test_a_name_is_taken_whatever_its_case(self, call, switch):
        """[formie #1389] section 1; the status is UNVERIFIED."""
        await call("POST", "tags", {"tag": {"tag": "TEST", "tagType": "contact"}}, status=201)
        body = await call("POST", "tags", {"tag": {"tag": "test", "tagType": "contact"}}, status=422)
        assert body["error"] == "Duplicate entry 'contact-test' for key 'typetag'"
        switch(duplicate_tag_status=500)
        await call("POST", "tags", {"tag": {"tag": "test", "tagType": "contact"}}, status=500)

    async def test_tagging_is_201_with_the_person_then_200_without(self, call, world, person):
        """[R1, R2] section 4."""
        given = {"contactTag": {"contact": person(), "tag": world.activecampaign.tag_id("vip")}}
        first = await call("POST", "contactTags", given, status=201)
        second = await call("POST", "contactTags", given, status=200)
        assert "contacts" in first
        assert "contacts" not in second
        assert first["contactTag"]["id"] == second["contactTag"]["id"]

    async def test_untagging_takes_the_association_not_the_tag(self, call, world, person):
        """[n8n #3851] section 4."""
        account, key = world.activecampaign, person()
        for name in ("one", "two"):
            account.tag_id(name)
        row, _ = account.add_tag(account.contact(key), account.tag_id("two"))
        wrong = await call("DELETE", f"contactTags/{row.tag}", status=404)
        assert wrong == {"message": f"No Result found for SubscriberTag with id {row.tag}"}
        assert await call("DELETE", f"contactTags/{row.id}", status=200) == {}
        assert (await call("GET", f"contacts/{key}/contactTags"))["contactTags"] == []

    async def test_tagging_nobody_is_a_404_in_the_long_form(self, call, world):
        """[D] section 1."""
        given = {"contactTag": {"contact": 99, "tag": world.activecampaign.tag_id("vip")}}
        body = await call("POST", "contactTags", given, status=404)
        assert body["errors"][0]["detail"] == "Contact not found"

    async def test_the_tag_counts_its_people(self, call, world, person):
        account = world.activecampaign
        tag = account.tag_id("vip")
        account.add_tag(account.contact(person()), tag)
        assert (await call("GET", f"tags/{tag}"))["tag"]["subscriber_count"] == "1"
        missing = await call("GET", "tags/99", status=404)
        assert missing == {"message": "No Result found for Tag with id 99"}


class TestLists:
    async def test_a_membership_shows_its_status_as_a_number_once(self, call, person):
        """[R2] section 2: int in the answer to the write, text in lists."""
        key = person()
        given = {"contactList": {"list": 1, "contact": key, "status": 1}}
        assert (await call("POST", "contactLists", given))["contactList"]["status"] == 1
        assert (await call("GET", f"contacts/{key}/contactLists"))["contactLists"][0]["status"] == "1"

    async def test_who_left_comes_back_only_with_source_four(self, call, world, person):
        """[D] section 2."""
        key = person()
        given = {"list": 1, "contact": key, "status": 2}
        await call("POST", "contactLists", {"contactList": given})
        await call("POST", "contactLists", {"contactList": {**given, "status": 1}})
        assert world.activecampaign.contact(key).lists[1].status == 2
        await call("POST", "contactLists", {"contactList": {**given, "status": 1, "sourceid": 4}})
        assert world.activecampaign.contact(key).lists[1].status == 1

    async def test_lists_are_filtered_by_name(self, call):
        body = await call("GET", "lists?filters[name]=product")
        assert [row["name"] for row in body["lists"]] == ["Product news"]
