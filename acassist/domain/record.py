"""Records as the engine sees them, whatever service they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from acassist.domain.ids import SObject


def normalize_email(value: object) -> str | None:
    """Trim and lower-case an e-mail address for comparison (rule 2.1); None when blank."""
    text = str(value or "").strip().casefold()
    return text or None


@dataclass(frozen=True, slots=True)
class SalesforceRecord:
    """One Lead, Contact or Account row; `fields` holds JSON values by API name, relation paths dotted."""

    sobject: SObject
    id: str
    stamp: datetime
    fields: Mapping[str, Any] = field(default_factory=dict)

    @property
    def email(self) -> str | None:
        """Return the comparable e-mail address."""
        return normalize_email(self.fields.get("Email"))

    @property
    def name(self) -> str:
        """Return a name to show."""
        parts = (self.fields.get("FirstName"), self.fields.get("LastName"))
        return " ".join(str(p) for p in parts if p) or str(self.fields.get("Name") or "")

    @property
    def deleted(self) -> bool:
        """Tell whether the row is in the recycle bin."""
        return bool(self.fields.get("IsDeleted"))

    @property
    def survivor_id(self) -> str | None:
        """Return the record that this one was merged into."""
        return self.fields.get("MasterRecordId") or None

    @property
    def converted(self) -> bool:
        """Tell whether a lead was converted."""
        return bool(self.fields.get("IsConverted"))

    @property
    def converted_contact_id(self) -> str | None:
        """Return the contact that a lead became."""
        return self.fields.get("ConvertedContactId") or None


@dataclass(frozen=True, slots=True)
class ActiveCampaignContact:
    """One ActiveCampaign contact with its custom field values.

    `values` holds standard keys (`email`, `firstName`, `lastName`, `phone`) and `field:<id>` keys; `stamps` the
    `fieldValue.udate` of those custom values that have one. `updated` comes from `udate`, the only stamp that
    carries its offset (activecampaign_api 2). `account_id` is None when not read or none.
    """

    id: str
    email: str
    updated: datetime
    created: datetime | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    stamps: Mapping[str, datetime] = field(default_factory=dict)
    account_id: str | None = None
    account_name: str | None = None
    hard_bounces: int = 0
    deleted: bool = False

    @property
    def name(self) -> str:
        """Return a name to show."""
        parts = (self.values.get("firstName"), self.values.get("lastName"))
        return " ".join(p for p in parts if p)


@dataclass(frozen=True, slots=True)
class RowError:
    """Why one row of a batch was refused, in the service's own words."""

    code: str
    message: str
    fields: tuple[str, ...] = ()
    duplicate_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowResult:
    """The answer for one row of a Collections call, in request order."""

    id: str | None
    success: bool
    created: bool = False
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactWrite:
    """What to write to one ActiveCampaign contact: only the planned values, by mapping key."""

    email: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One person of a bulk import; tags and account by name (activecampaign_api 3)."""

    email: str
    values: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    account_name: str | None = None
    subscribe: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReceipt:
    """The answer to a bulk import request."""

    batch_id: str
    queued: int


@dataclass(frozen=True, slots=True)
class ImportStatus:
    """State of a bulk import batch; `created_ids` holds only new contacts (activecampaign_api 3)."""

    state: str
    created_ids: tuple[str, ...] = ()
    failed_emails: tuple[str, ...] = ()

    @property
    def finished(self) -> bool:
        """Tell whether the batch will not change any more."""
        return self.state in {"completed", "failed", "interrupted"}
