"""People: list, read, sync, create, change, delete (section 2)."""

from __future__ import annotations

from datetime import UTC, datetime

from acassist.sandbox.clock import VirtualClock


class TestAnswers:
    async def test_slashes_and_accents_are_escaped_as_php_does(self, http, person):
        """[R1] section 1, Response headers."""
        person(firstName="Zoë")
        raw = (await http.get("/api/3/contacts")).text
        assert "Zo\\u00eb" in raw
        assert "https:\\/\\/" in raw

    async def test_the_content_type_names_no_charset(self, http):
        """[R1, R2] section 1."""
        assert (await http.get("/api/3/contacts")).headers["content-type"] == "application/json"

    async def test_every_scalar_of_a_person_is_text_null_or_a_list(self, call, person):
        """[R2, R3] section 2, Contact object."""
        person()
        row = (await call("GET", "contacts"))["contacts"][0]
        assert {type(value) for key, value in row.items() if key != "links"} <= {str, list, type(None)}
        assert len(row["links"]) == 18
        assert row["links"]["contactAutomations"].endswith("?limit=2500&orders%5Blastdate%5D=DESC")

    async def test_dates_carry_the_central_offset_and_utc_stamps_lie(self, call, world, person):
        """[R] section 2, Time pitfall."""
        world.clock.set(datetime(2026, 7, 1, 12, 0, tzinfo=UTC))
        person()
        row = (await call("GET", "contacts"))["contacts"][0]
        assert row["cdate"] == "2026-07-01T07:00:00-05:00"
        assert row["updated_utc_timestamp"] == row["updated_timestamp"] == "2026-07-01 07:00:00"

    async def test_in_winter_the_offset_is_six_hours(self, call, world, person):
        world.clock.set(datetime(2026, 1, 15, 12, 0, tzinfo=UTC))
        person()
        assert (await call("GET", "contacts"))["contacts"][0]["udate"] == "2026-01-15T06:00:00-06:00"


class TestList:
    async def test_a_page_holds_twenty_unless_told(self, call, person):
        """[D] section 2: limit default 20."""
        for number in range(25):
            person(f"p{number}@mail.example")
        body = await call("GET", "contacts")
        assert (len(body["contacts"]), body["meta"]["total"]) == (20, "25")

    async def test_a_limit_above_a_hundred_is_clamped_in_silence(self, call, person):
        """[D] section 2: max 100."""
        for number in range(120):
            person(f"p{number}@mail.example")
        assert len((await call("GET", "contacts?limit=500", status=200))["contacts"]) == 100

    async def test_the_offset_and_id_greater_page_on(self, call, person):
        ids = [person(f"p{number}@mail.example") for number in range(5)]
        by_offset = await call("GET", "contacts?limit=2&offset=2")
        by_id = await call("GET", f"contacts?limit=2&orders[id]=ASC&id_greater={ids[1]}")
        assert [row["id"] for row in by_offset["contacts"]] == [row["id"] for row in by_id["contacts"]] == ids[2:4]

    async def test_several_ids_are_read_at_once(self, call, person):
        """[D] section 2: ids[]=1&ids[]=2."""
        person("a@mail.example")
        second, third = person("b@mail.example"), person("c@mail.example")
        body = await call("GET", f"contacts?ids[]={second}&ids[]={third}&ids[]=999")
        assert [row["id"] for row in body["contacts"]] == [second, third]

    async def test_the_email_filter_is_exact_and_email_like_contains(self, call, person):
        person("ann@mail.example")
        joann = person("joann@mail.example")
        assert (await call("GET", "contacts?email=ann@mail.example"))["meta"]["total"] == "1"
        assert (await call("GET", "contacts?email_like=oann@"))["contacts"][0]["id"] == joann

    async def test_search_looks_at_name_phone_email_and_company(self, call, world, person):
        """[D] section 2: search (name/org/phone/email)."""
        account = world.activecampaign
        ada = person("a@mail.example", firstName="Ada", lastName="Lovelace", phone="+44 20")
        account.affiliate(account.contact(ada), int(account.tables["accounts"].add({"name": "Engines Ltd"})["id"]))
        person("b@mail.example")
        for words in ("ada love", "+44", "engines", "A@MAIL"):
            found = (await call("GET", f"contacts?search={words.replace('+', '%2B')}"))["contacts"]
            assert [row["id"] for row in found] == [ada], words

    async def test_updated_after_takes_a_time_with_an_offset(self, call, world, person):
        """[C-SINGER] section 2: filters[updated_after]."""
        person("old@mail.example")
        world.clock.advance(3600)
        young = person("young@mail.example")
        body = await call("GET", "contacts?filters[updated_after]=2026-03-02T10:30:00%2B01:00")
        assert [row["id"] for row in body["contacts"]] == [young]

    async def test_a_time_without_offset_is_read_by_the_switch(self, call, world, person, switch):
        """UNVERIFIED, section 2: probably Central."""
        person()  # 09:00 UTC = 03:00 Central
        path = "contacts?filters[updated_after]=2026-03-02T08:00:00"
        assert (await call("GET", path))["meta"]["total"] == "0"
        switch(naive_filter_is_central=False)
        assert (await call("GET", path))["meta"]["total"] == "1"

    async def test_tag_list_and_status_filters(self, call, world, person):
        account = world.activecampaign
        tagged, gone = person("t@mail.example"), person("g@mail.example")
        tag = account.tag_id("vip")
        account.add_tag(account.contact(tagged), tag)
        account.set_list(account.contact(gone), 1, 2)
        assert [r["id"] for r in (await call("GET", f"contacts?tagid={tag}"))["contacts"]] == [tagged]
        assert [r["id"] for r in (await call("GET", "contacts?listid=1&status=2"))["contacts"]] == [gone]
        assert (await call("GET", "contacts?listid=1&status=1"))["contacts"] == []

    async def test_field_values_come_along_only_by_the_switch(self, call, world, person, switch):
        """[C-RHE] section 2: include=fieldValues works on the list, undocumented."""
        account = world.activecampaign
        account.set_value(account.contact(person()), 1, "85k")
        body = await call("GET", "contacts?include=fieldValues")
        assert [(row["field"], row["value"]) for row in body["fieldValues"]] == [("1", "85k")]
        switch(list_includes_field_values=False)
        assert "fieldValues" not in await call("GET", "contacts?include=fieldValues")

    async def test_new_people_may_show_late_by_the_switch(self, call, world, person, switch):
        """UNVERIFIED, section 10.13."""
        switch(list_lag_seconds=5)
        key = person()
        assert (await call("GET", "contacts?email=ada@mail.example"))["contacts"] == []
        await call("GET", f"contacts/{key}", status=200)
        world.clock.advance(5)
        assert (await call("GET", "contacts?email=ada@mail.example"))["meta"]["total"] == "1"

    async def test_meta_echoes_the_page_input(self, call):
        """[R2] section 2, Envelope."""
        meta = (await call("GET", "contacts?limit=7&offset=3"))["meta"]
        assert (meta["page_input"]["limit"], meta["page_input"]["offset"]) == (7, 3)
        assert meta["page_input"]["segmentid"] is None


