"""What the ledger keeps: links with their base, intents, issues, runs and history items."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from acassist.domain.ids import Service, SObject
from acassist.domain.merge import Base
from acassist.domain.problem_codes import ProblemCode
from acassist.domain.text import N_


class LinkState(StrEnum):
    """Whether a link takes part in syncs."""

    ACTIVE = "active"
    STOPPED = "stopped"
    """A person told this record to stop syncing."""
    BROKEN = "broken"
    """One end is gone; listed, never repaired silently (rule 2.5)."""


@dataclass(frozen=True, slots=True)
class Link:
    """One Salesforce Lead or Contact tied to one ActiveCampaign contact.

    `base` maps a mapping key to what both sides held after the last sync. `sf_stamp` and `ac_stamp` are the
    stamps of the versions last seen; `own_sf_stamp` that of our own last write, which is not an edit.
    `watch` holds a digest of read-only (formula) values that move without a stamp (rule 3.3).
    """

    sobject: SObject
    sf_id: str
    ac_id: str
    email: str
    id: int = 0
    primary: bool = True
    state: LinkState = LinkState.ACTIVE
    base: Mapping[str, Base] = dataclasses.field(default_factory=dict)
    sf_stamp: datetime | None = None
    ac_stamp: datetime | None = None
    own_sf_stamp: datetime | None = None
    status_written: str | None = None
    fingerprint: str = ""
    opted_out: bool | None = None
    watch: str = ""
    synced_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IndexedContact:
    """One row of the ActiveCampaign contact index (rule 2.8)."""

    ac_id: str
    email: str
    updated: datetime
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    stamps: Mapping[str, datetime] = dataclasses.field(default_factory=dict)
    tagged: bool = False
    deleted: bool = False


class IntentKind(StrEnum):
    """Writes that cannot be repeated safely without looking first."""

    CREATE_CONTACT = "create_contact"
    IMPORT = "import"
    CREATE_SALESFORCE = "create_salesforce"
    UPDATE_SALESFORCE = "update_salesforce"
    UPDATE_CONTACT = "update_contact"
    TAG = "tag"
    SEND_CAMPAIGN = "send_campaign"
    ENTER_AUTOMATION = "enter_automation"
    EDIT_VALUE = "edit_value"


class IntentState(StrEnum):
    """Where an intended write stands."""

    OPEN = "open"
    DONE = "done"
    ABANDONED = "abandoned"
    """Recovery could not find out; a person was told."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One write that is about to be made, stored before the call (house 2)."""

    kind: IntentKind
    key: str
    payload: Mapping[str, Any]
    id: int = 0
    run_id: int | None = None
    state: IntentState = IntentState.OPEN
    at: datetime | None = None


class IssueState(StrEnum):
    """Where an issue stands."""

    OPEN = "open"
    IGNORED = "ignored"
    """Ignored until the record, the mapping or the cause changes."""
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Issue:
    """One open problem of one record; unique by (code, subject, field).

    `version` is the content version that failed: the record is tried again only when it changes (rule 6.3).
    """

    code: ProblemCode
    subject: str
    field: str = ""
    id: int = 0
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    detail: str = ""
    name: str = ""
    sobject: SObject | None = None
    sf_id: str | None = None
    ac_id: str | None = None
    link_id: int | None = None
    version: str = ""
    attempts: int = 1
    state: IssueState = IssueState.OPEN
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    next_try: datetime | None = None


class RunDirection(StrEnum):
    """What a run covers."""

    BOTH = "both"
    OUTBOUND = "outbound"
    INBOUND = "inbound"


DIRECTION_NAMES = {
    RunDirection.BOTH: N_("both ways"),
    RunDirection.OUTBOUND: N_("to ActiveCampaign"),
    RunDirection.INBOUND: N_("to Salesforce"),
}


