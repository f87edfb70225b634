"""What preparing an org shows: consent, outcome of Apply, users, layouts, and what leaving would remove."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from acassist.assistant.views import CheckItem, Level
from acassist.domain.ids import SObject
from acassist.domain.problem import Problem
from acassist.domain.text import Message
from acassist.sync.installation import Holder as Holder
from acassist.sync.installation import Holding as Holding

Progress = Callable[[Message, int, "int | None"], None]
"""Told (what is being done, done, total); `total` is None while it is not known."""


def silent(_phase: Message, _done: int, _total: int | None) -> None:
    """Report to nobody."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the person confirmed besides pressing Apply.

    `production`: yes, in this production org. `package_stopped`: the sync of the installed package is off.
    `link`: also add the link Open in Setup Assistant to Lead and Contact.
    """

    production: bool = False
    package_stopped: bool = False
    link: bool = False


@dataclass(frozen=True, slots=True)
class WritePreview:
    """What Apply would write: one line for each addition, and the files of the deployment as (name, text)."""

    lines: tuple[Message, ...]
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """How Apply ended: the present state of everything, what could not be done, and whether anything was written."""

    items: tuple[CheckItem, ...]
    problems: tuple[Problem, ...] = ()
    changed: bool = False

    @property
    def complete(self) -> bool:
        """Tell whether everything is there and usable."""
        return not self.problems and all(item.level is Level.OK for item in self.items)


@dataclass(frozen=True, slots=True)
class UserRow:
    """One active user of the org, and which of the two permission sets are assigned already."""

    id: str
    name: str
    username: str
    profile: str
    manager: bool
    standard: bool


@dataclass(frozen=True, slots=True)
class AssignAnswer:
    """How assigning or removing ended for one user."""

    user_id: str
    name: str
    done: bool
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class LayoutRow:
    """One layout of Lead or Contact; `used_by` names profiles, `changed_here` when it can be put back."""

    id: str
    name: str
    sobject: SObject
    used_by: tuple[str, ...]
    changed_here: bool


@dataclass(frozen=True, slots=True)
class LayoutSection:
    """One section of a preview; `added` when it does not exist yet."""

    label: str
    fields: tuple[str, ...]
    added: bool = False


@dataclass(frozen=True, slots=True)
class LayoutPreview:
    """A layout as it would be; `steps` are exact instructions where the program cannot do it, or not alone.

    `by_hand` are the steps for somebody who wants to do it without the program, or whom Salesforce refused.
    """

    id: str
    name: str
    sobject: SObject
    sections: tuple[LayoutSection, ...]
    added: tuple[str, ...]
    link_added: bool
    blocked: Message | None = None
    warnings: tuple[Message, ...] = ()
    steps: tuple[Message, ...] = ()
    by_hand: tuple[Message, ...] = ()

    @property
    def changes(self) -> bool:
        """Tell whether writing it would change anything."""
        return self.blocked is None and bool(self.added or self.link_added)


@dataclass(frozen=True, slots=True)
class ValueCount:
    """How many records hold a value in one field; None when our user may not count."""

    sobject: SObject
    label: str
    name: str
    records: int | None


@dataclass(frozen=True, slots=True)
class LeavePlan:
    """What leaving removes from the org, and what stays; `org` is to be typed as confirmation."""

    org: str
    fields: tuple[ValueCount, ...]
    sets: tuple[tuple[str, int], ...]
    """Label of each permission set and how many users hold it."""
    layouts: tuple[str, ...]
    links: tuple[SObject, ...]
    stays: tuple[Message, ...] = ()

    @property
    def empty(self) -> bool:
        """Tell whether nothing of ours is in the org."""
        return not (self.fields or self.sets or self.layouts or self.links)


@dataclass(frozen=True, slots=True)
class TagState:
    """One tag that the sync writes or reads; `present` when the account has it."""

    name: str
    meaning: Message
    present: bool


@dataclass(frozen=True, slots=True)
class AccountSide:
    """The ActiveCampaign side: who runs the sync, the tags, and what plan and key offer."""

    holder: Holder
    tags: tuple[TagState, ...]
    features: tuple[CheckItem, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the tags that the account lacks."""
        return tuple(tag.name for tag in self.tags if not tag.present)


@dataclass(frozen=True, slots=True)
class Left:
    """How leaving ended: what was removed, and what could not be."""

    removed: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
