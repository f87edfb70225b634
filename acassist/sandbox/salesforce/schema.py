"""Which sObjects the org has and which fields each of them has at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from acassist.sandbox.salesforce.custom_fields import custom_fields
from acassist.sandbox.salesforce.errors import unsupported_type
from acassist.sandbox.salesforce.fields import Field, from_line
from acassist.sandbox.salesforce.standard_fields import ACCOUNT, CONTACT, LEAD
from acassist.sandbox.salesforce.system_fields import STAMPS, SYSTEM, TOOLING

PEOPLE = ("Lead", "Contact", "Account")
BUSINESS = frozenset(PEOPLE)


@dataclass
class SObject:
    """One sObject: its names, what may be done to it, and its fields by lower-case name."""

    name: str
    label: str
    plural: str
    prefix: str
    operations: str
    tooling: bool = False
    fields: dict[str, Field] = field(default_factory=dict)
    parents: dict[str, Field] = field(default_factory=dict)

    def add(self, item: Field) -> None:
        """Add a field or replace the one of the same name."""
        self.fields[item.name.lower()] = item
        if item.relationship:
            self.parents[item.relationship.lower()] = item

    def drop(self, name: str) -> None:
        """Take a field away."""
        gone = self.fields.pop(name.lower(), None)
        if gone is not None and gone.relationship:
            self.parents.pop(gone.relationship.lower(), None)

    def get(self, name: str) -> Field | None:
        return self.fields.get(name.lower())

    @property
    def business(self) -> bool:
        """Say whether rows are people or companies, with a recycle bin, replication and page layouts."""
        return self.name in BUSINESS


class Schema:
    """All sObjects by lower-case name; `tooling` ones are reached under `/tooling` only."""

    def __init__(self, *, activecampaign: bool) -> None:
        self._data: dict[str, SObject] = {}
        self._tooling: dict[str, SObject] = {}
        tables = {"Lead": ("Leads", "00Q", LEAD), "Contact": ("Contacts", "003", CONTACT)}
        tables["Account"] = ("Accounts", "001", ACCOUNT)
        for name, (plural, prefix, lines) in tables.items():
            item = SObject(name, name, plural, prefix, "cudr")
            _fill(item, [lines])
            for custom in custom_fields(name, activecampaign=activecampaign):
                item.add(custom)
            self._data[name.lower()] = item
        for source, target, tooling in ((SYSTEM, self._data, False), (TOOLING, self._tooling, True)):
            for name, (label, plural, prefix, operations, stamped, lines) in source.items():
                item = SObject(name, label, plural, prefix, operations, tooling)
                _fill(item, [lines, STAMPS] if stamped else [lines])
                target[name.lower()] = item

    def find(self, name: str, *, tooling: bool = False) -> SObject:
        """Return an sObject by its case-insensitive name. Raises ApiError INVALID_TYPE."""
        found = (self._tooling if tooling else self._data).get(name.lower())
        if found is None:
            raise unsupported_type(name)
        return found

    def is_tooling(self, name: str) -> bool:
        return name.lower() in self._tooling

    def all(self, *, tooling: bool = False) -> Iterable[SObject]:
        return (self._tooling if tooling else self._data).values()

    def by_prefix(self, record_id: str, *, tooling: bool = False) -> SObject | None:
        """Return the sObject of an id by its first three characters."""
        for item in self.all(tooling=tooling):
            if item.prefix == record_id[:3]:
                return item
        return None


def _fill(item: SObject, blocks: Iterable[str]) -> None:
    for block in blocks:
        for line in filter(str.strip, block.splitlines()):
            item.add(from_line(item.name, line))
