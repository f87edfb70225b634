"""Campaigns, their messages and links (section 6)."""

from __future__ import annotations

from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.automations import label_rows
from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.rows import stamps, table_row
from acassist.sandbox.activecampaign.wire import NO_TIME, ApiError, Json, Reply, text

PICTURES = "/_screenshot_/"
STATUS_WORDS = {"0": "Draft", "1": "Scheduled", "2": "Sending", "3": "Paused", "4": "Stopped", "5": "Completed"}
_ZEROS = (
    *("segmentid", "realcid", "sendid", "threadid", "seriesid", "formid", "basetemplateid", "basemessageid"),
    *("addressid", "send_amt", "total_amt", "opens", "uniqueopens", "linkclicks", "uniquelinkclicks"),
    *("subscriberclicks", "forwards", "uniqueforwards", "hardbounces", "softbounces", "unsubscribes"),
    *("unsubreasons", "updates", "socialshares", "replies", "uniquereplies", "mail_transfer", "mail_send"),
    *("mail_cleanup", "mailer_log_file", "tracklinksanalytics", "tweet", "facebook", "embed_images", "htmlunsub"),
    *("textunsub", "willrecur", "split_content", "split_winner_messageid", "split_winner_awaiting"),
    *("responder_offset", "responder_existing", "reminder_offset", "managetext", "schedule", "waitpreview", "replysys"),
    *("can_skip_approval", "use_quartz_scheduler", "verified_opens", "verified_unique_opens", "predictive_send"),
    *("has_outdated_translations", "hasTranslations", "repair_by_pydex", "moderation_status", "campaignIsText"),
    "has_predictive_content",
)
_EMPTY = (
    *("source", "analytics_campaign_name", "survey", "htmlunsubdata", "textunsubdata", "reminder_format"),
    *("activerss_url", "additional_data", "segmentname", "screenshot"),
)
_FIXED = {
    "bounceid": "-1",
    "public": "1",
    "tracklinks": "all",
    "trackreads": "1",
    "trackreadsanalytics": "1",
    "recurring": "day1",
    "split_type": "even",
    "split_offset": "2",
    "split_offset_type": "day",
    "responder_type": "subscribe",
    "reminder_field": "sdate",
    "reminder_type": "month_day",
    "reminder_offset_type": "day",
    "reminder_offset_sign": "+",
    "reminder_last_cron_run": None,
    "activerss_interval": "day1",
    "activerss_items": "10",
    "ip4": "2130706433",
    "ip": "2130706433",
    "laststep": "summary",
    "scheduleddate": None,
    "deletestamp": None,
    "series_send_lock_time": NO_TIME,
    "repair_timestamp": NO_TIME,
    "numberOfMessages": "1",
    "format": "mime",
    "ed_version": "3",
    "groupLimitViolation": False,
}


def add_campaign(account: Account, name: str, subject: str, html: str = "", **extra: Any) -> Json:
    """Create a campaign with one message and its "open" link; `extra` overrides keys of the campaign row."""
    now = account.now()
    message = account.tables["messages"].add(_message(account, name, subject, html))
    row: Json = {"type": "single", "userid": "1", "name": name, "cdate": now, "mdate": now, "sdate": None}
    row |= {"ldate": None, "status": "0", **dict.fromkeys(_ZEROS, "0"), **dict.fromkeys(_EMPTY, ""), **_FIXED}
    row |= {**stamps(now, now, "0"), "message_id": message["id"], "user": "1", "automation": None}
    kept = account.tables["campaigns"].add({**row, "_labels": [], **extra})
    part = account.tables["campaignMessages"].add(_part(kept["id"], message["id"], subject))
    kept["campaign_message_id"] = part["id"]
    add_link(account, kept, "open", "Read Tracker")
    return kept


def _message(account: Account, name: str, subject: str, html: str) -> Json:
    now = account.now()
    return {
        "userid": "1",
        "ed_instanceid": "0",
        "ed_version": "3",
        "cdate": now,
        "mdate": now,
        "name": name,
        "fromname": "Fern & Field",
        "fromemail": "hello@fernandfield.example",
        "reply2": "hello@fernandfield.example",
        "priority": "3",
        "charset": "utf-8",
        "encoding": "quoted-printable",
        "format": "mime",
        "subject": subject,
        "preheader_text": "",
        "text": "",
        "html": html or f"<h1>{subject}</h1><p>Hello %FIRSTNAME%,</p>",
        "htmlfetch": "now",
        "textfetch": "now",
        "hidden": "0",
        "preview_mime": None,
        "preview_data": None,
        "user": "1",
    }


def _part(campaign: str, message: str, subject: str) -> Json:
    counters = ("send_amt", "opens", "uniqueopens", "linkclicks", "uniquelinkclicks", "forwards", "replies")
    return {
        "campaignid": campaign,
        "messageid": message,
        "percentage": "100",
        "sourcesize": "4096",
        **dict.fromkeys(counters, "0"),
        "screenshot": None,
        "subject": subject,
        "campaign": campaign,
        "message": message,
    }


