"""Which installation runs the sync of a pair: its entry in ActiveCampaign is renewed like a lease (rule 6.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from acassist.activecampaign.connection import ConnectionEntry, Installation
from acassist.domain.ids import Service
from acassist.domain.ports import Clock
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.storage.settings import SettingsStore

BEAT = timedelta(hours=1)
"""The sign of life is renewed at most so often."""
SAFE = timedelta(minutes=90)
"""So long after the last sign of life a run may begin without asking: nobody may take over before `SILENCE`."""
SILENCE = timedelta(hours=2)
"""After so long without a sign of life another installation may take over, when a person confirms it."""
ASK_AGAIN = timedelta(days=1)
"""An account that does not offer connections is asked again after so long."""
_LAST = "connection.last"
# What a plan or a key that may not use connections answers; the sync goes on without the entry.
_UNAVAILABLE = {ProblemCode.AC_PLAN, ProblemCode.AC_NO_RIGHTS, ProblemCode.AC_REJECTED, ProblemCode.BAD_ANSWER}


class Holding(StrEnum):
    """Who holds a pair."""

    OURS = "ours"
    FREE = "free"
    OTHER = "other"
    """Another installation, with a fresh sign of life."""
    SILENT = "silent"
    """Another installation, silent for two hours or longer."""
    UNAVAILABLE = "unavailable"
    """The plan or the key does not offer connections, so nobody can tell."""


class ConnectionsPort(Protocol):
    """The part of the ActiveCampaign client that keeps the entry."""

    async def find_connection(self, external_id: str) -> ConnectionEntry | None:
        """Find the entry of an org."""
        ...

    async def sign_connection(
        self, found: ConnectionEntry | None, external_id: str, who: Installation, now: datetime
    ) -> ConnectionEntry:
        """Write who runs the sync."""
        ...

    async def remove_connection(self, entry_id: str) -> None:
        """Delete an entry."""
        ...

    def server_time(self) -> datetime | None:
        """Return the service's time as last told."""
        ...


@dataclass(frozen=True, slots=True)
class Pair:
    """The org and the account that are synced, and who asks."""

    org_id: str
    account: str
    who: Installation


@dataclass(frozen=True, slots=True)
class Holder:
    """What the entry says; `label` and `seen` as they are written in it."""

    holding: Holding
    label: str = ""
    seen: datetime | None = None
    entry_id: str = ""


