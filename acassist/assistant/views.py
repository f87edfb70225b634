"""What the facade shows: values for the window and the command line, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from acassist.domain.fields import ActiveCampaignField, SalesforceField
from acassist.domain.ids import SObject
from acassist.domain.ledger import LinkState, RunSummary
from acassist.domain.mapping import Direction
from acassist.domain.problem import Problem
from acassist.domain.profile import Role, Step
from acassist.domain.text import Message


class Level(StrEnum):
    """How a state is shown, in words, shape and colour."""

    OK = "ok"
    BUSY = "busy"
    WARN = "warn"
    BAD = "bad"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the profile in one look. `sync_blocked` says why Sync now is off, None when it may be used."""

    sentence: Message
    level: Level
    profile: str
    steps_done: int
    started: bool
    running: bool
    paused: bool
    in_sync: int
    waiting: int
    need_you: int
    next_run: datetime | None
    last_run: RunSummary | None
    sync_blocked: Message | None
    calls_sf: tuple[int, int] | None
    calls_ac: int
    role: Role = Role.MANAGER
    """What the profile is for; a viewer sees records only."""
    sandbox_service: bool = False
    """True when connected to this program's own sandbox (demo)."""


@dataclass(frozen=True, slots=True)
class StepCard:
    """One of the four cards on the Setup page; `summary` in one line, `locked` says why it cannot be opened."""

    step: Step
    number: int
    title: Message
    summary: Message
    done: bool
    draft: bool
    locked: Message | None


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of a check list: what, its state, and what to do."""

    title: Message
    level: Level
    state: Message
    remedy: Message | None = None
    details: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class MappingChoices:
    """What may be chosen on one mapping page."""

    sobject: SObject
    ac_fields: tuple[ActiveCampaignField, ...]
    sf_fields: tuple[SalesforceField, ...]
    rows_allowed: int | None = None
    """None for any number; 1 on a plan without accounts (rule 5.7)."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """Whether one mapping row may be saved, and what it is forced to."""

    refusal: Message | None
    forced: Direction | None
    warnings: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """A mapping tried on one real record; values as they would be shown, None when blank."""

    name: str
    salesforce: str | None
    activecampaign: str | None
    result: str | None
    target: Direction
    problem: Message | None


@dataclass(frozen=True, slots=True)
class SampleReport:
    """A mapping tried on a few real records."""

    samples: tuple[Sample, ...]
    fitting: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A campaign or automation that may be offered in CX Automation; `reason` when it is greyed."""

    id: str
    name: str
    detail: str
    labelled: bool | None
    ticked: bool
    reason: Message | None = None

    @property
    def offered(self) -> bool:
        """Tell whether it is offered on records."""
        return bool(self.labelled) or self.ticked


@dataclass(frozen=True, slots=True)
class RecordRef:
    """Points at one person: a Salesforce record, an ActiveCampaign contact, or both."""

    sobject: SObject | None = None
    sf_id: str | None = None
    ac_id: str | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result of a search; `linked` when both sides are known to belong together."""

    ref: RecordRef
    name: str
    email: str
    company: str
    kind: Message
    linked: bool


@dataclass(frozen=True, slots=True)
class SyncedField:
    """One mapped field of a record on both sides."""

    title: Message
    salesforce: str | None
    activecampaign: str | None
    equal: bool


@dataclass(frozen=True, slots=True)
class RecordCard:
    """The header of a record page."""

    ref: RecordRef
    name: str
    email: str
    kind: Message
    company: str
    sync_status: str | None
    contact_id: str | None
    relation_status: str | None
    link_state: LinkState | None
    last_sync: datetime | None
    opted_out: bool | None
    unsubscribed: bool
    bounced: bool
    lists: tuple[str, ...]
    tags: tuple[str, ...]
    fields: tuple[SyncedField, ...]
    salesforce_url: str | None
    activecampaign_url: str | None
    problems: tuple[Problem, ...] = ()
    owner: str = ""
    contact_email: str = ""
    """The address in ActiveCampaign, which is the one that gets e-mail; it may differ from the record's."""
    read_at: datetime | None = None
    naming: bool = False
    """True while names of lists and tags are missing; `named_record` brings them."""


@dataclass(frozen=True, slots=True)
class Passages:
    """A person's passages through one automation; `again` tells whether it lets people enter more than once."""

    inside: bool
    times: int
    last: datetime | None
    again: bool


@dataclass(frozen=True, slots=True)
class CampaignPicture:
    """The picture of a campaign (PNG, JPEG or GIF, at most 2 MB), or why there is none to show."""

    data: bytes | None
    reason: Message | None = None


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The outcome of a person's action (send, add to automation, sync this record)."""

    done: bool
    sentence: Message
    problem: Problem | None = None
