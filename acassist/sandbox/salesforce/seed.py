"""What every org has before anybody enters a lead: users, profile, rights, set-up rows, layouts, jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from acassist.sandbox.salesforce.custom_fields import PEOPLE as CUSTOM
from acassist.sandbox.salesforce.custom_fields import RELATION, REMOTE_ID, STATUS
from acassist.sandbox.salesforce.org import SalesforceOrg
from acassist.sandbox.salesforce.schema import PEOPLE
from acassist.sandbox.salesforce.stamps import stamp
from acassist.sandbox.salesforce.system_fields import RIGHTS

RIGHT_NAMES = tuple(line.split()[0] for line in RIGHTS.strip().splitlines())
JOBS = (
    ("Weekly data export", "0", "0 0 2 ? * SUN", "WAITING", timedelta(days=5)),
    ("Territory clean-up", "7", "0 30 1 * * ?", "WAITING", timedelta(hours=16)),
    ("Nightly lead scoring", "7", "0 0 3 * * ?", "WAITING", timedelta(hours=18)),
    ("Sales dashboard", "3", "0 0 7 ? * MON-FRI", "WAITING", timedelta(hours=22)),
    ("Quote reminder flow", "6", "0 15 8 * * ?", "PAUSED", None),
)


def seed(org: SalesforceOrg) -> None:
    """Fill the set-up objects; times are as of the clock's present."""
    org.profile_id = org.ids.new("00e")
    _users(org)
    _permission_sets(org)
    _organization(org)
    _statuses(org)
    _jobs(org)
    _custom_field_rows(org)
    _layouts(org)
    org.schema_changed()


def _put(org: SalesforceOrg, name: str, values: dict[str, Any], *, tooling: bool = False) -> str:
    item = org.schema.find(name, tooling=tooling)
    row = {"Id": org.ids.new(item.prefix), **values}
    now = org.stamp()
    for field, value in (
        ("CreatedDate", now),
        ("LastModifiedDate", now),
        ("SystemModstamp", now),
        ("CreatedById", org.user_id),
        ("LastModifiedById", org.user_id),
    ):
        if item.get(field) is not None:
            row.setdefault(field, value)
    org.table(item).put(row)
    return str(row["Id"])


def _users(org: SalesforceOrg) -> None:
    org.user_id = org.ids.new("005")
    people = (
        ("Sasha", "Admin", org.username, "sadmin"),
        ("Olivia", "Owner", "olivia.owner@northwind-trading.example", "oowner"),
        ("Automated", "Process", "autoproc@northwind-trading.example", "autoproc"),
    )
    ids = [org.user_id]
    for first, last, username, alias in people:
        values = _person(org, first, last, username) | {"Alias": alias, "CommunityNickname": alias}
        if alias == "sadmin":
            values["Id"] = org.user_id
        ids.append(_put(org, "User", values))
    org.other_user_id = ids[2]
    org.queue_id = _put(org, "Group", {"Name": "Inbound leads", "DeveloperName": "Inbound_leads", "Type": "Queue"})


def add_user(org: SalesforceOrg, username: str) -> str:
    """Add somebody without any right to the set-up of the org, as an administrator would, and return the id."""
    first, _, last = username.partition("@")[0].partition(".")
    profile = _put(org, "Profile", {"Name": "Standard User"} | dict.fromkeys(RIGHT_NAMES, False))
    person = _person(org, first.title(), last.title() or first.title(), username)
    key = _put(org, "User", person | {"ProfileId": profile})
    rights = dict.fromkeys(RIGHT_NAMES, False) | {"PermissionsApiEnabled": True}
    owned = {"Name": f"X00{profile[3:15]}", "Label": f"X00{profile[3:15]}", "IsOwnedByProfile": True, "IsCustom": False}
    rights_of = _put(org, "PermissionSet", {**owned, "ProfileId": profile, **rights})
    _put(org, "PermissionSetAssignment", {"PermissionSetId": rights_of, "AssigneeId": key, "IsActive": True})
    org.schema_changed()
    return key


def _person(org: SalesforceOrg, first: str, last: str, username: str) -> dict[str, Any]:
    alias = f"{first[:1]}{last}".lower()
    return {
        "FirstName": first,
        "LastName": last,
        "Name": f"{first} {last}",
        "Username": username,
        "Email": username,
        "Alias": alias,
        "CommunityNickname": alias,
        "CompanyName": "Northwind Trading",
        "IsActive": True,
        "TimeZoneSidKey": "Europe/London",
        "LocaleSidKey": "en_GB",
        "LanguageLocaleKey": "en_US",
        "ProfileId": org.profile_id,
        "UserType": "Standard",
        "UserPreferencesLightningExperiencePreferred": True,
        "LastLoginDate": org.stamp(),
    }


