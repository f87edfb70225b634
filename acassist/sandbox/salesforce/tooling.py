"""The Tooling resources that the program uses: custom fields and page layouts (sections 6.2 and 6.4)."""

from __future__ import annotations

from typing import Any

from acassist.sandbox.salesforce import describe, rows
from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError, not_found
from acassist.sandbox.salesforce.fields import from_metadata
from acassist.sandbox.salesforce.org import SalesforceOrg
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.salesforce.schema import BUSINESS, SObject
from acassist.sandbox.salesforce.table import Row


def describe_global(call: Call) -> Reply:
    items = sorted(call.org.schema.all(tooling=True), key=lambda item: item.name)
    shown = [describe.global_item(call.org, call.actor, item, call.version) for item in items]
    return Reply(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": shown})


def describe_object(call: Call, name: str) -> Reply:
    return Reply(body=describe.full(call.org, call.actor, _item(call, name), call.version))


def read(call: Call, name: str, record_id: str) -> Reply:
    """Answer `GET /tooling/sobjects/{S}/{id}`."""
    item = _item(call, name)
    row = _row(call, item, record_id)
    asked = [field for field in call.query.get("fields", "").split(",") if field]
    names = asked or [field.name for field in item.fields.values()]
    return Reply(body=rows.rendered(call, item, names, [row])[0])


def create_field(call: Call) -> Reply:
    """Answer `POST /tooling/sobjects/CustomField`: the field exists at once, and nobody may see it yet."""
    need_right(call)
    body = call.object()
    full_name, meta = str(body.get("FullName") or ""), body.get("Metadata")
    if not isinstance(meta, dict):
        raise ApiError("REQUIRED_FIELD_MISSING", "Required fields are missing: [Metadata]", fields=["Metadata"])
    key = add_field(call.org, call.writer(), full_name, meta)
    return Reply(201, {"id": key, "success": True, "errors": [], "warnings": [], "infos": []})


def change_field(call: Call, record_id: str) -> Reply:
    """Answer `PATCH /tooling/sobjects/CustomField/{id}`, which replaces the whole Metadata."""
    need_right(call)
    item = _item(call, "CustomField")
    row = _row(call, item, record_id)
    meta = call.object().get("Metadata")
    if not isinstance(meta, dict):
        raise ApiError("REQUIRED_FIELD_MISSING", "Required fields are missing: [Metadata]", fields=["Metadata"])
    _define(call.org, row["FullName"], meta)
    call.writer().commit(item, row, {**row, "Metadata": meta}, ("Metadata",))
    return Reply(204)


def remove_field(call: Call, record_id: str) -> Reply:
    """Answer `DELETE /tooling/sobjects/CustomField/{id}`."""
    need_right(call)
    item = _item(call, "CustomField")
    row = _row(call, item, record_id)
    drop_field(call.org, row["FullName"])
    return Reply(204)


def change_layout(call: Call, record_id: str) -> Reply:
    """Answer `PATCH /tooling/sobjects/Layout/{id}`. Raises ApiError for what real orgs refuse (section 6.4)."""
    need_right(call)
    item = _item(call, "Layout")
    row = _row(call, item, record_id)
    meta = call.object().get("Metadata")
    if not isinstance(meta, dict):
        raise ApiError("REQUIRED_FIELD_MISSING", "Required fields are missing: [Metadata]", fields=["Metadata"])
    _check_layout(call, row, meta)
    call.writer().commit(item, row, {**row, "Metadata": meta}, ("Metadata",))
    return Reply(204)


def add_field(org: SalesforceOrg, writer: Writer, full_name: str, meta: dict[str, Any]) -> str:
    """Create a custom field and return its id. Raises ApiError DUPLICATE_DEVELOPER_NAME and others."""
    sobject, _, name = full_name.partition(".")
    if sobject not in BUSINESS or not name:
        raise ApiError("INVALID_FIELD", f"Custom field is not valid: {full_name}", fields=["FullName"])
    if org.schema.find(sobject).get(name) is not None:
        message = f"There is already a field named {name.removesuffix('__c')} on {sobject}."
        raise ApiError("DUPLICATE_DEVELOPER_NAME", message, fields=["DeveloperName"])
    _define(org, full_name, meta)
    return record_field(org, writer, full_name, meta)


def record_field(org: SalesforceOrg, writer: Writer, full_name: str, meta: dict[str, Any]) -> str:
    """Add the row by which the Tooling API knows a custom field, and return its id."""
    sobject, _, name = full_name.partition(".")
    item = org.schema.find("CustomField", tooling=True)
    row: Row = {
        "Id": org.ids.new(item.prefix),
        "DeveloperName": name.removesuffix("__c"),
        "TableEnumOrId": sobject,
        "FullName": full_name,
        "Length": int(meta["length"]) if meta.get("length") else None,
        "Metadata": meta,
    }
    return writer.commit(item, None, row, ("FullName", "Metadata"))


def drop_field(org: SalesforceOrg, full_name: str) -> bool:
    """Delete a custom field with its values, rights and Tooling row; say whether it was there."""
    sobject, _, name = full_name.partition(".")
    item = org.schema.find(sobject)
    field = item.get(name)
    if field is None or not field.custom:
        return False
    item.drop(name)
    table = org.table(item)
    for row in list(table.rows.values()):
        if field.name in row:
            table.put({key: value for key, value in row.items() if key != field.name})
    known = org.table(org.schema.find("CustomField", tooling=True))
    for row in [row for row in known.rows.values() if row["FullName"] == f"{item.name}.{field.name}"]:
        known.remove(row["Id"])
    grants = org.rows_of("FieldPermissions")
    for key in grants.lookup("Field", f"{item.name}.{field.name}"):
        grants.remove(key)
    org.schema_changed()
    return True


def _define(org: SalesforceOrg, full_name: str, meta: dict[str, Any]) -> None:
    try:
        field = from_metadata(full_name, meta, granted=False)
    except ValueError as error:
        raise ApiError("FIELD_INTEGRITY_EXCEPTION", str(error), fields=[]) from error
    org.schema.find(full_name.partition(".")[0]).add(field)
    org.schema_changed()


def _item(call: Call, name: str) -> SObject:
    try:
        return call.org.schema.find(name, tooling=True)
    except ApiError as error:
        raise not_found() from error


def _row(call: Call, item: SObject, record_id: str) -> Row:
    row = call.org.table(item).rows.get(record_id)
    if row is None:
        raise not_found()
    return row


def need_right(call: Call) -> None:
    """Raise ApiError where the user may not change metadata (section 6.1)."""
    assigned = call.org.rows_of("PermissionSetAssignment").rows.values()
    sets = call.org.rows_of("PermissionSet").rows
    own = [sets[row["PermissionSetId"]] for row in assigned if row["AssigneeId"] == call.actor.user_id]
    if not any(row.get("PermissionsModifyMetadata") or row.get("PermissionsModifyAllData") for row in own):
        raise ApiError("INSUFFICIENT_ACCESS", "insufficient access rights on entity", status=403)


def _check_layout(call: Call, row: Row, meta: dict[str, Any]) -> None:
    if (row["Metadata"] or {}).get("feedLayout"):
        raise ApiError("FIELD_INTEGRITY_EXCEPTION", "Feed-based layouts cannot be saved with this API.", fields=[])
    sobject = call.org.schema.find(row["TableEnumOrId"])
    visible = call.org.security.visible(call.actor, sobject)
    seen: set[str] = set()
    for name in layout_fields(meta):
        if name.lower() not in visible:
            message = f"In field: field - no CustomField named {sobject.name}.{name} found"
            raise ApiError("INVALID_CROSS_REFERENCE_KEY", message, fields=[])
        if name in seen:
            message = f"Layout: the field {name} is on the layout already"
            raise ApiError("FIELD_INTEGRITY_EXCEPTION", message, fields=[])
        seen.add(name)


def _entries(node: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = node.get(name) or []
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ApiError("JSON_PARSER_ERROR", f"{name} must be a list of objects")
    return found


def layout_fields(meta: dict[str, Any]) -> list[str]:
    """Return the fields of a layout in order."""
    return [
        str(entry["field"])
        for section in _entries(meta, "layoutSections")
        for column in _entries(section, "layoutColumns")
        for entry in _entries(column, "layoutItems")
        if entry.get("field")
    ]
