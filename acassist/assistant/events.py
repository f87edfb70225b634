"""Events of the engine, and the hub that hands them to the window and the terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from acassist.domain.ledger import RunDirection, RunSummary
from acassist.domain.problem import Problem
from acassist.domain.text import Message


@dataclass(frozen=True, slots=True)
class LoginAddress:
    """The Salesforce login page was opened, or should be: `url` may be copied by the user."""

    url: str
    opened: bool


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run began."""

    run_id: int
    direction: RunDirection


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Where a run stands; `total` is None while it is not known, `seconds_left` likewise."""

    run_id: int
    phase: Message
    done: int = 0
    total: int | None = None
    per_minute: float | None = None
    seconds_left: float | None = None
    calls_sf: int = 0
    calls_ac: int = 0


@dataclass(frozen=True, slots=True)
class RunEnded:
    """A run ended; `problem` says why when it did not end well."""

    summary: RunSummary
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class StatusChanged:
    """Something that `Assistant.status` shows has changed; ask for it again."""


@dataclass(frozen=True, slots=True)
class SetupChanged:
    """The set-up was changed."""


@dataclass(frozen=True, slots=True)
class IssuesChanged:
    """The number of open issues changed."""

    count: int


@dataclass(frozen=True, slots=True)
class Alert:
    """A change of state that needs a person (connection lost, brake, quota)."""

    problem: Problem


Event = LoginAddress | RunStarted | RunProgress | RunEnded | StatusChanged | SetupChanged | IssuesChanged | Alert
Listener = Callable[[Event], None]


@dataclass(slots=True)
class EventHub:
    """Hands events to every listener, on the engine thread; the window's bridge moves them to its own."""

    _listeners: list[Listener] = field(default_factory=list)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener and return what removes it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def emit(self, event: Event) -> None:
        """Hand one event to every listener."""
        for listener in tuple(self._listeners):
            listener(event)
