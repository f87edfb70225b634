"""Describe: keys, types, rights and change detection (section 2.2 and appendix A)."""

from __future__ import annotations

from typing import Any

import pytest

from acassist.sandbox.settings import Settings
from tests.contract.salesforce.conftest import Org
from tests.sandbox import in_process

KEYS = """
aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive
compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate dependentPicklist
deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable filteredLookupInfo
formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label length mask maskType
name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey precision queryByDistance
referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete restrictedPicklist scale
searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead"""


async def fields(org: Org, sobject: str = "Lead") -> dict[str, dict[str, Any]]:
    described = await org.good("GET", f"/sobjects/{sobject}/describe")
    return {field["name"]: field for field in described["fields"]}


class TestDescribeGlobal:
    async def test_items_and_envelope(self, org: Org) -> None:
        """2.2."""
        body = await org.good("GET", "/sobjects")
        assert (body["encoding"], body["maxBatchSize"]) == ("UTF-8", 200)
        items = {item["name"]: item for item in body["sobjects"]}
        assert items["Lead"]["keyPrefix"] == "00Q"
        assert items["Contact"]["labelPlural"] == "Contacts"
        assert items["CronTrigger"]["createable"] is False


class TestDescribe:
    async def test_every_field_has_the_57_keys(self, org: Org) -> None:
        """2.2."""
        for field in (await fields(org)).values():
            assert sorted(field) == sorted(KEYS.split())

    @pytest.mark.parametrize(
        ("sobject", "name", "expected"),
        [
            ("Lead", "LastName", {"type": "string", "length": 80, "nillable": False, "createable": True}),
            ("Lead", "Company", {"type": "string", "length": 255, "nillable": False}),
            ("Lead", "Status", {"type": "picklist", "nillable": False, "defaultedOnCreate": True}),
            ("Lead", "IsConverted", {"createable": True, "updateable": False, "defaultedOnCreate": True}),
            ("Lead", "AnnualRevenue", {"type": "currency", "precision": 18, "scale": 0}),
            ("Lead", "NumberOfEmployees", {"type": "int", "digits": 8}),
            ("Lead", "Description", {"type": "textarea", "length": 32000, "filterable": False, "sortable": False}),
            ("Contact", "Email", {"type": "email", "length": 80, "idLookup": True, "byteLength": 240}),
            ("Contact", "AccountId", {"type": "reference", "referenceTo": ["Account"], "relationshipName": "Account"}),
            ("Contact", "Birthdate", {"type": "date", "updateable": True}),
            ("Account", "Name", {"length": 255, "nillable": False, "createable": True}),
            ("Account", "BillingAddress", {"type": "address", "updateable": False}),
            ("Lead", "OwnerId", {"referenceTo": ["Group", "User"]}),
        ],
    )
    async def test_recorded_fields(self, org: Org, sobject: str, name: str, expected: dict[str, Any]) -> None:
        """Appendix A."""
        field = (await fields(org, sobject))[name]
        assert {key: field[key] for key in expected} == expected

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("Annual_Budget__c", "currency"), ("Product_Interest__c", "multipicklist"), ("Newsletter__c", "boolean"),
            ("Trial_End__c", "date"), ("Score__c", "double"), ("Discount__c", "percent"), ("Segment__c", "picklist"),
            ("Support_Email__c", "email"), ("Help_Page__c", "url"), ("Second_Phone__c", "phone"),
            ("Notes__c", "textarea"), ("Nickname__c", "string"), ("Secret_Code__c", "encryptedstring"),
        ],
    )  # fmt: skip
    async def test_a_custom_field_of_every_mappable_type(self, org: Org, name: str, kind: str) -> None:
        for sobject in ("Lead", "Contact"):
            assert (await fields(org, sobject))[name]["type"] == kind

    async def test_rich_text_formula_and_restricted_picklist(self, org: Org) -> None:
        """2.2: rich text is a textarea with htmlFormatted; a formula is calculated and read-only."""
        found = await fields(org)
        assert (found["Rich_Notes__c"]["htmlFormatted"], found["Rich_Notes__c"]["extraTypeInfo"]) == (
            True,
            "richtextarea",
        )
        assert found["Notes__c"]["extraTypeInfo"] == "plaintextarea"
        assert (found["Age_Band__c"]["calculated"], found["Age_Band__c"]["updateable"]) == (True, False)
        assert found["Segment__c"]["restrictedPicklist"] is True

    async def test_not_modified(self, org: Org) -> None:
        """2.2: If-Modified-Since gives 304 until the schema changes."""
        first = await org.call("GET", "/sobjects/Lead/describe")
        org.advance(60)
        headers = {"If-Modified-Since": first.headers["last-modified"]}
        assert (await org.call("GET", "/sobjects/Lead/describe", headers=headers)).status_code == 304
        await org.set(fls_hidden=["Lead.Title"])
        assert (await org.call("GET", "/sobjects/Lead/describe", headers=headers)).status_code == 200

    async def test_unknown_objects_are_not_found(self, org: Org) -> None:
        assert (await org.refused("GET", "/sobjects/Nothing/describe"))[0] == 404


