"""Chooses activities by kind, campaign, date and words: the same choice for the list and for its export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from acassist.domain.activity import Activity, ActivityKind


def search_text(activity: Activity, kind_name: str) -> str:
    """Return everything that words are looked for in, ready to be compared."""
    parts = (kind_name, activity.title, activity.campaign, activity.detail, activity.link or "")
    return "\n".join(dict.fromkeys(parts)).casefold()


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What is shown. None and blank mean "whatever"; `since` is inclusive, `until` is not (aware times).

    Machine opens are kept apart: they are shown when asked for, or when they are the kind chosen.
    """

    kind: ActivityKind | None = None
    campaign: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()
    machine: bool = False

    @property
    def narrows(self) -> bool:
        """Tell whether anything but machine opens may be left out."""
        return self != ActivityFilter(machine=self.machine)

    def fits(self, activity: Activity, text: str) -> bool:
        """Tell whether an activity is shown; `text` is its `search_text`."""
        if self.kind is not None:
            if activity.kind is not self.kind:
                return False
        elif activity.kind is ActivityKind.MACHINE_OPENED and not self.machine:
            return False
        if self.campaign is not None and activity.campaign != self.campaign:
            return False
        if (self.since and activity.at < self.since) or (self.until and activity.at >= self.until):
            return False
        return all(word in text for word in self.words)
