"""The state of one Salesforce org: schema, rows, users, switches, and what hangs on them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from acassist.sandbox.clock import SandboxClock
from acassist.sandbox.salesforce import variants
from acassist.sandbox.salesforce.auth import AuthState
from acassist.sandbox.salesforce.ids import IdFactory, checksum
from acassist.sandbox.salesforce.schema import PEOPLE, Schema, SObject
from acassist.sandbox.salesforce.security import Security
from acassist.sandbox.salesforce.stamps import stamp
from acassist.sandbox.salesforce.switches import Switches
from acassist.sandbox.salesforce.table import Row, Table
from acassist.sandbox.settings import Settings

INDEXED = {
    "Lead": ("Email", "ConvertedContactId"),
    "Contact": ("Email", "AccountId"),
    "Account": ("Name",),
    "PermissionSetAssignment": ("AssigneeId", "PermissionSetId"),
    "FieldPermissions": ("ParentId", "Field"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: the program's user (bound by field-level security) or somebody with all rights."""

    user_id: str
    all_rights: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """One committed write, for the request log."""

    sobject: str
    fields: tuple[str, ...]


class SalesforceOrg:
    """One org. Times come from `clock`, chance from `rng`; nothing here knows HTTP."""

    def __init__(self, settings: Settings, clock: SandboxClock, rng: random.Random) -> None:
        self.settings, self.clock, self.rng = settings, clock, rng
        self.switches = Switches.of(settings)
        self.ids = IdFactory()
        self.schema = Schema(activecampaign=settings.custom_fields)
        self.schema_changed_at = clock.now()
        org15 = "00DHs00000" + "".join(rng.choices("0123456789abcdefABCDEF", k=5))
        self.org_id = org15 + checksum(org15)
        self.tables: dict[tuple[bool, str], Table] = {}
        for tooling in (False, True):
            for item in self.schema.all(tooling=tooling):
                self.tables[tooling, item.name] = Table(self._indexed(item))
        self.auth = AuthState(rng)
        self.security = Security(self)
        self.written: list[Written] = []
        self.cursors: dict[str, Any] = {}
        self.jobs: dict[str, Any] = {}
        self.deploys: dict[str, Any] = {}
        self.user_id = self.other_user_id = self.queue_id = self.profile_id = ""

    @property
    def client_id(self) -> str:
        return self.auth.client_id

    @property
    def username(self) -> str:
        return self.auth.username

    @property
    def password(self) -> str:
        return self.auth.password

    @property
    def api_actor(self) -> Actor:
        return Actor(self.user_id)

    @property
    def other_actor(self) -> Actor:
        return Actor(self.other_user_id, all_rights=True)

    def now(self) -> datetime:
        return self.clock.now()

    def stamp(self) -> str:
        """Return the present as a stamp of whole seconds."""
        return stamp(self.clock.now())

    def table(self, item: SObject) -> Table:
        return self.tables[item.tooling, item.name]

    def rows_of(self, name: str) -> Table:
        """Return the table of a data object by its exact name."""
        return self.tables[False, name]

    def locate(self, record_id: str) -> tuple[SObject, Row] | None:
        """Find a row by its id alone."""
        item = self.schema.by_prefix(record_id) or self.schema.by_prefix(record_id, tooling=True)
        row = self.table(item).rows.get(record_id) if item else None
        return (item, row) if item and row else None

    def schema_changed(self) -> None:
        """Note that describe answers differ from now on."""
        self.schema_changed_at = self.clock.now()
        self.security.forget()
        for name in PEOPLE:
            for field in self.schema.find(name).fields.values():
                if field.external_id or field.unique:
                    self.rows_of(name).index(field.name)

    def toggled(self) -> None:
        """Let changed switches take effect on fields and rights."""
        variants.apply(self)
        self.schema_changed()

    def _indexed(self, item: SObject) -> tuple[str, ...]:
        external = tuple(f.name for f in item.fields.values() if f.external_id)
        return INDEXED.get(item.name, ()) + external
