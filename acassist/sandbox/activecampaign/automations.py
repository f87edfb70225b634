"""Automations: listing, entering by hand or by a tag, and the little that they do here (section 6)."""

from __future__ import annotations

from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.rows import contact_row, table_row
from acassist.sandbox.activecampaign.state import Contact
from acassist.sandbox.activecampaign.wire import ApiError, Json, Reply, text


def add_automation(account: Account, name: str, **extra: Any) -> Json:
    """Create an automation.

    `extra` may hold status, multientry, `_tag` (the tag id that starts it), `_actions` (a list of
    {"add_tag": name}, {"remove_tag": name}, {"field": id, "value": v} or {"key": standard key, "value": v})
    and labels.
    """
    now = account.now()
    row = {
        "name": name,
        "cdate": now,
        "mdate": now,
        "userid": "1",
        "status": "1",
        "entered": "0",
        "exited": "0",
        "hidden": "0",
        "entitlements_violation": "0",
        "source": "",
        "description": "",
        "exit_on_unsubscribe": "0",
        "exit_on_conversion": "0",
        "multientry": "0",
        "defaultscreenshot": "//img.company.example/_screenshot_/automation.jpeg",
        "screenshot": "",
        "_tag": 0,
        "_actions": [],
        "_labels": [],
        **extra,
    }
    return account.tables["automations"].add(row)


def label_rows(account: Account, names: list[str]) -> list[Any]:
    """Return labels as texts or as objects, by setting."""
    if account.settings.labels_as_objects:
        return [{"id": str(number), "label": name} for number, name in enumerate(names, 1)]
    return list(names)


def automation_row(account: Account, row: Json) -> Json:
    """Return one automation; labels only where the account shows them (UNVERIFIED, section 6)."""
    shown = table_row(account, "automations", row)
    if account.settings.labels:
        shown["labels"] = label_rows(account, row["_labels"])
    return shown


def list_automations(call: Call) -> Reply:
    """Answer `GET /automations`."""
    rows = list(call.account.tables["automations"])
    limit, offset = call.query.page()
    shown = [automation_row(call.account, row) for row in rows[offset : offset + limit]]
    starts = [
        {"id": row["id"], "series": row["id"], "type": "tagadd" if row["_tag"] else "none", "dealfield": False}
        for row in rows
    ]
    meta = {"total": str(len(rows)), "starts": starts, "filtered": False, "smsLogs": []}
    return Reply({"automations": shown, "meta": meta})


def get_automation(call: Call) -> Reply:
    """Answer `GET /automations/{id}`."""
    row = call.account.tables["automations"].get(call.args[0])
    return Reply({"automation": automation_row(call.account, row)})


def enter(account: Account, contact: Contact, automation: Json) -> Json | None:
    """Put a person into an automation and run it to its end; None where it cannot be entered."""
    table = account.tables["contactAutomations"]
    inside = [r for r in table if r["contact"] == str(contact.id) and r["automation"] == automation["id"]]
    if automation["status"] != "1" or (inside and automation["multientry"] != "1"):
        return None
    now = account.now()
    entry = table.add(
        {
            "contact": str(contact.id),
            "seriesid": automation["id"],
            "startid": "0",
            "status": "1",
            "batchid": None,
            "adddate": now,
            "remdate": None,
            "timespan": None,
            "lastblock": "0",
            "lastlogid": "0",
            "lastdate": now,
            "in_als": "0",
            "completedElements": 0,
            "totalElements": len(automation["_actions"]) + 1,
            "completed": 0,
            "completeValue": 0,
            "automation": automation["id"],
        }
    )
    automation["entered"] = str(int(automation["entered"]) + 1)
    account.happened(contact, "SubscriberSeries", int(entry["id"]), action="start")
    account.note_write("contactAutomation", contact=str(contact.id), automation=automation["id"])
    _run(account, contact, automation, entry)
    return entry


def _run(account: Account, contact: Contact, automation: Json, entry: Json) -> None:
    for action in automation["_actions"]:
        _act(account, contact, action)
    if automation.get("_waits"):
        return
    now, total = account.now(), entry["totalElements"]
    done = {"status": "2", "remdate": now, "lastdate": now, "batchid": "completed", "timespan": "0"}
    entry |= {**done, "completedElements": total, "completed": 1, "completeValue": 100}
    automation["exited"] = str(int(automation["exited"]) + 1)
    account.happened(contact, "SubscriberSeries", int(entry["id"]), action="complete")


def _act(account: Account, contact: Contact, action: Json) -> None:
    if "add_tag" in action:
        account.add_tag(contact, account.tag_id(action["add_tag"]))
    elif "remove_tag" in action:
        tag = account.tag_ids.get(action["remove_tag"].lower(), 0)
        if tag in contact.tags:
            account.remove_tag(contact.tags[tag])
    elif not account.settings.automation_rewrites:
        return
    elif "field" in action:
        account.set_value(contact, int(action["field"]), action["value"])
    else:
        account.set_standard(contact, {action["key"]: action["value"]})


def on_tag(account: Account, contact: Contact, tag: int) -> None:
    """Start every active automation that this tag triggers."""
    for automation in list(account.tables["automations"]):
        if automation["_tag"] == tag:
            enter(account, contact, automation)


def create_entry(call: Call) -> Reply:
    """Answer `POST /contactAutomations`: 201, or 403 where there is no such, or no active automation (documented)."""
    account, given = call.account, call.wrapped("contactAutomation")
    contact = account.contacts.get(_number(given.get("contact")))
    automation = account.tables["automations"].rows.get(_number(given.get("automation")))
    entry = enter(account, contact, automation) if contact and automation else None
    if contact is None or entry is None:
        raise ApiError(403, {"message": "Could not create SubscriberSeries"})
    shown = table_row(account, "contactAutomations", entry)
    return Reply({"contacts": [contact_row(account, contact)], "contactAutomation": shown}, 201)


def list_entries(call: Call) -> Reply:
    """Answer `GET /contactAutomations`."""
    rows = list(call.account.tables["contactAutomations"])
    return call.page("contactAutomations", rows, lambda row: table_row(call.account, "contactAutomations", row))


def get_entry(call: Call) -> Reply:
    """Answer `GET /contactAutomations/{id}`."""
    row = call.account.tables["contactAutomations"].get(call.args[0])
    return Reply({"contactAutomation": table_row(call.account, "contactAutomations", row)})


def delete_entry(call: Call) -> Reply:
    """Answer `DELETE /contactAutomations/{id}`: the person leaves, unfinished."""
    row = call.account.tables["contactAutomations"].get(call.args[0])
    row["status"], row["remdate"] = "2", row["remdate"] or call.account.now()
    call.account.note_write("contactAutomation", contact=row["contact"], action="delete")
    return Reply({})


def _number(value: object) -> int:
    name = text(value)
    return int(name) if name.isdigit() else -1


ROUTES: tuple[Route, ...] = (
    ("GET", "automations", list_automations),
    ("GET", "automations/{}", get_automation),
    ("GET", "contactAutomations", list_entries),
    ("POST", "contactAutomations", create_entry),
    ("GET", "contactAutomations/{}", get_entry),
    ("DELETE", "contactAutomations/{}", delete_entry),
)
