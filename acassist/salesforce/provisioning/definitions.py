"""What the program adds to an org: seven fields, two permission sets, and on request a link on two objects."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from acassist.domain.fields import ID_FIELD_LABEL, RELATION_FIELD_LABEL, STATUS_FIELD_LABEL
from acassist.domain.ids import PEOPLE, SObject

# Salesforce texts written by this program start with this, so that another computer recognises them.
MARK = "Kept by ActiveCampaign Setup Assistant."
LINK_NAME = "Open_in_Setup_Assistant"
LINK_LABEL = "Open in Setup Assistant"
SECTION_LABEL = "ActiveCampaign"
# Each object allows so many external ids (salesforce_api 6.1).
MOST_EXTERNAL_IDS = 25
# Without reading this field nothing is sent (sync rule 5.8), so the manager's set grants it.
OPT_OUT = "HasOptedOutOfEmail"


class Role(StrEnum):
    """What a field is for."""

    STATUS = "status"
    CONTACT_ID = "contact_id"
    RELATION = "relation"


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field to add; `length` in characters."""

    sobject: SObject
    role: Role
    label: str
    length: int

    @property
    def name(self) -> str:
        """Return the API name without a namespace."""
        return self.label.replace(" ", "_") + "__c"

    @property
    def external_id(self) -> bool:
        """Tell whether records are found by it."""
        return self.role is Role.CONTACT_ID

    @property
    def full_name(self) -> str:
        """Return the name in metadata, such as `Lead.ActiveCampaign_ID__c`."""
        return f"{self.sobject.value}.{self.name}"

    @property
    def description(self) -> str:
        """Return the text that Setup shows beside the field."""
        return f"{MARK} {_PURPOSES[self.role]}"


_PURPOSES = {
    Role.STATUS: "Shows whether the last sync of this record worked.",
    Role.CONTACT_ID: "Holds the id of the contact in ActiveCampaign.",
    Role.RELATION: "Shows whether the link to the account was synced.",
}
_SIZES = {
    Role.STATUS: (STATUS_FIELD_LABEL, 255),
    Role.CONTACT_ID: (ID_FIELD_LABEL, 64),
    Role.RELATION: (RELATION_FIELD_LABEL, 255),
}
FIELDS: tuple[FieldSpec, ...] = (
    *(FieldSpec(sobject, role, *_SIZES[role]) for sobject in PEOPLE for role in Role),
    FieldSpec(SObject.ACCOUNT, Role.STATUS, *_SIZES[Role.STATUS]),
)


@dataclass(frozen=True, slots=True)
class PermissionSetSpec:
    """One permission set: who gets it may read and, where `writes`, also create and edit the three objects."""

    name: str
    label: str
    purpose: str
    writes: bool

    @property
    def description(self) -> str:
        """Return the text that Setup shows beside the set."""
        return f"{MARK} {self.purpose}"

    @property
    def user_rights(self) -> tuple[str, ...]:
        """Return the system permissions it needs."""
        return ("ApiEnabled",) if self.writes else ()


MANAGER = PermissionSetSpec(
    "ActiveCampaign_Package_Manager",
    "ActiveCampaign Package Manager",
    "For the user whose access syncs leads, contacts and accounts.",
    writes=True,
)
STANDARD = PermissionSetSpec(
    "ActiveCampaign_Standard_User",
    "ActiveCampaign Standard User",
    "For people who see and use synced records.",
    writes=False,
)
PERMISSION_SETS = (MANAGER, STANDARD)


def link_url(sobject: SObject) -> str:
    """Return the address of the optional link; it opens a record in this program and never acts."""
    return f"acassist://record/{{!{sobject.value}.Id}}"