def _permission_sets(org: SalesforceOrg) -> None:
    rights = dict.fromkeys(RIGHT_NAMES, True)
    _put(org, "Profile", {"Id": org.profile_id, "Name": "System Administrator", **rights})
    owned = {"Name": "X00ex00000018ozT", "Label": "X00ex00000018ozT", "IsOwnedByProfile": True, "IsCustom": False}
    key = _put(org, "PermissionSet", {**owned, "ProfileId": org.profile_id, **rights})
    for user in (org.user_id, org.other_user_id):
        _put(org, "PermissionSetAssignment", {"PermissionSetId": key, "AssigneeId": user, "IsActive": True})


def _organization(org: SalesforceOrg) -> None:
    _put(
        org,
        "Organization",
        {
            "Id": org.org_id,
            "Name": "Northwind Trading",
            "OrganizationType": "Enterprise Edition",
            "IsSandbox": False,
            "InstanceName": "EU42S",
            "LanguageLocaleKey": "en_US",
            "DefaultLocaleSidKey": "en_GB",
            "TimeZoneSidKey": "Europe/London",
            "UiSkin": "Theme3",
            "DefaultLeadAccess": "ReadEditTransfer",
            "DefaultContactAccess": "ControlledByParent",
            "DefaultAccountAccess": "Edit",
            "IsReadOnly": False,
            "Country": "GB",
        },
    )


def _statuses(org: SalesforceOrg) -> None:
    status = org.schema.find("Lead").fields["status"]
    for order, name in enumerate(status.picklist, 1):
        values = {"MasterLabel": name, "ApiName": name, "SortOrder": order, "IsDefault": name == status.default}
        _put(org, "LeadStatus", {**values, "IsConverted": name == "Closed - Converted"})


def _jobs(org: SalesforceOrg) -> None:
    now = org.now().replace(microsecond=0)
    for name, kind, expression, state, ahead in JOBS:
        detail = _put(org, "CronJobDetail", {"Name": name, "JobType": kind})
        _put(
            org,
            "CronTrigger",
            {
                "CronJobDetailId": detail,
                "CronExpression": expression,
                "State": state,
                "NextFireTime": stamp(now + ahead) if ahead else None,
                "PreviousFireTime": stamp(now - timedelta(days=1)),
                "StartTime": stamp(now - timedelta(days=90)),
                "TimesTriggered": 90,
                "TimeZoneSidKey": "Europe/London",
                "OwnerId": org.other_user_id,
                "CreatedById": org.other_user_id,
            },
        )


def _custom_field_rows(org: SalesforceOrg) -> None:
    definitions = dict([*CUSTOM, STATUS, REMOTE_ID, RELATION])
    for name in PEOPLE:
        for field in org.schema.find(name).fields.values():
            if field.custom:
                values = {
                    "DeveloperName": field.name.removesuffix("__c"),
                    "TableEnumOrId": name,
                    "Length": field.length,
                }
                values |= {"FullName": f"{name}.{field.name}", "Metadata": definitions[field.name]}
                _put(org, "CustomField", values, tooling=True)


def _layouts(org: SalesforceOrg) -> None:
    for name in PEOPLE:
        label = f"{name} Layout"
        fields = ["Name", "Phone", "Email", "OwnerId"] if name != "Account" else ["Name", "Phone", "Website", "OwnerId"]
        items = [{"behavior": "Required" if field == "Name" else "Edit", "field": field} for field in fields]
        section = {
            "label": f"{name} Information",
            "style": "TwoColumnsTopToBottom",
            "customLabel": True,
            "detailHeading": False,
            "editHeading": True,
            "layoutColumns": [{"layoutItems": items}, {"layoutItems": []}],
        }
        values = {"Name": label, "TableEnumOrId": name, "LayoutType": "Standard", "FullName": f"{name}-{label}"}
        metadata = {"layoutSections": [section], "relatedLists": [], "feedLayout": None}
        key = _put(org, "Layout", {**values, "Metadata": metadata}, tooling=True)
        use = {"LayoutId": key, "ProfileId": org.profile_id, "TableEnumOrId": name}
        _put(org, "ProfileLayout", use, tooling=True)
