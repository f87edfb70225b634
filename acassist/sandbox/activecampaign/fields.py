"""Custom fields of people: definitions, options, relations and values (section 2)."""

from __future__ import annotations

import re
from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.rows import contact_row, stamps, table_row, value_row
from acassist.sandbox.activecampaign.state import FieldValue
from acassist.sandbox.activecampaign.wire import Json, Reply, invalid, missing, text

TYPES = frozenset(
    {"text", "textarea", "date", "datetime", "dropdown", "listbox", "radio", "checkbox", "hidden", "number", "NULL"}
)


def add_field(account: Account, given: Json) -> Json:
    """Create a field. Raises ApiError 422 for a missing title or type and a title that exists."""
    title = text(given.get("title")).strip()
    if not title:
        raise invalid("The field title was not provided.", "field_missing", "/data/attributes/title")
    if given.get("type") not in TYPES:
        raise invalid("The field type is not valid.", "field_invalid", "/data/attributes/type")
    if any(row["title"].lower() == title.lower() for row in account.tables["fields"]):
        raise invalid("There is already a field with this title", "duplicate", "/data/attributes/title")
    now = account.now()
    perstag = re.sub(r"\s+", "_", text(given.get("perstag")) or title).upper()
    row = {
        "title": title,
        "descript": text(given.get("descript")),
        "type": given["type"],
        "isrequired": text(given.get("isrequired", "0")),
        "perstag": perstag,
        "defval": text(given.get("defval")),
        "show_in_list": "0",
        "rows": "0",
        "cols": "0",
        "visible": text(given.get("visible", "1")),
        "service": "",
        "ordernum": text(given.get("ordernum", "0")),
        "cdate": now,
        "udate": now,
        **stamps(now, now, account.user),
        "options": [],
        "relations": [],
    }
    kept = account.tables["fields"].add(row)
    account.note_write("field", field=kept["id"])
    return kept


def add_option(account: Account, given: Json) -> Json:
    """Create one option of a field."""
    field = account.tables["fields"].get(given.get("field"))
    now = account.now()
    value = text(given.get("value"))
    row = {
        "field": field["id"],
        "orderid": text(given.get("orderid", len(field["options"]) + 1)),
        "value": value,
        "label": text(given.get("label", value)),
        "isdefault": text(given.get("isdefault", "0")),
        "cdate": now,
        "udate": now,
    }
    kept = account.tables["fieldOptions"].add(row)
    field["options"].append(kept["id"])
    account.note_write("fieldOption", field=field["id"])
    return kept


def list_fields(call: Call) -> Reply:
    """Answer `GET /fields` with options and relations of the page as siblings."""
    account = call.account
    rows = list(account.tables["fields"])
    limit, offset = call.query.page()
    part = rows[offset : offset + limit]
    ids = {row["id"] for row in part}
    options = [table_row(account, "fieldOptions", o) for o in account.tables["fieldOptions"] if o["field"] in ids]
    rels = [table_row(account, "fieldRels", r) for r in account.tables["fieldRels"] if r["field"] in ids]
    shown = [table_row(account, "fields", row) for row in part]
    meta = {"total": str(len(rows)), "selected": None}
    return Reply({"fieldOptions": options, "fieldRels": rels, "fields": shown, "meta": meta})


def get_field(call: Call) -> Reply:
    """Answer `GET /fields/{id}`."""
    account = call.account
    row = account.tables["fields"].get(call.args[0])
    options = [table_row(account, "fieldOptions", o) for o in account.tables["fieldOptions"] if o["field"] == row["id"]]
    return Reply({"fieldOptions": options, "field": table_row(account, "fields", row)})


def create_field(call: Call) -> Reply:
    """Answer `POST /fields`."""
    return Reply({"field": table_row(call.account, "fields", add_field(call.account, call.wrapped("field")))}, 201)


def update_field(call: Call) -> Reply:
    """Answer `PUT /fields/{id}`."""
    account, row = call.account, call.account.tables["fields"].get(call.args[0])
    given = call.wrapped("field")
    for key in ("title", "descript", "perstag", "defval", "visible", "ordernum", "isrequired"):
        if key in given:
            row[key] = text(given[key])
    row["udate"] = account.now()
    account.note_write("field", field=row["id"])
    return Reply({"field": table_row(account, "fields", row)})


def delete_field(call: Call) -> Reply:
    """Answer `DELETE /fields/{id}`: the field goes with its options, relations and values."""
    account = call.account
    row = account.tables["fields"].drop(call.args[0])
    for name in ("fieldOptions", "fieldRels"):
        table = account.tables[name]
        for key in [r["id"] for r in table if r["field"] == row["id"]]:
            table.drop(key)
    for value in list(account.by_field.pop(int(row["id"]), {}).values()):
        del account.values[value.id], account.contacts[value.contact].values[value.field]
    account.note_write("field", field=row["id"], action="delete")
    return Reply({})


def field_options(call: Call) -> Reply:
    """Answer `GET /fields/{id}/options`."""
    return _of_field(call, "fieldOptions")


def field_relations(call: Call) -> Reply:
    """Answer `GET /fields/{id}/relations`."""
    return _of_field(call, "fieldRels")


