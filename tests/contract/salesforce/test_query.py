"""Queries: answers, paging, comparisons and refusals (section 3.1)."""

from __future__ import annotations

import pytest

from tests.contract.salesforce.conftest import Org


class TestQuery:
    async def test_the_shape_of_a_record(self, org: Org) -> None:
        """3.1 and 8.4, point 3: attributes first, fields as selected, nulls explicit."""
        key = await org.lead(FirstName="Ann")
        body = await org.query("SELECT Name, Email, Id FROM Lead")
        assert (body["totalSize"], body["done"]) == (1, True)
        record = body["records"][0]
        assert list(record) == ["attributes", "Name", "Email", "Id"]
        assert record["attributes"] == {"type": "Lead", "url": f"/services/data/v66.0/sobjects/Lead/{key}"}
        assert (record["Name"], record["Email"]) == ("Ann Doe", None)

    async def test_stamps_are_whole_seconds_in_utc(self, org: Org) -> None:
        """Section 0."""
        org.advance(0.9)
        await org.lead()
        record = (await org.query("SELECT SystemModstamp FROM Lead"))["records"][0]
        assert record["SystemModstamp"] == "2026-03-02T09:00:00.000+0000"

    async def test_count(self, org: Org) -> None:
        """3.1: COUNT() gives totalSize and no records."""
        await org.lead()
        assert await org.query("SELECT COUNT() FROM Lead") == {"totalSize": 1, "done": True, "records": []}

    async def test_text_is_compared_without_case(self, org: Org) -> None:
        """3.1."""
        key = await org.lead(Email="Ann@Firm.example", City="Zürich")
        assert await org.ids("SELECT Id FROM Lead WHERE Email = 'ANN@firm.EXAMPLE'") == [key]
        assert await org.ids("SELECT Id FROM Lead WHERE City LIKE 'ZÜR%'") == [key]
        assert await org.ids("SELECT Id FROM Lead WHERE Email IN ('x', 'aNN@firm.example')") == [key]

    async def test_quotes_and_wildcards_can_be_escaped(self, org: Org) -> None:
        """3.1."""
        key = await org.lead(LastName="O'Neil", City="100% Town")
        await org.lead(LastName="Neil", City="100 Towns")
        assert await org.ids("SELECT Id FROM Lead WHERE LastName = 'O\\'Neil'") == [key]
        assert await org.ids("SELECT Id FROM Lead WHERE City LIKE '100\\% %'") == [key]

    async def test_blanks(self, org: Org) -> None:
        """3.1: blanks equal null, pass != and NOT IN, and sort first."""
        blank, filled = await org.lead(), await org.lead(City="A")
        assert await org.ids("SELECT Id FROM Lead WHERE City = null") == [blank]
        assert await org.ids("SELECT Id FROM Lead WHERE City = ''") == [blank]
        assert await org.ids("SELECT Id FROM Lead WHERE City != 'B'") == [blank, filled]
        assert await org.ids("SELECT Id FROM Lead WHERE City NOT IN ('A')") == [blank]
        assert await org.ids("SELECT Id FROM Lead ORDER BY City") == [blank, filled]
        assert await org.ids("SELECT Id FROM Lead ORDER BY City NULLS LAST") == [filled, blank]

    async def test_parents_are_reached_by_one_step(self, org: Org) -> None:
        """3.1: Account.Name, CronJobDetail.Name."""
        account = await org.good("POST", "/sobjects/Account", {"Name": "Acme"})
        inside, alone = await org.contact(AccountId=account["id"]), await org.contact()
        records = (await org.query("SELECT Id, Account.Name FROM Contact"))["records"]
        assert records[0]["Account"]["Name"] == "Acme"
        assert records[0]["Account"]["attributes"]["type"] == "Account"
        assert records[1]["Account"] is None
        assert await org.ids("SELECT Id FROM Contact WHERE Account.Name = 'acme'") == [inside]
        assert await org.ids("SELECT Id FROM Contact WHERE Account.Name = null") == [alone]

    async def test_keyset_paging_on_the_stamp(self, org: Org) -> None:
        """3.2: order by SystemModstamp, Id; continue after the last pair."""
        keys = [await org.lead() for _ in range(3)]
        org.advance(5)
        keys.append(await org.lead())
        text = (
            "SELECT Id, SystemModstamp FROM Lead WHERE (SystemModstamp > 2026-03-02T09:00:00Z OR "
            f"(SystemModstamp = 2026-03-02T09:00:00Z AND Id > '{keys[0]}')) ORDER BY SystemModstamp, Id LIMIT 2"
        )
        assert await org.ids(text) == keys[1:3]

    async def test_dates_and_periods(self, org: Org) -> None:
        """3.1: date and date-time literals unquoted, TODAY, LAST_N_DAYS."""
        key = await org.lead(Trial_End__c="2026-03-02")
        old = await org.lead(Trial_End__c="2026-02-01")
        assert await org.ids("SELECT Id FROM Lead WHERE Trial_End__c = TODAY") == [key]
        assert await org.ids("SELECT Id FROM Lead WHERE Trial_End__c < 2026-03-01") == [old]
        assert await org.ids("SELECT Id FROM Lead WHERE Trial_End__c = LAST_N_DAYS:7") == [key]
        assert await org.ids("SELECT Id FROM Lead WHERE CreatedDate >= 2026-03-02T10:00:00+01:00") == [key, old]

    async def test_multipicklists(self, org: Org) -> None:
        """3.1: INCLUDES and EXCLUDES."""
        key = await org.lead(Product_Interest__c="CRM;SMS")
        other = await org.lead(Product_Interest__c="Events")
        assert await org.ids("SELECT Id FROM Lead WHERE Product_Interest__c INCLUDES ('CRM;SMS', 'Mobile')") == [key]
        assert await org.ids("SELECT Id FROM Lead WHERE Product_Interest__c EXCLUDES ('CRM')") == [other]

    async def test_a_semi_join(self, org: Org) -> None:
        """6.5: own rights through the permission sets assigned to the user."""
        user = org.org.user_id
        text = (
            "SELECT PermissionsModifyMetadata FROM PermissionSet WHERE Id IN "
            f"(SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '{user}')"
        )
        assert (await org.query(text))["records"][0]["PermissionsModifyMetadata"] is True

    async def test_deleted_rows_only_in_query_all(self, org: Org) -> None:
        """3.1: queryAll has the recycle bin; IsDeleted tells them apart."""
        key = await org.lead()
        await org.good("DELETE", f"/sobjects/Lead/{key}")
        assert await org.ids("SELECT Id FROM Lead") == []
        assert await org.ids("SELECT Id FROM Lead WHERE IsDeleted = true", "/queryAll") == [key]

    async def test_encrypted_text_is_masked(self, org: Org) -> None:
        """2.2: mask and maskType."""
        await org.lead(Secret_Code__c="1234")
        assert (await org.query("SELECT Secret_Code__c FROM Lead"))["records"][0]["Secret_Code__c"] == "****"

    async def test_compound_address(self, org: Org) -> None:
        """2.3: the compound is read as an object."""
        await org.lead(City="Bern", PostalCode="3000")
        record = (await org.query("SELECT Address FROM Lead"))["records"][0]
        assert (record["Address"]["city"], record["Address"]["postalCode"]) == ("Bern", "3000")

    async def test_columns(self, org: Org) -> None:
        """3.1: the CLI's columns=true."""
        body = await org.good("GET", "/query", params={"q": "SELECT Id, Owner.Name FROM Lead", "columns": "true"})
        assert [column["columnName"] for column in body["columnMetadata"]] == ["Id", "Owner.Name"]
        assert body["entityName"] == "Lead"


