"""Users, the account itself, messages, notes, connections and webhooks (sections 1, 6, 8 and 9)."""

from __future__ import annotations

from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.rows import table_row
from acassist.sandbox.activecampaign.tables import EMPTY_LISTS
from acassist.sandbox.activecampaign.wire import Json, Reply, invalid, missing, text

WEBHOOK_EVENTS = (
    *("bounce", "click", "contact_tag_added", "contact_tag_removed", "deal_add", "deal_note_add"),
    *("deal_pipeline_add", "deal_stage_add", "deal_task_add", "deal_task_complete", "deal_tasktype_add", "deal_update"),
    *("forward", "list_add", "open", "reply", "sent", "share", "sms_reply", "sms_sent", "sms_unsub", "subscribe"),
    *("subscriber_note", "unsubscribe", "update"),
)


def me(call: Call) -> Reply:
    """Answer `GET /users/me`; it names neither plan nor account (section 1)."""
    return Reply({"user": table_row(call.account, "users", call.account.tables["users"].get(call.account.user))})


def _user_by(key: str) -> Route:
    def answer(call: Call) -> Reply:
        for row in call.account.tables["users"]:
            if row[key] == call.args[0]:
                return Reply({"user": table_row(call.account, "users", row)})
        raise missing("User", call.args[0])

    return ("GET", f"users/{key}/{{}}", answer)


def _update_note(call: Call) -> Reply:
    """Answer `PUT /notes/{id}`."""
    account, row = call.account, call.account.tables["notes"].get(call.args[0])
    row |= {"note": text(call.wrapped("note").get("note")), "mdate": account.now()}
    account.note_write("note", note=row["id"])
    return Reply({"note": table_row(account, "notes", row)})


def settings_account(call: Call) -> Reply:
    """Answer `GET /settings/account`: flat, no tier name (section 9)."""
    account = call.account
    body = {
        "account": f"{account.settings.account_name}.activehosted.com",
        "email": "owner@fernandfield.example",
        "first_name": "Alma",
        "last_name": "Reyes",
        "cname": "",
        "status": "active",
        "subscriber_limit": account.subscriber_limit,
        "subscriber_total": len(account.contacts),
        "trial": False,
        "credits": None,
        "branding": True,
    }
    return Reply(body)


def create_note(call: Call) -> Reply:
    """Answer `POST /notes`."""
    account, given = call.account, call.wrapped("note")
    contact = account.contact(given.get("relid"))
    now = account.now()
    row = {"reltype": text(given.get("reltype")) or "Subscriber", "relid": str(contact.id), "userid": account.user}
    row |= {"is_draft": "0", "note": text(given.get("note")), "user": account.user}
    owner = {"type": "contact", "id": str(contact.id)}
    kept = account.tables["notes"].add({**row, "cdate": now, "mdate": now, "owner": owner})
    account.happened(contact, "Note", int(kept["id"]), action="add")
    account.note_write("note", contact=str(contact.id))
    return Reply({"note": table_row(account, "notes", kept)}, 201)


def list_notes(call: Call) -> Reply:
    """Answer `GET /notes`, whose total is a number (section 2)."""
    rows = list(call.account.tables["notes"])
    reply = call.page("notes", rows, lambda row: table_row(call.account, "notes", row))
    reply.body["meta"]["total"] = len(rows)
    return reply


def list_connections(call: Call) -> Reply:
    """Answer `GET /connections` with `filters[service]` and `filters[externalid]`."""
    rows = list(call.account.tables["connections"])
    for key in ("service", "externalid"):
        if wanted := call.query.get(f"filters[{key}]"):
            rows = [row for row in rows if row[key] == wanted]
    return call.page("connections", rows, lambda row: table_row(call.account, "connections", row))


