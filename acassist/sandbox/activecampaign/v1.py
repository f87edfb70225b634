"""The older interface: HTTP 200 whatever happens, success told by `result_code` (sections 1 and 6)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.activity import record
from acassist.sandbox.activecampaign.wire import Json, Reply, bare

ACTIONS_THAT_SEND = ("send", "copy", "test")


def _envelope(code: int, message: str, **more: object) -> Json:
    return {**more, "result_code": code, "result_message": message, "result_output": "json"}


def refused() -> Reply:
    """Return the answer to a wrong key (its exact text is UNVERIFIED)."""
    return Reply(_envelope(0, "You are not authorized to access this file"))


def parameters(query: str, body: bytes) -> dict[str, str]:
    """Return query and form parameters in one."""
    pairs = parse_qsl(query, keep_blank_values=True) + parse_qsl(
        body.decode("utf-8", "replace"), keep_blank_values=True
    )
    return dict(pairs)


def answer(account: Account, given: dict[str, str]) -> Reply:
    """Carry out `api_action`."""
    action = _ACTIONS.get(given.get("api_action", ""))
    if action is None:
        return Reply(_envelope(0, "Unknown API action"))
    return Reply(action(account, given))


def _campaign_send(account: Account, given: dict[str, str]) -> Json:
    """Send one campaign to one person; `send` and `copy` reach the person and stand in the stream."""
    campaign = account.tables["campaigns"].rows.get(_number(given.get("campaignid")))
    if campaign is None:
        return _envelope(0, "Campaign not found")
    message = _number(given.get("messageid"))
    known = {int(p["messageid"]) for p in account.tables["campaignMessages"] if p["campaignid"] == campaign["id"]}
    if message not in known and not (message == 0 and account.settings.send_message_zero):
        return _envelope(0, "Message not found")
    email, action = given.get("email", ""), given.get("action", "send")
    contact = account.find(email)
    if contact is None and account.settings.send_needs_contact:
        return _envelope(0, "Contact not found")
    if action in ACTIONS_THAT_SEND:
        sent = {"email": email, "campaign": campaign["id"], "message": str(message or campaign["message_id"])}
        account.sends.append({**sent, "action": action, "contact": str(contact.id) if contact else None})
        account.note_write("send", **sent, action=action)
    if contact is not None and action in ("send", "copy"):
        record(account, contact, {"kind": "sent", "campaign": campaign["id"]})
    return _envelope(1, "Message sent", result=True)


def _user_me(account: Account, _given: dict[str, str]) -> Json:
    user = account.tables["users"].get(account.user)
    more = {key: user[key] for key in ("id", "username", "email", "phone")}
    return _envelope(
        1, "Success: Something is returned", **more, first_name=user["firstName"], last_name=user["lastName"]
    )


def _account_view(account: Account, _given: dict[str, str]) -> Json:
    more = {
        "account": f"{account.settings.account_name}.activehosted.com",
        "email": "owner@fernandfield.example",
        "fname": "Alma",
        "lname": "Reyes",
        "cname": "",
        "subscriber_limit": account.subscriber_limit,
        "status": "",
        "trial": 0,
        "credits": 0,
    }
    return _envelope(1, "Success: Something is returned", **more)


def _campaign_list(account: Account, given: dict[str, str]) -> Json:
    """List campaigns by `ids` and `filters[name|type]`, ten a page, under the keys "0", "1" and so on."""
    wanted = given.get("ids", "all")
    rows = [r for r in account.tables["campaigns"] if wanted in ("", "all") or r["id"] in wanted.split(",")]
    rows = [r for r in rows if given.get("filters[name]", "").lower() in r["name"].lower()]
    rows = [r for r in rows if given.get("filters[type]", "") in ("", r["type"])]
    start = 10 * (max(_number(given.get("page", "1")), 1) - 1)
    part = rows[start : start + 10]
    if not part:
        return _envelope(0, "Failed: Nothing is returned")
    keys = ("id", "type", "name", "status", "send_amt", "message_id")
    listed = {
        str(index): {**{key: row[key] for key in keys}, "cdate": bare(row["cdate"])} for index, row in enumerate(part)
    }
    return _envelope(1, "Success: Something is returned", **listed)


def _number(value: str | None) -> int:
    return int(value) if value and value.isdigit() else -1


_ACTIONS: dict[str, Callable[[Account, dict[str, str]], Json]] = {
    "campaign_send": _campaign_send,
    "user_me": _user_me,
    "account_view": _account_view,
    "campaign_list": _campaign_list,
}
