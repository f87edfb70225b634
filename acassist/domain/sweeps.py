"""Rolling sweeps: what no delta shows is found by reading everything again, a little every day (rules 2.8 and 3.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from acassist.domain.text import N_

DAY = timedelta(days=1)


class SweepKind(StrEnum):
    """What is read again by turns."""

    CONTACTS = "contacts"
    """ActiveCampaign contacts: field edits that moved no stamp, changed addresses, deletions."""
    FORMULAS = "formulas"
    """Mapped formula, rolled-up and other read-only Salesforce fields of linked records."""
    ACCOUNTS = "accounts"
    """ActiveCampaign accounts: names, custom values, deletions."""
    TAGS = "tags"
    """Who holds a sync tag, and who unsubscribed."""


SWEEP_NAMES: Mapping[SweepKind, str] = {
    SweepKind.CONTACTS: N_("Contacts in ActiveCampaign"),
    SweepKind.FORMULAS: N_("Formula fields in Salesforce"),
    SweepKind.ACCOUNTS: N_("Accounts in ActiveCampaign"),
    SweepKind.TAGS: N_("Sync tags"),
}
SWEEP_NOTES: Mapping[SweepKind, str] = {
    SweepKind.CONTACTS: N_("Finds deleted contacts, and edits that ActiveCampaign does not report as a change."),
    SweepKind.FORMULAS: N_("Finds new values of fields that Salesforce calculates, which it does not report."),
    SweepKind.ACCOUNTS: N_("Finds renamed, edited and deleted accounts."),
    SweepKind.TAGS: N_("Finds sync tags that were removed or added, and people who unsubscribed."),
}
TURN_TARGET: Mapping[SweepKind, timedelta] = {
    SweepKind.CONTACTS: timedelta(days=14),
    SweepKind.FORMULAS: timedelta(hours=6),
    SweepKind.ACCOUNTS: timedelta(hours=6),
    SweepKind.TAGS: timedelta(days=1),
}
"""How long a full turn is meant to take, if the daily allowance suffices (ours; contacts: rule 2.8)."""
DEFAULT_ALLOWANCE: Mapping[SweepKind, int] = {
    SweepKind.CONTACTS: 1000,
    SweepKind.FORMULAS: 200,
    SweepKind.ACCOUNTS: 200,
    SweepKind.TAGS: 300,
}
"""Calls a day; formulas ask Salesforce, the others ActiveCampaign."""
MOST_ALLOWED = 100_000


def calls_a_day(kind: SweepKind, calls_per_turn: int, allowance: int) -> int:
    """Return how many calls a day a sweep makes: what its target needs, within the allowance.

    A small sweep makes at least one call a day, so a contact list of one page is read daily.
    """
    needed = math.ceil(calls_per_turn * (DAY / TURN_TARGET[kind]))
    return min(allowance, max(1, needed)) if calls_per_turn else 0


def calls_due(a_day: int, since: timedelta | None) -> int:
    """Return how many of a day's calls are due after this long without any; `since` is None before the first."""
    return a_day if since is None else int(a_day * min(since, DAY) / DAY)


@dataclass(frozen=True, slots=True)
class SweepStanding:
    """Where one sweep stands.

    `done` of `total` units (records, contacts or accounts) of the turn under way were read; `total` is what is known
    to be there. `calls_today` of `allowance` were spent since midnight UTC.
    """

    kind: SweepKind
    on: bool = True
    """False while there is nothing to watch, for instance no formula field is mapped."""
    last_turn: datetime | None = None
    """When everything had been read the last time; None before the first full turn."""
    started: datetime | None = None
    """When the turn under way began; None between two turns."""
    done: int = 0
    total: int = 0
    calls_today: int = 0
    allowance: int = 0
    calls_per_turn: int = 0
    """Forecast of the calls of one full turn."""
    found: int = 0
    """What the last full turn and the one under way found, in records."""

    @property
    def calls_per_day(self) -> int:
        """Return how many calls a day it makes, on the average."""
        return calls_a_day(self.kind, self.calls_per_turn, self.allowance)

    @property
    def days_per_turn(self) -> float | None:
        """Forecast how many days a full turn takes; None when the allowance is 0 or there is nothing to read."""
        if not self.calls_per_turn or not self.calls_per_day:
            return None
        return self.calls_per_turn / self.calls_per_day

    def age(self, now: datetime) -> timedelta | None:
        """Return how old the last full turn is; None before the first."""
        return None if self.last_turn is None else max(timedelta(), now - self.last_turn)
