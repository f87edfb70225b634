"""Single rows, rows by external id, and conditional requests (sections 2.3, 2.4 and 4.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.salesforce.conftest import Org


class TestRows:
    async def test_create_read_update_delete(self, org: Org) -> None:
        """2.3: 201 with id, 200, 204, 204."""
        made = await org.call("POST", "/sobjects/Lead", {"LastName": "Doe", "Company": "Acme"})
        assert made.status_code == 201
        key = made.json()["id"]
        assert made.json() == {"id": key, "success": True, "errors": []}
        assert made.headers["location"].endswith(f"/sobjects/Lead/{key}")
        changed = await org.call("PATCH", f"/sobjects/Lead/{key}", {"FirstName": "Ann"})
        assert (changed.status_code, changed.content) == (204, b"")
        assert (await org.read("Lead", key, "Name"))["Name"] == "Ann Doe"
        assert (await org.call("DELETE", f"/sobjects/Lead/{key}")).status_code == 204

    async def test_ids_have_18_characters_and_15_will_do(self, org: Org) -> None:
        """Section 0."""
        key = await org.lead()
        assert len(key) == 18
        assert key.startswith("00Q")
        assert (await org.read("Lead", key[:15], "Id"))["Id"] == key
        assert (await org.read("Lead", key.lower(), "Id"))["Id"] == key

    async def test_null_clears_and_what_is_left_out_stays(self, org: Org) -> None:
        """2.3."""
        key = await org.lead(City="Bern", Title="CEO")
        await org.good("PATCH", f"/sobjects/Lead/{key}", {"City": None})
        record = await org.read("Lead", key, "City", "Title")
        assert (record["City"], record["Title"]) == (None, "CEO")

    async def test_text_is_trimmed_and_blank_is_null(self, org: Org) -> None:
        """2.3."""
        key = await org.lead(City="  Bern ", Title="   ")
        record = await org.read("Lead", key, "City", "Title")
        assert (record["City"], record["Title"]) == ("Bern", None)

    async def test_currency_rounds_to_its_scale(self, org: Org) -> None:
        """2.3."""
        key = await org.lead(AnnualRevenue=1234.6, Annual_Budget__c=10.005)
        record = await org.read("Lead", key, "AnnualRevenue", "Annual_Budget__c")
        assert (record["AnnualRevenue"], record["Annual_Budget__c"]) == (1235.0, 10.01)

    async def test_a_write_moves_the_stamps(self, org: Org) -> None:
        """3.2: SystemModstamp and LastModifiedDate move on a save, with the user's id."""
        key = await org.lead()
        org.advance(10)
        await org.good("PATCH", f"/sobjects/Lead/{key}", {"City": "x"})
        record = await org.read("Lead", key, "CreatedDate", "LastModifiedDate", "SystemModstamp", "LastModifiedById")
        assert record["CreatedDate"] == "2026-03-02T09:00:00.000+0000"
        assert record["LastModifiedDate"] == record["SystemModstamp"] == "2026-03-02T09:00:10.000+0000"
        assert record["LastModifiedById"] == org.org.user_id

    async def test_deleted_and_unknown_records(self, org: Org) -> None:
        """2.4: ENTITY_IS_DELETED, INVALID_CROSS_REFERENCE_KEY and NOT_FOUND, all 404."""
        key = await org.lead()
        await org.good("DELETE", f"/sobjects/Lead/{key}")
        gone = key[:13] + "zz"
        assert (await org.refused("GET", f"/sobjects/Lead/{key}"))[1]["errorCode"] == "ENTITY_IS_DELETED"
        assert (await org.refused("PATCH", f"/sobjects/Lead/{key}", {"City": "x"}))[0] == 404
        status, error = await org.refused("PATCH", f"/sobjects/Lead/{gone}", {"City": "x"})
        assert (status, error["message"]) == (404, "invalid cross reference id")
        assert (await org.refused("GET", f"/sobjects/Lead/{gone}"))[1]["errorCode"] == "NOT_FOUND"

    async def test_the_body_must_not_contain_an_id(self, org: Org) -> None:
        """2.3."""
        key = await org.lead()
        assert (await org.refused("PATCH", f"/sobjects/Lead/{key}", {"Id": key}))[0] == 400


