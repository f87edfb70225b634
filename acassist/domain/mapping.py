"""Field mappings: which ActiveCampaign field goes with which Salesforce field, and by which rules."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from functools import lru_cache

from acassist.domain.ids import SObject
from acassist.domain.text import N_


class Direction(StrEnum):
    """Where a mapping may write."""

    BOTH = "both"
    TO_ACTIVECAMPAIGN = "to_activecampaign"
    TO_SALESFORCE = "to_salesforce"


class UpdateRule(StrEnum):
    """When a mapping may overwrite the other side."""

    ALWAYS = "always"
    IF_BLANK = "if_blank"
    NEVER = "never"


class ConflictRule(StrEnum):
    """Who wins when both sides changed to different values since the last sync."""

    NEWEST = "newest"
    SALESFORCE = "salesforce"
    ACTIVECAMPAIGN = "activecampaign"
    ASK = "ask"


DIRECTION_LABELS = {
    Direction.BOTH: N_("Both directions"),
    Direction.TO_ACTIVECAMPAIGN: N_("To ActiveCampaign"),
    Direction.TO_SALESFORCE: N_("To Salesforce"),
}
UPDATE_LABELS = {
    UpdateRule.ALWAYS: N_("Always update"),
    UpdateRule.IF_BLANK: N_("Update if blank"),
    UpdateRule.NEVER: N_("Never update"),
}
CONFLICT_LABELS = {
    ConflictRule.NEWEST: N_("Newest change"),
    ConflictRule.SALESFORCE: N_("Salesforce wins"),
    ConflictRule.ACTIVECAMPAIGN: N_("ActiveCampaign wins"),
    ConflictRule.ASK: N_("Ask me"),
}


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """One row: an ActiveCampaign field key, a Salesforce field name and the rules between them.

    `locale` is the number and date format of the ActiveCampaign side (rule 3.2), for example `de_DE`.
    """

    ac_key: str
    sf_field: str
    direction: Direction = Direction.BOTH
    update: UpdateRule = UpdateRule.ALWAYS
    conflict: ConflictRule = ConflictRule.NEWEST
    copy_blanks: bool = False
    locale: str = "en_US"

    @property
    def key(self) -> str:
        """Name the pair; stable as long as the same two fields are mapped."""
        return f"{self.ac_key}~{self.sf_field}"


@dataclass(frozen=True, slots=True)
class MappingSet:
    """All rows of the five mapping pages, in the order shown."""

    lead: tuple[FieldMapping, ...] = ()
    contact: tuple[FieldMapping, ...] = ()
    account: tuple[FieldMapping, ...] = ()
    accounts_on: bool = False

    def for_object(self, sobject: SObject) -> tuple[FieldMapping, ...]:
        """Return the rows of one object; account rows only while the switch is on."""
        if sobject is SObject.LEAD:
            return self.lead
        if sobject is SObject.CONTACT:
            return self.contact
        return self.account if self.accounts_on else ()

    def with_rows(self, sobject: SObject, rows: tuple[FieldMapping, ...]) -> MappingSet:
        """Replace the rows of one object."""
        if sobject is SObject.LEAD:
            return replace(self, lead=rows)
        if sobject is SObject.CONTACT:
            return replace(self, contact=rows)
        return replace(self, account=rows)

    def fingerprint(self, sobject: SObject) -> str:
        """Digest the pairs of one object; a changed digest means an explicit re-baseline (rule 6.1, I19)."""
        return _digest(self.for_object(sobject))


@lru_cache(maxsize=64)
def _digest(rows: tuple[FieldMapping, ...]) -> str:
    """Kept, because a run asks for it once per record."""
    lines = sorted(json.dumps(asdict(row), sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


STANDARD_KEYS = ("firstName", "lastName", "email", "phone", "account")

# The article's defaults: five rows for leads, four for contacts, Account Name for accounts [S].
DEFAULT_LEAD = (
    FieldMapping("firstName", "FirstName"),
    FieldMapping("lastName", "LastName"),
    FieldMapping("email", "Email"),
    FieldMapping("phone", "Phone"),
    FieldMapping("account", "Company"),
)
DEFAULT_CONTACT = (
    FieldMapping("firstName", "FirstName"),
    FieldMapping("lastName", "LastName"),
    FieldMapping("email", "Email"),
    FieldMapping("phone", "Phone"),
)
DEFAULT_ACCOUNT = (FieldMapping("name", "Name"),)


def default_mapping() -> MappingSet:
    """Return the article's default mapping, account mapping off until the plan is known."""
    return MappingSet(lead=DEFAULT_LEAD, contact=DEFAULT_CONTACT, account=DEFAULT_ACCOUNT)
