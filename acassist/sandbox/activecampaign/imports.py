"""Bulk import: refused or queued at once, carried out a little later (section 3)."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.companies import add_company, same_name
from acassist.sandbox.activecampaign.contacts import valid_email
from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.state import Contact
from acassist.sandbox.activecampaign.wire import ApiError, Json, Reply, text

MAX_CONTACTS = 250
MAX_BYTES = 400_000
KEYS = {"email", "first_name", "last_name", "phone", "customer_acct_name", "tags", "fields", "subscribe"}
KEYS |= {"unsubscribe", "exclude_automations"}


def _refused(message: str, reasons: list[Any]) -> ApiError:
    return ApiError(400, {"success": 0, "message": message, "failureReasons": reasons})


def _check(call: Call) -> Json:
    if len(call.raw) >= MAX_BYTES:
        raise _refused("The request is too large.", [f"The payload may not exceed {MAX_BYTES} bytes."])
    body = call.json()
    rows = body.get("contacts") if isinstance(body, dict) else None
    if not isinstance(rows, list) or not rows:
        raise _refused("JSON payload did not pass validation", ["'contacts' is a required field."])
    if len(rows) > MAX_CONTACTS:
        raise _refused("JSON payload did not pass validation", [f"At most {MAX_CONTACTS} contacts may be imported."])
    reasons = [{"contact": index, "failureReason": reason} for index, row in enumerate(rows) if (reason := _fault(row))]
    if reasons:
        raise _refused("JSON payload did not pass validation. Please see failureReasons.", reasons)
    checked: Json = body
    return checked


def _fault(row: Any) -> str:
    if not isinstance(row, dict):
        return "Each contact must be an object."
    if not text(row.get("email")).strip():
        return "'email' is a required field."
    if unknown := sorted(set(row) - KEYS):
        return f"'{unknown[0]}' is not a known field."
    if not all(isinstance(item, dict) and "id" in item for item in row.get("fields", [])):
        return "'fields' must hold objects with an id and a value."
    return ""


def _pace(account: Account, several: bool) -> None:
    """Hold the limit of requests a minute: fewer for single contacts (section 3); the answer is a 400, not a 429."""
    settings = account.settings
    limit = settings.bulk_per_minute_many if several else settings.bulk_per_minute_single
    since = account.clock.now() - timedelta(seconds=60)
    recent = [b for b in account.batches.values() if b["at"] > since and b["several"] == several]
    if len(recent) >= limit:
        reason = f"Up to {limit} imports may be requested per minute. Please wait and try again."
        raise _refused("Rate limit exceeded.", [reason])


def submit(call: Call) -> Reply:
    """Answer `POST /import/bulk_import`; excluded addresses are left out of the queue without a word."""
    account, body = call.account, _check(call)
    rows = body["contacts"]
    _pace(account, len(rows) > 1)
    queued = [row for row in rows if text(row["email"]).strip().lower() not in account.excluded]
    where = account.settings.exclude_automations_at
    everywhere = bool(body.get("exclude_automations")) and where in ("top", "both")
    key = str(uuid.UUID(int=account.rng.getrandbits(128), version=4))
    account.batches[key] = {
        "at": account.clock.now(),
        "several": len(rows) > 1,
        "rows": queued,
        "count": len(queued),
        "quiet": everywhere,
        "done": False,
        "success": [],
        "failure": [],
    }
    account.note_write("import", batch=key, contacts=len(queued))
    done = {"Success": 1, "queued_contacts": len(queued), "batchId": key, "message": "Contact import queued"}
    return Reply(done)


def settle(account: Account, *, at_once: bool = False) -> None:
    """Carry out every import that is due; with `at_once`, all of them."""
    now = account.clock.now()
    for batch in account.batches.values():
        due = batch["at"] + timedelta(seconds=account.settings.bulk_seconds)
        if not batch["done"] and (at_once or now >= due):
            _carry_out(account, batch)


def _carry_out(account: Account, batch: Json) -> None:
    batch["done"], batch["completed"] = True, account.clock.now()
    inside = account.settings.exclude_automations_at in ("contact", "both")
    before = account.suppress_automations
    for row in batch["rows"]:
        quiet = batch["quiet"] or (inside and bool(row.get("exclude_automations")))
        account.suppress_automations = before or quiet or not account.settings.bulk_runs_automations
        _import_one(account, row, batch)
    account.suppress_automations = before
    batch["rows"] = []


def _import_one(account: Account, row: Json, batch: Json) -> None:
    email = text(row["email"]).strip()
    contact = account.find(email)
    lists = [_number(item.get("listid")) for item in row.get("subscribe", [])]
    full = contact is None and len(account.contacts) >= account.subscriber_limit
    unwanted = contact is not None and (contact.bounced_hard or any(_left(contact, key) for key in lists))
    if not valid_email(email) or full or unwanted:
        batch["failure"].append(email)
        return
    names = {"first_name": "firstName", "last_name": "lastName", "phone": "phone"}
    standard = {there: text(row[here]) for here, there in names.items() if here in row}
    if contact is None:
        contact = account.create(email, standard)
        batch["success"].append(str(contact.id))
    elif standard:
        account.set_standard(contact, standard)
    _hang_on(account, contact, row, lists)


def _hang_on(account: Account, contact: Contact, row: Json, lists: list[int]) -> None:
    for item in row.get("fields", []):
        if (key := _number(item["id"])) in account.tables["fields"].rows:
            account.set_value(contact, key, item.get("value"))
    if name := text(row.get("customer_acct_name")).strip():
        company = same_name(account, name) or add_company(account, name)
        account.affiliate(contact, int(company["id"]))
    for key in lists:
        if key in account.tables["lists"].rows:
            account.set_list(contact, key, 1)
    for item in row.get("unsubscribe", []):
        if (key := _number(item.get("listid"))) in account.tables["lists"].rows:
            account.set_list(contact, key, 2)
    for tag in row.get("tags", []):
        account.add_tag(contact, account.tag_id(text(tag)))


def _left(contact: Contact, list_id: int) -> bool:
    return list_id in contact.lists and contact.lists[list_id].status == 2


def _number(value: object) -> int:
    name = text(value)
    return int(name) if name.isdigit() else -1


def info(call: Call) -> Reply:
    """Answer `GET /import/info`: a bare `false` at first; success holds new ids only, failure bare addresses."""
    account, key = call.account, call.query.get("batchId")
    if not key:
        raise ApiError(400, {"success": 0, "message": "'batchId' is a required field."})
    batch = account.batches.get(key)
    if batch is None:
        return Reply(False)
    age = (account.clock.now() - batch["at"]).total_seconds()
    if age < account.settings.bulk_false_seconds and not batch["done"]:
        return Reply(False)
    return Reply({"status": _status(account, batch, age), "success": batch["success"], "failure": batch["failure"]})


def _status(account: Account, batch: Json, age: float) -> str:
    if batch["done"]:
        return "completed"
    steps = ("waiting", "claimed", "active")
    share = age / max(account.settings.bulk_seconds, 0.001)
    return steps[min(int(share * len(steps)), len(steps) - 1)]


def overview(call: Call) -> Reply:
    """Answer `GET /import/bulk_import`: what is outstanding and what was completed in seven days, as text."""
    now = call.account.clock.now()
    batches = [b for b in call.account.batches.values() if b["at"] > now - timedelta(days=7)]
    waiting = [b for b in batches if not b["done"]]
    done = [b for b in batches if b["done"]]
    return Reply({"outstanding": _by_day(waiting), "recentlyCompleted": _by_day(done)})


def _by_day(batches: list[Json]) -> list[Json]:
    days: dict[str, list[int]] = {}
    for batch in batches:
        at: datetime = batch["at"]
        count = days.setdefault(at.date().isoformat(), [0, 0])
        count[0] += 1
        count[1] += batch["count"]
    return [{"forDate": day, "batches": str(n), "contacts": str(c)} for day, (n, c) in sorted(days.items())]


ROUTES: tuple[Route, ...] = (
    ("POST", "import/bulk_import", submit),
    ("GET", "import/bulk_import", overview),
    ("GET", "import/info", info),
)
