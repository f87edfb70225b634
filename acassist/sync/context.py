"""What every part of a run shares: both services, the stores, the schema, counters, progress and cancelling."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from acassist.domain.ids import Service, SObject
from acassist.domain.ledger import (
    Counters,
    HistoryAction,
    HistoryItem,
    Issue,
    KeptDifference,
    PlannedChange,
    RunDirection,
)
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.ports import ActiveCampaignPort, Clock, SalesforcePort
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Setup
from acassist.domain.record import ActiveCampaignContact, SalesforceRecord
from acassist.domain.selection import SelectionKind
from acassist.domain.sweeps import SweepKind
from acassist.domain.text import Message
from acassist.storage.contact_index import ContactIndex
from acassist.storage.database import Database
from acassist.storage.history import History
from acassist.storage.intents import Intents
from acassist.storage.issues import Issues
from acassist.storage.ledger import Ledger
from acassist.storage.settings import SettingsStore
from acassist.storage.sweeps import SweepStore
from acassist.sync.schema import Schema

# From ten people up the vendor advises bulk import (activecampaign_api 3; rule 5.1).
BULK_FROM = 10
STATUS_OK = "Synced successfully"
# Values of a problem that hold names of fields.
_FIELD_LISTS = frozenset({"fields", "what"})
Progress = Callable[[Message, int, "int | None"], None]


@dataclass(frozen=True, slots=True)
class Stores:
    """Everything that is kept of one profile."""

    db: Database
    ledger: Ledger
    index: ContactIndex
    intents: Intents
    issues: Issues
    history: History
    settings: SettingsStore
    sweeps: SweepStore

    @classmethod
    def on(cls, db: Database) -> Stores:
        """Open every store on one database."""
        settings, sweeps = SettingsStore(db), SweepStore(db)
        return cls(db, Ledger(db), ContactIndex(db), Intents(db), Issues(db), History(db), settings, sweeps)


@dataclass(slots=True)
class Tally:
    """Counts what a run does, in records."""

    created_ac: int = 0
    created_sf: int = 0
    updated_ac: int = 0
    updated_sf: int = 0
    linked: int = 0
    skipped: int = 0
    issues: int = 0
    sweep_calls: int = 0

    def counters(self, calls_sf: int, calls_ac: int) -> Counters:
        """Return the counters to store."""
        return Counters(**dataclasses.asdict(self), calls_sf=calls_sf, calls_ac=calls_ac)


def subject_of(sobject: SObject, sf_id: str) -> str:
    """Name a Salesforce record in issues and history."""
    return f"{sobject}:{sf_id}"


def contact_subject(ac_id: str) -> str:
    """Name an ActiveCampaign contact in issues and history."""
    return f"ActiveCampaign:{ac_id}"


def _no_progress(_phase: Message, _done: int, _total: int | None) -> None:
    """Report to nobody."""


async def _nothing_to_claim() -> None:
    """Nobody else may run here: a dry run, or a test of one part."""


@dataclass(slots=True)
class SyncContext:
    """One run. `dry` collects planned changes instead of writing; `yes` answers brakes."""

    setup: Setup
    salesforce: SalesforcePort
    activecampaign: ActiveCampaignPort
    stores: Stores
    clock: Clock
    schema: Schema = field(default_factory=Schema)
    run_id: int | None = None
    direction: RunDirection = RunDirection.BOTH
    yes: bool = False
    dry: list[PlannedChange] | None = None
    kept: list[KeptDifference] = field(default_factory=list)
    """What a choice per field would decide, collected by a dry run."""
    remapped: set[SObject] = field(default_factory=set)
    """Objects whose mapping changed: a dry run plans all their links again, as the next run will."""
    choices: Mapping[str, FirstLinkChoice] = field(default_factory=dict)
    accepted: bool = False
    """A person saw the preview of a changed mapping and let it go on; brakes are not answered by that."""
    announced_creates: int | None = None
    bulk_from: int = BULK_FROM
    """From so many people on, writes to ActiveCampaign go by bulk import, which alone can leave automations out."""
    """How many contacts the preview before this run counted as new; None without one."""
    announced_records: Mapping[SObject, int] | None = None
    """How many records the preview before this run would have created in Salesforce; None without one."""
    counted_creates: int = 0
    counted_records: dict[SObject, int] = field(default_factory=dict)
    """Contacts that trigger tags asked to create records for, as this run counted them."""
    sweep_now: SweepKind | None = None
    """The sweep that makes a full turn in this run because a person asked for it."""
    sweep_calls: dict[SweepKind, int] = field(default_factory=dict)
    """Calls that sweeps made in this run, within the counters of both services."""
    report: Progress = _no_progress
    cancelled: Callable[[], bool] = lambda: False
    claim: Callable[[], Awaitable[None]] = _nothing_to_claim
    """Gives the sign of life that keeps other installations away; called once, before the first write (rule 6.6)."""
    tally: Tally = field(default_factory=Tally)
    tag_ids: dict[str, str] = field(default_factory=dict)
    affiliations: dict[str, tuple[str, str]] | None = None
    """Accounts of all contacts, read once in a run that joins many people; None until then."""
    quota_share: int | None = None
    """Share in percent of the day's Salesforce calls at which this run stops; None for what a person waits for."""
    room: int | None = None
    """How many contacts the plan still has room for, None when it does not tell."""

    @property
    def outbound(self) -> bool:
        """Tell whether this run writes Salesforce values to ActiveCampaign."""
        return self.direction is not RunDirection.INBOUND

    def sends(self, sobject: SObject) -> bool:
        """Tell whether updates of linked records of one object go out: not while nobody is selected (rule 1.3)."""
        return self.outbound and self.setup.outbound.for_object(sobject).kind is not SelectionKind.NONE

    @property
    def inbound(self) -> bool:
        """Tell whether this run writes ActiveCampaign values to Salesforce."""
        return self.direction is not RunDirection.OUTBOUND

    def check_cancelled(self) -> None:
        """Raise CANCELLED when a person asked to stop, SF_QUOTA at the chosen share; called between two actions."""
        if self.cancelled():
            raise ProblemError(Problem(ProblemCode.CANCELLED))
        used, allowed = (self.salesforce.calls() if self.quota_share is not None else None) or (0, 0)
        if self.quota_share is not None and allowed and used * 100 >= allowed * self.quota_share:
            raise ProblemError(Problem(ProblemCode.SF_QUOTA, service=Service.SALESFORCE))

    def note(self, items: Iterable[HistoryItem]) -> None:
        """Store history items."""
        if self.dry is None:
            self.stores.history.add(items)

    def item(self, target: Service, action: HistoryAction, subject: str, **more: Any) -> HistoryItem:
        """Build a history item of this run, stamped now."""
        return HistoryItem(self.run_id, self.clock.now(), target, action, subject, **more)

    def raise_issue(self, problem: Problem, *, subject: str, version: str, **more: Any) -> None:
        """Turn a problem into an issue, or into a line of the dry run; the same trouble is not raised twice."""
        if self.dry is None and self._known(problem, subject, version, str(more.get("field", ""))):
            return
        self.tally.issues += 1
        values = self._worded(problem, more.get("sobject"))
        more["name"] = more.get("name") or self.name_of(more.get("ac_id"))
        if self.dry is not None:
            self.dry.append(
                PlannedChange(
                    Service.SALESFORCE if more.get("sf_id") else Service.ACTIVECAMPAIGN,
                    HistoryAction.SKIP,
                    subject,
                    str(more.get("name", "")),
                    sobject=more.get("sobject"),
                    sf_id=more.get("sf_id"),
                    ac_id=more.get("ac_id"),
                    field=str(more.get("field", "")),
                    problem=problem.code,
                    problem_values=values,
                )
            )
            return
        now = self.clock.now()
        self.stores.issues.raise_issue(
            Issue(
                problem.code,
                subject,
                values=values,
                detail=problem.detail,
                version=version,
                first_seen=now,
                last_seen=now,
                **more,
            )
        )

    def _worded(self, problem: Problem, sobject: SObject | None) -> dict[str, Any]:
        """Return what fills a problem's sentence; Salesforce names fields by API names, a person by their labels."""
        values = {k: v.english() if isinstance(v, Message) else v for k, v in problem.values.items()}
        if sobject is not None and sobject in self.schema.objects:
            label_of = self.schema.of(sobject).label_of
            for key in _FIELD_LISTS & values.keys():
                values[key] = ", ".join(label_of(name) for name in str(values[key]).split(", "))
        return values

    def name_of(self, ac_id: str | None) -> str:
        """Name a contact that was raised by its id only."""
        found = self.stores.index.by_ids([ac_id]).get(ac_id) if ac_id else None
        if found is None:
            return ""
        names = (found.values.get("firstName"), found.values.get("lastName"))
        return " ".join(name for name in names if name) or found.email

    def version(self, sf: SalesforceRecord | None, ac: ActiveCampaignContact | None = None) -> str:
        """Name the content that a problem belongs to: it is tried again when this changes (rule 6.3).

        Stamps and our own status fields are left out, because our own writes move them.
        """
        content: dict[str, Any] = {}
        if sf is not None:
            schema = self.schema.of(sf.sobject) if sf.sobject in self.schema.objects else None
            own = schema.sync_fields.names if schema is not None else ()
            if schema is not None and schema.forbidden:
                # A right that is given back is a cause that changed.
                content["forbidden"] = schema.forbidden
            content["sf"] = {k: v for k, v in sf.fields.items() if k not in own and k != "SystemModstamp"}
            content["mapping"] = self.setup.mapping.fingerprint(sf.sobject)
        if ac is not None:
            content["ac"] = {"email": ac.email, **ac.values}
        text = json.dumps(content, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def _known(self, problem: Problem, subject: str, version: str, name: str) -> bool:
        """Tell whether this very content failed in this way before and its time to be tried again has not come."""
        now = self.clock.now()
        return any(
            issue.code is problem.code
            and issue.field == name
            and issue.version == version
            and issue.next_try is not None
            and issue.next_try > now
            for issue in self.stores.issues.open_for(subject)
        )


def to_record(sobject: SObject, row: Mapping[str, Any]) -> SalesforceRecord:
    """Turn a raw query row into a record; `Account: {Name: x}` becomes `Account.Name`."""
    fields: dict[str, Any] = {}
    for key, value in row.items():
        if key == "attributes":
            continue
        if isinstance(value, dict):
            fields.update({f"{key}.{k}": v for k, v in value.items() if k != "attributes"})
        else:
            fields[key] = value
    return SalesforceRecord(sobject, row["Id"], datetime.fromisoformat(row["SystemModstamp"]), fields)
