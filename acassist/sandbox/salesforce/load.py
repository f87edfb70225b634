"""Turns people into leads, and into contacts with their accounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from acassist.sandbox.people import Person
from acassist.sandbox.salesforce import derived, lifecycle
from acassist.sandbox.salesforce.errors import ApiError
from acassist.sandbox.salesforce.org import Actor, SalesforceOrg
from acassist.sandbox.salesforce.schema import SObject
from acassist.sandbox.salesforce.stamps import stamp
from acassist.sandbox.salesforce.standard_fields import PICKLISTS
from acassist.sandbox.salesforce.table import Row
from acassist.sandbox.salesforce.values import coerce

SPREAD_DAYS = 60
SEGMENTS = PICKLISTS["segment"]


def load(org: SalesforceOrg, leads: Iterable[Person], contacts: Iterable[Person], *, custom_fields: bool) -> None:
    """Fill the org with people; some leads are then converted and some merged.

    `custom_fields` says whether the org has ActiveCampaign's own fields, which stay blank either way.
    """
    del custom_fields  # the schema knows; new records have never been synced
    loader = _Loader(org)
    loader.leads(list(leads))
    loader.contacts(list(contacts))
    _history(org)


class _Loader:
    """Makes rows in bulk, past the checks that a person's save goes through, so that 100,000 are quick."""

    def __init__(self, org: SalesforceOrg) -> None:
        self.org = org
        self.start = org.now().replace(microsecond=0) - timedelta(days=SPREAD_DAYS)
        self.accounts: dict[str, str] = {}

    def leads(self, persons: list[Person]) -> None:
        item = self.org.schema.find("Lead")
        rows = [self._row(item, self._lead(p), place / max(1, len(persons))) for place, p in enumerate(persons)]
        self.org.table(item).fill(rows)

    def contacts(self, persons: list[Person]) -> None:
        self._companies(persons)
        item = self.org.schema.find("Contact")
        rows = [self._row(item, self._contact(p), place / max(1, len(persons))) for place, p in enumerate(persons)]
        self.org.table(item).fill(rows)

    def _companies(self, persons: list[Person]) -> None:
        item = self.org.schema.find("Account")
        first = {person.company: person for person in persons if person.company}
        rows = []
        for place, (name, person) in enumerate(first.items()):
            row = self._row(item, self._account(person), place / max(1, len(first)))
            self.accounts[name] = row["Id"]
            rows.append(row)
        self.org.table(item).fill(rows)

    def _row(self, item: SObject, values: dict[str, Any], share: float) -> Row:
        owner = Actor(self.org.other_user_id, all_rights=True)
        when = stamp(self.start + timedelta(seconds=int(share * (SPREAD_DAYS - 1) * 86400)))
        row: Row = {"Id": self.org.ids.new(item.prefix), **derived.defaults(item, owner)}
        for name, raw in values.items():
            value = _accepted(item, name, raw)
            if value is not None:
                row[name] = value
        for name in ("CreatedDate", "LastModifiedDate", "SystemModstamp"):
            row[name] = when
        row["CreatedById"] = row["LastModifiedById"] = owner.user_id
        derived.compute(item, row)
        return row

    def _lead(self, person: Person) -> dict[str, Any]:
        rng = self.org.rng
        return {
            **self._person(person),
            "Company": person.company or "[not provided]",
            "Street": person.street,
            "City": person.city,
            "PostalCode": person.postal,
            "Country": person.country,
            "Website": person.website,
            "Status": rng.choice(PICKLISTS["lead_status"][:2]),
            "Rating": rng.choice(PICKLISTS["rating"]),
            "Industry": rng.choice(PICKLISTS["industry"]),
            "NumberOfEmployees": rng.choice((3, 12, 48, 120, 900, 4200)),
            "Description": person.notes,
        }

    def _contact(self, person: Person) -> dict[str, Any]:
        return {
            **self._person(person),
            "AccountId": self.accounts.get(person.company),
            "MailingStreet": person.street,
            "MailingCity": person.city,
            "MailingPostalCode": person.postal,
            "MailingCountry": person.country,
            "Birthdate": person.birthday.isoformat(),
            "Department": self.org.rng.choice(("Sales", "Marketing", "Finance", "Operations", "")),
        }

    def _account(self, person: Person) -> dict[str, Any]:
        rng = self.org.rng
        return {
            "Name": person.company,
            "BillingCity": person.city,
            "BillingCountry": person.country,
            "Website": person.website,
            "Type": rng.choice(PICKLISTS["account_type"]),
            "Industry": rng.choice(PICKLISTS["industry"]),
            "AnnualRevenue": rng.choice((250_000, 1_200_000, 8_000_000, 65_000_000)),
            "NumberOfEmployees": rng.choice((3, 12, 48, 120, 900, 4200)),
        }

    def _person(self, person: Person) -> dict[str, Any]:
        """Return the values that leads and contacts share, the custom fields among them."""
        rng = self.org.rng
        score = rng.randrange(0, 101)
        name = unicodedata.normalize("NFKD", person.first).encode("ascii", "ignore").decode() or "someone"
        return {
            "FirstName": person.first,
            "LastName": person.last or "Unknown",
            "Salutation": person.salutation,
            "Email": person.email,
            "Phone": person.phone,
            "Title": person.title,
            "LeadSource": rng.choice(PICKLISTS["source"]),
            "HasOptedOutOfEmail": rng.random() < 0.04,
            "Annual_Budget__c": amount(person.budget),
            "Product_Interest__c": ";".join(person.interests),
            "Newsletter__c": person.newsletter,
            "Trial_End__c": (self.start + timedelta(days=rng.randrange(30, 150))).date().isoformat(),
            "Score__c": score if rng.random() < 0.9 else None,
            "Discount__c": rng.choice((None, 0, 5, 7.5, 12.25)),
            "Segment__c": rng.choice((None, *SEGMENTS)),
            "Support_Email__c": "support@" + _domain(person.website) if rng.random() < 0.5 else None,
            "Help_Page__c": f"https://{_domain(person.website)}/help" if rng.random() < 0.5 else None,
            "Second_Phone__c": person.phone if rng.random() < 0.2 else None,
            "Notes__c": person.notes,
            "Short_Notes__c": person.notes[:120],
            "Rich_Notes__c": f"<p>{person.notes}</p>" if person.notes else None,
            "Nickname__c": name[:4].capitalize() if rng.random() < 0.3 else None,
            "Joined_Text__c": person.birthday.replace(year=2020 + rng.randrange(6), day=1).isoformat(),
            "Secret_Code__c": f"{rng.randrange(10_000):04d}",
        }


