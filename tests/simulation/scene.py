"""A small stage for engine tests: people on both sides, edits as somebody else would make them, and runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from acassist.domain.ids import SObject
from acassist.domain.ledger import Issue, Link, RunDirection, RunSummary
from acassist.domain.mapping import DEFAULT_CONTACT, DEFAULT_LEAD, FieldMapping, MappingSet
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.profile import OutboundSettings
from acassist.domain.selection import Criteria, Criterion, Operator, Selection, SelectionKind
from acassist.sandbox.control import world_state
from acassist.sandbox.settings import Settings
from acassist.sandbox.world import World
from tests.engine import Engine, open_engine
from tests.sandbox import in_process

ALL = Selection(SelectionKind.CRITERIA, Criteria((Criterion("LastName", Operator.IS_NOT_BLANK),)))
NOBODY = Selection(SelectionKind.NONE)
EVERYBODY = OutboundSettings(lead=ALL, contact=ALL)
HOUR = 3600.0


def field_key(world: World, title: str) -> str:
    """Return the mapping key of a custom contact field by its title."""
    rows = world.activecampaign.tables["fields"]
    return next(f"field:{row['id']}" for row in rows if row["title"] == title)


def mapping(world: World, *rows: tuple[str, str], **options: Any) -> MappingSet:
    """Return the default mapping and custom rows (ActiveCampaign title, Salesforce field) with the same options."""
    more = tuple(FieldMapping(field_key(world, title), name, **options) for title, name in rows)
    return MappingSet(lead=(*DEFAULT_LEAD, *more), contact=(*DEFAULT_CONTACT, *more))


@dataclass
class Scene:
    """One engine on one world; calls of the control app are wrapped so that a test reads like a story."""

    engine: Engine
    marks: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def open(
        cls,
        folder: Path,
        *,
        rows: Sequence[tuple[str, str]] = (),
        outbound: OutboundSettings = EVERYBODY,
        settings: Settings | None = None,
        seed: int = 1,
        **options: Any,
    ) -> Scene:
        """Open an engine on a world with fields, lists and campaigns but without people."""
        world = in_process(settings or Settings(leads=0, contacts=0))
        engine = await open_engine(
            folder, world=world, mapping=mapping(world, *rows, **options), outbound=outbound, seed=seed
        )
        return cls(engine)

    @property
    def world(self) -> World:
        """Return the world."""
        return self.engine.world

    def key(self, title: str) -> str:
        """Return the mapping key of a custom contact field."""
        return field_key(self.world, title)

    # -- Salesforce, as another user
    async def create(self, sobject: str, **fields: Any) -> str:
        """Create a row and return its id."""
        return str((await self.engine.control.call("POST", f"/salesforce/{sobject}", fields))["id"])

    async def lead(self, email: str | None, **fields: Any) -> str:
        """Create a lead with the fields that Salesforce requires."""
        given = {"LastName": "Doe", "Company": "Acme", "Status": "Open - Not Contacted", **fields}
        return await self.create("Lead", **given, **({"Email": email} if email else {}))

    async def contact(self, email: str | None, **fields: Any) -> str:
        """Create a contact."""
        return await self.create("Contact", **{"LastName": "Doe", **fields}, **({"Email": email} if email else {}))

    async def edit(self, sobject: str, sf_id: str, **fields: Any) -> None:
        """Edit a row."""
        await self.engine.control.call("PATCH", f"/salesforce/{sobject}/{sf_id}", fields)

    async def delete(self, sobject: str, sf_id: str) -> None:
        """Delete a row."""
        await self.engine.control.call("DELETE", f"/salesforce/{sobject}/{sf_id}")

    async def undelete(self, sobject: str, sf_id: str) -> None:
        """Bring a row back."""
        await self.engine.control.call("POST", f"/salesforce/{sobject}/{sf_id}/undelete", {})

    async def merge(self, sobject: str, master: str, loser: str) -> None:
        """Merge one row into another."""
        body = {"sobject": sobject, "master": master, "losers": [loser]}
        await self.engine.control.call("POST", "/salesforce/merge", body)

    async def convert(self, lead: str, contact: str | None = None) -> str:
        """Convert a lead and return the contact it became."""
        found = await self.engine.control.call("POST", "/salesforce/convert", {"lead": lead, "contact": contact})
        return str(found["contact"])

    async def org(self, **changes: Any) -> None:
        """Change switches of the org."""
        await self.engine.control.call("PATCH", "/salesforce/settings", changes)

    def row(self, sobject: str, sf_id: str) -> dict[str, Any]:
        """Return a live row."""
        rows = world_state(self.world)["salesforce"][sobject]
        return next(dict(r) for r in rows if r["Id"] == sf_id)

    def rows(self, sobject: str) -> list[dict[str, Any]]:
        """Return all live rows."""
        return list(world_state(self.world)["salesforce"][sobject])

    # -- ActiveCampaign, as another user
    async def person(self, email: str, **fields: Any) -> str:
        """Create a contact in ActiveCampaign and return its id."""
        made = await self.engine.control.call("POST", "/activecampaign/contacts", {"email": email, **fields})
        return str(made["id"])

    async def change(self, ac_id: str, **fields: Any) -> None:
        """Edit a contact; custom values by title in `values`."""
        values = {self.key(t).removeprefix("field:"): v for t, v in fields.pop("values", {}).items()}
        body = {**fields, **({"fieldValues": values} if values else {})}
        await self.engine.control.call("PATCH", f"/activecampaign/contacts/{ac_id}", body)

    async def drop(self, ac_id: str) -> None:
        """Delete a contact."""
        await self.engine.control.call("DELETE", f"/activecampaign/contacts/{ac_id}")

    async def account(self, **changes: Any) -> None:
        """Change switches of the account."""
        await self.engine.control.call("PATCH", "/activecampaign/settings", changes)

    def people(self) -> list[dict[str, Any]]:
        """Return all contacts."""
        return list(world_state(self.world)["activecampaign"]["contacts"])

    def ac(self, ac_id: str) -> dict[str, Any]:
        """Return one contact."""
        return next(dict(p) for p in self.people() if p["id"] == ac_id)

    def by_email(self, email: str) -> dict[str, Any]:
        """Return the contact with this address."""
        return next(dict(p) for p in self.people() if p["email"] == email)

    def value(self, ac_id: str, title: str) -> str | None:
        """Return one custom value of a contact."""
        found: str | None = self.ac(ac_id)["fieldValues"].get(self.key(title).removeprefix("field:"))
        return found

    # -- the engine
    async def sync(
        self, direction: RunDirection = RunDirection.BOTH, *, yes: bool = False, wait: float = HOUR
    ) -> RunSummary:
        """Make a run after `wait` seconds."""
        self.world.clock.advance(wait)
        self.marks["run"] = self.world.log.total
        return await self.engine.assistant.sync_now(direction, yes=yes)

    async def sync_stops(self, **options: Any) -> Problem:
        """Make a run that has to stop and return why."""
        try:
            await self.sync(**options)
        except ProblemError as error:
            return error.problem
        raise AssertionError("the run did not stop")

    def calls(self, kind: str = "") -> list[dict[str, Any]]:
        """Return the requests of the last run."""
        found = self.world.log.since(self.marks.get("run", 0))
        return [entry for entry in found if not kind or entry["kind"] == kind]

    def record_writes(self, service: str = "") -> list[str]:
        """Name the writing requests of the last run, for instance `salesforce PATCH /...`.

        The hourly sign of life of the installation is no write to a record (rule 6.6).
        """
        writes = [e for e in self.calls("write") if not service or e["service"] == service]
        writes = [e for e in writes if "/connections" not in e["path"]]
        return [f"{e['service']} {e['method']} {e['path']}" for e in writes]

    def links(self) -> list[Link]:
        """Return the links of people."""
        found = self.engine.stores.ledger.iter_links(limit=100_000)
        return [link for link in found if link.sobject is not SObject.ACCOUNT]

    def link(self, sf_id: str) -> Link:
        """Return the link of one record."""
        return next(link for link in self.links() if link.sf_id == sf_id)

    def issues(self) -> list[Issue]:
        """Return the open issues."""
        return self.engine.stores.issues.list(limit=100_000)

    def codes(self) -> list[str]:
        """Return the codes of the open issues, sorted."""
        return sorted(issue.code.value for issue in self.issues())

    def use(self, rows: MappingSet | None = None, outbound: OutboundSettings | None = None) -> None:
        """Put another mapping or selection into effect."""
        session = self.engine.assistant.session
        known = session.setup
        setup = replace(known, mapping=rows or known.mapping, outbound=outbound or known.outbound)
        session.store(setup, what="test")

    async def close(self) -> None:
        """Close the profile."""
        await self.engine.close()


def titles(entries: Iterable[dict[str, Any]]) -> list[str]:
    """Name log entries."""
    return [f"{e['service']} {e['method']} {e['path']}" for e in entries]
