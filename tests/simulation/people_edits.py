"""How other people edit records on both sides; every choice comes from one seeded generator."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from acassist.sandbox.activecampaign.control import OTHER_USER, apply
from acassist.sandbox.people import INTERESTS, SEGMENTS
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.world import World
from tests.simulation.scene import field_key

SYNC_TAGS = ["created-from-salesforce-lead", "created-from-salesforce-contact", "added-to-salesforce-contact"]
TRIGGERS = ["create-salesforce-contact", "create-salesforce-lead"]
NAMES = ["Ann", "Béla", "Chloé", "D'Arcy", "Eve", "Fritz", "Gül", "Hana", "Ivo", "Jörg"]
# Field of Salesforce, title in ActiveCampaign, kind of value.
CUSTOM = (
    ("Nickname__c", "Nickname", "text"),
    ("Annual_Budget__c", "Annual budget", "number"),
    ("Trial_End__c", "Trial ends", "date"),
    ("Segment__c", "Segment", "choice"),
    ("Product_Interest__c", "Interests", "multi"),
    ("Notes__c", "Notes", "text"),
    ("Newsletter__c", "Newsletter", "bool"),
)
STANDARD = (("FirstName", "firstName"), ("LastName", "lastName"), ("Phone", "phone"))


@dataclass
class Touched:
    """Who was touched since somebody last looked: (record, field) pairs, and records made or ended."""

    fields: set[tuple[str, str]] = field(default_factory=set)
    records: set[str] = field(default_factory=set)

    def clear(self) -> None:
        """Forget everything."""
        self.fields.clear()
        self.records.clear()


class Others:
    """Everybody but the program."""

    def __init__(self, world: World, dice: random.Random) -> None:
        self.world, self.dice = world, dice
        self.touched = Touched()
        self.moved: set[str] = set()
        """Records that others were merged or converted into, or that came back: their values are a mixture."""
        self.story: list[str] = []
        self._serial = 0

    def note(self, text: str) -> None:
        """Remember what happened, for a failing seed."""
        self.story.append(text)

    # -- choosing
    def email(self) -> str:
        """Return an address nobody used before."""
        self._serial += 1
        return f"n{self._serial}@x.example"

    def some_email(self) -> str:
        """Return a fresh address, or now and then one that somebody has."""
        people = [c.email for _, c in sorted(self.world.activecampaign.contacts.items())]
        rows = [r["Email"] for n in ("Lead", "Contact") for r in self.live(n) if r.get("Email")]
        known = people + rows
        return self.dice.choice(known) if known and self.dice.random() < 0.36 else self.email()

    def live(self, name: str) -> list[dict[str, Any]]:
        """Return rows that can be edited."""
        table = self.world.salesforce.table(self.world.salesforce.schema.find(name)).rows
        rows = (table[key] for key in sorted(table))
        return [dict(r) for r in rows if not r.get("IsDeleted") and not r.get("IsConverted")]

    def row(self) -> tuple[str, dict[str, Any]] | None:
        """Choose a row."""
        name = self.dice.choice(["Lead", "Lead", "Contact"])
        rows = self.live(name)
        return (name, self.dice.choice(rows)) if rows else None

    def person(self) -> Any:
        """Choose a contact."""
        people = [c for _, c in sorted(self.world.activecampaign.contacts.items())]
        return self.dice.choice(people) if people else None

    def values(self, kind: str) -> tuple[Any, Any]:
        """Return a value as Salesforce and as ActiveCampaign hold it."""
        dice = self.dice
        if dice.random() < 0.08 and kind != "bool":
            return None, ""
        if kind == "number":
            amount = dice.randint(1, 9_000) + dice.choice([0, 0.5])
            return amount, dice.choice([f"{amount}", f"${amount:,.2f}"])
        if kind == "date":
            day = f"2026-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
            return day, day
        if kind == "choice":
            chosen = dice.choice(SEGMENTS)
            return chosen, chosen if dice.random() < 0.93 else "Somewhere else"
        if kind == "multi":
            chosen_all = sorted(dice.sample(INTERESTS, dice.randint(1, 3)))
            return ";".join(chosen_all), f"||{'||'.join(chosen_all)}||"
        if kind == "bool":
            yes = dice.random() < 0.5
            return yes, "||true||" if yes else ""
        word = f"{dice.choice(NAMES)} {dice.randint(0, 999)}"
        return word, word

    # -- doing
    def update(self, name: str, sf_id: str, values: dict[str, Any]) -> None:
        """Edit a row as another user."""
        org = self.world.salesforce
        Writer(org, org.other_actor).update(org.schema.find(name), sf_id, values)
        self.touched.fields |= {(sf_id, key) for key in values}
        self.touched.records.add(sf_id)
        self.note(f"salesforce {name} {sf_id} {values}")

    def change(self, contact: Any, changes: dict[str, Any]) -> None:
        """Edit a contact as another user."""
        account = self.world.activecampaign
        account.user = OTHER_USER
        try:
            apply(account, contact, changes)
        finally:
            account.user = "1"
        keys = [f"field:{k}" for k in changes.get("fieldValues", {})] + [k for k in changes if k != "fieldValues"]
        self.touched.fields |= {(f"ac:{contact.id}", key) for key in keys}
        self.touched.records.add(f"ac:{contact.id}")
        self.note(f"activecampaign {contact.id} {changes}")

    def edit_salesforce(self) -> None:
        """Change one or two fields of a row."""
        found = self.row()
        if found is None:
            return
        values: dict[str, Any] = {}
        for _ in range(self.dice.randint(1, 2)):
            if self.dice.random() < 0.35:
                values[self.dice.choice(STANDARD)[0]] = f"{self.dice.choice(NAMES)}{self.dice.randint(0, 99)}"
            else:
                name, _, kind = self.dice.choice(CUSTOM)
                values[name] = self.values(kind)[0]
        self.update(found[0], found[1]["Id"], values)

    def edit_activecampaign(self, contact: Any = None) -> None:
        """Change one or two fields of a contact."""
        contact = contact or self.person()
        if contact is None:
            return
        changes: dict[str, Any] = {}
        for _ in range(self.dice.randint(1, 2)):
            if self.dice.random() < 0.35:
                changes[self.dice.choice(STANDARD)[1]] = f"{self.dice.choice(NAMES)}{self.dice.randint(0, 99)}"
            else:
                _, title, kind = self.dice.choice(CUSTOM)
                key = field_key(self.world, title).removeprefix("field:")
                value = "about 10k" if kind == "number" and self.dice.random() < 0.05 else self.values(kind)[1]
                changes.setdefault("fieldValues", {})[key] = value
        self.change(contact, changes)

    def edit_both(self) -> None:
        """Change the same field of a person on both sides."""
        found = self.row()
        people = self.world.activecampaign
        contact = people.find(found[1].get("Email") or "") if found else None
        if found is None or contact is None:
            return
        name, title, kind = self.dice.choice(CUSTOM)
        key = field_key(self.world, title).removeprefix("field:")
        first, second = self.values(kind), self.values(kind)
        mine = first if self.dice.random() < 0.2 else second
        deeds: list[Callable[[], None]] = [
            lambda: self.update(found[0], found[1]["Id"], {name: first[0]}),
            lambda: self.change(contact, {"fieldValues": {key: mine[1]}}),
        ]
        if self.dice.random() < 0.3:
            deeds.reverse()
        deeds[0]()
        self.world.clock.advance(self.dice.choice([0, 400, 4000, 4000, 4000]))  # type: ignore[attr-defined]
        deeds[1]()

    def create(self, name: str, values: dict[str, Any]) -> None:
        """Create a row."""
        org = self.world.salesforce
        made = Writer(org, org.other_actor).create(org.schema.find(name), values)
        self.touched.records.add(made)
        self.note(f"new {name} {made} {values}")

    def _record(self) -> dict[str, Any]:
        email = self.some_email() if self.dice.random() < 0.95 else None
        name, _, kind = self.dice.choice(CUSTOM)
        given = {"FirstName": self.dice.choice(NAMES), "LastName": "Doe", "Email": email, name: self.values(kind)[0]}
        return {key: value for key, value in given.items() if value is not None}

    def create_lead(self) -> None:
        """Create a lead."""
        company = f"Company {self.dice.randint(1, 5)}"
        self.create("Lead", {**self._record(), "Company": company, "Status": "Open - Not Contacted"})

    def create_contact(self) -> None:
        """Create a contact."""
        self.create("Contact", self._record())

    def create_person(self, **more: Any) -> None:
        """Create somebody in ActiveCampaign."""
        email = self.some_email()
        account = self.world.activecampaign
        if account.find(email):
            return
        contact = account.create(email, {"firstName": self.dice.choice(NAMES), "lastName": "Roe"})
        self.touched.records.add(f"ac:{contact.id}")
        if more:
            self.change(contact, more)
        self.edit_activecampaign(contact)

    def wish(self) -> None:
        """Ask for a record by a trigger tag, for somebody new or known."""
        tag = self.dice.choice(TRIGGERS)
        contact = self.person()
        if contact is None or self.dice.random() < 0.5:
            self.create_person(tags_add=[tag], account=self.dice.choice(["Company 1", "Company 2"]))
        else:
            self.change(contact, {"tags_add": [tag]})

    def rename_salesforce(self) -> None:
        """Change an address in Salesforce."""
        if found := self.row():
            self.update(found[0], found[1]["Id"], {"Email": self.some_email()})

    def rename_activecampaign(self) -> None:
        """Change an address in ActiveCampaign."""
        contact, email = self.person(), self.email()
        if contact is not None and not self.world.activecampaign.find(email):
            self.change(contact, {"email": email})