class TestOne:
    async def test_a_person_comes_with_sideloads_and_their_ids(self, call, world, person):
        """[R1] section 2, Single."""
        account = world.activecampaign
        key = person()
        value = account.set_value(account.contact(key), 1, "x")
        body = await call("GET", f"contacts/{key}")
        assert body["contact"]["fieldValues"] == [str(value.id)] == [body["fieldValues"][0]["id"]]
        expected = {"contactAutomations", "contactLists", "deals", "fieldValues", "geoIps", "accountContacts"}
        assert expected <= set(body)

    async def test_nobody_is_a_subscriber(self, call):
        """[R1] section 1, Error bodies."""
        assert await call("GET", "contacts/99", status=404) == {"message": "No Result found for Subscriber with id 99"}
        gone = {"message": "No Result found for Subscriber with id 99"}
        assert await call("GET", "contacts/99/fieldValues", status=404) == gone

    async def test_nested_lists_have_no_meta(self, call, person):
        """[R] section 2."""
        key = person()
        for name in ("fieldValues", "contactTags", "contactLists", "accountContacts", "trackingLogs", "notes"):
            assert await call("GET", f"contacts/{key}/{name}", status=200) == {name: []}

    async def test_contact_data_is_singular(self, call, person):
        """[R] section 7.3."""
        assert "contactDatum" in await call("GET", f"contacts/{person()}/contactData")