def create_connection(call: Call) -> Reply:
    """Answer `POST /connections`: five keys are required, and (service, externalid) is unique."""
    account, given = call.account, call.wrapped("connection")
    names = {"service": "service", "externalid": "externalid", "name": "name", "logoUrl": "logoUrl"}
    for key, name in {**names, "linkUrl": "linkUrl"}.items():
        if not text(given.get(key)):
            title = f"The connection {name} was not provided."
            raise invalid(title, "field_missing", f"/data/attributes/{key}")
    pair = (text(given["service"]), text(given["externalid"]))
    if any((row["service"], row["externalid"]) == pair for row in account.tables["connections"]):
        title = "The integration already exists in the system."
        raise invalid(title, "duplicate", "/data/attributes/externalid")
    now = account.now()
    row: Json = {"isInternal": "0", "listId": None, "status": "1", "syncStatus": "0", "lastSync": None}
    row |= {key: text(given[key]) for key in ("service", "externalid", "name", "logoUrl", "linkUrl")}
    kept = account.tables["connections"].add({**row, "cdate": now, "udate": now})
    account.note_write("connection", connection=kept["id"])
    return Reply({"connection": table_row(account, "connections", kept)}, 201)


def get_connection(call: Call) -> Reply:
    """Answer `GET /connections/{id}`."""
    row = call.account.tables["connections"].get(call.args[0])
    return Reply({"connection": table_row(call.account, "connections", row)})


def update_connection(call: Call) -> Reply:
    """Answer `PUT /connections/{id}`."""
    account, row = call.account, call.account.tables["connections"].get(call.args[0])
    given = call.wrapped("connection")
    keys = ("service", "externalid", "name", "logoUrl", "linkUrl", "status", "syncStatus", "lastSync")
    row |= {key: text(given[key]) for key in keys if key in given}
    row["udate"] = account.now()
    account.note_write("connection", connection=row["id"])
    return Reply({"connection": table_row(account, "connections", row)})


def _create_webhook(call: Call) -> Reply:
    account, given = call.account, call.wrapped("webhook")
    row = {key: text(given.get(key)) for key in ("name", "url", "listid")}
    kept = account.tables["webhooks"].add(
        {
            **row,
            "events": given.get("events", []),
            "sources": given.get("sources", []),
            "cdate": account.now(),
            "state": "1",
        }
    )
    account.note_write("webhook", webhook=kept["id"])
    return Reply({"webhook": table_row(account, "webhooks", kept)}, 201)


def _events(_call: Call) -> Reply:
    return Reply({"webhookEvents": list(WEBHOOK_EVENTS), "meta": {"total": len(WEBHOOK_EVENTS)}})


def _list(name: str) -> Route:
    def answer(call: Call) -> Reply:
        rows = list(call.account.tables[name])
        return call.page(name, rows, lambda row: table_row(call.account, name, row))

    return ("GET", name, answer)


def _get(name: str) -> Route:
    def answer(call: Call) -> Reply:
        table = call.account.tables[name]
        return Reply({table.single: table_row(call.account, name, table.get(call.args[0]))})

    return ("GET", f"{name}/{{}}", answer)


def _delete(name: str) -> Route:
    def answer(call: Call) -> Reply:
        row = call.account.tables[name].drop(call.args[0])
        call.account.note_write(call.account.tables[name].single, action="delete", key=row["id"])
        return Reply({})

    return ("DELETE", f"{name}/{{}}", answer)


def _empty(name: str) -> Route:
    return ("GET", name, lambda _call: Reply({name: [], "meta": {"total": "0"}}))


ROUTES: tuple[Route, ...] = (
    ("GET", "users/me", me),
    ("GET", "settings/account", settings_account),
    ("POST", "notes", create_note),
    ("GET", "notes", list_notes),
    ("PUT", "notes/{}", _update_note),
    _user_by("email"),
    _user_by("username"),
    ("GET", "connections", list_connections),
    ("POST", "connections", create_connection),
    ("GET", "connections/{}", get_connection),
    ("PUT", "connections/{}", update_connection),
    ("POST", "webhooks", _create_webhook),
    ("GET", "webhook/events", _events),
    *(_list(name) for name in ("users", "messages", "webhooks", "groupMembers", "fieldOptions", "fieldRels")),
    *(_get(name) for name in ("users", "messages", "notes", "lists", "links", "webhooks")),
    _get("accountCustomFieldMeta"),
    *(_delete(name) for name in ("notes", "connections", "webhooks", "lists")),
    *(_empty(name) for name in EMPTY_LISTS),
)
