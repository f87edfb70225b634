"""Custom fields, permission sets, layouts, deployments and org facts (section 6)."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import httpx

from tests.contract.salesforce.conftest import Org, V

TEXT = {"label": "Marketing Id", "type": "Text", "length": 64, "externalId": True, "unique": True, "required": False}
NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
FIELD = "<fields><fullName>{name}</fullName><label>Rank</label><type>Text</type><length>{length}</length></fields>"


def objects(name: str) -> str:
    return f"<CustomObject {NAMESPACE}>{FIELD.format(name=name, length=64)}</CustomObject>"


async def field_names(org: Org) -> set[str]:
    described = await org.good("GET", "/sobjects/Lead/describe")
    return {field["name"] for field in described["fields"]}


async def make_field(org: Org, name: str = "Lead.MktId__c") -> str:
    body = {"FullName": name, "Metadata": TEXT}
    return str((await org.good("POST", "/tooling/sobjects/CustomField", body))["id"])


async def grant(org: Org, field: str) -> str:
    """Show a field to the user through a permission set; return the set's id."""
    made = await org.good("POST", "/sobjects/PermissionSet", {"Name": "Marketing_Sync", "Label": "Marketing Sync"})
    row = {"ParentId": made["id"], "SobjectType": "Lead", "Field": field}
    await org.good("POST", "/sobjects/FieldPermissions", {**row, "PermissionsRead": True, "PermissionsEdit": True})
    pair = {"AssigneeId": org.org.user_id, "PermissionSetId": made["id"]}
    await org.good("POST", "/sobjects/PermissionSetAssignment", pair)
    return str(made["id"])


