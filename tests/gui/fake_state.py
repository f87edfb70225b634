"""What the parts of the fake assistant share: its set-up, its switches, and how every answer is given."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

from acassist.assistant.events import EventHub
from acassist.assistant.setup.flow import SetupFlow
from acassist.assistant.value_edits import EditableValue
from acassist.assistant.views import CampaignPicture, Passages, RecordCard, SearchHit
from acassist.domain.activity import ActivityFeed
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.profile import (
    AccountFacts,
    ActiveCampaignConnection,
    CxSettings,
    OrgFacts,
    SalesforceConnection,
    Setup,
    Step,
)
from acassist.domain.text import Message
from acassist.sandbox.activecampaign.picture import of_campaign
from tests.gui import fake_data as data
from tests.gui.fake_provisioning import FakeProvisioning


class FakeState:
    """Holds what the parts share. `fail` holds problems by method name; `delay` seconds before answers."""

    def __init__(self, *, now: datetime, setup: Setup | None = None) -> None:
        self.events = EventHub()
        self.now = now
        self.current = setup or Setup()
        self.fail: dict[str, Problem] = {}
        self.delay: dict[str, float] = {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []
        self.drafts: dict[Step, SetupFlow] = {}
        self.preferences: dict[str, Any] = {}
        self.account: AccountFacts | None = None
        self.org: OrgFacts | None = None
        self.connect_stage: tuple[ActiveCampaignConnection | None, SalesforceConnection | None] = (None, None)
        self.accounts_available = True
        self.marked: str | None = "ActiveCampaign Sync Status"
        self.running = False
        self.empty = False
        self.seen: list[SearchHit] = []
        self.seen_card: RecordCard | None = None
        self.naming = False
        self.picture = CampaignPicture(of_campaign(3))
        self.last_feed: ActivityFeed | None = None
        self.through = Passages(False, 0, None, True)
        self.undo_left: Message | None = None
        self.sandbox = False
        self.revokes = True
        self.provisioning = FakeProvisioning(self._answer)
        self.remapped = False
        self.editable: tuple[EditableValue, ...] = ()

    async def _answer(self, name: str, *args: Any) -> None:
        self.calls.append((name, args))
        await asyncio.sleep(self.delay.get(name, 0))
        if name in self.fail:
            raise ProblemError(self.fail[name])

    def called(self, name: str) -> int:
        return sum(1 for made, _ in self.calls if made == name)

    def finish_setup(self, *, started: bool = True) -> None:
        """Jump to a set-up with all four steps done."""
        self.account, self.org = data.ACCOUNT, data.ORG
        cx = CxSettings(automations=("22",))
        self.current = replace(self._connected(), cx=cx, finished=tuple(Step), started=started)

    def _connected(self) -> Setup:
        ac = ActiveCampaignConnection("https://acme.api-us1.com", "acme", "anna@acme.example", self.accounts_available)
        sf = SalesforceConnection(
            "https://login.salesforce.com", "3MVG9consumer", data.ORG.instance_url, data.ORG.org_id, data.ORG.name,
            data.ORG.edition, data.ORG.sandbox, data.ORG.user_id, data.ORG.username, True,
        )  # fmt: skip
        return replace(self.current, activecampaign=ac, salesforce=sf)
