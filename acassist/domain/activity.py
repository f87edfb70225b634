"""CXA activities: the seven kinds of the article, and the details behind the caret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from acassist.domain.problem import Problem
from acassist.domain.text import N_

RECENT = 20


class ActivityKind(StrEnum):
    """The kinds shown on the CXA Activities card, and machine opens kept apart from real ones."""

    OPENED = "campaign_opened"
    REPLIED = "campaign_replied"
    SENT = "campaign_sent"
    CLICKED = "campaign_link_clicked"
    ENTERED = "automation_entered"
    COMPLETED = "automation_completed"
    TRACKING = "site_event_tracking"
    MACHINE_OPENED = "machine_opened"


ACTIVITY_LABELS = {
    ActivityKind.OPENED: N_("Campaign opened"),
    ActivityKind.REPLIED: N_("Campaign replied"),
    ActivityKind.SENT: N_("Campaign was sent"),
    ActivityKind.CLICKED: N_("Campaign link clicked"),
    ActivityKind.ENTERED: N_("Automation entered"),
    ActivityKind.COMPLETED: N_("Automation completed"),
    ActivityKind.TRACKING: N_("Site & Event Tracking"),
    ActivityKind.MACHINE_OPENED: N_("Opened by the mail program"),
}


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of a person.

    `title` is the campaign, automation or event name as the service gives it (foreign text); `detail` the
    plain text behind the caret (reply body, visited page); `link` an http(s) address or None; `campaign` the
    campaign's name for what has to do with one; `order` the service's own order among equal times, 0 unknown.
    """

    kind: ActivityKind
    at: datetime
    title: str
    detail: str = ""
    link: str | None = None
    source: str = ""
    campaign: str = ""
    order: int = 0


def newest_first(items: Iterable[Activity]) -> list[Activity]:
    """Sort by time, newest first; among equal times in the service's order, and an ending after its beginning."""
    return sorted(items, key=lambda item: (item.at, item.order, item.kind is ActivityKind.COMPLETED), reverse=True)


@dataclass(frozen=True, slots=True)
class ActivityFeed:
    """Activities newest first, and what could not be read, so that nothing is silently missing.

    `machine` holds opens by mail programs, kept apart. `offline` says why this is only what was seen last.
    """

    items: tuple[Activity, ...]
    complete: bool
    unavailable: tuple[str, ...] = ()
    read_at: datetime | None = None
    machine: tuple[Activity, ...] = ()
    offline: Problem | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign that may be offered; `sendable` is False for automation e-mails and unfinished drafts."""

    id: str
    name: str
    subject: str = ""
    message_id: str = ""
    status: str = ""
    labels: tuple[str, ...] | None = None
    sendable: bool = True


@dataclass(frozen=True, slots=True)
class Automation:
    """An automation that may be offered; `labels` is None when the account's API does not tell them."""

    id: str
    name: str
    active: bool = True
    labels: tuple[str, ...] | None = None
    multi_entry: bool = False


@dataclass(frozen=True, slots=True)
class AutomationEntry:
    """One passage of a contact through an automation (activecampaign_api 6)."""

    automation_id: str
    entered: datetime
    completed: bool = False
    ended: datetime | None = None
    active: bool = False
