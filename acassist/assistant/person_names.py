"""Names of lists, tags and automations by id: kept over restarts, so that a record need not wait for them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from acassist.assistant.session import Session
from acassist.domain.ports import ActiveCampaignPort

KEPT = "records.names"
_KINDS = ("lists", "tags", "automations")
_MOST = 20_000
"""Names of one kind that are kept; an account with more is asked anew after every start."""


class NameBook:
    """What ActiveCampaign calls the things that a person has; names of another account are never used."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._account: str | None = None
        self.lists: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.automations: dict[str, str] = {}
        self.read_at: float | None = None
        """When they were read by this program (monotonic), None before."""

    def open(self) -> None:
        """Take the names of the connected account that were kept; no network."""
        connection = self._session.setup.activecampaign
        account = connection.api_url if connection is not None else ""
        if account == self._account:
            return
        self._account, self.read_at = account, None
        kept = self._session.stores.settings.get(KEPT)
        mine = kept if isinstance(kept, dict) and kept.get("account") == account else {}
        self.lists, self.tags, self.automations = (_names(mine.get(kind)) for kind in _KINDS)

    def knows(self, lists: Iterable[str], tags: Iterable[str]) -> bool:
        """Tell whether all of these ids have names."""
        return set(lists) <= set(self.lists) and set(tags) <= set(self.tags)

    async def read(self, client: ActiveCampaignPort) -> None:
        """Read all names anew and keep them."""
        account = self._account
        lists, tags, automations = await asyncio.gather(client.lists(), client.tags(), client.automations())
        if account != self._account:
            return
        self.lists, self.tags = dict(lists), {tag_id: name for name, tag_id in tags.items()}
        self.automations = {automation.id: automation.name for automation in automations}
        self.read_at = self._session.machine.clock.monotonic()
        self.keep()

    def keep(self) -> None:
        """Store the names, as far as they changed."""
        names = {kind: getattr(self, kind) for kind in _KINDS}
        if not self._session.writer or max(map(len, names.values())) > _MOST:
            return
        row = {"account": self._account, **names}
        if self._session.stores.settings.get(KEPT) != row:
            self._session.stores.settings.put(KEPT, row)


def _names(value: Any) -> dict[str, str]:
    """Take stored names; what another version wrote otherwise is left out."""
    return {str(key): str(name) for key, name in value.items()} if isinstance(value, dict) else {}
