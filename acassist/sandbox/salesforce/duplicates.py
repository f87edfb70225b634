"""Duplicate rules: alert rules that the client may overrule, block rules that it may not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import SalesforceOrg
    from acassist.sandbox.salesforce.save import SaveOptions


def check(org: SalesforceOrg, item: SObject, row: Row, options: SaveOptions) -> None:
    """Raise DUPLICATES_DETECTED where the object's rule finds a twin (section 4.4)."""
    kind = org.switches.duplicate_rules.get(item.name)
    if kind is None or (kind == "alert" and options.allow_duplicates):
        return
    twins = _twins(org, item, row)
    if twins:
        raise ApiError(
            "DUPLICATES_DETECTED",
            "Use one of these records?",
            extra={"duplicateResult": _result(item, twins, allow_save=kind == "alert", options=options)},
        )


def _twins(org: SalesforceOrg, item: SObject, row: Row) -> list[Row]:
    key = "Name" if item.name == "Account" else "Email"
    value = row.get(key)
    if not isinstance(value, str):
        return []
    table = org.table(item)
    found = [table.rows[other] for other in table.lookup(key, value) if other != row["Id"]]
    return [twin for twin in found if not twin.get("IsDeleted") and not twin.get("IsConverted")]


def _result(item: SObject, twins: list[Row], *, allow_save: bool, options: SaveOptions) -> dict[str, Any]:
    records = []
    for twin in twins:
        url = f"/services/data/v66.0/sobjects/{item.name}/{twin['Id']}"
        record: dict[str, Any] = {"attributes": {"type": item.name, "url": url}, "Id": twin["Id"]}
        if options.include_record_details:
            record["Name"] = twin.get("Name")
        records.append({"additionalInformation": [], "fieldDiffs": [], "matchConfidence": 100.0, "record": record})
    match = {
        "entityType": item.name,
        "errors": [],
        "matchEngine": "FuzzyMatchEngine",
        "matchRecords": records,
        "rule": f"Standard_{item.name}_Match_Rule_v1_1",
        "size": len(records),
        "success": True,
    }
    return {
        "allowSave": allow_save,
        "duplicateRule": f"Standard_{item.name}_Duplicate_Rule",
        "duplicateRuleEntityType": item.name,
        "errorMessage": "Use one of these records?",
        "matchResults": [match],
    }