def package(members: dict[str, list[str]], files: dict[str, str]) -> bytes:
    types = "".join(
        f"<types>{''.join(f'<members>{m}</members>' for m in names)}<name>{kind}</name></types>"
        for kind, names in members.items()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("package.xml", f"<Package {NAMESPACE}>{types}<version>66.0</version></Package>")
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


async def deploy(org: Org, data: bytes, part: str = "json", **options: Any) -> dict[str, Any]:
    """Deploy a zip and return the last result with its details."""
    wanted = {"deployOptions": {"singlePackage": True, "rollbackOnError": True, **options}}
    files = {
        part: (None, json.dumps(wanted), "application/json"),
        "file": ("deploy.zip", data, "application/zip"),
    }
    answer = await org.web.post(f"{V}/metadata/deployRequest", files=files)
    assert answer.status_code == 201, answer.text
    key = answer.json()["id"]
    assert key.startswith("0Af")
    for _ in range(5):
        body = await org.good("GET", f"/metadata/deployRequest/{key}", params={"includeDetails": "true"})
        if body["deployResult"]["done"]:
            break
    return dict(body["deployResult"])


class TestTooling:
    async def test_a_new_field_is_invisible_until_granted(self, org: Org) -> None:
        """6.2: neither Metadata nor Tooling creation grants field-level security, admins included."""
        await make_field(org)
        assert "MktId__c" not in await field_names(org)
        await grant(org, "Lead.MktId__c")
        assert "MktId__c" in await field_names(org)
        key = await org.lead(MktId__c="7")
        assert (await org.good("GET", "/sobjects/Lead/MktId__c/7"))["Id"] == key

    async def test_a_second_field_of_that_name_is_refused(self, org: Org) -> None:
        """6.2: DUPLICATE_DEVELOPER_NAME."""
        await make_field(org)
        body = {"FullName": "Lead.MktId__c", "Metadata": TEXT}
        _, error = await org.refused("POST", "/tooling/sobjects/CustomField", body)
        assert error["errorCode"] == "DUPLICATE_DEVELOPER_NAME"

    async def test_custom_fields_can_be_listed_and_deleted(self, org: Org) -> None:
        """6.2."""
        key = await make_field(org)
        text = "SELECT Id, DeveloperName, TableEnumOrId FROM CustomField WHERE TableEnumOrId = 'Lead'"
        rows = (await org.query(text, "/tooling/query"))["records"]
        assert ("MktId", "Lead") in {(row["DeveloperName"], row["TableEnumOrId"]) for row in rows}
        await org.good("DELETE", f"/tooling/sobjects/CustomField/{key}")
        _, error = await org.query_refused("SELECT MktId__c FROM Lead")
        assert error["errorCode"] == "INVALID_FIELD"

    async def test_a_user_without_the_right_may_not(self, org: Org) -> None:
        """6.1: Modify Metadata."""
        for row in org.org.rows_of("PermissionSet").rows.values():
            row.update(PermissionsModifyMetadata=False, PermissionsModifyAllData=False)
        body = {"FullName": "Lead.MktId__c", "Metadata": TEXT}
        assert (await org.refused("POST", "/tooling/sobjects/CustomField", body))[0] == 403

    async def test_a_layout_can_be_read_and_written(self, org: Org) -> None:
        """6.4: 204; the field must be visible, and once only."""
        text = "SELECT Id, Name FROM Layout WHERE TableEnumOrId = 'Lead'"
        key = (await org.query(text, "/tooling/query"))["records"][0]["Id"]
        layout = await org.good("GET", f"/tooling/sobjects/Layout/{key}", params={"fields": "Id,FullName,Metadata"})
        items = layout["Metadata"]["layoutSections"][0]["layoutColumns"][0]["layoutItems"]
        items.append({"behavior": "Readonly", "field": "ActiveCampaign_Sync_Status__c"})
        body = {"FullName": layout["FullName"], "Metadata": layout["Metadata"]}
        assert (await org.call("PATCH", f"/tooling/sobjects/Layout/{key}", body)).status_code == 204
        items.append({"behavior": "Readonly", "field": "ActiveCampaign_Sync_Status__c"})
        assert (await org.refused("PATCH", f"/tooling/sobjects/Layout/{key}", body))[0] == 400
        items[-1]["field"] = "Nothing__c"
        assert (await org.refused("PATCH", f"/tooling/sobjects/Layout/{key}", body))[0] == 400


class TestPermissionSets:
    async def test_a_second_assignment_is_a_duplicate(self, org: Org) -> None:
        """6.3: DUPLICATE_VALUE."""
        await make_field(org)
        key = await grant(org, "Lead.MktId__c")
        pair = {"AssigneeId": org.org.user_id, "PermissionSetId": key}
        _, error = await org.refused("POST", "/sobjects/PermissionSetAssignment", pair)
        assert error["errorCode"] == "DUPLICATE_VALUE"

    async def test_required_and_formula_fields_refuse(self, org: Org) -> None:
        """6.3: universally required, formula-edit and system fields refuse."""
        made = await org.good("POST", "/sobjects/PermissionSet", {"Name": "A", "Label": "A"})
        base = {"ParentId": made["id"], "SobjectType": "Lead", "PermissionsRead": True, "PermissionsEdit": True}
        for field in ("Lead.LastName", "Lead.SystemModstamp", "Lead.Age_Band__c", "Lead.Nothing__c"):
            assert (await org.refused("POST", "/sobjects/FieldPermissions", {**base, "Field": field}))[0] == 400

    async def test_taking_the_assignment_away_hides_the_field_again(self, org: Org) -> None:
        await make_field(org)
        await grant(org, "Lead.MktId__c")
        key = (await org.ids("SELECT Id FROM PermissionSetAssignment WHERE PermissionSet.Name = 'Marketing_Sync'"))[0]
        await org.good("DELETE", f"/sobjects/PermissionSetAssignment/{key}")
        assert "MktId__c" not in await field_names(org)


class TestDeploy:
    async def test_fields_and_permission_set(self, org: Org) -> None:
        """6.1: asynchronous; success names every component."""
        rights = (
            "<fieldPermissions><field>Lead.Rank__c</field><readable>true</readable><editable>true</editable>"
            "</fieldPermissions>"
        )
        files = {
            "objects/Lead.object": objects("Rank__c"),
            "permissionsets/Sync.permissionset": (
                f"<PermissionSet {NAMESPACE}>{rights}<label>Sync</label></PermissionSet>"
            ),
        }
        data = package({"CustomField": ["Lead.Rank__c"], "PermissionSet": ["Sync"]}, files)
        result = await deploy(org, data)
        assert (result["status"], result["success"], result["numberComponentsDeployed"]) == ("Succeeded", True, 2)
        key = (await org.ids("SELECT Id FROM PermissionSet WHERE Name = 'Sync'"))[0]
        pair = {"AssigneeId": org.org.user_id, "PermissionSetId": key}
        await org.good("POST", "/sobjects/PermissionSetAssignment", pair)
        assert "Rank__c" in await field_names(org)

    async def test_one_bad_component_takes_all_back(self, org: Org) -> None:
        """6.1: per-component failures; rollbackOnError."""
        fields = FIELD.format(name="Good__c", length=64) + FIELD.format(name="Bad__c", length=999)
        files = {"objects/Lead.object": f"<CustomObject {NAMESPACE}>{fields}</CustomObject>"}
        data = package({"CustomField": ["Lead.Good__c", "Lead.Bad__c"]}, files)
        result = await deploy(org, data, part="entity_content")
        assert (result["status"], result["numberComponentErrors"]) == ("Failed", 1)
        (failure,) = result["details"]["componentFailures"]
        assert (failure["fullName"], failure["problemType"]) == ("Lead.Bad__c", "Error")
        assert org.org.schema.find("Lead").get("Good__c") is None
        partial = await deploy(org, data, rollbackOnError=False)
        assert partial["status"] == "SucceededPartial"
        assert org.org.schema.find("Lead").get("Good__c") is not None

    async def test_check_only_changes_nothing(self, org: Org) -> None:
        """6.1."""
        files = {"objects/Lead.object": objects("Rank__c")}
        result = await deploy(org, package({"CustomField": ["Lead.Rank__c"]}, files), checkOnly=True)
        assert result["status"] == "Succeeded"
        assert org.org.schema.find("Lead").get("Rank__c") is None

    async def test_destructive_changes(self, org: Org) -> None:
        """6.1: destructiveChanges.xml beside an empty package.xml."""
        await make_field(org)
        gone = "<types><members>Lead.MktId__c</members><name>CustomField</name></types>"
        result = await deploy(org, package({}, {"destructiveChanges.xml": f"<Package {NAMESPACE}>{gone}</Package>"}))
        assert result["status"] == "Succeeded"
        assert org.org.schema.find("Lead").get("MktId__c") is None

    async def test_named_but_absent_and_broken_zips_fail(self, org: Org) -> None:
        missing = await deploy(org, package({"CustomField": ["Lead.Rank__c"]}, {}))
        assert missing["details"]["componentFailures"][0]["fileName"] == "package.xml"
        broken = await deploy(org, b"not a zip")
        assert (broken["status"], broken["errorStatusCode"]) == ("Failed", "UNKNOWN_EXCEPTION")

    async def test_cancel(self, org: Org) -> None:
        """6.1."""
        files = {"json": (None, '{"deployOptions":{}}', "application/json"), "file": ("a.zip", b"", "application/zip")}
        answer: httpx.Response = await org.web.post(f"{V}/metadata/deployRequest", files=files)
        path = f"/metadata/deployRequest/{answer.json()['id']}"
        await org.good("PATCH", path, {"deployResult": {"status": "Canceling"}})
        assert (await org.good("GET", path))["deployResult"]["status"] == "Canceled"


class TestOrgFacts:
    async def test_organization(self, org: Org) -> None:
        """6.5."""
        body = await org.good("GET", f"/sobjects/Organization/{org.org.org_id}")
        assert (body["OrganizationType"], body["IsSandbox"]) == ("Enterprise Edition", False)

    async def test_other_scheduled_jobs(self, org: Org) -> None:
        """6.5: CronTrigger with the name and kind of its job."""
        text = (
            "SELECT Id, CronExpression, State, NextFireTime, TimesTriggered, CronJobDetail.Name, "
            "CronJobDetail.JobType FROM CronTrigger"
        )
        rows = (await org.query(text))["records"]
        assert ("Nightly lead scoring", "7") in {
            (row["CronJobDetail"]["Name"], row["CronJobDetail"]["JobType"]) for row in rows
        }
        assert {row["State"] for row in rows} <= {"WAITING", "PAUSED"}

    async def test_effective_rights_and_record_access(self, org: Org) -> None:
        """6.5."""
        text = "SELECT PermissionsModifyMetadata FROM UserPermissionAccess LIMIT 1"
        assert (await org.query(text))["records"][0]["PermissionsModifyMetadata"] is True
        key = await org.lead()
        text = (
            "SELECT RecordId, HasEditAccess FROM UserRecordAccess "
            f"WHERE UserId = '{org.org.user_id}' AND RecordId IN ('{key}')"
        )
        assert (await org.query(text))["records"][0]["HasEditAccess"] is True

    async def test_converted_statuses(self, org: Org) -> None:
        """Section 5."""
        text = "SELECT MasterLabel FROM LeadStatus WHERE IsConverted = true"
        assert (await org.query(text))["records"][0]["MasterLabel"] == "Closed - Converted"


class TestUndoing:
    async def test_a_permission_set_takes_its_grants_and_assignments_along(self, org: Org) -> None:
        await make_field(org)
        key = await grant(org, "Lead.MktId__c")
        await org.good("DELETE", f"/sobjects/PermissionSet/{key}")
        assert await org.ids(f"SELECT Id FROM FieldPermissions WHERE ParentId = '{key}'") == []
        assert "MktId__c" not in await field_names(org)
        text = "SELECT PermissionsViewSetup FROM UserPermissionAccess LIMIT 1"
        assert (await org.query(text))["records"][0]["PermissionsViewSetup"] is True
