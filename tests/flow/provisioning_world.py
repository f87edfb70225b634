"""A bare org, an assistant connected to it, and the ways in which an org gets in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from acassist.assistant.provision import Provisioning
from acassist.assistant.provision_views import Applied, Consent
from acassist.assistant.session import REFRESH_TOKEN
from acassist.assistant.views import CheckItem
from acassist.domain.fields import ObjectDescription
from acassist.domain.ids import SObject, to18
from acassist.sandbox.salesforce import tooling
from acassist.sandbox.salesforce.fields import from_metadata
from acassist.sandbox.salesforce.org import SalesforceOrg
from acassist.sandbox.salesforce.save import Writer
from acassist.sandbox.settings import Settings
from acassist.storage.provisioning_journal import Entry, EntryState, ProvisioningJournal
from tests.engine import Engine, log_in, open_engine

YES = Consent(production=True)
STATUS = "ActiveCampaign_Sync_Status__c"
REMOTE_ID = "ActiveCampaign_ID__c"
RELATION = "ActiveCampaign_Relation_Sync_Status__c"
PEOPLE_FIELDS = {STATUS, REMOTE_ID, RELATION}


@dataclass(slots=True)
class Place:
    """One engine on one org, with short ways to ask and to disturb."""

    engine: Engine

    @classmethod
    async def open(cls, folder: Path, *, custom_fields: bool = False) -> Place:
        settings = Settings(leads=12, contacts=8, custom_fields=custom_fields)
        return cls(await open_engine(folder, settings=settings))

    async def close(self) -> None:
        await self.engine.close()

    @property
    def org(self) -> SalesforceOrg:
        return self.engine.world.salesforce

    @property
    def work(self) -> Provisioning:
        work = self.engine.assistant.provisioning
        return work

    async def apply(self, consent: Consent = YES) -> Applied:
        return await self.work.apply(consent=consent)

    async def prepared(self) -> Place:
        assert (await self.apply()).complete
        return self

    # -- what the org has
    async def described(self, sobject: SObject) -> ObjectDescription:
        client = await self.engine.assistant.session.salesforce()
        client.forget_descriptions()
        found: ObjectDescription = await client.describe(sobject)
        return found

    async def seen(self, sobject: SObject) -> set[str]:
        """Return which of our fields the connected user sees, with any namespace."""
        names = [field.name for field in (await self.described(sobject)).fields if field.custom]
        return {name for name in names if name.split("__")[-2] in _STEMS}

    def rows(self, name: str, **wanted: Any) -> list[dict[str, Any]]:
        rows = self.org.rows_of(name).rows.values()
        return [dict(row) for row in rows if all(row.get(key) == value for key, value in wanted.items())]

    def layout(self, sobject: str) -> dict[str, Any]:
        table = self.org.tables[True, "Layout"]
        return next(row for row in table.rows.values() if row["TableEnumOrId"] == sobject)

    def layout_fields(self, sobject: str) -> list[str]:
        return tooling.layout_fields(self.layout(sobject)["Metadata"])

    # -- what was asked
    def mark(self) -> int:
        return self.engine.world.log.total

    def writes(self, since: int = 0, service: str = "salesforce") -> list[str]:
        """Return the requests that changed something in the org."""
        log = self.engine.world.log.since(since)
        changing = [e for e in log if e["service"] == service and e["method"] in ("POST", "PATCH", "DELETE", "PUT")]
        return [f"{e['method']} {e['path'].partition('.0/')[2]}" for e in changing if "/services/data/" in e["path"]]

    def deployments(self) -> int:
        return self.writes().count("POST metadata/deployRequest")

    # -- what gets in the way
    def fault(self, method: str, path: str, action: dict[str, Any], **more: Any) -> None:
        rule = {"service": "salesforce", "method": method, "path": path, "action": action, **more}
        self.engine.world.faults.add(rule)

    def calm(self) -> None:
        self.engine.world.faults.clear()

    def take_right(self, *names: str) -> None:
        for row in self.org.rows_of("PermissionSet").rows.values():
            row.update(dict.fromkeys(names, False))

    def add_field(self, full_name: str, *, granted: bool = True, **meta: Any) -> None:
        """Make a field as somebody else would."""
        tooling.add_field(self.org, Writer(self.org, self.org.other_actor), full_name, meta)
        if granted:
            self.put_field(full_name, meta)

    def put_field(self, full_name: str, meta: dict[str, Any], name: str = "") -> None:
        """Show a field to everybody, under a namespaced name when one is given."""
        field = from_metadata(full_name, meta)
        self.org.schema.find(full_name.partition(".")[0]).add(replace(field, name=name or field.name))
        self.org.schema_changed()

    def install_package(self, name: str = "ActiveCampaign for Salesforce") -> None:
        package = {"Id": "033000000000001AAA", "Name": name, "NamespacePrefix": "acsync"}
        self.org.tables[True, "SubscriberPackage"].put(package)
        row = {"Id": "0A3000000000001AAA", "SubscriberPackageId": package["Id"]}
        self.org.tables[True, "InstalledSubscriberPackage"].put(row)

    def revoke(self) -> None:
        self.org.auth.revoke_all()
        self.org.auth.expire_sessions()

    async def reconnect(self) -> None:
        session = self.engine.assistant.session
        await session.vault.put(REFRESH_TOKEN, await log_in(self.engine.world))
        await session.close_clients()

    # -- the journal
    @property
    def org_id(self) -> str:
        return to18(self.org.org_id)

    @property
    def journal(self) -> ProvisioningJournal:
        return ProvisioningJournal(self.engine.stores.db)

    def open_entries(self) -> Sequence[Entry]:
        return self.journal.pending(self.org_id)

    def states(self, kind: Any) -> list[EntryState]:
        return [entry.state for entry in self.journal.entries(self.org_id, kind)]


_STEMS = {name.removesuffix("__c") for name in PEOPLE_FIELDS}


def by_title(items: Sequence[CheckItem]) -> dict[str, CheckItem]:
    return {item.title.english(): item for item in items}