def amount(text: str) -> float | None:
    """Return the number in an amount as somebody typed it (`1.234,56 €`), or None where it is not clear."""
    match = re.search(r"\d[\d.,' \u00a0\u202f]*", text)
    if match is None:
        return None
    digits = re.sub(r"['\s\u00a0\u202f]", "", match[0]).rstrip(".,")
    decimal = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"[.,]", "", digits[: decimal.start()] if decimal else digits)
    value = float(f"{whole}.{decimal[1]}" if decimal else whole)
    return value * 1000 if re.search(r"\d\s?[kK]\b", text) else value


def _domain(website: str) -> str:
    found = re.sub(r"^https?://(www\.)?", "", website).partition("/")[0]
    return found or "company.example"


def _accepted(item: SObject, name: str, raw: Any) -> Any:
    """Return the stored form of a value; one that Salesforce would refuse (a bad e-mail address) is left out."""
    field = item.get(name)
    if field is None or raw is None or raw == "":
        return None
    try:
        return coerce(field, raw[: field.length] if isinstance(raw, str) and field.length else raw)
    except ApiError:
        return None


def _history(org: SalesforceOrg) -> None:
    """Convert one lead in twenty, and give one in forty a double that was merged into it."""
    leads, item = org.rows_of("Lead"), org.schema.find("Lead")
    keys = list(leads.rows)
    for key in keys[7::20][:200]:
        lifecycle.convert(org, org.other_actor, key, None)
    for key in keys[11::40][:200]:
        if leads.rows[key].get("IsConverted"):
            continue
        double = {**leads.rows[key], "Id": org.ids.new(item.prefix), "LeadSource": "Purchased List"}
        leads.put(double)
        lifecycle.merge(org, org.other_actor, item, key, [double["Id"]])
    org.written.clear()