class RunState(StrEnum):
    """How a run ended."""

    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    """Done, some records have issues."""
    STOPPED = "stopped"
    """A connection, permission, quota or identity problem, or a person's decision is needed."""
    CANCELLED = "cancelled"
    KILLED = "killed"
    """The program ended in the middle; recovery closed it."""


RUN_STATE_NAMES = {
    RunState.RUNNING: N_("Running"),
    RunState.DONE: N_("Done"),
    RunState.PARTIAL: N_("Done, with issues"),
    RunState.STOPPED: N_("Stopped"),
    RunState.CANCELLED: N_("Cancelled"),
    RunState.KILLED: N_("Interrupted"),
}


@dataclass(frozen=True, slots=True)
class Counters:
    """What a run did, in records (not in calls)."""

    created_ac: int = 0
    created_sf: int = 0
    updated_ac: int = 0
    updated_sf: int = 0
    linked: int = 0
    skipped: int = 0
    issues: int = 0
    calls_sf: int = 0
    calls_ac: int = 0
    sweep_calls: int = 0
    """Calls that rolling sweeps made, within those of both services."""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """One row of the run history."""

    id: int
    direction: RunDirection
    state: RunState
    started: datetime
    ended: datetime | None = None
    counters: Counters = dataclasses.field(default_factory=Counters)
    cause: str = ""
    problem: ProblemCode | None = None
    problem_values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class HistoryAction(StrEnum):
    """What was done to one record."""

    CREATE = "create"
    UPDATE = "update"
    LINK = "link"
    UNLINK = "unlink"
    TAG = "tag"
    UNTAG = "untag"
    STATUS = "status"
    OPT_OUT = "opt_out"
    SKIP = "skip"
    SEND = "send"
    ENTER = "enter"


HISTORY_LABELS = {
    HistoryAction.CREATE: N_("Created"),
    HistoryAction.UPDATE: N_("Updated"),
    HistoryAction.LINK: N_("Linked"),
    HistoryAction.UNLINK: N_("Link ended"),
    HistoryAction.TAG: N_("Tag added"),
    HistoryAction.UNTAG: N_("Tag removed"),
    HistoryAction.STATUS: N_("Status written"),
    HistoryAction.OPT_OUT: N_("Opt-out"),
    HistoryAction.SKIP: N_("Skipped"),
    HistoryAction.SEND: N_("Campaign sent"),
    HistoryAction.ENTER: N_("Added to automation"),
}


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One field change (or one action) of one record in one run (rule 6.5)."""

    run_id: int | None
    at: datetime
    target: Service
    action: HistoryAction
    subject: str
    name: str = ""
    id: int = 0
    link_id: int | None = None
    sobject: SObject | None = None
    sf_id: str | None = None
    ac_id: str | None = None
    field: str = ""
    before: str | None = None
    after: str | None = None
    rule: str = ""
    reply: str = ""
    key: str = ""
    """The mapping key of the field, so that a change can be taken back."""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """One line of a dry run: record, field, before, after, rule, or the reason for a skip."""

    target: Service
    action: HistoryAction
    subject: str
    name: str
    sobject: SObject | None = None
    sf_id: str | None = None
    ac_id: str | None = None
    field: str = ""
    before: str | None = None
    after: str | None = None
    rule: str = ""
    problem: ProblemCode | None = None
    problem_values: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeptDifference:
    """A field on which a pair differs at its first link: both values are kept until somebody chooses (section 4)."""

    key: str
    field: str
    subject: str
    name: str
    salesforce: str | None
    activecampaign: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The result of a dry run or of the first-match preview."""

    creates_ac: int = 0
    creates_sf: int = 0
    updates_ac: int = 0
    updates_sf: int = 0
    links: int = 0
    skips: int = 0
    conflicts: int = 0
    changes: tuple[PlannedChange, ...] = ()
    truncated: bool = False
    differences: tuple[KeptDifference, ...] = ()
    """What a choice per field would decide; nothing is written for these."""
