"""The fake assistant as the Records page sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from acassist.assistant.person_activities import Export
from acassist.assistant.views import ActionResult, CampaignPicture, Passages, RecordCard, RecordRef, SearchHit
from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.domain.ledger import HistoryItem
from acassist.domain.text import Message
from acassist.sync.undo import Left, UndoReport
from tests.gui import fake_data as data
from tests.gui.fake_state import FakeState


class FakePeople(FakeState):
    """Implements the records of AssistantPort."""

    # -- records
    async def search(self, text: str) -> list[SearchHit]:
        await self._answer("search", text)
        return [] if self.empty else data.hits()

    async def record(self, ref: RecordRef, *, names: bool = True) -> RecordCard:
        await self._answer("record", ref)
        card = data.card(self.now)
        return card if names else replace(card, naming=self.naming)

    async def named_record(self, card: RecordCard) -> RecordCard:
        await self._answer("named_record", card.ref)
        return replace(data.card(self.now), naming=False)

    async def recent_records(self) -> list[SearchHit]:
        await self._answer("recent_records")
        return [] if self.empty else self.seen

    async def seen_record(self, ref: RecordRef) -> RecordCard | None:
        await self._answer("seen_record", ref)
        return self.seen_card

    async def last_activities(self, ref: RecordRef) -> ActivityFeed | None:
        await self._answer("last_activities", ref)
        return self.last_feed

    async def export_activities(self, ref: RecordRef, wanted: Export) -> int:
        await self._answer("export_activities", ref, wanted)
        return len(wanted.have or ())

    async def passages(self, ref: RecordRef, automation_id: str) -> Passages:
        await self._answer("passages", ref, automation_id)
        return self.through

    async def campaign_picture(self, campaign_id: str) -> CampaignPicture:
        await self._answer("campaign_picture", campaign_id)
        return self.picture

    async def timeline(self, ref: RecordRef, limit: int = 100, before_id: int | None = None) -> list[HistoryItem]:
        await self._answer("timeline", ref, before_id)
        return [] if self.empty or before_id else data.timeline(self.now)

    async def undo_change(self, item_id: int) -> UndoReport:
        await self._answer("undo_change", item_id)
        item = next(i for i in data.timeline(self.now) if i.id == item_id)
        return UndoReport([] if self.undo_left else [item], [Left(item, self.undo_left)] if self.undo_left else [])

    async def recent_activities(self, ref: RecordRef) -> ActivityFeed:
        await self._answer("recent_activities", ref)
        found = () if self.empty else data.activities(self.now)
        apart = [item for item in found if item.kind is ActivityKind.MACHINE_OPENED]
        people = tuple(item for item in found if item not in apart)
        return ActivityFeed(people, True, (), self.now, tuple(apart))

    async def all_activities(self, ref: RecordRef) -> AsyncIterator[list[Activity]]:
        await self._answer("all_activities", ref)
        for page in range(0 if self.empty else 3):
            yield [replace(a, at=a.at - timedelta(days=30 * page)) for a in data.activities(self.now)]

    async def send_campaign(self, ref: RecordRef, campaign_id: str, expected_email: str) -> ActionResult:
        await self._answer("send_campaign", ref, campaign_id, expected_email)
        return ActionResult(True, Message("The campaign was handed to ActiveCampaign."))

    async def enter_automation(self, ref: RecordRef, automation_id: str, expected_email: str) -> ActionResult:
        await self._answer("enter_automation", ref, automation_id, expected_email)
        return ActionResult(True, Message("The person was added to the automation."))

    async def sync_record(self, ref: RecordRef) -> ActionResult:
        await self._answer("sync_record", ref)
        return ActionResult(True, Message("The record is in sync."))

    async def stop_syncing(self, ref: RecordRef, *, stop: bool = True) -> ActionResult:
        await self._answer("stop_syncing", ref, stop)
        return ActionResult(True, Message("This record is no longer synced."))
