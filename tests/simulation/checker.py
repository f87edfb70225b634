"""Checks the invariants on the state of both services; shares no code with the program.

Input is the answer of the sandbox's `GET /state`, the mapping as plain rows, and the records that open issues name.
Each check returns findings; no finding means that the invariant holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.simulation.plain_values import activecampaign_meaning, salesforce_meaning

State = Mapping[str, Any]
Row = Mapping[str, Any]
OBJECTS = ("Lead", "Contact", "Account")
PEOPLE = ("Lead", "Contact")
LISTED, UNSUBSCRIBED = 1, 2


@dataclass(frozen=True)
class Mapped:
    """One row of a mapping: ActiveCampaign key, Salesforce field, kind of value, decimal sign of the locale."""

    ac: str
    sf: str
    kind: str = "text"
    decimal: str = "."


@dataclass(frozen=True)
class Link:
    """One record of each side that belong together."""

    sobject: str
    sf_id: str
    ac_id: str


@dataclass(frozen=True)
class Finding:
    """One broken invariant: its short name, the record, and what is wrong."""

    invariant: str
    subject: str
    what: str


@dataclass(frozen=True)
class Excuses:
    """What a run is not to blame for.

    `issues` are the subjects of open issues: Salesforce ids, `ac:<id>` or e-mail addresses. `others` are records
    that somebody else created, edited or deleted meanwhile, in the same spelling.
    """

    issues: Collection[str] = ()
    others: Collection[str] = ()

    def listed(self, *names: str) -> bool:
        """Tell whether an open issue names one of these."""
        return any(name in self.issues for name in names if name)

    def foreign(self, name: str) -> bool:
        """Tell whether somebody else touched this record."""
        return name in self.others


def default_id_field(row: Row) -> str | None:
    """Return the ActiveCampaign id that a Salesforce row carries, whatever namespace the field has."""
    return next((str(v) for k, v in row.items() if k.lower().endswith("activecampaign_id__c") and v), None)


def stored_links(state: State) -> list[Link]:
    """List the links that the records themselves name."""
    return [
        Link(sobject, row["Id"], ac_id)
        for sobject in PEOPLE
        for row in state["salesforce"][sobject]
        if (ac_id := default_id_field(row))
    ]


def _by_id(rows: Iterable[Row], key: str) -> dict[str, Row]:
    return {str(row[key]): row for row in rows}


def _contacts(state: State) -> dict[str, Row]:
    return _by_id(state["activecampaign"]["contacts"], "id")


def _salesforce(state: State, sobject: str) -> dict[str, Row]:
    return _by_id(state["salesforce"][sobject], "Id")


def _email(row: Row | None, key: str) -> str:
    return str((row or {}).get(key) or "").strip().lower()


def activecampaign_value(row: Row, key: str) -> Any:
    """Read a mapping key from a contact or account of the state."""
    head, _, number = key.partition(":")
    if head == "field":
        return row["fieldValues"].get(number)
    return row["fields"].get(number) if head == "accountField" else row.get(key)


def agree(mapped: Mapped, sf_row: Row, ac_row: Row) -> bool:
    """Tell whether one mapped field means the same on both sides."""
    here = salesforce_meaning(mapped.kind, sf_row.get(mapped.sf))
    there = activecampaign_meaning(mapped.kind, activecampaign_value(ac_row, mapped.ac), mapped.decimal)
    return here == there


def disagreements(
    state: State, mapping: Mapping[str, Sequence[Mapped]], excuses: Excuses, links: Sequence[Link] | None = None
) -> Iterator[Finding]:
    """I1: mapped fields of every linked pair are equal, or an issue names the pair."""
    people, companies = _contacts(state), _by_id(state["activecampaign"]["accounts"], "id")
    for link in stored_links(state) if links is None else links:
        sf_row = _salesforce(state, link.sobject).get(link.sf_id)
        ac_row = (companies if link.sobject == "Account" else people).get(link.ac_id)
        names = (link.sf_id, f"ac:{link.ac_id}", _email(sf_row, "Email"), _email(ac_row, "email"))
        if excuses.listed(*names):
            continue
        if sf_row is None or ac_row is None:
            yield Finding("converged", link.sf_id, "one end of the link is gone and no issue says so")
            continue
        for mapped in mapping.get(link.sobject, ()):
            if not agree(mapped, sf_row, ac_row):
                yield Finding("converged", link.sf_id, f"{mapped.sf} and {mapped.ac} differ")


def _grouped(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if email := _email(row, key):
            groups[email].append(row)
    return groups


def duplicates(before: State, after: State, excuses: Excuses) -> Iterator[Finding]:
    """I5: no run adds a second record of one object for an e-mail address that had one, or two at once."""
    for sobject in PEOPLE:
        old = _salesforce(before, sobject)
        for email, rows in _grouped(after["salesforce"][sobject], "Email").items():
            fresh = [r for r in rows if r["Id"] not in old and not excuses.foreign(r["Id"])]
            if fresh and len(rows) > 1:
                yield Finding("no duplicate", email, f"{len(fresh)} of {len(rows)} {sobject} rows are new")
    yield from _duplicate_contacts(before, after, excuses)


def _duplicate_contacts(before: State, after: State, excuses: Excuses) -> Iterator[Finding]:
    old = _contacts(before)
    held = {_email(row, "email"): key for key, row in old.items()}
    for email, rows in _grouped(after["activecampaign"]["contacts"], "email").items():
        fresh = [r for r in rows if str(r["id"]) not in old and not excuses.foreign(f"ac:{r['id']}")]
        if fresh and len(rows) > 1:
            yield Finding("no duplicate", email, f"{len(fresh)} of {len(rows)} contacts are new")
        elif fresh and email in held:
            # The contact that had the address was renamed or deleted; a create by e-mail brought it back.
            yield Finding("no duplicate", email, f"contact {held[email]} was recreated as {fresh[0]['id']}")


def doubly_linked(state: State) -> Iterator[Finding]:
    """I5: two rows of one object never name the same ActiveCampaign contact."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for link in stored_links(state):
        owners[link.sobject, link.ac_id].append(link.sf_id)
    for (sobject, ac_id), ids in owners.items():
        if len(ids) > 1:
            yield Finding("no duplicate", f"ac:{ac_id}", f"{len(ids)} {sobject} rows name this contact")