class TestChecks:
    @pytest.mark.parametrize(
        ("values", "code", "field"),
        [
            ({"LastName": None}, "REQUIRED_FIELD_MISSING", "LastName"),
            ({"Company": "  "}, "REQUIRED_FIELD_MISSING", "Company"),
            ({"LastName": "x" * 81}, "STRING_TOO_LONG", "LastName"),
            ({"Email": "nobody"}, "INVALID_EMAIL_ADDRESS", "Email"),
            ({"Email": "müller@firm.example"}, "INVALID_EMAIL_ADDRESS", "Email"),
            ({"Segment__c": "Huge"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Segment__c"),
            ({"Newsletter__c": None}, "INVALID_TYPE_ON_FIELD_IN_RECORD", "Newsletter__c"),
            ({"OwnerId": "somebody"}, "MALFORMED_ID", "OwnerId"),
            ({"NumberOfEmployees": 123456789}, "NUMBER_OUTSIDE_VALID_RANGE", "NumberOfEmployees"),
            ({"SystemModstamp": "2026-01-01T00:00:00Z"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "SystemModstamp"),
            ({"Name": "x"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "Name"),
            ({"Age_Band__c": "x"}, "INVALID_FIELD_FOR_INSERT_UPDATE", "Age_Band__c"),
            ({"IsConverted": True}, "INVALID_FIELD_FOR_INSERT_UPDATE", "IsConverted"),
        ],
    )
    async def test_refused_values(self, org: Org, values: dict[str, Any], code: str, field: str) -> None:
        """2.3 and 2.4: each with its code and the field."""
        status, error = await org.refused("POST", "/sobjects/Lead", {"LastName": "a", "Company": "b", **values})
        assert (status, error["errorCode"]) == (400, code)
        assert field in error["fields"]
        assert await org.ids("SELECT Id FROM Lead") == []

    async def test_messages_that_people_see(self, org: Org) -> None:
        """2.4."""
        _, error = await org.refused("POST", "/sobjects/Lead", {"LastName": "a"})
        assert error["message"] == "Required fields are missing: [Company]"
        _, error = await org.refused("POST", "/sobjects/Lead", {"LastName": "a", "Company": "b", "Email": "x"})
        assert error["message"] == "Email: invalid email address: x"

    @pytest.mark.parametrize(
        ("name", "value"),
        [("Trial_End__c", "02.03.2026"), ("Score__c", "12,5"), ("City", {"a": 1}), ("Newsletter__c", "yes")],
    )
    async def test_values_of_the_wrong_kind_cannot_be_parsed(self, org: Org, name: str, value: object) -> None:
        """2.4: JSON_PARSER_ERROR."""
        status, error = await org.refused("POST", "/sobjects/Lead", {"LastName": "a", "Company": "b", name: value})
        assert (status, error["errorCode"]) == (400, "JSON_PARSER_ERROR")

    async def test_a_reference_must_exist(self, org: Org) -> None:
        """2.4: INVALID_CROSS_REFERENCE_KEY 400 in a body."""
        account = (await org.good("POST", "/sobjects/Account", {"Name": "A"}))["id"]
        absent = account[:10] + "zzzzz"
        status, error = await org.refused("POST", "/sobjects/Contact", {"LastName": "a", "AccountId": absent})
        assert (status, error["errorCode"]) == (400, "INVALID_CROSS_REFERENCE_KEY")

    async def test_multipicklists_keep_the_order_of_the_field(self, org: Org) -> None:
        key = await org.lead(Product_Interest__c="SMS;Analytics;Other")
        record = await org.read("Lead", key, "Product_Interest__c")
        assert record["Product_Interest__c"] == "Analytics;SMS;Other"

    async def test_broken_json(self, org: Org) -> None:
        answer = await org.web.post("/services/data/v66.0/sobjects/Lead", content=b"{")
        assert answer.json()[0]["errorCode"] == "JSON_PARSER_ERROR"


class TestExternalIds:
    async def test_upsert_creates_then_updates(self, org: Org) -> None:
        """2.3: 201 created, then 200 with the same id."""
        body = {"LastName": "a", "Company": "b"}
        first = await org.call("PATCH", "/sobjects/Lead/ActiveCampaign_ID__c/77", body)
        again = await org.call("PATCH", "/sobjects/Lead/ActiveCampaign_ID__c/77", {"LastName": "c"})
        assert (first.status_code, first.json()["created"]) == (201, True)
        assert (again.status_code, again.json()["created"]) == (200, False)
        assert again.json()["id"] == first.json()["id"]
        found = await org.good("GET", "/sobjects/Lead/ActiveCampaign_ID__c/77")
        assert (found["LastName"], found["ActiveCampaign_ID__c"]) == ("c", "77")

    async def test_several_matches_are_300_with_their_addresses(self, org: Org) -> None:
        """2.3."""
        keys = [await org.lead(ActiveCampaign_ID__c="5") for _ in range(2)]
        answer = await org.call("PATCH", "/sobjects/Lead/ActiveCampaign_ID__c/5", {"City": "x"})
        assert answer.status_code == 300
        assert answer.json() == [f"/services/data/v66.0/sobjects/Lead/{key}" for key in keys]

    async def test_a_field_that_is_no_key_is_not_found(self, org: Org) -> None:
        """2.4."""
        status, error = await org.refused("PATCH", "/sobjects/Lead/City/x", {"LastName": "a"})
        assert status == 404
        assert error["message"] == "Provided external ID field does not exist or is not accessible: City"


class TestConditional:
    async def test_an_update_after_somebody_elses_is_412(self, org: Org) -> None:
        """4.6: If-Unmodified-Since compares LastModifiedDate."""
        key = await org.lead()
        seen = (await org.call("GET", f"/sobjects/Lead/{key}")).headers["last-modified"]
        org.advance(10)
        await org.control.call("PATCH", f"/salesforce/Lead/{key}", {"City": "Bern"})
        headers = {"If-Unmodified-Since": seen}
        answer = await org.call("PATCH", f"/sobjects/Lead/{key}", {"City": "Basel"}, headers=headers)
        assert answer.status_code == 412
        assert (await org.read("Lead", key, "City"))["City"] == "Bern"

    async def test_an_update_within_the_time_goes_through(self, org: Org) -> None:
        """4.6: granularity is one second."""
        key = await org.lead()
        seen = (await org.call("GET", f"/sobjects/Lead/{key}")).headers["last-modified"]
        headers = {"If-Unmodified-Since": seen}
        answer = await org.call("PATCH", f"/sobjects/Lead/{key}", {"City": "Basel"}, headers=headers)
        assert answer.status_code == 204

    async def test_a_malformed_date_is_400(self, org: Org) -> None:
        """4.6."""
        key = await org.lead()
        headers = {"If-Unmodified-Since": "yesterday"}
        assert (await org.refused("PATCH", f"/sobjects/Lead/{key}", {"City": "x"}, headers=headers))[0] == 400

    async def test_accounts_have_etags(self, org: Org) -> None:
        """4.6: ETag, If-Match and If-None-Match on Account only."""
        key = (await org.good("POST", "/sobjects/Account", {"Name": "A"}))["id"]
        tag = (await org.call("GET", f"/sobjects/Account/{key}")).headers["etag"]
        assert (await org.call("GET", f"/sobjects/Account/{key}", headers={"If-None-Match": tag})).status_code == 304
        org.advance(5)
        await org.control.call("PATCH", f"/salesforce/Account/{key}", {"Site": "x"})
        answer = await org.call("PATCH", f"/sobjects/Account/{key}", {"Site": "y"}, headers={"If-Match": tag})
        assert answer.status_code == 412