class TestFieldLevelSecurity:
    async def test_a_hidden_field_does_not_exist(self, org: Org) -> None:
        """2.2 and 8.4, point 5: absent from describe, INVALID_FIELD everywhere."""
        await org.set(fls_hidden=["Lead.HasOptedOutOfEmail"])
        assert "HasOptedOutOfEmail" not in await fields(org)
        _, error = await org.query_refused("SELECT HasOptedOutOfEmail FROM Lead")
        assert error["errorCode"] == "INVALID_FIELD"
        body = {"LastName": "A", "Company": "B", "HasOptedOutOfEmail": True}
        _, error = await org.refused("POST", "/sobjects/Lead", body)
        assert error["message"] == "No such column 'HasOptedOutOfEmail' on sobject of type Lead"

    async def test_required_fields_cannot_be_hidden(self, org: Org) -> None:
        """Appendix A: LastName is not permissionable."""
        await org.set(fls_hidden=["Lead.LastName"])
        assert "LastName" in await fields(org)

    async def test_a_read_only_field_refuses_the_whole_record(self, org: Org) -> None:
        """2.3."""
        key = await org.lead()
        await org.set(fls_read_only=["Lead.Title"])
        assert (await fields(org))["Title"]["updateable"] is False
        status, error = await org.refused("PATCH", f"/sobjects/Lead/{key}", {"Title": "x", "City": "y"})
        assert (status, error["errorCode"], error["fields"]) == (400, "INVALID_FIELD_FOR_INSERT_UPDATE", ["Title"])

    async def test_a_hidden_object_is_an_unsupported_type(self, org: Org) -> None:
        """2.4: INVALID_TYPE without object permission."""
        await org.set(objects_hidden=["Account"])
        _, error = await org.query_refused("SELECT Id FROM Account")
        assert error["errorCode"] == "INVALID_TYPE"


class TestKindsOfOrg:
    @pytest.mark.parametrize(
        ("switch", "sobject", "name"),
        [
            ("person_accounts", "Account", "IsPersonAccount"),
            ("multi_currency", "Lead", "CurrencyIsoCode"),
            ("state_country_picklists", "Contact", "MailingStateCode"),
            ("record_types", "Contact", "RecordTypeId"),
        ],
    )
    async def test_variants_add_their_fields(self, org: Org, switch: str, sobject: str, name: str) -> None:
        """8.4, point 10."""
        assert name not in await fields(org, sobject)
        await org.set(**{switch: True})
        assert name in await fields(org, sobject)
        await org.set(**{switch: False})
        assert name not in await fields(org, sobject)

    async def test_an_org_without_activecampaign_fields(self) -> None:
        with_fields = await fields(Org(in_process(Settings(), empty=True)))
        without = await fields(Org(in_process(Settings(custom_fields=False), empty=True)))
        assert set(with_fields) - set(without) == {
            "ActiveCampaign_Sync_Status__c",
            "ActiveCampaign_ID__c",
            "ActiveCampaign_Relation_Sync_Status__c",
        }
        assert with_fields["ActiveCampaign_ID__c"]["externalId"] is True
        assert with_fields["ActiveCampaign_ID__c"]["length"] == 64
