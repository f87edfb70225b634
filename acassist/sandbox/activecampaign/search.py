"""Which people a contact list holds: the documented filters, orders and the page (section 2)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.router import Query
from acassist.sandbox.activecampaign.state import Contact
from acassist.sandbox.activecampaign.wire import Json, parse_time

FILTERS = ("ids", "email", "email_like", "listid", "tagid", "search", "phone", "status", "seriesid", "filters")
ORDERS: dict[str, Callable[[Contact], Any]] = {
    "id": lambda c: c.id,
    "cdate": lambda c: (c.cdate, c.id),
    "email": lambda c: (c.email, c.id),
    "first_name": lambda c: (c.first.lower(), c.id),
    "last_name": lambda c: (c.last.lower(), c.id),
    "name": lambda c: (c.first.lower(), c.last.lower(), c.id),
}


def matching(account: Account, query: Query) -> list[int]:
    """Return the ids of all people whom the query selects, in its order."""
    relevant = tuple(pair for pair in query.pairs if pair[0].split("[")[0] in FILTERS)
    ids = account.cached(("base", relevant), lambda: sorted(_base(account, query)))
    low, high = query.number("id_greater"), query.number("id_less")
    start = bisect_right(ids, low) if low else 0
    stop = bisect_left(ids, high) if high else len(ids)
    ids = ids[start:stop] if (start, stop) != (0, len(ids)) else ids
    if exclude := set(query.every("exclude")):
        ids = [key for key in ids if str(key) not in exclude]
    if lag := account.settings.list_lag_seconds:
        visible = account.clock.now() - timedelta(seconds=lag)
        ids = [key for key in ids if account.contacts[key].cdate <= visible]
        return _ordered(account, query, ids, (relevant, visible))
    return _ordered(account, query, ids, (relevant, low, high, tuple(sorted(exclude))))


def _ordered(account: Account, query: Query, ids: list[int], key: object) -> list[int]:
    known = [(name, down) for name, down in query.orders() if name in ORDERS]
    if not known or known == [("id", False)]:
        return ids

    def arrange() -> list[int]:
        people = [account.contacts[i] for i in ids]
        for name, down in reversed(known):
            people.sort(key=ORDERS[name], reverse=down)
        return [person.id for person in people]

    return account.cached(("order", tuple(known), key), arrange)


def _base(account: Account, query: Query) -> Iterable[int]:
    ids = _indexed(account, query)
    tests = _tests(account, query)
    if not tests:
        return ids
    return [key for key in ids if all(test(account.contacts[key]) for test in tests)]


def _indexed(account: Account, query: Query) -> Iterable[int]:
    """Return the smallest set of candidates that an index gives."""
    if wanted := query.every("ids"):
        return [int(key) for key in wanted if key.isdigit() and int(key) in account.contacts]
    if email := query.get("email"):
        found = account.find(email)
        return [found.id] if found else []
    if since := _moment(account, query, "updated_after"):
        return account.changed_since(since)
    if tag := query.number("tagid"):
        return account.by_tag.get(tag, set())
    if list_id := query.number("listid"):
        return account.by_list.get(list_id, set())
    return account.contacts


def _moment(account: Account, query: Query, name: str) -> Any:
    raw = query.get(f"filters[{name}]")
    return parse_time(raw, naive_is_central=account.settings.naive_filter_is_central) if raw else None


def _tests(account: Account, query: Query) -> list[Callable[[Contact], bool]]:
    tests: list[Callable[[Contact], bool]] = []
    if email := query.get("email").strip().lower():
        tests.append(lambda c: c.email.lower() == email)
    if part := query.get("email_like").lower():
        tests.append(lambda c: part in c.email.lower())
    if tag := query.number("tagid"):
        tests.append(lambda c: tag in c.tags)
    if start := query.get("phone"):
        tests.append(lambda c: c.phone.startswith(start))
    if words := query.get("search").lower():
        tests.append(lambda c: _contains(account, c, words))
    if series := query.number("seriesid"):
        inside = {r["contact"] for r in account.tables["contactAutomations"] if r["automation"] == str(series)}
        tests.append(lambda c: str(c.id) in inside)
    return [*tests, *_list_tests(query), *_time_tests(account, query)]


def _contains(account: Account, contact: Contact, words: str) -> bool:
    company = account.tables["accounts"].rows[contact.affiliation.account]["name"] if contact.affiliation else ""
    name = f"{contact.first} {contact.last}"
    return any(words in part.lower() for part in (name, company, contact.phone, contact.email))


def _list_tests(query: Query) -> list[Callable[[Contact], bool]]:
    list_id, status = query.number("listid"), query.number("status", -1)
    if list_id and status >= 0:
        return [lambda c: list_id in c.lists and c.lists[list_id].status == status]
    if list_id:
        return [lambda c: list_id in c.lists]
    if status >= 0:
        return [lambda c: any(row.status == status for row in c.lists.values())]
    return []


def _time_tests(account: Account, query: Query) -> list[Callable[[Contact], bool]]:
    tests: list[Callable[[Contact], bool]] = []
    if after := _moment(account, query, "created_after"):
        tests.append(lambda c: c.cdate > after)
    if before := _moment(account, query, "created_before"):
        tests.append(lambda c: c.cdate < before)
    if since := _moment(account, query, "updated_after"):
        tests.append(lambda c: c.udate > since)
    if until := _moment(account, query, "updated_before"):
        tests.append(lambda c: c.udate < until)
    return tests


def page_input(query: Query) -> Json:
    """Return the echo of the request in the list's meta (section 2)."""
    limit, offset = query.page()
    return {
        "segmentid": None,
        "formid": 0,
        "listid": query.number("listid"),
        "tagid": query.number("tagid"),
        "limit": limit,
        "offset": offset,
        "search": query.get("search") or None,
        "sort": None,
        "seriesid": query.number("seriesid"),
        "waitid": 0,
        "status": query.number("status", -1),
        "forceQuery": 0,
        "cacheid": "3d0f1a2b4c5d6e7f8091a2b3c4d5e6f7",
    }
