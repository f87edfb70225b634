"""The sObject resources: describe, single rows, and rows by external id (sections 2.2, 2.3 and 4.6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from acassist.sandbox.salesforce import describe
from acassist.sandbox.salesforce.call import Call, Reply
from acassist.sandbox.salesforce.errors import ApiError, deleted, no_such_column, not_found
from acassist.sandbox.salesforce.fields import Field
from acassist.sandbox.salesforce.ids import canonical
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.soql.render import Renderer
from acassist.sandbox.salesforce.soql.resolve import Resolver
from acassist.sandbox.salesforce.stamps import http_date, moment, parse_http_date
from acassist.sandbox.salesforce.table import Row


def find(call: Call, name: str) -> SObject:
    """Return a data object that the caller may know of. Raises ApiError NOT_FOUND, as a path segment it is."""
    try:
        item = call.org.schema.find(name)
        call.org.security.check_object(call.actor, item)
    except ApiError as error:
        raise not_found() from error
    return item


def describe_global(call: Call) -> Reply:
    """Answer `GET /sobjects`."""
    unchanged = _not_modified(call, call.org.schema_changed_at.timestamp())
    if unchanged:
        return unchanged
    hidden = call.org.switches.objects_hidden
    items = sorted(call.org.schema.all(), key=lambda item: item.name)
    shown = [
        describe.global_item(call.org, call.actor, item, call.version) for item in items if item.name not in hidden
    ]
    headers = {"Last-Modified": http_date(call.org.schema_changed_at)}
    return Reply(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": shown}, headers=headers)


def describe_object(call: Call, name: str) -> Reply:
    """Answer `GET /sobjects/{S}/describe`; 304 where nothing changed since `If-Modified-Since`."""
    item = find(call, name)
    headers = {"Last-Modified": http_date(call.org.schema_changed_at)}
    unchanged = _not_modified(call, call.org.schema_changed_at.timestamp())
    return unchanged or Reply(body=describe.full(call.org, call.actor, item, call.version), headers=headers)


def basic(call: Call, name: str) -> Reply:
    """Answer `GET /sobjects/{S}`."""
    item = find(call, name)
    body = {"objectDescribe": describe.global_item(call.org, call.actor, item, call.version), "recentItems": []}
    return Reply(body=body)


def create(call: Call, name: str) -> Reply:
    """Answer `POST /sobjects/{S}`."""
    item = find(call, name)
    values = without_attributes(call.object())
    if any(key.lower() == "id" for key in values):
        message = "cannot specify Id in an insert call"
        raise ApiError("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=["Id"])
    key = call.writer().create(item, values)
    headers = {"Location": call.url(f"/sobjects/{item.name}/{key}")}
    return Reply(201, {"id": key, "success": True, "errors": []}, headers)


def read(call: Call, name: str, record_id: str) -> Reply:
    """Answer `GET /sobjects/{S}/{id}`."""
    item = find(call, name)
    row = _live(call, item, record_id)
    return _shown(call, item, row)


def update(call: Call, name: str, record_id: str) -> Reply:
    """Answer `PATCH /sobjects/{S}/{id}`; 412 where the row was changed after `If-Unmodified-Since`."""
    item = find(call, name)
    writer = call.writer()
    _unmodified(call, item, writer.existing(item, record_id))
    writer.update(item, record_id, _body_without_id(call))
    return Reply(204)


def remove(call: Call, name: str, record_id: str) -> Reply:
    """Answer `DELETE /sobjects/{S}/{id}`."""
    call.writer().delete(find(call, name), record_id)
    return Reply(204)


def read_by_key(call: Call, name: str, field: str, value: str) -> Reply:
    """Answer `GET /sobjects/{S}/{ExternalField}/{value}`."""
    item = find(call, name)
    return _single(call, item, field, value, lambda row: _shown(call, item, row))


def remove_by_key(call: Call, name: str, field: str, value: str) -> Reply:
    """Answer `DELETE /sobjects/{S}/{ExternalField}/{value}`."""
    item = find(call, name)

    def gone(row: Row) -> Reply:
        call.writer().delete(item, row["Id"])
        return Reply(204)

    return _single(call, item, field, value, gone)


def upsert(call: Call, name: str, field: str, value: str) -> Reply:
    """Answer `PATCH /sobjects/{S}/{ExternalField}/{value}`: 201 created, 200 updated, 300 where several match."""
    item = find(call, name)
    key = lookup_field(call, item, field)
    found = matches(call, item, key, value)
    if len(found) > 1:
        return _several(call, item, found)
    values = _body_without_id(call)
    if found:
        call.writer().update(item, found[0]["Id"], values)
        return Reply(200, {"id": found[0]["Id"], "success": True, "errors": [], "created": False})
    if key.name == "Id":
        raise not_found(f"Provided external ID field does not exist or is not accessible: {value}")
    made = call.writer().create(item, {**values, key.name: value})
    return Reply(201, {"id": made, "success": True, "errors": [], "created": True})


def lookup_field(call: Call, item: SObject, name: str) -> Field:
    """Return the field of an upsert or of a look-up. Raises ApiError NOT_FOUND where it is not one (section 2.4)."""
    field = call.org.security.visible(call.actor, item).get(name.lower())
    if field is None or not field.id_lookup:
        raise not_found(f"Provided external ID field does not exist or is not accessible: {name}")
    return field


def matches(call: Call, item: SObject, field: Field, value: Any) -> list[Row]:
    """Return the live rows whose look-up field has the value."""
    table = call.org.table(item)
    if field.name == "Id":
        row = table.rows.get(canonical(str(value)) or "")
        return [row] if row and not row.get("IsDeleted") else []
    table.index(field.name)
    rows = [table.rows[key] for key in table.lookup(field.name, str(value))]
    exact = field.case_sensitive
    return [row for row in rows if not row.get("IsDeleted") and (not exact or row[field.name] == value)]


def without_attributes(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != "attributes"}


def rendered(call: Call, item: SObject, names: Iterable[str], rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return rows with the named fields; `Id` comes along where it was not named."""
    resolver = Resolver(call.org, call.actor, item)
    visible = call.org.security.visible(call.actor, item)
    for name in names:
        if "." not in name and name.lower() not in visible:
            raise no_such_column(name, item.name)
    columns = [resolver.column(tuple(name.split("."))) for name in names]
    renderer = Renderer(call.org, resolver, columns, call.version)
    return [renderer.record(row) for row in rows]


