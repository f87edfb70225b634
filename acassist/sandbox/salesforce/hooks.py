"""What particular objects do around a save: permission sets, assignments, parents named by external id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from acassist.sandbox.salesforce.errors import ApiError, no_such_column
from acassist.sandbox.salesforce.fields import Field
from acassist.sandbox.salesforce.schema import PEOPLE, SObject
from acassist.sandbox.salesforce.table import Row

if TYPE_CHECKING:
    from acassist.sandbox.salesforce.org import SalesforceOrg

RIGHTS = frozenset({"PermissionSet", "PermissionSetAssignment", "FieldPermissions", "ObjectPermissions"})
KEYS = {
    "PermissionSet": ("Name",),
    "PermissionSetAssignment": ("AssigneeId", "PermissionSetId"),
    "FieldPermissions": ("ParentId", "Field"),
    "ObjectPermissions": ("ParentId", "SobjectType"),
}


def before_save(org: SalesforceOrg, item: SObject, old: Row | None, row: Row) -> None:
    """Raise ApiError where the object's own rules forbid the row (section 6.3)."""
    if item.name == "FieldPermissions":
        _field_permission(org, row)
    keys = KEYS.get(item.name)
    if keys is None or old is not None:
        return
    wanted = [row.get(key) for key in keys]
    for other in org.table(item).rows.values():
        if [other.get(key) for key in keys] == wanted:
            name = ", ".join(keys)
            message = f"duplicate value found: {name} duplicates value on record with id: {other['Id'][:15]}"
            raise ApiError("DUPLICATE_VALUE", message, fields=[])


def after_write(org: SalesforceOrg, item: SObject) -> None:
    """Let a change of rights take effect."""
    if item.name in RIGHTS:
        org.schema_changed()


def children(org: SalesforceOrg, item: SObject, record_id: str) -> list[tuple[SObject, str]]:
    """Return the rows that go when a permission set goes: what it grants and to whom it is assigned."""
    if item.name != "PermissionSet":
        return []
    owners = {
        "PermissionSetAssignment": "PermissionSetId",
        "FieldPermissions": "ParentId",
        "ObjectPermissions": "ParentId",
    }
    return [
        (org.schema.find(name), key)
        for name, field in owners.items()
        for key, row in org.rows_of(name).rows.items()
        if row.get(field) == record_id
    ]


def by_external_id(org: SalesforceOrg, link: Field, raw: dict[str, Any]) -> str:
    """Return the id of a parent that is named by an external id (`{"Ext__c": "x"}`)."""
    pairs = [(name, value) for name, value in raw.items() if name != "attributes"]
    if len(pairs) != 1:
        raise ApiError("INVALID_FIELD", f"Exactly one external id is needed to name the parent in {link.name}")
    name, value = pairs[0]
    target = org.schema.find(link.refs[0])
    field = target.get(name)
    if field is None or not field.id_lookup:
        raise no_such_column(name, target.name)
    rows = org.table(target).rows.values()
    found = [row["Id"] for row in rows if row.get(field.name) == value and not row.get("IsDeleted")]
    if len(found) != 1:
        message = f"Foreign key external ID: {value} not found for field {field.name} in entity {target.name}"
        raise ApiError("INVALID_FIELD", message, fields=[])
    return str(found[0])


def _field_permission(org: SalesforceOrg, row: Row) -> None:
    sobject, _, name = str(row.get("Field", "")).partition(".")
    item = next((org.schema.find(known) for known in PEOPLE if known == sobject), None)
    field = item.get(name) if item else None
    if item is None or field is None or row.get("SobjectType") != sobject:
        message = f"bad value for restricted picklist field: {row.get('Field')}"
        raise ApiError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", f"Field Name: {message}", fields=["Field"])
    row["Field"] = f"{item.name}.{field.name}"
    if not field.permissionable:
        message = f"The field {row['Field']} does not take field-level security."
        raise ApiError("INVALID_CROSS_REFERENCE_KEY", message, fields=["Field"])
    if row.get("PermissionsEdit") and not field.updateable:
        message = f"Field {row['Field']} is read-only; it cannot be made editable."
        raise ApiError("FIELD_INTEGRITY_EXCEPTION", message, fields=["PermissionsEdit"])
    if row.get("PermissionsEdit") and not row.get("PermissionsRead"):
        message = "Permission to edit requires the permission to read."
        raise ApiError("FIELD_INTEGRITY_EXCEPTION", message, fields=["PermissionsRead"])