def add_link(account: Account, campaign: Json, url: str, name: str = "") -> Json:
    """Add one tracked link to a campaign; the url "open" stands for the read tracker (section 6)."""
    row = {
        "campaignid": campaign["id"],
        "messageid": campaign["message_id"],
        "link": url,
        "name": name,
        "ref": "",
        "tracked": "1",
        "linkclicks": "0",
        "uniquelinkclicks": "0",
        "campaign": campaign["id"],
        "message": campaign["message_id"],
    }
    return account.tables["links"].add(row)


def campaign_row(account: Account, row: Json, *, listed: bool) -> Json:
    """Return one campaign; `typeText` and `statusString` only in lists (section 6)."""
    shown = table_row(account, "campaigns", row)
    if listed:
        automated = row["automation"] is not None
        shown["typeText"] = "One-Time"
        shown["statusToolTip"] = ""
        shown["statusString"] = "Automation" if automated else STATUS_WORDS[row["status"]]
    if account.settings.campaign_pictures and not shown["screenshot"]:
        base = account.addresses.activecampaign.partition(":")[2]
        shown["screenshot"] = f"{base}{PICTURES}{row['id']}.png"
    if account.settings.labels:
        shown["labels"] = label_rows(account, row["_labels"])
    return shown


def list_campaigns(call: Call) -> Reply:
    """Answer `GET /campaigns` with `filters[seriesid]`, `filters[status]`, `orders[sdate]` and `orders[ldate]`."""
    account, query = call.account, call.query
    rows = list(account.tables["campaigns"])
    for key in ("seriesid", "status"):
        if wanted := query.get(f"filters[{key}]"):
            rows = [row for row in rows if row[key] == wanted]
    for key, down in query.orders():
        if key in ("sdate", "ldate"):
            rows.sort(key=lambda row: str(row[key] or ""), reverse=down)
    return call.page("campaigns", rows, lambda row: campaign_row(account, row, listed=True))


def get_campaign(call: Call) -> Reply:
    """Answer `GET /campaigns/{id}`."""
    row = call.account.tables["campaigns"].get(call.args[0])
    return Reply({"campaign": campaign_row(call.account, row, listed=False)})


def create_campaign(call: Call) -> Reply:
    """Answer `POST /campaign` (singular): a draft, unwrapped, with a number as id (recorded)."""
    body = call.json()
    name = text(body.get("name")).strip() if isinstance(body, dict) else ""
    kind = text(body.get("type")) if isinstance(body, dict) else ""
    faults = [*([] if name else ["Field name is required"]), *([] if kind else ["Field type is required"])]
    if faults:
        raise ApiError(400, {"errors": faults})
    row = add_campaign(call.account, name, name, type=kind)
    call.account.note_write("campaign", campaign=row["id"])
    return Reply({"id": int(row["id"]), "name": name, "type": kind, "canSplitContent": False})


def delete_campaign(call: Call) -> Reply:
    """Answer `DELETE /campaigns/{id}/delete`; a soft failure is a 200, too (documented)."""
    table = call.account.tables["campaigns"]
    if call.number() not in table.rows:
        return Reply({"succeeded": 0, "message": "Campaign could not be deleted."})
    table.drop(call.args[0])
    call.account.note_write("campaign", campaign=call.args[0], action="delete")
    return Reply({"succeeded": 1, "message": "Campaign deleted."})


def _of_campaign(call: Call, name: str) -> list[Json]:
    row = call.account.tables["campaigns"].get(call.args[0])
    table = call.account.tables[name]
    return [table_row(call.account, name, item) for item in table if item["campaignid"] == row["id"]]


def campaign_links(call: Call) -> Reply:
    """Answer `GET /campaigns/{id}/links`: no meta."""
    return Reply({"links": _of_campaign(call, "links")})


def campaign_messages(call: Call) -> Reply:
    """Answer `GET /campaigns/{id}/campaignMessages`."""
    return Reply({"campaignMessages": _of_campaign(call, "campaignMessages")})


def campaign_message(call: Call) -> Reply:
    """Answer `GET /campaigns/{id}/campaignMessage`."""
    return Reply({"campaignMessage": _of_campaign(call, "campaignMessages")[0]})


def campaign_lists(call: Call) -> Reply:
    """Answer `GET /campaigns/{id}/campaignLists`."""
    return Reply({"campaignLists": _of_campaign(call, "campaignLists")})


def _edit(call: Call) -> Reply:
    """Answer `PUT /campaigns/{id}/edit`."""
    row = call.account.tables["campaigns"].get(call.args[0])
    body = call.json()
    row["name"] = text(body.get("name", row["name"]))
    row["mdate"] = call.account.now()
    call.account.note_write("campaign", campaign=row["id"])
    return Reply({"id": int(row["id"]), "name": row["name"], "type": row["type"], "canSplitContent": False})


ROUTES: tuple[Route, ...] = (
    ("GET", "campaigns", list_campaigns),
    ("POST", "campaign", create_campaign),
    ("GET", "campaigns/{}", get_campaign),
    ("PUT", "campaigns/{}/edit", _edit),
    ("DELETE", "campaigns/{}/delete", delete_campaign),
    ("GET", "campaigns/{}/links", campaign_links),
    ("GET", "campaigns/{}/campaignMessages", campaign_messages),
    ("GET", "campaigns/{}/campaignMessage", campaign_message),
    ("GET", "campaigns/{}/campaignLists", campaign_lists),
)