def _body_without_id(call: Call) -> dict[str, Any]:
    values = without_attributes(call.object())
    if any(key.lower() == "id" for key in values):
        message = "The Id field should not be specified in the sobject data."
        raise ApiError("INVALID_FIELD", message, fields=["Id"])
    return values


def _live(call: Call, item: SObject, record_id: str) -> Row:
    key = canonical(record_id)
    row = call.org.table(item).seen(key, call.org.now().timestamp()) if key else None
    if row is None:
        raise not_found()
    if row.get("IsDeleted"):
        raise deleted()
    return row


def _shown(call: Call, item: SObject, row: Row) -> Reply:
    changed = moment(row.get("LastModifiedDate") or row.get("SystemModstamp") or "1970-01-01T00:00:00.000+0000")
    headers = {"Last-Modified": http_date(changed)}
    if item.name == "Account":
        headers["ETag"] = _etag(row)
        if call.headers.get("if-none-match") == headers["ETag"]:
            return Reply(304, headers=headers)
    unchanged = _not_modified(call, changed.timestamp())
    if unchanged:
        return unchanged
    asked = [name.strip() for name in call.query.get("fields", "").split(",") if name.strip()]
    names = asked or [field.name for field in call.org.security.visible(call.actor, item).values()]
    if asked and "id" not in {name.lower() for name in asked}:
        names = [*asked, "Id"]
    return Reply(body=rendered(call, item, names, [row])[0], headers=headers)


def _etag(row: Row) -> str:
    return f'"{row["SystemModstamp"]}"'


def _not_modified(call: Call, changed: float) -> Reply | None:
    header = call.headers.get("if-modified-since")
    if header is None or call.method != "GET":
        return None
    return Reply(304) if int(changed) <= _http_seconds(header) else None


def _unmodified(call: Call, item: SObject, row: Row) -> None:
    header = call.headers.get("if-unmodified-since")
    if header is not None and moment(row["LastModifiedDate"]).timestamp() > _http_seconds(header):
        raise _failed_precondition()
    wanted = call.headers.get("if-match")
    if item.name == "Account" and wanted not in (None, "*", _etag(row)):
        raise _failed_precondition()


def _failed_precondition() -> ApiError:
    return ApiError("PRECONDITION_FAILED", "The record was changed after the given time.", status=412)


def _http_seconds(header: str) -> float:
    when = parse_http_date(header)
    if when is None:
        raise ApiError("INVALID_HEADER", f"Malformed date in a conditional header: {header}")
    return when.timestamp()


def _single(call: Call, item: SObject, field: str, value: str, act: Any) -> Reply:
    found = matches(call, item, lookup_field(call, item, field), value)
    if not found:
        raise not_found()
    reply: Reply = act(found[0]) if len(found) == 1 else _several(call, item, found)
    return reply


def _several(call: Call, item: SObject, found: list[Row]) -> Reply:
    return Reply(300, [call.url(f"/sobjects/{item.name}/{row['Id']}") for row in found])