class TestPaging:
    async def test_pages_follow_the_next_url(self, org: Org) -> None:
        """3.1: batchSize from 200; the locator begins with 0r8; done has no nextRecordsUrl."""
        for start in range(0, 450, 150):
            rows = [{"attributes": {"type": "Lead"}, "LastName": f"L{start + n}", "Company": "C"} for n in range(150)]
            await org.good("POST", "/composite/sobjects", {"records": rows})
        body = await org.query("SELECT LastName FROM Lead", **{"Sforce-Query-Options": "batchSize=200"})
        assert (body["totalSize"], body["done"], len(body["records"])) == (450, False, 200)
        assert body["nextRecordsUrl"].startswith("/services/data/v66.0/query/0r8")
        names = [record["LastName"] for record in body["records"]]
        while not body["done"]:
            body = await org.good("GET", body["nextRecordsUrl"])
            names += [record["LastName"] for record in body["records"]]
        assert "nextRecordsUrl" not in body
        assert sorted(names) == sorted(f"L{n}" for n in range(450))

    async def test_wide_rows_come_in_small_pages(self, org: Org) -> None:
        """3.1: two or more long-text fields, at most 200 rows."""
        for _ in range(2):
            rows = [{"attributes": {"type": "Lead"}, "LastName": "L", "Company": "C"} for _ in range(150)]
            await org.good("POST", "/composite/sobjects", {"records": rows})
        body = await org.query("SELECT Notes__c, Description FROM Lead")
        assert len(body["records"]) == 200

    async def test_at_most_ten_results_stay_open(self, org: Org) -> None:
        """3.1: the oldest is dropped."""
        await org.set(query_page_size=1)
        await org.lead()
        await org.lead()
        urls = [(await org.query("SELECT Id FROM Lead"))["nextRecordsUrl"] for _ in range(11)]
        assert (await org.refused("GET", urls[0]))[1]["errorCode"] == "INVALID_QUERY_LOCATOR"
        assert await org.good("GET", urls[1])

    async def test_locators_expire(self, org: Org) -> None:
        """3.1: up to two days."""
        await org.set(query_page_size=1)
        await org.lead()
        await org.lead()
        url = (await org.query("SELECT Id FROM Lead"))["nextRecordsUrl"]
        org.advance(3 * 86400)
        org.renew()
        assert (await org.refused("GET", url))[1]["errorCode"] == "INVALID_QUERY_LOCATOR"


