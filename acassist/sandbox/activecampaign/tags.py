"""Tags and lists, and who carries or is on them (sections 2 and 4)."""

from __future__ import annotations

from collections.abc import Callable

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.router import Call, Query, Route
from acassist.sandbox.activecampaign.rows import contact_row, membership_row, stamps, table_row, tagging_row
from acassist.sandbox.activecampaign.wire import ApiError, Json, Reply, invalid, missing, text

_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda a, b: a == b,
    "neq": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "contains": lambda a, b: b in a,
    "starts_with": lambda a, b: a.startswith(b),
}


def tag_row(account: Account, row: Json) -> Json:
    """Return one tag with the number of people who carry it."""
    created, changed = row["cdate"], row["udate"]
    shown = {key: value for key, value in row.items() if key not in ("udate", "id")}
    shown |= {"subscriber_count": str(len(account.by_tag.get(int(row["id"]), ()))), "deleted": "0"}
    return table_row(account, "tags", {**shown, **stamps(created, changed, "1"), "id": row["id"]})


def _by_name(query: Query, key: str, name: str) -> Callable[[str], bool]:
    tests: list[Callable[[str], bool]] = []
    for operator, compare in _COMPARE.items():
        if value := query.get(f"filters[{name}][{operator}]").lower():
            tests.append(_test(compare, value))
    for part in (query.get(key) if key else "", query.get(f"filters[{name}]")):
        if part:
            tests.append(_test(_COMPARE["contains"], part.lower()))
    return lambda words: all(test(words.lower()) for test in tests)


def _test(compare: Callable[[str, str], bool], value: str) -> Callable[[str], bool]:
    return lambda words: compare(words, value)


def list_tags(call: Call) -> Reply:
    """Answer `GET /tags` with `search` (contains), `filters[search][op]` and `orders[search]`."""
    fits = _by_name(call.query, "search", "search")
    rows = [row for row in call.account.tables["tags"] if fits(row["tag"])]
    for key, down in call.query.orders():
        if key == "search":
            rows.sort(key=lambda row: str(row["tag"]).lower(), reverse=down)
    return call.page("tags", rows, lambda row: tag_row(call.account, row))


def create_tag(call: Call) -> Reply:
    """Answer `POST /tags`: 201; a contact tag's name is unique whatever its case."""
    account, given = call.account, call.wrapped("tag")
    name = text(given.get("tag")).strip()
    kind = text(given.get("tagType")) or "contact"
    if not name:
        raise invalid("The tag was not provided.", "field_missing", "/data/attributes/tag")
    if kind == "contact" and name.lower() in account.tag_ids:
        body = {
            "message": "Could not process request",
            "error": f"Duplicate entry '{kind}-{name}' for key 'typetag'",
        }
        raise ApiError(account.settings.duplicate_tag_status, body)
    now = account.now()
    row = {"tagType": kind, "tag": name, "description": text(given.get("description")), "cdate": now, "udate": now}
    kept = account.tables["tags"].add(row)
    if kind == "contact":
        account.tag_ids[name.lower()] = int(kept["id"])
    account.note_write("tag", tag=name)
    return Reply({"tag": tag_row(account, kept)}, 201)


def get_tag(call: Call) -> Reply:
    """Answer `GET /tags/{id}`."""
    return Reply({"tag": tag_row(call.account, call.account.tables["tags"].get(call.args[0]))})


def update_tag(call: Call) -> Reply:
    """Answer `PUT` and `PATCH /tags/{id}`."""
    account, given = call.account, call.wrapped("tag")
    row = account.tables["tags"].get(call.args[0])
    if "tag" in given:
        account.tag_ids.pop(row["tag"].lower(), None)
        row["tag"] = text(given["tag"])
        account.tag_ids[row["tag"].lower()] = int(row["id"])
    row["description"] = text(given.get("description", row["description"]))
    row["udate"] = account.now()
    account.note_write("tag", tag=row["tag"])
    return Reply({"tag": tag_row(account, row)})


def delete_tag(call: Call) -> Reply:
    """Answer `DELETE /tags/{id}`; the tag leaves everybody."""
    account = call.account
    row = account.tables["tags"].get(call.args[0])
    for key in sorted(account.by_tag.get(int(row["id"]), ())):
        account.remove_tag(account.contacts[key].tags[int(row["id"])])
    account.tables["tags"].drop(row["id"])
    account.tag_ids.pop(row["tag"].lower(), None)
    account.note_write("tag", tag=row["tag"], action="delete")
    return Reply({})


