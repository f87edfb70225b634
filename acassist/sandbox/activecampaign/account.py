"""The state of one ActiveCampaign account; every change of a person goes through `Account._written`."""

from __future__ import annotations

import hashlib
import random
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from acassist.sandbox.activecampaign.state import (
    Activity,
    Affiliation,
    Contact,
    FieldValue,
    Membership,
    Table,
    Tagging,
)
from acassist.sandbox.activecampaign.tables import tables
from acassist.sandbox.activecampaign.wire import CENTRAL, Json, missing, text
from acassist.sandbox.clock import SandboxClock
from acassist.sandbox.settings import Settings

if TYPE_CHECKING:
    from acassist.sandbox.world import Addresses

T = TypeVar("T")
STANDARD = {"email": "email", "firstName": "first", "lastName": "last", "phone": "phone"}


class Account:
    """All data of the account with indexes by e-mail, tag, list, account and time of change."""

    def __init__(self, settings: Settings, clock: SandboxClock, rng: random.Random, addresses: Addresses) -> None:
        self.settings, self.clock, self.rng, self.addresses = settings, clock, rng, addresses
        self.api_key = hashlib.sha512(f"key {settings.seed}".encode()).hexdigest()[:72]
        self.limited_key = hashlib.sha512(f"limited key {settings.seed}".encode()).hexdigest()[:72]
        self.user = "1"
        self.subscriber_limit = 500_000
        self.excluded: set[str] = set()
        self.tables: dict[str, Table] = tables()
        self.contacts: dict[int, Contact] = {}
        self.values: dict[int, FieldValue] = {}
        self.taggings: dict[int, Tagging] = {}
        self.memberships: dict[int, Membership] = {}
        self.affiliations: dict[int, Affiliation] = {}
        self.activities: dict[int, list[Activity]] = defaultdict(list)
        self.by_email: dict[str, int] = {}
        self.by_tag: dict[int, set[int]] = defaultdict(set)
        self.by_list: dict[int, set[int]] = defaultdict(set)
        self.by_account: dict[int, set[int]] = defaultdict(set)
        self.by_field: dict[int, dict[int, FieldValue]] = defaultdict(dict)
        self.tag_ids: dict[str, int] = {}
        self.batches: dict[str, Json] = {}
        self.sends: list[Json] = []
        self.writes: list[Json] = []
        self.requests: list[float] = []
        self.served = 0
        self.version = 0
        self._changed: list[tuple[datetime, int]] = []
        self._changed_sorted = True
        self._cache: dict[Any, Any] = {}
        self._cache_version = -1
        self._next: dict[str, int] = defaultdict(int)
        self.on_tag: Callable[[Account, Contact, int], None] | None = None
        self.suppress_automations = False
        self.backdated: datetime | None = None  # stands in for the present while old data are made

    # -- time, ids, cache ------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the present in whole seconds, the precision of all stamps."""
        return self.backdated or self.clock.now().replace(microsecond=0)

    def new_id(self, kind: str) -> int:
        """Return the next number of `kind`."""
        self._next[kind] += 1
        return self._next[kind]

    def cached(self, key: Any, build: Callable[[], T]) -> T:
        """Return `build()` from a cache that any change empties."""
        if self._cache_version != self.version or len(self._cache) > 64:
            self._cache, self._cache_version = {}, self.version
        if key not in self._cache:
            self._cache[key] = build()
        found: T = self._cache[key]
        return found

    def configure(self, changes: Json) -> None:
        """Change settings. Raises ValueError for an unknown name or a value of the wrong type."""
        self.settings = self.settings.changed(changes)
        self.version += 1

    def take_writes(self) -> list[Json]:
        """Return what was written since the last call."""
        taken, self.writes = self.writes, []
        return taken

    def note_write(self, kind: str, **detail: Any) -> None:
        """Record a change of something that is not a person."""
        self.version += 1
        self.writes.append({"kind": kind, **detail})

    # -- reading ---------------------------------------------------------------------------------------------------

    def contact(self, key: object) -> Contact:
        """Return the person with id `key`. Raises ApiError 404 (model name Subscriber, section 1)."""
        name = str(key)
        found = self.contacts.get(int(name)) if name.isdigit() else None
        if found is None:
            raise missing("Subscriber", key)
        return found

    def find(self, email: str) -> Contact | None:
        """Return the person with this e-mail, whatever its case."""
        key = self.by_email.get(email.strip().lower())
        return self.contacts[key] if key is not None else None

    def changed_since(self, moment: datetime) -> list[int]:
        """Return the ids of people changed after `moment`, by time of change."""
        self._sort_changes()
        start = bisect_right(self._changed, (moment, 1 << 62))
        recent = {key: at for at, key in self._changed[start:]}
        return [key for key, at in recent.items() if key in self.contacts and self.contacts[key].udate == at]

    def _sort_changes(self) -> None:
        """Bring the index of changes into order; loading many people leaves it unsorted."""
        if not self._changed_sorted:
            self._changed.sort()
            self._changed_sorted = True

    def tag_id(self, name: str) -> int:
        """Return the id of the contact tag `name` (case does not count), which is made where it is missing."""
        key = name.strip().lower()
        if key not in self.tag_ids:
            now = self.now()
            row = {"tagType": "contact", "tag": name.strip(), "description": "", "cdate": now, "udate": now}
            self.tag_ids[key] = int(self.tables["tags"].add(row)["id"])
            self.note_write("tag", tag=name.strip())
        return self.tag_ids[key]

    # -- the one place for changes ---------------------------------------------------------------------------------

    def _written(self, contact: Contact, kind: str, *, moves: bool = True, **detail: Any) -> None:
        self.version += 1
        if moves:
            self.move(contact, self.now())
        self.writes.append({"kind": kind, "contact": str(contact.id), **detail})

    def move(self, contact: Contact, moment: datetime) -> None:
        """Set the time of change of a person."""
        contact.udate = moment
        self._sort_changes()
        insort(self._changed, (moment, contact.id))
        if len(self._changed) > 2 * len(self.contacts) + 1000:
            self._changed = sorted((c.udate, c.id) for c in self.contacts.values())

    def create(self, email: str, standard: Json, *, by: str | None = None) -> Contact:
        """Create a person; `standard` holds firstName, lastName and phone."""
        now = self.now()
        key = self.new_id("contacts")
        address = email.strip().lower() if self.settings.lower_case_emails else email.strip()
        digest = hashlib.md5(f"{self.settings.seed}.{key}".encode(), usedforsecurity=False).hexdigest()
        contact = Contact(
            id=key,
            email=address,
            first=text(standard.get("firstName")),
            last=text(standard.get("lastName")),
            phone=text(standard.get("phone")),
            hash=digest,
            cdate=now,
            udate=now,
            by=by or self.user,
        )
        self.adopt(contact)
        self._written(contact, "contact", action="create", keys=sorted({"email", *standard} & set(STANDARD)))
        return contact

    def adopt(self, contact: Contact) -> None:
        """Take a ready-made person with all rows into the indexes; no change is recorded."""
        self.contacts[contact.id] = contact
        self._next["contacts"] = max(self._next["contacts"], contact.id)
        self.by_email[contact.email.lower()] = contact.id
        for value in contact.values.values():
            self.values[value.id] = value
            self.by_field[value.field][value.id] = value
        for tag, tagging in contact.tags.items():
            self.taggings[tagging.id] = tagging
            self.by_tag[tag].add(contact.id)
        for key, membership in contact.lists.items():
            self.memberships[membership.id] = membership
            self.by_list[key].add(contact.id)
        if contact.affiliation:
            self.affiliations[contact.affiliation.id] = contact.affiliation
            self.by_account[contact.affiliation.account].add(contact.id)
        change = (contact.udate, contact.id)
        # New people are the latest change, so importing many does not sort everybody each time.
        self._changed_sorted = self._changed_sorted and (not self._changed or change >= self._changed[-1])
        self._changed.append(change)
        self.version += 1

    def set_standard(self, contact: Contact, changes: Json) -> None:
        """Change e-mail, firstName, lastName or phone. An empty text clears or is ignored, by setting."""
        written = []
        for key, attribute in STANDARD.items():
            if key not in changes or (text(changes[key]) == "" and not self.settings.blank_overwrites):
                continue
            value = text(changes[key])
            if key == "email":
                del self.by_email[contact.email.lower()]
                value = value.strip().lower() if self.settings.lower_case_emails else value.strip()
                self.by_email[value.lower()] = contact.id
            setattr(contact, attribute, value)
            written.append(key)
        self._written(contact, "contact", action="update", keys=written)

    def set_value(self, contact: Contact, field_id: int, value: Any) -> FieldValue:
        """Write one custom field; whether this moves the person's own stamp is a setting (section 2, UNVERIFIED)."""
        now = self.now()
        stored = self._stored(field_id, value)
        row = contact.values.get(field_id)
        if row is None:
            row = FieldValue(self.new_id("fieldValues"), contact.id, field_id, stored, now, now, self.user)
            contact.values[field_id] = self.values[row.id] = self.by_field[field_id][row.id] = row
        else:
            row.value, row.udate = stored, now
        moves = self.settings.field_value_moves_contact
        self._written(contact, "fieldValue", moves=moves, field=str(field_id))
        return row

    def _stored(self, field_id: int, value: Any) -> str:
        raw = "||" + "||".join(map(text, value)) + "||" if isinstance(value, list) else text(value)
        if raw and self.tables["fields"].rows[field_id]["type"] == "datetime":
            try:
                moment = datetime.fromisoformat(raw)
            except ValueError:
                return raw
            return moment.astimezone(CENTRAL).isoformat(timespec="seconds") if moment.tzinfo else raw
        return raw

    def drop_value(self, row: FieldValue) -> None:
        """Delete one field value."""
        contact = self.contacts[row.contact]
        del contact.values[row.field], self.values[row.id], self.by_field[row.field][row.id]
        moves = self.settings.field_value_moves_contact
        self._written(contact, "fieldValue", moves=moves, action="delete", field=str(row.field))

    def add_tag(self, contact: Contact, tag: int) -> tuple[Tagging, bool]:
        """Tag a person; returns the association and whether it is new. A new one starts automations."""
        if tag in contact.tags:
            return contact.tags[tag], False
        row = Tagging(self.new_id("contactTags"), contact.id, tag, self.now())
        contact.tags[tag] = self.taggings[row.id] = row
        self.by_tag[tag].add(contact.id)
        self._written(contact, "tag", action="add", tag=self.tables["tags"].rows[tag]["tag"])
        if self.on_tag and not self.suppress_automations:
            self.on_tag(self, contact, tag)
        return row, True

    def remove_tag(self, row: Tagging) -> None:
        """Take a tag off a person."""
        contact = self.contacts[row.contact]
        del contact.tags[row.tag], self.taggings[row.id]
        self.by_tag[row.tag].discard(contact.id)
        self._written(contact, "tag", action="remove", tag=self.tables["tags"].rows[row.tag]["tag"])

    def set_list(self, contact: Contact, list_id: int, status: int, *, sourceid: int = 0) -> Membership:
        """Subscribe (1), unsubscribe (2) or mark as bounced (3) on one list."""
        now = self.now()
        row = contact.lists.get(list_id)
        if row is None:
            row = Membership(self.new_id("contactLists"), contact.id, list_id, status, now, now, sourceid)
            contact.lists[list_id] = self.memberships[row.id] = row
            self.by_list[list_id].add(contact.id)
        row.status, row.udate, row.sourceid = status, now, sourceid
        self._written(contact, "list", list=str(list_id), status=status)
        return row

    def affiliate(self, contact: Contact, account: int, job_title: str = "") -> Affiliation:
        """Put a person into an account, out of any other."""
        now = self.now()
        row = contact.affiliation
        if row is None:
            row = Affiliation(self.new_id("accountContacts"), contact.id, account, job_title, now, now)
            contact.affiliation = self.affiliations[row.id] = row
        else:
            self.by_account[row.account].discard(contact.id)
            row.account, row.job_title, row.udate = account, job_title or row.job_title, now
        self.by_account[account].add(contact.id)
        self._written(contact, "accountContact", account=str(account))
        return row

    def part(self, row: Affiliation) -> None:
        """Take a person out of the account."""
        contact = self.contacts[row.contact]
        self.by_account[row.account].discard(contact.id)
        del self.affiliations[row.id]
        contact.affiliation = None
        self._written(contact, "accountContact", action="delete", account=str(row.account))

    def delete(self, contact: Contact) -> None:
        """Delete a person with everything that hangs on it."""
        for row in contact.values.values():
            del self.values[row.id], self.by_field[row.field][row.id]
        for tag, tagging in contact.tags.items():
            self.by_tag[tag].discard(contact.id)
            del self.taggings[tagging.id]
        for key, membership in contact.lists.items():
            self.by_list[key].discard(contact.id)
            del self.memberships[membership.id]
        if contact.affiliation:
            self.by_account[contact.affiliation.account].discard(contact.id)
            del self.affiliations[contact.affiliation.id]
        del self.contacts[contact.id], self.by_email[contact.email.lower()]
        self.activities.pop(contact.id, None)
        self._written(contact, "contact", moves=False, action="delete")

    def happened(self, contact: Contact, kind: str, ref: int, *, action: str = "", at: datetime | None = None) -> None:
        """Append one row to a person's activity stream."""
        row = Activity(self.new_id("activities"), contact.id, at or self.now(), kind, ref, action, self.user)
        self.activities[contact.id].append(row)
        self.version += 1
