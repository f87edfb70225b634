"""Compares both systems field by field, with a table and rules written down here and nowhere else.

A pair is a Salesforce record and the ActiveCampaign contact whose id it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
STATUS, CONTACT_ID = "ActiveCampaign_Sync_Status__c", "ActiveCampaign_ID__c"
# Salesforce field, ActiveCampaign key or title of the custom field, how two values are compared.
COMMON = (("FirstName", "firstName", "text"), ("LastName", "lastName", "text"), ("Email", "email", "address"))
TABLE = {
    "Lead": (*COMMON, ("Phone", "phone", "text"), ("Nickname__c", "Nickname", "text")),
    "Contact": (*COMMON, ("Phone", "phone", "text"), ("Product_Interest__c", "Interests", "several")),
}


def same_form(value: Any, how: str) -> Any:
    """Bring a value of either side into the one form in which they are compared; blank is None."""
    text = str(value or "").strip()
    if how == "address":
        return text.lower() or None
    if how == "several":
        return frozenset(part.strip() for part in text.replace("||", ";").split(";") if part.strip()) or None
    return text or None


@dataclass(frozen=True)
class Pair:
    sobject: str
    sf_id: str
    ac_id: str


class Picture:
    """One moment of both systems."""

    def __init__(self, state: Json) -> None:
        self.titles = {row["title"]: str(row["id"]) for row in state["activecampaign"]["fields"]}
        self.contacts = {str(row["id"]): row for row in state["activecampaign"]["contacts"]}
        self.records = {s: {row["Id"]: row for row in state["salesforce"][s]} for s in TABLE}

    def pairs(self) -> list[Pair]:
        return [
            Pair(sobject, key, str(row[CONTACT_ID]).split(".")[0])
            for sobject, rows in self.records.items()
            for key, row in sorted(rows.items())
            if row.get(CONTACT_ID)
        ]

    def salesforce(self, sobject: str, sf_id: str) -> Json | None:
        """Return the mapped values of a record by Salesforce field, None when there is no such record."""
        row = self.records[sobject].get(sf_id)
        return None if row is None else {sf: same_form(row.get(sf), how) for sf, _, how in TABLE[sobject]}

    def activecampaign(self, sobject: str, ac_id: str) -> Json | None:
        """Return the mapped values of a contact, by Salesforce field too."""
        row = self.contacts.get(ac_id)
        if row is None:
            return None
        own = {title: row["fieldValues"].get(key) for title, key in self.titles.items()}
        return {sf: same_form(row.get(ac, own.get(ac)), how) for sf, ac, how in TABLE[sobject]}

    def both(self, pair: Pair) -> tuple[Json | None, Json | None]:
        return self.salesforce(pair.sobject, pair.sf_id), self.activecampaign(pair.sobject, pair.ac_id)


def after_first_sync(before: Picture, now: Picture) -> list[str]:
    """Name what is not as the rules of a first link say: blanks are filled, nothing else is touched."""
    found = []
    for pair in now.pairs():
        old_sf, old_ac = before.both(pair)
        for sf, _, _ in TABLE[pair.sobject]:
            a, b = (old_sf or {}).get(sf), (old_ac or {}).get(sf)
            kept = old_sf is not None and old_ac is not None and a is not None and b is not None
            expected = (a, b) if kept else (a or b, a or b)
            found += _difference(now, pair, sf, expected)
    return found + standing(now) + bystanders(before, now)


def after_edits(before: Picture, now: Picture, edits: dict[tuple[str, str], Any]) -> list[str]:
    """Name what is not as before plus the edits; `edits` by (contact id, Salesforce field) hold on both sides."""
    found = []
    for pair in now.pairs():
        old_sf, old_ac = before.both(pair)
        for sf, _, how in TABLE[pair.sobject]:
            expected = ((old_sf or old_ac or {}).get(sf), (old_ac or old_sf or {}).get(sf))
            if (pair.ac_id, sf) in edits:
                value = same_form(edits[pair.ac_id, sf], how)
                expected = (value, value)
            if old_sf is None and old_ac is None:
                continue  # a person who is new on both sides is compared by the caller
            found += _difference(now, pair, sf, expected)
    return found + standing(now)


def _difference(now: Picture, pair: Pair, sf: str, expected: tuple[Any, Any]) -> list[str]:
    new_sf, new_ac = now.both(pair)
    got = ((new_sf or {}).get(sf), (new_ac or {}).get(sf))
    return [] if got == expected else [f"{pair} {sf}: {got} instead of {expected}"]


def standing(now: Picture) -> list[str]:
    """Name pairs that are torn, double or without a good status."""
    found = []
    seen: dict[tuple[str, str], Pair] = {}
    for pair in now.pairs():
        if pair.ac_id not in now.contacts:
            found.append(f"{pair}: no such contact")
        if (pair.sobject, pair.ac_id) in seen:
            found.append(f"{pair}: also {seen[pair.sobject, pair.ac_id]}")
        seen[pair.sobject, pair.ac_id] = pair
        status = now.records[pair.sobject][pair.sf_id].get(STATUS)
        if status != "Synced successfully":
            found.append(f"{pair}: status {status!r}")
    addresses = [row["email"].lower() for row in now.contacts.values()]
    double = sorted(email for email in set(addresses) if addresses.count(email) > 1)
    return found + [f"{email} twice in ActiveCampaign" for email in double]


def bystanders(before: Picture, now: Picture) -> list[str]:
    """Name people outside the sync whose values moved."""
    paired = {(p.sobject, p.sf_id) for p in now.pairs()}
    found = [
        f"{sobject} {key} was touched"
        for sobject, rows in before.records.items()
        for key in rows
        if (sobject, key) not in paired and before.salesforce(sobject, key) != now.salesforce(sobject, key)
    ]
    contacts = {p.ac_id for p in now.pairs()}
    return found + [
        f"contact {key} was touched"
        for key in before.contacts
        if key not in contacts and before.activecampaign("Lead", key) != now.activecampaign("Lead", key)
    ]