def list_taggings(call: Call) -> Reply:
    """Answer `GET /contactTags`."""
    rows = call.account.cached("taggings", lambda: list(call.account.taggings.values()))
    return call.page("contactTags", rows, lambda row: tagging_row(call.account, row))


def create_tagging(call: Call) -> Reply:
    """Answer `POST /contactTags`: 201 with the person the first time, 200 without it afterwards (recorded)."""
    account, given = call.account, call.wrapped("contactTag")
    contact = account.contacts.get(_number(given.get("contact")))
    if contact is None:
        raise ApiError(404, {"errors": [{"status": 404, "title": "Not Found", "detail": "Contact not found"}]})
    if _number(given.get("tag")) not in account.tables["tags"].rows:
        raise ApiError(404, {"errors": [{"status": 404, "title": "Not Found", "detail": "Tag not found"}]})
    row, new = account.add_tag(contact, _number(given["tag"]))
    if not new:
        return Reply({"contactTag": tagging_row(account, row)})
    return Reply({"contacts": [contact_row(account, contact)], "contactTag": tagging_row(account, row)}, 201)


def delete_tagging(call: Call) -> Reply:
    """Answer `DELETE /contactTags/{id}`, where the id is the association's, not the tag's."""
    row = call.account.taggings.get(call.number())
    if row is None:
        raise missing("SubscriberTag", call.args[0])
    call.account.remove_tag(row)
    return Reply({})


def list_lists(call: Call) -> Reply:
    """Answer `GET /lists` with `filters[name]`."""
    fits = _by_name(call.query, "", "name")
    rows = [row for row in call.account.tables["lists"] if fits(row["name"])]
    return call.page("lists", rows, lambda row: table_row(call.account, "lists", row))


def add_list(account: Account, name: str) -> Json:
    """Create a list."""
    row = {
        "stringid": name.lower().replace(" ", "-"),
        "userid": "1",
        "name": name,
        "cdate": account.now(),
        "p_use_tracking": "1",
        "sender_name": "",
        "sender_url": "https://www.company.example/",
        "sender_reminder": "You signed up on our website.",
        "optinoptout": "1",
        "deletestamp": None,
        "user": "1",
    }
    return account.tables["lists"].add(row)


def create_list(call: Call) -> Reply:
    """Answer `POST /lists`."""
    kept = add_list(call.account, text(call.wrapped("list").get("name")))
    call.account.note_write("list", list=kept["id"])
    return Reply({"list": table_row(call.account, "lists", kept)}, 201)


def list_memberships(call: Call) -> Reply:
    """Answer `GET /contactLists` (undocumented, section 7.2)."""
    rows = call.account.cached("memberships", lambda: list(call.account.memberships.values()))
    return call.page("contactLists", rows, lambda row: membership_row(call.account, row))


def create_membership(call: Call) -> Reply:
    """Answer `POST /contactLists`; its row shows `status` as a number (recorded).

    Somebody who unsubscribed comes back only with `sourceid` 4 (section 2); without it the row stays as it is.
    """
    account, given = call.account, call.wrapped("contactList")
    contact = account.contact(given.get("contact"))
    list_id, status = _number(account.tables["lists"].get(given.get("list"))["id"]), _number(given.get("status"))
    if status not in (0, 1, 2, 3):
        raise invalid("The status is not valid.", "field_invalid", "/data/attributes/status")
    source = _number(given.get("sourceid"))
    row = contact.lists.get(list_id)
    if row is None or row.status != 2 or status != 1 or source == 4:
        row = account.set_list(contact, list_id, status, sourceid=source)
    shown = {**membership_row(account, row), "status": row.status}
    return Reply({"contacts": [contact_row(account, contact)], "contactList": shown})


def _number(value: object) -> int:
    name = text(value)
    return int(name) if name.isdigit() else -1


ROUTES: tuple[Route, ...] = (
    ("GET", "tags", list_tags),
    ("POST", "tags", create_tag),
    ("GET", "tags/{}", get_tag),
    ("PUT", "tags/{}", update_tag),
    ("PATCH", "tags/{}", update_tag),
    ("DELETE", "tags/{}", delete_tag),
    ("GET", "contactTags", list_taggings),
    ("POST", "contactTags", create_tagging),
    ("DELETE", "contactTags/{}", delete_tagging),
    ("GET", "lists", list_lists),
    ("POST", "lists", create_list),
    ("GET", "contactLists", list_memberships),
    ("POST", "contactLists", create_membership),
)
