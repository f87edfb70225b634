"""People: list, read, sync, create, change, delete, and the rows that hang on them (section 2)."""

from __future__ import annotations

import re
from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.rows import (
    affiliation_row,
    contact_row,
    membership_row,
    short_contact_row,
    table_row,
    tagging_row,
    value_row,
)
from acassist.sandbox.activecampaign.search import matching, page_input
from acassist.sandbox.activecampaign.state import Contact
from acassist.sandbox.activecampaign.wire import Json, Reply, invalid, text

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def valid_email(email: str) -> bool:
    """Say whether the service takes this for an address."""
    return EMAIL.fullmatch(email.strip()) is not None and len(email) <= 255


def list_contacts(call: Call) -> Reply:
    """Answer `GET /contacts`."""
    account, query = call.account, call.query
    ids = matching(account, query)
    limit, offset = query.page()
    people = [account.contacts[key] for key in ids[offset : offset + limit]]
    body: Json = {"scoreValues": [], "contacts": [contact_row(account, person) for person in people]}
    if "fieldValues" in query.get("include").split(",") and account.settings.list_includes_field_values:
        body["fieldValues"] = [value_row(account, row) for person in people for row in person.values.values()]
        for shown, person in zip(body["contacts"], people, strict=True):
            shown["fieldValues"] = [str(row.id) for row in person.values.values()]
    body["meta"] = {"total": str(len(ids)), "sortable": True, "page_input": page_input(query)}
    return Reply(body)


def get_contact(call: Call) -> Reply:
    """Answer `GET /contacts/{id}` with its sideloads; this also brings the activity stream up to date (7.1)."""
    account, contact = call.account, call.account.contact(call.args[0])
    contact.viewed = account.now()
    loads: Json = {
        "contactAutomations": _automations(account, contact),
        "contactLists": [membership_row(account, row) for row in contact.lists.values()],
        "deals": [],
        "fieldValues": [value_row(account, row) for row in contact.values.values()],
        "geoIps": [],
        "accountContacts": [affiliation_row(account, contact.affiliation)] if contact.affiliation else [],
    }
    shown = contact_row(account, contact)
    for name, rows in loads.items():
        shown[name] = [row["id"] for row in rows]
    return Reply({**loads, "contact": shown})


def _check_email(email: str) -> None:
    pointer = "/data/attributes/email"
    if not email.strip():
        raise invalid("Contact Email Address is required.", "field_missing", pointer)
    if not valid_email(email):
        raise invalid("Contact Email Address is not valid.", "field_invalid", pointer)


def write_values(account: Account, contact: Contact, values: Any) -> list[Json]:
    """Write a `fieldValues` list; unknown fields are passed over in silence or refused, by setting (UNVERIFIED)."""
    written = []
    for item in values if isinstance(values, list) else []:
        key = text(item.get("field"))
        if key.isdigit() and int(key) in account.tables["fields"].rows:
            written.append(account.set_value(contact, int(key), item.get("value")))
        elif account.settings.unknown_field_is_error:
            raise invalid(f"Field {key} does not exist.", "field_invalid", "/data/attributes/fieldValues")
    return [value_row(account, row) for row in written]


def sync_contact(call: Call) -> Reply:
    """Answer `POST /contact/sync`: create or update by e-mail only; 201 on create (inferred), 200 on update."""
    account, given = call.account, call.wrapped("contact")
    email = text(given.get("email"))
    _check_email(email)
    contact = account.find(email)
    if contact is None:
        return Reply(_create(account, given), account.settings.sync_create_status)
    account.set_standard(contact, {key: value for key, value in given.items() if key != "email"})
    values = write_values(account, contact, given.get("fieldValues"))
    return Reply({"fieldValues": values, "contact": contact_row(account, contact)})


def _create(account: Account, given: Json) -> Json:
    contact = account.create(text(given.get("email")), given)
    values = write_values(account, contact, given.get("fieldValues"))
    return {"fieldValues": values, "contact": short_contact_row(account, contact)}


