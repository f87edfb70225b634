"""Fills an account: fields, lists, automations, campaigns, companies, and people with what they did."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.automations import add_automation
from acassist.sandbox.activecampaign.campaigns import add_campaign, add_link
from acassist.sandbox.activecampaign.companies import add_meta
from acassist.sandbox.activecampaign.fields import add_field, add_option
from acassist.sandbox.activecampaign.history import busy_history, plain_history
from acassist.sandbox.activecampaign.state import Affiliation, Contact, FieldValue, Membership, Tagging
from acassist.sandbox.activecampaign.tags import add_list
from acassist.sandbox.activecampaign.wire import Json
from acassist.sandbox.people import INTERESTS, SEGMENTS, Person

FIELDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Annual budget", "text", ()),
    ("Interests", "listbox", INTERESTS),
    ("Newsletter", "checkbox", ("true",)),
    ("Trial ends", "date", ()),
    ("Score", "text", ()),
    ("Discount", "text", ()),
    ("Segment", "dropdown", SEGMENTS),
    ("Support e-mail", "text", ()),
    ("Help page", "text", ()),
    ("Second phone", "text", ()),
    ("Notes", "textarea", ()),
    ("Short notes", "textarea", ()),
    ("Rich notes", "textarea", ()),
    ("Nickname", "text", ()),
    ("Joined on", "date", ()),
    ("Age band", "text", ()),
    ("Secret code", "hidden", ()),
    ("Colour", "radio", ("Red", "Green", "Blue")),
    ("Meeting", "datetime", ()),
)
BUSY_PEOPLE = 6  # so many people have a long history


def furnish(account: Account) -> None:
    """Create fields, lists, company fields, automations and campaigns."""
    for title, kind, options in FIELDS:
        row = add_field(account, {"title": title, "type": kind})
        for option in options:
            add_option(account, {"field": row["id"], "value": option})
        rel = {"field": row["id"], "relid": "0", "dorder": "0", "cdate": account.now()}
        row["relations"].append(account.tables["fieldRels"].add(rel)["id"])
    for name in ("Newsletter", "Product news"):
        add_list(account, name)
    industries = ["Retail", "Technology", "Construction", "Healthcare", "Other"]
    add_meta(account, {"fieldLabel": "Industry", "fieldType": "dropdown", "fieldOptions": industries})
    add_meta(account, {"fieldLabel": "Revenue", "fieldType": "currency", "fieldDefaultCurrency": "USD"})
    add_meta(account, {"fieldLabel": "Employees", "fieldType": "number"})
    _automations(account)
    _campaigns(account)


def _automations(account: Account) -> None:
    demo = account.tag_id("demo-requested")
    actions = [{"add_tag": "create-salesforce-lead"}, {"key": "phone", "value": "+1 512 555-0100"}]
    add_automation(account, "Hand demo requests to sales", _tag=demo, _actions=actions, _labels=["Salesforce"])
    add_automation(account, "Welcome series", multientry="1", _labels=["salesforce", "Onboarding"])
    add_automation(account, "Win-back: 90 days quiet", status="2", _labels=["Retention"])
    add_automation(account, "Birthday greeting", status="0")
    add_automation(account, "Upsell – année 2", _labels=["Salesforce"])


def _campaigns(account: Account) -> None:
    gone = account.now() + timedelta(days=660)
    sent: Json = {"status": "5", "sdate": gone, "ldate": gone}
    spring = add_campaign(account, "Spring offer", "Spring is here – 20 % off", **sent, _labels=["Salesforce"])
    add_link(account, spring, "https://www.fernandfield.example/spring?utm_source=mail&utm_campaign=spring")
    add_link(account, spring, "https://www.fernandfield.example/catalogue.pdf", "Catalogue")
    news = add_campaign(account, "Newsletter of March", "What's new in March", **sent, _labels=["Newsletter"])
    add_link(account, news, "https://blog.fernandfield.example/march")
    sale = add_campaign(account, "Préparez l'été", "L’été arrive : préparez-vous", **sent)
    add_link(account, sale, "https://www.fernandfield.example/ete")
    series: Json = {"status": "1", "seriesid": "2", "automation": "2"}
    hello = add_campaign(account, "Welcome 1: hello", "Welcome, %FIRSTNAME%!", **series, _labels=["SALESFORCE"])
    add_link(account, hello, "https://www.fernandfield.example/start")
    add_campaign(account, "One-to-one follow-up", "Following up", status="0", _labels=["Salesforce"])
    add_campaign(account, "Draft: summer sale", "Summer sale", status="0")


class Loader:
    """Puts people into an account, with dates before the present."""

    def __init__(self, account: Account, rng: random.Random, now: datetime) -> None:
        self.account, self.rng, self.now = account, rng, now
        self.tags = [account.tag_id(name) for name in ("customer", "webinar-2026", "trade-fair", "VIP")]
        self.companies: dict[str, int] = {}

    def add(self, person: Person, *, thin: bool, tags: Iterable[str] = ()) -> Contact | None:
        """Add one person; `thin` leaves out phone and most fields. None where the address is taken or unusable."""
        account, rng = self.account, self.rng
        email = (person.email or "").strip().lower()
        if "@" not in email or " " in email or "@@" in email or "." not in email.split("@")[-1]:
            return None
        if email in account.by_email:
            return None
        created = self.now - timedelta(days=rng.randrange(30, 900), seconds=rng.randrange(86_400))
        changed = created + (self.now - created) * rng.random()
        key = account.new_id("contacts")
        contact = Contact(
            id=key,
            email=email,
            first=person.first,
            last=person.last,
            phone="" if thin else person.phone,
            hash=hashlib.md5(email.encode(), usedforsecurity=False).hexdigest(),
            cdate=created,
            udate=changed.replace(microsecond=0),
        )
        self._values(contact, person, thin)
        self._lists(contact, person)
        self._tags(contact, tags)
        if account.settings.accounts_plan and rng.random() < 0.4:
            self._company(contact, person.company)
        account.adopt(contact)
        return contact

    def _values(self, contact: Contact, person: Person, thin: bool) -> None:
        values = {1: person.budget, 15: person.birthday.isoformat() if not thin else ""}
        if person.interests:
            values[2] = "||" + "||".join(person.interests) + "||"
        if person.newsletter:
            values[3] = "||true||"
        if not thin:
            values[5] = str(self.rng.randrange(100))
            values[7] = self.rng.choice(SEGMENTS)
            values[9], values[11] = person.website, person.notes
        for field, value in values.items():
            if value:
                row = FieldValue(
                    self.account.new_id("fieldValues"), contact.id, field, value, contact.cdate, contact.udate
                )
                contact.values[field] = row

    def _lists(self, contact: Contact, person: Person) -> None:
        if not person.newsletter and self.rng.random() < 0.7:
            return
        status = 2 if self.rng.random() < 0.06 else 1
        key = self.account.new_id("contactLists")
        contact.lists[1] = Membership(key, contact.id, 1, status, contact.cdate, contact.udate)
        if self.rng.random() < 0.02:
            contact.lists[1].status = 3
            contact.bounced_hard, contact.bounced_at = 1, contact.udate

    def _tags(self, contact: Contact, names: Iterable[str]) -> None:
        wanted = [self.account.tag_id(name) for name in names]
        if self.rng.random() < 0.35:
            wanted.append(self.rng.choice(self.tags))
        for tag in wanted:
            contact.tags[tag] = Tagging(self.account.new_id("contactTags"), contact.id, tag, contact.cdate)

    def _company(self, contact: Contact, name: str) -> None:
        key = self.companies.get(name.lower())
        if key is None:
            row: Json = {"name": name, "accountUrl": "", "owner": "1"}
            row |= {"createdTimestamp": contact.cdate, "updatedTimestamp": contact.udate}
            key = self.companies[name.lower()] = int(self.account.tables["accounts"].add(row)["id"])
        ident = self.account.new_id("accountContacts")
        contact.affiliation = Affiliation(ident, contact.id, key, "", contact.cdate, contact.udate)


def load(
    account: Account, rng: random.Random, *, shared: Iterable[Person], own: Iterable[Person], start: datetime
) -> None:
    """Fill the account with people that Salesforce knows too (`shared`) and people of its `own`."""
    account.backdated = start - timedelta(days=700)
    furnish(account)
    loader = Loader(account, rng, start)
    added = [loader.add(person, thin=rng.random() < 0.5) for person in shared]
    waiting = ["create-salesforce-lead", "create-salesforce-contact", "create-salesforce-lead"]
    for number, person in enumerate(own):
        tags = [waiting[number]] if number < len(waiting) else []
        added.append(loader.add(person, thin=rng.random() < 0.2, tags=tags))
    people = [contact for contact in added if contact is not None]
    for number, contact in enumerate(people[:400]):
        if number < BUSY_PEOPLE:
            busy_history(account, contact, rng, start)
        elif number % 3 == 0:
            plain_history(account, contact, rng, start)
    account.backdated = None
    account.take_writes()