class TestRefusals:
    @pytest.mark.parametrize(
        "text",
        [
            "SELECT FROM Lead",
            "SELECT Id Lead",
            "SELECT Id FROM Lead WHERE",
            "SELECT Id FROM Lead WHERE City = 'a' AND City = 'b' OR City = 'c'",
            "SELECT Id FROM Lead WHERE City = 'unfinished",
            "SELECT Id FROM Lead WHERE City = 'bad \\q escape'",
            "SELECT Email, COUNT(Id) FROM Lead GROUP BY Email",
            "SELECT Id, (SELECT Id FROM Contacts) FROM Account",
            "SELECT Id FROM Lead FOR UPDATE",
            "SELECT Id FROM Lead WITH SECURITY_ENFORCED",
            "SELECT FIELDS(ALL) FROM Lead LIMIT 200",
            "SELECT Id FROM Lead WHERE City = b",
            "SELECT Id FROM Lead WHERE CreatedDate = LAST_FISCAL_QUARTER",
            "SELECT Id FROM Lead ORDER BY Description",
            "SELECT Id FROM Lead LIMIT -1",
            "SELECT Id FROM Lead; DELETE",
            "SELECT Id FROM Lead WHERE City LIKE 5",
            "UPDATE Lead SET City = 'x'",
            "",
        ],
    )
    async def test_what_is_outside_the_grammar_is_malformed(self, org: Org, text: str) -> None:
        """3.1 and issue: refused with MALFORMED_QUERY, never answered wrongly."""
        status, error = await org.query_refused(text)
        assert (status, error["errorCode"]) == (400, "MALFORMED_QUERY")

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("SELECT Nothing FROM Lead", "INVALID_FIELD"),
            ("SELECT Id, Id FROM Lead", "INVALID_FIELD"),
            ("SELECT Id FROM Nothing", "INVALID_TYPE"),
            ("SELECT Account.Name FROM Lead", "INVALID_FIELD"),
            ("SELECT Id FROM Lead WHERE Description = 'x'", "INVALID_FIELD"),
            ("SELECT Id FROM Lead WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD"),
            ("SELECT Id FROM Lead WHERE CreatedDate > 2026-01-01", "INVALID_FIELD"),
            ("SELECT Id FROM Lead WHERE NumberOfEmployees = '5'", "INVALID_FIELD"),
            ("SELECT Id FROM Lead WHERE City = 5", "INVALID_FIELD"),
            ("SELECT Id FROM Lead WHERE IsConverted = 'true'", "INVALID_FIELD"),
            ("SELECT Id FROM Lead WHERE IsConverted > false", "INVALID_QUERY_FILTER_OPERATOR"),
            ("SELECT Id FROM Lead WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR"),
            ("SELECT Id FROM Lead WHERE Id LIKE '00Q%'", "INVALID_QUERY_FILTER_OPERATOR"),
            ("SELECT Id FROM Lead WHERE Secret_Code__c = '1'", "INVALID_FIELD"),
            ("SELECT Id FROM Lead OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE"),
        ],
    )
    async def test_fields_and_literals(self, org: Org, text: str, code: str) -> None:
        """2.4 and 3.1."""
        status, error = await org.query_refused(text)
        assert (status, error["errorCode"]) == (400, code)

    async def test_metadata_of_several_rows_is_refused(self, org: Org) -> None:
        """6.2: queries selecting Metadata or FullName must match at most one row."""
        text = "SELECT Id, Metadata FROM CustomField"
        _, error = await org.refused("GET", "/tooling/query", params={"q": text})
        assert error["errorCode"] == "MALFORMED_QUERY"
