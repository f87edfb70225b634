"""The activity stream of a person with its sideloads, and the plain lists of what happened (section 7)."""

from __future__ import annotations

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.activity import KINDS, activity_row
from acassist.sandbox.activecampaign.automations import automation_row
from acassist.sandbox.activecampaign.campaigns import campaign_row
from acassist.sandbox.activecampaign.router import Call, Route
from acassist.sandbox.activecampaign.rows import contact_row, membership_row, table_row
from acassist.sandbox.activecampaign.state import Activity
from acassist.sandbox.activecampaign.wire import Json, Reply, parse_time

# name in `include` -> (collection, key of the referring row that holds the id)
RELATIONS: dict[str, tuple[str, str]] = {
    "campaign": ("campaigns", "campaignid"),
    "message": ("messages", "messageid"),
    "link": ("links", "link"),
    "automation": ("automations", "automation"),
    "list": ("lists", "list"),
    "user": ("users", "userid"),
}
OWN_NAMES = {
    "log": "Log",
    "note": "Note",
    "contactList": "SubscriberList",
    "contactEmail": "SubscriberEmail",
}


def shown_row(account: Account, name: str, row: Json) -> Json:
    """Return a row of any table in the form in which its own resource shows it."""
    if name == "automations":
        return automation_row(account, row)
    if name == "campaigns":
        return campaign_row(account, row, listed=False)
    shown = table_row(account, name, row)
    if name in ("linkData", "mppLinkData") and not account.settings.isread_present:
        del shown["isread"]
    return shown


class _Sideloads:
    """Collects what `include` asks for, each row once."""

    def __init__(self, account: Account, include: str) -> None:
        self.account = account
        self.tokens = [token.split(".") for token in include.split(",") if token]
        self.found: dict[str, dict[str, Json]] = {}

    def _keep(self, name: str, row: Json) -> None:
        self.found.setdefault(name, {})[str(row["id"])] = row

    def add(self, activity: Activity) -> None:
        """Collect the rows that belong to one activity."""
        referred = self._referred(activity)
        for token in self.tokens:
            if token == ["user"]:
                self._relate("user", {"userid": activity.user})
            if token[0] != "reference" or referred is None:
                continue
            names = token[1:]
            if names and OWN_NAMES.get(names[0]) == activity.kind:
                names = names[1:]
                self._keep(KINDS[activity.kind][0], self._show(activity, referred))
            elif not names:
                self._keep(KINDS[activity.kind][0], self._show(activity, referred))
            if names == ["contact"]:
                contact = self.account.contacts[activity.contact]
                self._keep("contacts", contact_row(self.account, contact))
            elif names:
                self._chain(names, referred)

    def _referred(self, activity: Activity) -> Json | None:
        if activity.kind == "SubscriberList":
            membership = self.account.memberships.get(activity.ref)
            return membership_row(self.account, membership) if membership else None
        if activity.kind not in KINDS:
            return None
        return self.account.tables[KINDS[activity.kind][0]].rows.get(activity.ref)

    def _show(self, activity: Activity, row: Json) -> Json:
        if activity.kind == "SubscriberList":
            return row
        return shown_row(self.account, KINDS[activity.kind][0], row)

    def _chain(self, names: list[str], row: Json) -> None:
        if names[0] in ("campaignMessage", "campaignList"):
            plural = names[0] + "s"
            for item in self.account.tables[plural]:
                if item["campaignid"] == row.get("campaignid", row["id"]):
                    self._keep(plural, table_row(self.account, plural, item))
            return
        target = self._relate(names[0], row)
        if target is not None and names[1:]:
            self._chain(names[1:], target)

    def _relate(self, name: str, row: Json) -> Json | None:
        collection, key = RELATIONS.get(name, ("", ""))
        value = str(row.get(key) or "")
        target = self.account.tables[collection].rows.get(int(value)) if value.isdigit() else None
        if target is not None:
            self._keep(collection, shown_row(self.account, collection, target))
        return target


def activities(call: Call) -> Reply:
    """Answer `GET /activities`: oldest first unless told otherwise; `filters` are passed over (section 7.1)."""
    account, query = call.account, call.query
    rows = _of_contact(account, query.number("contact"))
    if after := query.get("after"):
        since = parse_time(after, naive_is_central=account.settings.naive_filter_is_central)
        rows = [row for row in rows if since is None or row.at > since]
    down = any(key == "tstamp" and descending for key, descending in query.orders())
    rows = sorted(rows, key=lambda row: (row.at, row.id), reverse=down)
    limit, offset = query.page()
    part = rows[offset : offset + limit]
    loads = _Sideloads(account, query.get("include"))
    for row in part:
        loads.add(row)
    body: Json = {"contacts": [], "activityRecipients": []}
    body |= {name: list(found.values()) for name, found in loads.found.items()}
    body["activities"] = [activity_row(account, row) for row in part]
    return Reply({**body, "meta": {"total": str(len(rows))}})


def _of_contact(account: Account, key: int) -> list[Activity]:
    if not key:
        return [row for rows in account.activities.values() for row in rows]
    rows = account.activities.get(key, [])
    contact = account.contacts.get(key)
    if account.settings.activities_need_view and contact is not None:
        seen = contact.viewed or contact.cdate
        rows = [row for row in rows if row.at <= seen]
    return rows


def _plain(name: str) -> Route:
    def answer(call: Call) -> Reply:
        account = call.account
        rows = list(account.tables[name])
        for key, down in call.query.orders():
            if key in ("id", "tstamp"):
                rows.sort(key=lambda row, key=key: int(row["id"]) if key == "id" else row["tstamp"], reverse=down)  # type: ignore[misc]
        return call.page(name, rows, lambda row: shown_row(account, name, row))

    return ("GET", name, answer)


def email_activities(call: Call) -> Reply:
    """Answer `GET /emailActivities` with `filters[subscriberid]`."""
    wanted = call.query.get("filters[subscriberid]")
    rows = [row for row in call.account.tables["emailActivities"] if wanted in ("", row["subscriberid"])]
    return call.page("emailActivities", rows, lambda row: table_row(call.account, "emailActivities", row))


PLAIN = ("logs", "linkData", "mppLinkData", "links", "bounceLogs", "campaignMessages", "campaignLists")
ROUTES: tuple[Route, ...] = (
    ("GET", "activities", activities),
    ("GET", "emailActivities", email_activities),
    *(_plain(name) for name in PLAIN),
)
