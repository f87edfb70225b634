"""Checks on a whole row before it is stored: required, references, uniqueness and the admin's own rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import SalesforceOrg

UNCHECKED = frozenset({"Opportunity", "Individual", "DandBCompany", "OperatingHours"})


def required(item: SObject, row: Row) -> None:
    """Raise REQUIRED_FIELD_MISSING naming every required field that is blank (section 5)."""
    missing = [f.name for f in item.fields.values() if f.required and row.get(f.name) is None]
    missing += ["Status"] if item.name == "Lead" and row.get("Status") is None else []
    if missing:
        raise ApiError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{', '.join(missing)}]", fields=missing)


def references(org: SalesforceOrg, item: SObject, row: Row, written: tuple[str, ...]) -> None:
    """Raise INVALID_CROSS_REFERENCE_KEY where a written look-up points to nothing alive."""
    for name in written:
        field = item.get(name)
        value = row.get(name)
        if field is None or field.type != "reference" or value is None or set(field.refs) & UNCHECKED:
            continue
        found = org.locate(str(value))
        if found is None:
            raise ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=[name])
        if found[0].name not in field.refs:
            raise ApiError("FIELD_INTEGRITY_EXCEPTION", f"{field.label}: id value of incorrect type", fields=[name])
        if found[1].get("IsDeleted"):
            raise ApiError("ENTITY_IS_DELETED", "entity is deleted", fields=[name])


def unique(org: SalesforceOrg, item: SObject, row: Row) -> None:
    """Raise DUPLICATE_VALUE where a unique field repeats the value of another live row (section 2.4)."""
    table = org.table(item)
    for field in item.fields.values():
        value = row.get(field.name)
        if not field.unique or not isinstance(value, str):
            continue
        for other in table.lookup(field.name, value):
            present = table.rows[other]
            same = present[field.name] == value or not field.case_sensitive
            if other != row["Id"] and same and not present.get("IsDeleted"):
                message = f"duplicate value found: {field.name} duplicates value on record with id: {other[:15]}"
                raise ApiError("DUPLICATE_VALUE", message, fields=[])


def validation(org: SalesforceOrg, item: SObject, old: Row | None, row: Row) -> None:
    """Raise FIELD_CUSTOM_VALIDATION_EXCEPTION where a rule of the admin fires.

    A rule is {"sobject", "field", "message"} with "pattern" (fires when the value matches) or "rule": "required"
    (fires on a blank) or "unchangeable" (fires on a change).
    """
    for rule in org.switches.validation_rules:
        if rule.get("sobject") == item.name and _fires(rule, old, row):
            message = str(rule.get("message") or "This record breaks a rule of your organisation.")
            fields = [str(rule["field"])] if rule.get("show_field", True) else []
            raise ApiError("FIELD_CUSTOM_VALIDATION_EXCEPTION", message, fields=fields)


def _fires(rule: dict[str, Any], old: Row | None, row: Row) -> bool:
    name = str(rule["field"])
    value = row.get(name)
    if rule.get("rule") == "required":
        return value is None
    if rule.get("rule") == "unchangeable":
        return old is not None and old.get(name) != value
    text = "" if value is None else str(value)
    return re.search(str(rule.get("pattern", "(?!)")), text) is not None


def trigger_failure(org: SalesforceOrg, item: SObject, rows: list[dict[str, Any]]) -> ApiError | None:
    """Return the refusal of a whole chunk where the customer's trigger throws on one of its rows (section 4.1)."""
    for failure in org.switches.trigger_failures:
        if failure.get("sobject") != item.name:
            continue
        pattern, name = str(failure.get("pattern", "")), str(failure["field"])
        if any(re.search(pattern, str(row.get(name) or "")) for row in rows):
            message = str(failure.get("message") or f"{item.name}Trigger: execution of BeforeUpdate")
            return ApiError("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", message, fields=[])
    return None