class TestSync:
    async def test_it_creates_with_201_and_updates_with_200(self, call):
        """[R1, R2: 200 on update; 201 inferred] section 2, Upsert."""
        first = await call(
            "POST", "contact/sync", {"contact": {"email": "n@mail.example", "firstName": "N"}}, status=201
        )
        again = {"contact": {"email": "N@mail.example", "lastName": "M"}}
        second = await call("POST", "contact/sync", again, status=200)
        assert second["contact"]["id"] == first["contact"]["id"]
        assert (second["contact"]["firstName"], second["contact"]["lastName"]) == ("N", "M")

    async def test_a_changed_email_makes_another_person(self, call, world):
        """[D] section 2: match by e-mail only."""
        await call("POST", "contact/sync", {"contact": {"email": "old@mail.example"}})
        await call("POST", "contact/sync", {"contact": {"email": "new@mail.example"}})
        assert len(world.activecampaign.contacts) == 2

    async def test_it_writes_field_values(self, call, world):
        values = [{"field": "1", "value": "x"}, {"field": "2", "value": "||CRM||SMS||"}]
        await call("POST", "contact/sync", {"contact": {"email": "n@mail.example", "fieldValues": values}})
        assert [row.value for row in world.activecampaign.values.values()] == ["x", "||CRM||SMS||"]

    async def test_an_unknown_field_is_passed_over_or_refused_by_the_switch(self, call, switch):
        """UNVERIFIED."""
        body = {"contact": {"email": "n@mail.example", "fieldValues": [{"field": "999", "value": "x"}]}}
        await call("POST", "contact/sync", body, status=201)
        switch(unknown_field_is_error=True)
        await call("POST", "contact/sync", body, status=422)

    async def test_a_blank_overwrites_or_is_ignored_by_the_switch(self, call, person, switch):
        """UNVERIFIED, section 2."""
        key = person(firstName="Ada")
        switch(blank_overwrites=False)
        await call("POST", "contact/sync", {"contact": {"email": "ada@mail.example", "firstName": ""}})
        assert (await call("GET", f"contacts/{key}"))["contact"]["firstName"] == "Ada"
        switch(blank_overwrites=True)
        await call("POST", "contact/sync", {"contact": {"email": "ada@mail.example", "firstName": ""}})
        assert (await call("GET", f"contacts/{key}"))["contact"]["firstName"] == ""

    async def test_an_address_is_needed(self, call):
        """[D] section 1: 422 codes."""
        body = await call("POST", "contact/sync", {"contact": {"firstName": "N"}}, status=422)
        assert body["errors"][0]["code"] == "field_missing"
        body = await call("POST", "contact/sync", {"contact": {"email": "no"}}, status=422)
        assert body["errors"][0]["code"] == "field_invalid"


class TestCreate:
    async def test_it_answers_201_in_the_short_form(self, call):
        """[R1] section 2, Others."""
        body = await call("POST", "contacts", {"contact": {"email": "n@mail.example"}}, status=201)
        assert body["contact"]["email_empty"] is False
        assert "hash" in body["contact"]
        assert "bounced_hard" not in body["contact"]

    async def test_a_second_one_is_a_duplicate(self, call, person):
        """[D] section 1: 422 with pointer."""
        person()
        body = await call("POST", "contacts", {"contact": {"email": "ADA@mail.example"}}, status=422)
        error = {"title": "Email address already exists in the system", "detail": "", "code": "duplicate"}
        assert body == {"errors": [{**error, "source": {"pointer": "/data/attributes/email"}}]}


class TestChange:
    async def test_put_and_patch_change_what_they_name(self, call, world, person):
        """[R1, R2] section 2, Others."""
        key = person(firstName="Ada", lastName="L")
        await call("PUT", f"contacts/{key}", {"contact": {"email": "new@mail.example"}}, status=200)
        body = await call("PATCH", f"contacts/{key}", {"contact": {"lastName": "M"}}, status=200)
        shown = body["contact"]
        assert (shown["email"], shown["firstName"], shown["lastName"]) == ("new@mail.example", "Ada", "M")
        assert world.activecampaign.find("ada@mail.example") is None

    async def test_an_address_of_somebody_else_is_refused(self, call, person):
        person("a@mail.example")
        key = person("b@mail.example")
        body = await call("PUT", f"contacts/{key}", {"contact": {"email": "a@mail.example"}}, status=422)
        assert body["errors"][0]["code"] == "duplicate"

    async def test_field_values_can_be_put(self, call, world, person):
        key = person()
        await call("PUT", f"contacts/{key}", {"contact": {"fieldValues": [{"field": 4, "value": "2026-05-01"}]}})
        assert world.activecampaign.contact(key).values[4].value == "2026-05-01"

    async def test_every_write_moves_the_stamp(self, call, world, person):
        key = person()
        clock: VirtualClock = world.clock
        clock.advance(60)
        await call("PUT", f"contacts/{key}", {"contact": {"phone": "1"}})
        assert (await call("GET", f"contacts/{key}"))["contact"]["udate"] == "2026-03-02T03:01:00-06:00"

    async def test_a_deleted_person_is_gone_with_everything(self, call, world, person):
        """[R1] section 2: DELETE 200 {}."""
        key = person()
        await call("POST", "contactTags", {"contactTag": {"contact": key, "tag": world.activecampaign.tag_id("t")}})
        assert await call("DELETE", f"contacts/{key}", status=200) == {}
        await call("DELETE", f"contacts/{key}", status=404)
        assert (await call("GET", "contactTags"))["contactTags"] == []
        assert (await call("GET", "contacts?email=ada@mail.example"))["contacts"] == []

    async def test_the_log_says_what_was_written(self, call, world, person):
        key = person()
        world.activecampaign.take_writes()
        await call("PUT", f"contacts/{key}", {"contact": {"phone": "1", "fieldValues": [{"field": 1, "value": "x"}]}})
        entry = world.log.since()[-1]
        assert (entry["kind"], entry["rows"]) == ("write", 1)
        assert [item["kind"] for item in entry["written"]] == ["contact", "fieldValue"]
