"""Values that nobody writes: defaults, names, formulas and flags that follow from other fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.custom_fields import age_band
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import Actor


def defaults(item: SObject, actor: Actor) -> dict[str, Any]:
    """Return what a new row holds where the client says nothing."""
    values: dict[str, Any] = {}
    for field in item.fields.values():
        if field.type == "boolean" and not field.nillable:
            values[field.name] = False
        elif field.default is not None:
            values[field.name] = field.default
    if item.get("OwnerId") is not None:
        values["OwnerId"] = actor.user_id
    if item.name == "PermissionSet":
        values["IsCustom"] = True
    if item.name == "PermissionSetAssignment":
        values["IsActive"] = True
    return values


def compute(item: SObject, row: Row) -> None:
    """Bring the derived fields of a row up to date."""
    if item.name in ("Lead", "Contact", "User"):
        row["Name"] = " ".join(str(row[part]) for part in ("FirstName", "LastName") if row.get(part))
    if item.business:
        row["PhotoUrl"] = f"/services/images/photo/{row['Id']}"
    if item.name == "Contact":
        row["IsEmailBounced"] = bool(row.get("EmailBouncedDate"))
    if item.get("Age_Band__c") is not None:
        band = age_band(row)
        if band is None:
            row.pop("Age_Band__c", None)
        else:
            row["Age_Band__c"] = band