def cleared_opt_outs(before: State, after: State, excuses: Excuses) -> Iterator[Finding]:
    """Rule 5.8: a sync never clears an opt-out and never subscribes somebody who unsubscribed."""
    for sobject in PEOPLE:
        now = _salesforce(after, sobject)
        for key, row in _salesforce(before, sobject).items():
            cleared = row.get("HasOptedOutOfEmail") and key in now and not now[key].get("HasOptedOutOfEmail")
            if cleared and not excuses.foreign(key):
                yield Finding("opt-out kept", key, "the e-mail opt-out was cleared")
    people = _contacts(after)
    for key, row in _contacts(before).items():
        if key not in people or excuses.foreign(f"ac:{key}"):
            continue
        lists = people[key]["lists"]
        for number, status in row["lists"].items():
            if status == UNSUBSCRIBED and lists.get(number) == LISTED:
                yield Finding("opt-out kept", f"ac:{key}", f"subscribed again to list {number}")


def subscribed_opt_outs(before: State, after: State, excuses: Excuses) -> Iterator[Finding]:
    """Rule 5.8: nobody who opted out in Salesforce is newly put on a list."""
    opted_out = {
        _email(row, "Email")
        for sobject in PEOPLE
        for row in after["salesforce"][sobject]
        if row.get("HasOptedOutOfEmail")
    }
    old = _contacts(before)
    for key, row in _contacts(after).items():
        known = old.get(key, {"lists": {}})["lists"]
        added = [n for n, s in row["lists"].items() if s == LISTED and known.get(n) != LISTED]
        if added and _email(row, "email") in opted_out and not excuses.foreign(f"ac:{key}"):
            yield Finding("opt-out kept", f"ac:{key}", "an opted-out person was put on a list")


def deletions(before: State, after: State, excuses: Excuses) -> Iterator[Finding]:
    """I9: nothing is ever deleted by a sync."""
    for sobject in OBJECTS:
        for key in _salesforce(before, sobject).keys() - _salesforce(after, sobject).keys():
            if not excuses.foreign(key):
                yield Finding("nothing deleted", key, f"{sobject} row is gone")
    for key in _contacts(before).keys() - _contacts(after).keys():
        if not excuses.foreign(f"ac:{key}"):
            yield Finding("nothing deleted", f"ac:{key}", "contact is gone")
    companies = [_by_id(state["activecampaign"]["accounts"], "id") for state in (before, after)]
    for key in companies[0].keys() - companies[1].keys():
        if not excuses.foreign(f"account:{key}"):
            yield Finding("nothing deleted", f"account:{key}", "account is gone")


def emptied(
    before: State, after: State, mapping: Mapping[str, Sequence[Mapped]], excuses: Excuses
) -> Iterator[Finding]:
    """I3: a value that was filled on both sides of a link, or on one, is not gone from both."""
    people_before, people = _contacts(before), _contacts(after)
    for link in stored_links(after):
        old, new = (_salesforce(state, link.sobject).get(link.sf_id) for state in (before, after))
        there_old, there = people_before.get(link.ac_id), people.get(link.ac_id)
        touched = excuses.foreign(link.sf_id) or excuses.foreign(f"ac:{link.ac_id}")
        if old is None or new is None or there_old is None or there is None or touched:
            continue
        for mapped in mapping.get(link.sobject, ()):
            filled = old.get(mapped.sf) or activecampaign_value(there_old, mapped.ac)
            if filled and not new.get(mapped.sf) and not activecampaign_value(there, mapped.ac):
                yield Finding("no lost value", link.sf_id, f"{mapped.sf} and {mapped.ac} are both empty now")


def check(
    before: State,
    after: State,
    mapping: Mapping[str, Sequence[Mapped]],
    excuses: Excuses | None = None,
    links: Sequence[Link] | None = None,
) -> list[Finding]:
    """Run every check between two states and return what is broken."""
    allowed = excuses or Excuses()
    return [
        *disagreements(after, mapping, allowed, links),
        *duplicates(before, after, allowed),
        *doubly_linked(after),
        *cleared_opt_outs(before, after, allowed),
        *subscribed_opt_outs(before, after, allowed),
        *deletions(before, after, allowed),
        *emptied(before, after, mapping, allowed),
    ]