def _of_field(call: Call, name: str) -> Reply:
    account = call.account
    row = account.tables["fields"].get(call.args[0])
    return Reply({name: [table_row(account, name, r) for r in account.tables[name] if r["field"] == row["id"]]})


def create_options(call: Call) -> Reply:
    """Answer `POST /fieldOption/bulk`; its 422 holds one string, not a list (section 1)."""
    body = call.json()
    given = body.get("fieldOptions") if isinstance(body, dict) else None
    fields = call.account.tables["fields"].rows
    known = isinstance(given, list) and all(text(o.get("field")).isdigit() for o in given)
    if not known or not all(int(o["field"]) in fields for o in given or []):
        return Reply({"errors": "Bulk operation failed. One or more field options are not valid."}, 422)
    made = [table_row(call.account, "fieldOptions", add_option(call.account, item)) for item in given or []]
    return Reply({"fieldOptions": made}, 201)


def delete_option(call: Call) -> Reply:
    """Answer `DELETE /fieldOptions/{id}`: 200 with an empty body (recorded)."""
    row = call.account.tables["fieldOptions"].drop(call.args[0])
    call.account.tables["fields"].get(row["field"])["options"].remove(row["id"])
    call.account.note_write("fieldOption", field=row["field"], action="delete")
    return Reply(None, 200, {"X-Ac-Error": "Code 9001"})


def create_relation(call: Call) -> Reply:
    """Answer `POST /fieldRels`; list id 0 stands for all lists."""
    account, given = call.account, call.wrapped("fieldRel")
    field = account.tables["fields"].get(given.get("field"))
    row = {"field": field["id"], "relid": text(given.get("relid")), "dorder": "0", "cdate": account.now()}
    kept = account.tables["fieldRels"].add(row)
    field["relations"].append(kept["id"])
    account.note_write("fieldRel", field=field["id"])
    return Reply({"fieldRel": table_row(account, "fieldRels", kept)}, 201)


def create_group_member(call: Call) -> Reply:
    """Answer `POST /groupMembers`, which makes a field visible in the app."""
    given = call.wrapped("groupMember")
    row = {key: text(given.get(key)) for key in ("rel_id", "group_id", "ordernum")}
    kept = call.account.tables["groupMembers"].add(row)
    call.account.note_write("groupMember", field=row["rel_id"])
    return Reply({"groupMember": table_row(call.account, "groupMembers", kept)}, 201)


def list_values(call: Call) -> Reply:
    """Answer `GET /fieldValues` with `filters[fieldid]` and `filters[val]`."""
    account = call.account
    field, value = call.query.number("filters[fieldid]"), call.query.get("filters[val]")

    def pick() -> list[FieldValue]:
        source = account.by_field.get(field, {}) if field else account.values
        return [row for row in source.values() if not value or row.value == value]

    rows = account.cached(("values", field, value), pick)
    return call.page("fieldValues", rows, lambda row: value_row(account, row))


def _value(call: Call) -> FieldValue:
    found = call.account.values.get(call.number())
    if found is None:
        raise missing("FieldValue", call.args[0])
    return found


def get_value(call: Call) -> Reply:
    """Answer `GET /fieldValues/{id}`."""
    return Reply({"fieldValue": value_row(call.account, _value(call))})


def _fill_defaults(account: Account, contact: Any) -> None:
    for row in account.tables["fields"]:
        key = int(row["id"])
        if row["isrequired"] == "1" and row["defval"] and key not in contact.values:
            account.set_value(contact, key, row["defval"])


def _write_value(call: Call, status: int, existing: FieldValue | None) -> Reply:
    account, given = call.account, call.wrapped("fieldValue")
    contact = account.contact(existing.contact if existing else text(given.get("contact")))
    field = existing.field if existing else int(account.tables["fields"].get(given.get("field"))["id"])
    row = account.set_value(contact, field, given.get("value"))
    if call.json().get("useDefaults") is True:
        _fill_defaults(account, contact)
    return Reply({"contacts": [contact_row(account, contact)], "fieldValue": value_row(account, row)}, status)


def create_value(call: Call) -> Reply:
    """Answer `POST /fieldValues`: 201 (recorded); writes over a value that exists."""
    return _write_value(call, 201, None)


def update_value(call: Call) -> Reply:
    """Answer `PUT /fieldValues/{id}`."""
    return _write_value(call, 200, _value(call))


def delete_value(call: Call) -> Reply:
    """Answer `DELETE /fieldValues/{id}`."""
    call.account.drop_value(_value(call))
    return Reply({})


ROUTES: tuple[Route, ...] = (
    ("GET", "fields", list_fields),
    ("POST", "fields", create_field),
    ("GET", "fields/{}", get_field),
    ("PUT", "fields/{}", update_field),
    ("DELETE", "fields/{}", delete_field),
    ("GET", "fields/{}/options", field_options),
    ("GET", "fields/{}/relations", field_relations),
    ("POST", "fieldOption/bulk", create_options),
    ("DELETE", "fieldOptions/{}", delete_option),
    ("POST", "fieldRels", create_relation),
    ("POST", "groupMembers", create_group_member),
    ("GET", "fieldValues", list_values),
    ("POST", "fieldValues", create_value),
    ("GET", "fieldValues/{}", get_value),
    ("PUT", "fieldValues/{}", update_value),
    ("DELETE", "fieldValues/{}", delete_value),
)
