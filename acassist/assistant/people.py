"""Records: search, the card of one person, activities, history, and a person's one-off actions."""

from __future__ import annotations

import asyncio

from acassist.assistant.explain import Explanation, Subject, explain
from acassist.assistant.jobs import Jobs
from acassist.assistant.person_actions import PersonActions
from acassist.assistant.person_activities import PersonActivities
from acassist.assistant.person_card import Memberships, make_card
from acassist.assistant.person_history import PersonHistory
from acassist.assistant.person_reader import Ends, Known, PersonReader
from acassist.assistant.person_search import merged, pasted
from acassist.assistant.person_seen import SeenRecords
from acassist.assistant.session import Session
from acassist.assistant.views import RecordCard, RecordRef, SearchHit
from acassist.domain.problem import ProblemError, Reaction
from acassist.sync.context import SyncContext


class People:
    """The Records page on one session."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self._session = session
        self.reader = PersonReader(session)
        self.feeds = PersonActivities(session, self.reader)
        self.actions = PersonActions(session, self.reader)
        self.history = PersonHistory(session, jobs, self.reader)
        self.seen = SeenRecords(session)

    async def close(self) -> None:
        """End what is still being read."""
        await self.reader.close()

    # -- search
    async def search(self, text: str) -> list[SearchHit]:
        """Search both services; pasted ids and addresses are understood."""
        text = text.strip()
        if not text:
            return []
        direct = pasted(text)
        if direct is not None:
            card = await self.card(direct)
            return [SearchHit(card.ref, card.name, card.email, card.company, card.kind, card.link_state is not None)]
        salesforce = await self._session.salesforce()
        activecampaign = await self._session.activecampaign()
        rows, contacts = await asyncio.gather(salesforce.search(text), activecampaign.search_contacts(text))
        return merged(self._session.stores.ledger, rows, contacts)

    def recent(self) -> list[SearchHit]:
        """Return the records seen last, and begin to read what the next one will need."""
        self.reader.warm()
        return self.seen.hits()

    # -- card
    async def card(self, ref: RecordRef) -> RecordCard:
        """Read one person from both sides; independent calls overlap."""
        ctx = await self.reader.context(patient=False)
        tags = self._tags_of(self.reader.completed(ref).ac_id)
        (ends, held), known = await asyncio.gather(self._ends(ctx, ref, tags), self.reader.known(patient=False))
        card = make_card(ctx, ends, _named(ends, held, known))
        self.seen.put(card)
        return card

    def _tags_of(self, ac_id: str | None) -> asyncio.Task[list[str]] | None:
        return asyncio.create_task(self._read_tags(ac_id)) if ac_id is not None else None

    async def _ends(
        self, ctx: SyncContext, ref: RecordRef, tags: asyncio.Task[list[str]] | None
    ) -> tuple[Ends, list[str]]:
        """Read both ends while the tags are read, where the contact is known beforehand."""
        try:
            ends = await self.reader.ends(ctx, ref, owner=True)
            if ends.contact is None:
                return ends, []
            return ends, await (tags or self._read_tags(ends.contact.id))
        finally:
            if tags is not None:
                tags.cancel()
                await asyncio.gather(tags, return_exceptions=True)

    async def _read_tags(self, ac_id: str) -> list[str]:
        """Return tag ids; a key that may not read them leaves the header without tags."""
        try:
            return list(await (await self._session.activecampaign()).contact_tags(ac_id))
        except ProblemError as error:
            if error.problem.reaction is Reaction.STOP:
                raise
            return []

    async def explain(self, ref: RecordRef) -> Explanation:
        """Say why a record is (not) syncing."""
        ctx = await self.reader.context()
        ends = await self.reader.ends(ctx, ref)
        return await explain(ctx, Subject(ends.record, ends.contact, ends.link))


def _named(ends: Ends, held: list[str], known: Known) -> Memberships:
    """Put names to ids; a list or tag made a moment ago shows its id."""
    statuses = ends.view.lists if ends.view is not None else {}
    lists = {known.lists.get(list_id, f"#{list_id}"): status for list_id, status in statuses.items()}
    return Memberships(lists, tuple(sorted(known.tags.get(tag_id, f"#{tag_id}") for tag_id in held)))
