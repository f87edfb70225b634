"""Records: search, the card of one person, activities, history, and a person's one-off actions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from acassist.assistant.explain import Explanation, Subject, explain
from acassist.assistant.jobs import Jobs
from acassist.assistant.person_actions import PersonActions
from acassist.assistant.person_activities import PersonActivities
from acassist.assistant.person_card import Memberships, make_card
from acassist.assistant.person_history import PersonHistory
from acassist.assistant.person_names import NameBook
from acassist.assistant.person_reader import Ends, PersonReader
from acassist.assistant.person_search import merged, pasted
from acassist.assistant.person_seen import SeenRecords
from acassist.assistant.session import Session
from acassist.assistant.views import RecordCard, RecordRef, SearchHit
from acassist.domain.problem import ProblemError, Reaction


@dataclass(frozen=True, slots=True)
class _Found:
    """What a header is made of: both ends, and the ids of the contact's tags, None while they are not read."""

    ends: Ends
    tags: list[str] | None


class People:
    """The Records page on one session."""

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self._session = session
        self.reader = PersonReader(session)
        self.feeds = PersonActivities(session, self.reader)
        self.actions = PersonActions(session, self.reader)
        self.history = PersonHistory(session, jobs, self.reader)
        self.seen = SeenRecords(session)
        self._unnamed: tuple[RecordRef, _Found] | None = None

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
            card = await self.card(direct, names=False)
            return [SearchHit(card.ref, card.name, card.email, card.company, card.kind, card.link_state is not None)]
        salesforce = await self._session.salesforce()
        activecampaign = await self._session.activecampaign()
        rows, contacts = await asyncio.gather(salesforce.search(text), activecampaign.search_contacts(text))
        return merged(self._session.stores.ledger, rows, contacts)

    def recent(self) -> list[SearchHit]:
        """Return the records seen last, and begin to read what the next one will need."""
        self.reader.known.warm()
        return self.seen.hits()

    # -- card
    async def card(self, ref: RecordRef, *, names: bool = True) -> RecordCard:
        """Read one person from both sides; independent calls overlap.

        Without `names` nothing waits for the names of lists and tags: where some are not known yet, `naming` of the
        card is True, and `named` brings them.
        """
        with self.reader.known.viewing():
            # Ids of tags say nothing as long as no tag has a name.
            found = await self._find(ref, tags=names or bool(self.reader.known.names.tags))
            lists = found.ends.view.lists if found.ends.view is not None else {}
            naming = found.tags is None or not self.reader.known.names.knows(lists, found.tags)
            if naming and names:
                await self._learn_names()
            return await self._card(found, naming=naming and not names)

    async def named(self, card: RecordCard) -> RecordCard:
        """Return a card that is `naming` with all names; they are read once nobody waits for activities any more."""
        kept, self._unnamed = self._unnamed, None
        if kept is None or kept[0] != card.ref:
            return await self.card(card.ref)
        await self.reader.known.quiet()
        tags, _ = await asyncio.gather(self._tags_of(kept[1]), self._learn_names())
        return await self._card(replace(kept[1], tags=tags), naming=False)

    async def _tags_of(self, found: _Found) -> list[str]:
        if found.tags is not None or found.ends.contact is None:
            return found.tags or []
        return await self._read_tags(found.ends.contact.id)

    async def _learn_names(self) -> None:
        """Read the names; where they cannot be had, ids are shown."""
        try:
            await asyncio.shield(self.reader.known.name_everything())
        except ProblemError as error:
            if error.problem.reaction is Reaction.STOP:
                raise

    async def _card(self, found: _Found, *, naming: bool) -> RecordCard:
        ctx = await self.reader.known.context(patient=False)
        card = make_card(ctx, found.ends, _named(found, self.reader.known.names), naming=naming)
        if naming:
            self._unnamed = (card.ref, found)
        else:
            self.seen.put(card)
        return card

    async def _find(self, ref: RecordRef, *, tags: bool) -> _Found:
        """Read both ends, and beside them the tags where the contact is known beforehand."""
        finding = self.reader.find(ref)
        ac_id = self.reader.completed(ref).ac_id
        reading = asyncio.create_task(self._read_tags(ac_id)) if tags and ac_id is not None else None
        try:
            ends = await asyncio.shield(finding)
            if ends.contact is None:
                return _Found(ends, [])
            if not tags:
                return _Found(ends, None)
            if reading is not None and ends.contact.id == ac_id:
                return _Found(ends, await reading)
            return _Found(ends, await self._read_tags(ends.contact.id))
        finally:
            if reading is not None:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

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
        ctx = await self.reader.known.context()
        ends = await self.reader.ends(ctx, ref)
        return await explain(ctx, Subject(ends.record, ends.contact, ends.link))


def _named(found: _Found, names: NameBook) -> Memberships:
    """Put names to ids; what has no name shows its id."""
    statuses = found.ends.view.lists if found.ends.view is not None else {}
    lists = {names.lists.get(list_id, f"#{list_id}"): status for list_id, status in statuses.items()}
    return Memberships(lists, tuple(sorted(names.tags.get(tag_id, f"#{tag_id}") for tag_id in found.tags or ())))
