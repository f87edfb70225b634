"""What people did: recording it, and the streams and lists that tell of it (section 7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.automations import enter
from acassist.sandbox.activecampaign.state import Contact
from acassist.sandbox.activecampaign.wire import Json, central

# reference type -> (table of the referenced rows, name of the model on the wire)
KINDS: dict[str, tuple[str, str]] = {
    "Log": ("logs", "log"),
    "LinkData": ("linkData", "link-data"),
    "MppLinkData": ("mppLinkData", "mpp-link-data"),
    "Reply": ("replies", "reply"),
    "Forward": ("forwards", "forward"),
    "Update": ("updates", "update"),
    "Note": ("notes", "note"),
    "TrackingLog": ("trackingLogs", "tracking-log"),
    "SubscriberSeries": ("contactAutomations", ""),
    "SubscriberList": ("contactLists", "contact-list"),
    "SubscriberEmail": ("emailActivities", "contact-email"),
}
# Types that occur in real streams and whose rows are not modelled here.
OTHER_KINDS = {
    "SeriesBlock": "series-block",
    "SubscriberLog": "subscriber-log",
    "SubscriberConversion": "subscriber-conversion",
    "DealTask": "deal-task",
    "DealActivity": "deal-activity",
    "SmsLog": "sms-log",
    "SmsReply": "sms-reply",
    "SmsUnsub": "sms-unsub",
    "FbAudienceContactLog": "fb-audience-contact-log",
    "EcomOrderActivity": "ecom-order-activity",
}


def _campaign(account: Account, data: Json) -> Json:
    return account.tables["campaigns"].get(data.get("campaign", 1))


def _mail(account: Account, contact: Contact, data: Json, at: datetime) -> Json:
    campaign = _campaign(account, data)
    return {
        "tstamp": at,
        "subscriberid": str(contact.id),
        "campaignid": campaign["id"],
        "messageid": campaign["message_id"],
    }


def _sent(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    row = {**_mail(account, contact, data, at), "sendid": "0", "successful": str(data.get("successful", 1))}
    campaign = _campaign(account, data)
    campaign["send_amt"] = str(int(campaign["send_amt"]) + 1)
    kept = account.tables["logs"].add({**row, "contact": str(contact.id)})
    if account.settings.email_activities_hold_sends:
        account.tables["emailActivities"].add(_mail_row(contact, {"subject": campaign["name"]}, at))
    account.happened(contact, "Log", int(kept["id"]), at=at)


def _link(account: Account, campaign: Json, data: Json, *, is_open: bool) -> Json:
    if "link" in data and not is_open:
        return account.tables["links"].get(data["link"])
    rows = [
        r for r in account.tables["links"] if r["campaignid"] == campaign["id"] and (r["link"] == "open") == is_open
    ]
    return rows[0]


def _read(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    """Record an open or a click; one row per person and link with a counter (inferred, section 7.2)."""
    is_open = data["kind"] != "clicked"
    kind = "MppLinkData" if data["kind"] == "mpp_opened" else "LinkData"
    link = _link(account, _campaign(account, data), data, is_open=is_open)
    table = account.tables[KINDS[kind][0]]
    for row in table:
        if row["subscriberid"] == str(contact.id) and row["link"] == link["id"]:
            row |= {"times": str(int(row["times"]) + 1), "tstamp": max(at, row["tstamp"])}
            break
    else:
        fresh = {**_mail(account, contact, data, at), "link": link["id"], "isread": "1" if is_open else "0"}
        fresh |= {"times": "1", "ip": "2130706433", "ua": "Mozilla/5.0", "uasrc": "", "referer": ""}
        row = table.add({**fresh, "email": contact.email})
    campaign, counter = _campaign(account, data), "opens" if is_open else "linkclicks"
    campaign[counter] = str(int(campaign[counter]) + 1)
    account.happened(contact, kind, int(row["id"]), at=at)


def _answered(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    kind = "Reply" if data["kind"] == "replied" else "Forward"
    row = {**_mail(account, contact, data, at), "contact": str(contact.id)}
    if kind == "Reply" and account.settings.reply_has_text:
        row |= {"subject": data.get("subject", ""), "message": data.get("message", "")}
    kept = account.tables[KINDS[kind][0]].add(row)
    account.happened(contact, kind, int(kept["id"]), at=at)


def _tracked(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    page = data["kind"] == "page"
    if page and not account.settings.page_visits_in_log:
        return
    name = "__pagevisit" if page else data.get("event", "event")
    value = data.get("url", "") if page else data.get("value", "")
    row: Json = {"subscriberid": str(contact.id), "type": name, "value": value, "tstamp": at}
    kept = account.tables["trackingLogs"].add({**row, "hash": contact.hash[:8] * 5, "contact": str(contact.id)})
    account.happened(contact, "TrackingLog", int(kept["id"]), at=at)


def _noted(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    row: Json = {"reltype": "Subscriber", "relid": str(contact.id), "userid": "1", "note": data.get("note", "")}
    row |= {"is_draft": "0", "cdate": at, "mdate": at, "user": "1"}
    kept = account.tables["notes"].add({**row, "owner": {"type": "contact", "id": str(contact.id)}})
    account.happened(contact, "Note", int(kept["id"]), action="add", at=at)


def _automated(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    """Record an automation run in the past, or enter one now where no time is given."""
    automation = account.tables["automations"].get(data.get("automation", 1))
    if "at" not in data:
        enter(account, contact, automation)
        return
    done = data["kind"] == "automation_completed"
    table, person = account.tables["contactAutomations"], str(contact.id)
    mine = (row for row in table if row["contact"] == person and row["automation"] == automation["id"])
    row = next((row for row in mine if row["status"] == "1"), None) if done else None
    if row is None:
        fresh: Json = {"contact": person, "seriesid": automation["id"], "startid": "0", "status": "1", "batchid": None}
        fresh |= {"adddate": at, "remdate": None, "timespan": None, "lastblock": "0", "lastlogid": "0"}
        fresh |= {"lastdate": at, "in_als": "0", "completedElements": 0, "totalElements": 1, "completed": 0}
        row = table.add({**fresh, "completeValue": 0, "automation": automation["id"]})
    if done:
        row |= {"status": "2", "batchid": "completed", "remdate": at, "lastdate": at}
        row |= {"completedElements": 1, "completed": 1, "completeValue": 100}
    account.happened(contact, "SubscriberSeries", int(row["id"]), action="complete" if done else "start", at=at)


def _subscribed(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    membership = contact.lists.get(int(data.get("list", 1))) or account.set_list(contact, int(data.get("list", 1)), 1)
    account.happened(contact, "SubscriberList", membership.id, action="subscribe", at=at)


def _updated(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    kept = account.tables["updates"].add({**_mail(account, contact, data, at), "contact": str(contact.id)})
    account.happened(contact, "Update", int(kept["id"]), action="update", at=at)


def _mailed(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    kept = account.tables["emailActivities"].add(_mail_row(contact, data, at))
    account.happened(contact, "SubscriberEmail", int(kept["id"]), at=at)


def _mail_row(contact: Contact, data: Json, at: datetime) -> Json:
    row: Json = {"subscriberid": str(contact.id), "userid": "1", "d_id": "0", "account": None, "reltype": "Subscriber"}
    row |= {"relid": str(contact.id), "fromName": "Fern & Field", "fromAddress": "hello@fernandfield.example"}
    row |= {"toAddress": contact.email, "ccAddress": "", "subject": data.get("subject", ""), "tstamp": at}
    row |= {"message": data.get("message", ""), "messageHtml": "", "contact": str(contact.id), "user": "1"}
    return row


def _bounced(account: Account, contact: Contact, data: Json, at: datetime) -> None:
    hard = bool(data.get("hard", True))
    row = {**_mail(account, contact, data, at), "bounceid": "1", "codeid": "5.1.1" if hard else "4.2.2"}
    row |= {"email": contact.email, "error": "mailbox unavailable", "source": "", "bounce": "1", "code": "1"}
    account.tables["bounceLogs"].add(row)
    contact.bounced_hard += int(hard)
    contact.bounced_soft += int(not hard)
    contact.bounced_at = at
    if hard:
        for membership in contact.lists.values():
            membership.status = 3


RECORDERS: dict[str, Callable[[Account, Contact, Json, datetime], None]] = {
    "sent": _sent,
    "opened": _read,
    "mpp_opened": _read,
    "clicked": _read,
    "replied": _answered,
    "forwarded": _answered,
    "event": _tracked,
    "page": _tracked,
    "note": _noted,
    "automation_entered": _automated,
    "automation_completed": _automated,
    "subscribed": _subscribed,
    "updated": _updated,
    "mailed": _mailed,
    "bounced": _bounced,
}


def record(account: Account, contact: Contact, data: Json) -> None:
    """Record one thing that a person did.

    `data`: kind (a key of RECORDERS or of OTHER_KINDS), at (aware datetime; now where missing), and by kind campaign,
    link, automation and list (ids), event, value, url, subject, message, note, hard.
    Raises ValueError for an unknown kind.
    """
    kind = str(data.get("kind"))
    at: datetime = data.get("at") or account.now()
    if kind in RECORDERS:
        RECORDERS[kind](account, contact, data, at)
    elif kind in OTHER_KINDS:
        account.happened(contact, kind, 0, at=at)
    else:
        raise ValueError(f"unknown kind of activity: {kind}")
    account.version += 1


def activity_row(account: Account, row: Any) -> Json:
    """Return one row of the stream (section 7.1)."""
    model = KINDS[row.kind][1] if row.kind in KINDS else OTHER_KINDS[row.kind]
    model = model or account.settings.series_model_name
    return {
        "tstamp": central(row.at),
        "subscriberid": str(row.contact),
        "reference_type": row.kind,
        "reference_id": str(row.ref),
        "reference_action": row.action,
        "jsonData": None,
        "userid": row.user,
        "permission": "",
        "referenceModelName": model,
        "notes": [],
        "recipients": [],
        "reference": {"type": model, "id": str(row.ref)},
        "user": row.user,
        "id": str(row.id),
    }
