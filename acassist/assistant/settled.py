"""What became of the writes whose answer was lost when the program ended in the middle of a run (rule 6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from acassist.assistant.session import Session
from acassist.domain.ledger import Intent, IntentKind, RunState


@dataclass(frozen=True, slots=True)
class Settled:
    """One write that was looked up before anything was repeated.

    `records` is how many it was for; `known` is False when it could not be found out and an issue tells of it.
    """

    kind: IntentKind
    records: int
    at: datetime | None
    known: bool


class Unsettled:
    """Takes down before a run what is open, and tells after it what was settled."""

    def __init__(self, session: Session) -> None:
        self._intents = session.stores.intents
        self._before = self._intents.pending()
        last = session.stores.history.runs(1)
        running = bool(last) and last[0].state is RunState.RUNNING
        self.interrupted_run = last[0].id if running else None
        """The run that never ended, None when the last one did."""

    def settled(self) -> list[Settled]:
        """Return the writes that are open no more, oldest first."""
        still = {intent.id for intent in self._intents.pending()}
        given_up = self._intents.given_up()
        return [
            Settled(intent.kind, _records(intent), intent.at, intent.id not in given_up)
            for intent in self._before
            if intent.id not in still
        ]


def _records(intent: Intent) -> int:
    rows = intent.payload.get("rows")
    return len(rows) if isinstance(rows, list) else 1
