"""Backfill of existing records: what is asked for, what it would cost, and where it stands (rule 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from acassist.domain.ids import SObject
from acassist.domain.problem import Problem
from acassist.domain.selection import Criteria, Selection, SelectionKind
from acassist.domain.text import N_, Message

EVERYONE = Selection(SelectionKind.CRITERIA)
"""Criteria without a row: every record of the object."""


def matching(criteria: Criteria) -> Selection:
    """Return the selection of the records that match; criteria without a row mean everyone."""
    return Selection(SelectionKind.CRITERIA, criteria)


@dataclass(frozen=True, slots=True)
class BackfillRequest:
    """Which existing records are sent, and how.

    `selection` is `EVERYONE` or of the kind CRITERIA. `run_automations` lets ActiveCampaign start automations for the
    people sent; `subscribe_lists` holds ids of lists that new people join (nobody who opted out does).
    """

    sobject: SObject
    selection: Selection = EVERYONE
    run_automations: bool = False
    subscribe_lists: tuple[str, ...] = ()

    @property
    def everyone(self) -> bool:
        """Tell whether no criteria narrow it down."""
        return not self.selection.criteria.rows


@dataclass(frozen=True, slots=True)
class BackfillEstimate:
    """What a backfill would do and cost, counted now; nothing is written for it.

    `records` are all that match, of which `without_email` cannot be sent and `linked` are synced already; of the
    rest `existing` are known to ActiveCampaign by address and `new` would be created. Calls and seconds follow from
    the published limits.
    """

    records: int
    without_email: int
    linked: int
    existing: int
    new: int
    calls_salesforce: int
    calls_activecampaign: int
    seconds: float
    fits_today: bool = True
    """Tell whether Salesforce's calls of today suffice, within the chosen share."""
    fits_plan: bool = True
    """Tell whether the ActiveCampaign plan has room for the new people."""
    notes: tuple[Message, ...] = ()

    @property
    def to_send(self) -> int:
        """Return how many records the backfill would work on."""
        return self.existing + self.new


class BackfillPhase(StrEnum):
    """Where a backfill stands."""

    IDLE = "idle"
    COUNTING = "counting"
    CANARY = "canary"
    WAITING_FOR_GO = "waiting_for_go"
    """Five people were written, read back and found right; a person decides about the rest."""
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """A problem stopped it; it goes on from there when told to."""
    DONE = "done"


BACKFILL_PHASE_NAMES: Mapping[BackfillPhase, str] = {
    BackfillPhase.IDLE: N_("No backfill"),
    BackfillPhase.COUNTING: N_("Counting"),
    BackfillPhase.CANARY: N_("Trying five people"),
    BackfillPhase.WAITING_FOR_GO: N_("Waiting for your go-ahead"),
    BackfillPhase.RUNNING: N_("Running"),
    BackfillPhase.PAUSED: N_("Paused"),
    BackfillPhase.STOPPED: N_("Stopped"),
    BackfillPhase.DONE: N_("Done"),
}
UNFINISHED = frozenset(
    {
        BackfillPhase.COUNTING,
        BackfillPhase.CANARY,
        BackfillPhase.WAITING_FOR_GO,
        BackfillPhase.RUNNING,
        BackfillPhase.PAUSED,
        BackfillPhase.STOPPED,
    }
)


@dataclass(frozen=True, slots=True)
class BackfillCounts:
    """What a backfill did so far, in records; `calls` in both services together."""

    created: int = 0
    linked: int = 0
    skipped: int = 0
    problems: int = 0
    calls: int = 0


@dataclass(frozen=True, slots=True)
class BackfillState:
    """Where the backfill of a profile stands; `total` is 0 until it is counted."""

    phase: BackfillPhase = BackfillPhase.IDLE
    request: BackfillRequest | None = None
    done: int = 0
    total: int = 0
    counts: BackfillCounts = field(default_factory=BackfillCounts)
    started: datetime | None = None
    run_id: int | None = None
    """The run in the history that holds what was written."""
    problem: Problem | None = None
    """Why it stopped."""
    active: bool = False
    """Tell whether it is being carried out right now, in this program."""

    @property
    def created(self) -> int:
        """Return how many contacts were created."""
        return self.counts.created

    @property
    def linked(self) -> int:
        """Return how many records were linked to contacts that existed."""
        return self.counts.linked

    @property
    def skipped(self) -> int:
        """Return how many records were left out, for instance without an address."""
        return self.counts.skipped

    @property
    def problems(self) -> int:
        """Return how many issues were raised."""
        return self.counts.problems

    @property
    def calls(self) -> int:
        """Return how many calls were made, in both services."""
        return self.counts.calls

    @property
    def resumable(self) -> bool:
        """Tell whether there is something to go on with."""
        return self.phase in UNFINISHED and not self.active