class Heart:
    """Keeps the entry of one pair and remembers the last sign of life in the profile."""

    def __init__(self, settings: SettingsStore, clock: Clock, pair: Pair) -> None:
        self._settings, self._clock, self._pair = settings, clock, pair

    # -- what is remembered
    def holds(self) -> bool:
        """Tell whether this installation has signed the entry, as far as the profile remembers."""
        return bool(self._last())

    def due(self) -> bool:
        """Tell whether a sign of life is due."""
        return self._older_than(BEAT)

    def _older_than(self, limit: timedelta) -> bool:
        last = self._last()
        since = self._since(last)
        patience = limit if last.get("available", True) else ASK_AGAIN
        return since is None or since >= patience

    def _last(self) -> dict[str, object]:
        found = self._settings.get(_LAST)
        mine = {"org": self._pair.org_id, "account": self._pair.account, "who": self._pair.who.id}
        known = isinstance(found, dict) and all(found.get(key) == value for key, value in mine.items())
        return dict(found) if known and isinstance(found, dict) else {}

    def _since(self, last: dict[str, object]) -> timedelta | None:
        at = last.get("at")
        passed = self._clock.now() - datetime.fromisoformat(str(at)) if at else None
        # A clock that was set back tells nothing about how long it has been.
        return passed if passed is not None and passed >= timedelta(0) else None

    def forget(self) -> None:
        """Forget the last sign of life, so that the next run asks first."""
        self._settings.remove(_LAST)

    def _remember(self, entry_id: str, *, available: bool = True) -> None:
        pair = self._pair
        at = self._clock.now().isoformat()
        value = {"org": pair.org_id, "account": pair.account, "who": pair.who.id, "at": at, "entry": entry_id}
        self._settings.put(_LAST, {**value, "available": available})

    # -- asking
    async def look(self, client: ConnectionsPort) -> Holder:
        """Read who holds the pair; one call, nothing is written."""
        try:
            return self._judge(await client.find_connection(self._pair.org_id), client)
        except ProblemError as error:
            if error.problem.code not in _UNAVAILABLE:
                raise
            return Holder(Holding.UNAVAILABLE)

    def _judge(self, entry: ConnectionEntry | None, client: ConnectionsPort) -> Holder:
        if entry is None:
            return Holder(Holding.FREE)
        if self._is_ours(entry):
            return Holder(Holding.OURS, entry.label, entry.seen, entry.id)
        silent = entry.seen is None or self._now(client) - entry.seen >= SILENCE
        return Holder(Holding.SILENT if silent else Holding.OTHER, entry.label, entry.seen, entry.id)

    def _is_ours(self, entry: ConnectionEntry) -> bool:
        # Where the service did not keep the id, the name still tells installations apart.
        who = self._pair.who
        return entry.installation == who.id or (not entry.installation and entry.label == who.label)

    def _now(self, client: ConnectionsPort) -> datetime:
        """Return the service's time: two computers compare their signs of life on one clock."""
        return client.server_time() or self._clock.now()

    # -- holding
    async def check(self, client: ConnectionsPort) -> Holder | None:
        """Make sure that nobody else runs the sync; None, without a call, while the last sign of life is young.

        Raises OTHER_INSTALLATION or TAKE_OVER_NEEDED.
        """
        return await self._ask(client, take_over=False) if self._older_than(SAFE) else None

    async def beat(self, client: ConnectionsPort, *, take_over: bool = False) -> None:
        """Give a sign of life, two calls; `take_over` is a person's word about a silent installation.

        Raises OTHER_INSTALLATION or TAKE_OVER_NEEDED.
        """
        await self.sign(client, await self._ask(client, take_over=take_over))

    async def _ask(self, client: ConnectionsPort, *, take_over: bool) -> Holder:
        holder = await self.look(client)
        if holder.holding is Holding.OTHER or (holder.holding is Holding.SILENT and not take_over):
            self.forget()
            raise refused(holder)
        return holder

    async def sign(self, client: ConnectionsPort, holder: Holder) -> None:
        """Write that this installation runs the sync now, after `check`; raises OTHER_INSTALLATION."""
        if holder.holding is Holding.UNAVAILABLE:
            self._remember("", available=False)
            return
        pair = self._pair
        known = ConnectionEntry(holder.entry_id, pair.org_id, "", "") if holder.entry_id else None
        try:
            signed = await client.sign_connection(known, pair.org_id, pair.who, self._now(client))
        except ProblemError as error:
            if error.problem.code is ProblemCode.AC_GONE:
                # Somebody deleted it between the two calls: the next sign of life makes it anew.
                self.forget()
                return
            if error.problem.code not in _UNAVAILABLE:
                raise
            self._remember("", available=False)
            return
        if not self._is_ours(signed):
            self.forget()
            raise refused(self._judge(signed, client))
        self._remember(signed.id)

    async def leave(self, client: ConnectionsPort) -> bool:
        """Delete the entry when it is ours; True when none of ours is left."""
        holder = await self.look(client)
        if holder.holding is Holding.OURS:
            await client.remove_connection(holder.entry_id)
        self.forget()
        return True


def refused(holder: Holder) -> ProblemError:
    """Say who runs the sync, and whether taking over may be confirmed."""
    code = ProblemCode.TAKE_OVER_NEEDED if holder.holding is Holding.SILENT else ProblemCode.OTHER_INSTALLATION
    values = {"who": holder.label, "when": holder.seen or ""}
    return ProblemError(Problem(code, holder.label, values, service=Service.ACTIVECAMPAIGN))
