"""What in an org may stand in the way: permissions, rules, triggers, packages, kinds of org (salesforce_api 6.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from acassist.domain.fields import ObjectDescription
from acassist.domain.ids import PEOPLE, SObject
from acassist.domain.problem import ProblemError
from acassist.salesforce.caller import HIDDEN
from acassist.salesforce.provisioning.inventory import rows_or_none, tooling_rows
from acassist.salesforce.rest import SalesforceClient
from acassist.salesforce.soql import all_of, in_list, quote, select

# API name of the permission -> its name in Setup.
RIGHTS = {
    "PermissionsApiEnabled": "API Enabled",
    "PermissionsModifyMetadata": "Modify Metadata Through Metadata API Functions",
    "PermissionsCustomizeApplication": "Customize Application",
    "PermissionsManageProfilesPermissionsets": "Manage Profiles and Permission Sets",
    "PermissionsAssignPermissionSets": "Assign Permission Sets",
    "PermissionsViewSetup": "View Setup and Configuration",
}
_ALL = "PermissionsModifyAllData"
_WORDS = "activecampaign"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Facts that the checks judge; None where our user may not see them. Names are as Setup shows them."""

    rights: Mapping[str, bool] | None = None
    duplicate_rules: tuple[str, ...] | None = None
    validation_rules: tuple[str, ...] | None = None
    triggers: tuple[str, ...] | None = None
    packages: tuple[str, ...] | None = None
    """Installed packages of ActiveCampaign."""
    multi_currency: bool = False
    state_picklists: bool = False
    person_accounts: bool = False

    def lacking(self) -> tuple[str, ...]:
        """Return the names of the permissions that our user is known not to have."""
        return tuple(RIGHTS[name] for name, held in (self.rights or {}).items() if not held)


@dataclass(frozen=True, slots=True)
class _Rules:
    duplicate: tuple[str, ...] | None
    validation: tuple[str, ...] | None
    triggers: tuple[str, ...] | None = field(default=None)


async def look(client: SalesforceClient, descriptions: Mapping[SObject, ObjectDescription]) -> Surroundings:
    """Read everything that the checks need, in about seven calls; what may not be seen is None."""
    rules = await _rules(client)
    return Surroundings(
        rights=await rights(client),
        duplicate_rules=rules.duplicate,
        validation_rules=rules.validation,
        triggers=rules.triggers,
        packages=await packages(client, descriptions),
        multi_currency=any(description.has("CurrencyIsoCode") for description in descriptions.values()),
        state_picklists=descriptions[SObject.CONTACT].has("MailingStateCode"),
        person_accounts=descriptions[SObject.ACCOUNT].has("IsPersonAccount"),
    )


async def rights(client: SalesforceClient) -> dict[str, bool] | None:
    """Or together what all permission sets and the profile of our user grant; only columns that this org knows."""
    known = await _columns(client)
    wanted = [name for name in (*RIGHTS, _ALL) if name in known]
    if not wanted:
        return None
    await client.source.access_token()
    assigned = f"AssigneeId = {quote(client.source.user_id)}"
    mine = select(("PermissionSetId",), "PermissionSetAssignment", where=assigned)
    rows = await rows_or_none(client, select(wanted, "PermissionSet", where=f"Id IN ({mine})"))
    if not rows:
        return None
    held = {name: any(bool(row.get(name)) for row in rows) for name in wanted}
    if held.get(_ALL) and "PermissionsModifyMetadata" in held:
        held["PermissionsModifyMetadata"] = True
    return {name: value for name, value in held.items() if name in RIGHTS}


async def _columns(client: SalesforceClient) -> set[str]:
    """Name the columns of PermissionSet: editions lack some, and asking for those would fail."""
    try:
        body = (await client.get("sobjects/PermissionSet/describe")).json()
    except ProblemError as error:
        if error.problem.code in HIDDEN:
            return set()
        raise
    found = body.get("fields") if isinstance(body, dict) else None
    return {str(item.get("name")) for item in found or () if isinstance(item, dict)}


async def _rules(client: SalesforceClient) -> _Rules:
    every = in_list(sobject.value for sobject in SObject)
    people = in_list(sobject.value for sobject in PEOPLE)
    duplicate = await rows_or_none(
        client,
        select(
            ("MasterLabel", "SobjectType"),
            "DuplicateRule",
            where=all_of(("IsActive = TRUE", f"SobjectType IN {every}")),
        ),
    )
    validation = await tooling_rows(
        client,
        select(
            ("ValidationName", "EntityDefinitionId"),
            "ValidationRule",
            where=all_of(("Active = TRUE", f"EntityDefinitionId IN {every}")),
        ),
    )
    triggers = await tooling_rows(
        client,
        select(
            ("Name", "TableEnumOrId"), "ApexTrigger", where=all_of(("Status = 'Active'", f"TableEnumOrId IN {people}"))
        ),
    )
    return _Rules(
        _named(duplicate, "SobjectType", "MasterLabel"),
        _named(validation, "EntityDefinitionId", "ValidationName"),
        _named(triggers, "TableEnumOrId", "Name"),
    )


def _named(rows: list[dict[str, Any]] | None, owner: str, name: str) -> tuple[str, ...] | None:
    if rows is None:
        return None
    return tuple(sorted(f"{row.get(owner)}: {row.get(name)}" for row in rows))


async def packages(
    client: SalesforceClient, descriptions: Mapping[SObject, ObjectDescription]
) -> tuple[str, ...] | None:
    """Name ActiveCampaign's installed packages: by the list of packages, else by the namespace of their fields."""
    columns = ("SubscriberPackage.Name", "SubscriberPackage.NamespacePrefix")
    rows = await tooling_rows(client, select(columns, "InstalledSubscriberPackage"))
    found = set()
    for row in rows or ():
        package = row.get("SubscriberPackage") or {}
        words = f"{package.get('Name') or ''} {package.get('NamespacePrefix') or ''}"
        if _WORDS in words.casefold().replace(" ", ""):
            found.add(str(package.get("Name") or package.get("NamespacePrefix")))
    spaces = _namespaces(descriptions)
    if found or spaces or rows is not None:
        return tuple(sorted(found)) or tuple(sorted(spaces))
    return None


def _namespaces(descriptions: Mapping[SObject, ObjectDescription]) -> set[str]:
    """Find namespaces that own fields with our labels."""
    found = set()
    for description in descriptions.values():
        for item in description.fields:
            space, separator, rest = item.name.removesuffix("__c").partition("__")
            if separator and item.custom and _WORDS in f"{space}{rest}{item.label}".casefold().replace(" ", ""):
                found.add(space)
    return found