def create_contact(call: Call) -> Reply:
    """Answer `POST /contacts`: 201, or 422 `duplicate` when the e-mail exists."""
    given = call.wrapped("contact")
    email = text(given.get("email"))
    _check_email(email)
    if call.account.find(email) is not None:
        raise invalid("Email address already exists in the system", "duplicate", "/data/attributes/email")
    return Reply(_create(call.account, given), 201)


def update_contact(call: Call) -> Reply:
    """Answer `PUT` and `PATCH /contacts/{id}`."""
    account, given = call.account, call.wrapped("contact")
    contact = account.contact(call.args[0])
    if "email" in given:
        _check_email(text(given["email"]))
        other = account.find(text(given["email"]))
        if other is not None and other is not contact:
            raise invalid("Email address already exists in the system", "duplicate", "/data/attributes/email")
    account.set_standard(contact, given)
    values = write_values(account, contact, given.get("fieldValues"))
    return Reply({"fieldValues": values, "contact": contact_row(account, contact)})


def delete_contact(call: Call) -> Reply:
    """Answer `DELETE /contacts/{id}`."""
    call.account.delete(call.account.contact(call.args[0]))
    return Reply({})


def _automations(account: Account, contact: Contact) -> list[Json]:
    rows = account.tables["contactAutomations"]
    return [table_row(account, "contactAutomations", row) for row in rows if row["contact"] == str(contact.id)]


def nested(call: Call) -> Reply:
    """Answer `GET /contacts/{id}/{resource}`: all rows, no meta, not paged (section 2)."""
    account, contact = call.account, call.account.contact(call.args[0])
    name = call.args[1]
    if name == "fieldValues":
        return Reply({name: [value_row(account, row) for row in contact.values.values()]})
    if name == "contactTags":
        return Reply({name: [tagging_row(account, row) for row in contact.tags.values()]})
    if name == "contactLists":
        return Reply({name: [membership_row(account, row) for row in contact.lists.values()]})
    if name == "accountContacts":
        return Reply({name: [affiliation_row(account, contact.affiliation)] if contact.affiliation else []})
    if name == "contactAutomations":
        return Reply({name: _automations(account, contact)})
    if name == "notes":
        rows = [row for row in account.tables["notes"] if row["relid"] == str(contact.id)]
        return Reply({name: [table_row(account, "notes", row) for row in rows]})
    if name in ("trackingLogs", "bounceLogs"):
        key = "subscriberid"
        rows = [row for row in account.tables[name] if row[key] == str(contact.id)]
        return Reply({name: [table_row(account, name, row) for row in rows]})
    if name == "contactData":
        return Reply({"contactDatum": {"contact": str(contact.id), "tstamp": None, "id": str(contact.id)}})
    return Reply({name: []})


_EMPTY = (
    *("contactLogs", "contactGoals", "contactDeals", "deals", "geoIps", "plusAppend", "scoreValues"),
    *("organization", "automationEntryCounts"),
)
_FILLED = (
    *("fieldValues", "contactTags", "contactLists", "accountContacts", "contactAutomations"),
    *("notes", "trackingLogs", "bounceLogs", "contactData"),
)


def _nested(name: str) -> Route:
    def answer(call: Call) -> Reply:
        return nested(Call(call.account, call.query, call.raw, (call.args[0], name)))

    return ("GET", f"contacts/{{}}/{name}", answer)


ROUTES: tuple[Route, ...] = (
    ("GET", "contacts", list_contacts),
    ("POST", "contacts", create_contact),
    ("POST", "contact/sync", sync_contact),
    ("GET", "contacts/{}", get_contact),
    ("PUT", "contacts/{}", update_contact),
    ("PATCH", "contacts/{}", update_contact),
    ("DELETE", "contacts/{}", delete_contact),
    *(_nested(name) for name in (*_FILLED, *_EMPTY)),
)
