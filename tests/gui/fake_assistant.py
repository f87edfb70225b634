"""An assistant with believable data and switchable states; every answer can be delayed or made to fail."""


from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from acassist.assistant.events import (
    EventHub,
    IssuesChanged,
    LoginAddress,
    RunEnded,
    RunProgress,
    RunStarted,
    SetupChanged,
    StatusChanged,
)
from acassist.assistant.explain import Explanation
from acassist.assistant.person_activities import Export
from acassist.assistant.setup.flow import SetupFlow
from acassist.assistant.views import (
    ActionResult,
    CheckItem,
    Level,
    MappingChoices,
    Offer,
    Passages,
    RecordCard,
    RecordRef,
    RowCheck,
    SampleReport,
    SearchHit,
    Status,
    StepCard,
)
from acassist.domain.activity import Activity, ActivityFeed, ActivityKind
from acassist.domain.fields import one_way, refusal
from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryItem, Issue, Preview, RunDirection, RunSummary
from acassist.domain.mapping import Direction, FieldMapping
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.problem import Problem, ProblemError
from acassist.domain.profile import (
    STEP_TITLES,
    AccountFacts,
    ActiveCampaignConnection,
    CxSettings,
    OrgFacts,
    SalesforceConnection,
    ScheduledJob,
    Setup,
    Step,
)
from acassist.domain.selection import Selection
from acassist.domain.text import Message
from acassist.sync.undo import Left, UndoReport
from tests.gui import fake_data as data
from tests.gui.fake_desk import FakeDecisions, FakeDesk
from tests.gui.fake_provisioning import FakeProvisioning

_LOGIN = "https://login.salesforce.com/services/oauth2/authorize?response_type=code&client_id=abc"
_SUMMARIES = {
    Step.CONNECTIONS: "Connect ActiveCampaign and Salesforce",
    Step.MAPPING: "Choose which fields belong together",
    Step.OUTBOUND: "Choose which leads and contacts are sent, and how often",
    Step.CX_AUTOMATION: "Send campaigns and start automations from a record",
}


class FakeAssistant:
    """Implements AssistantPort. `fail` holds problems by method name; `delay` seconds before answers."""

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
        self.last_feed: ActivityFeed | None = None
        self.through = Passages(False, 0, None, True)
        self.undo_left: Message | None = None
        self.sandbox = False
        self.revokes = True
        self.provisioning = FakeProvisioning(self._answer)
        self.remapped = False
        self.decisions = FakeDecisions(self)
        self.desk = FakeDesk(self)

    async def _answer(self, name: str, *args: Any) -> None:
        self.calls.append((name, args))
        await asyncio.sleep(self.delay.get(name, 0))
        if name in self.fail:
            raise ProblemError(self.fail[name])

    def called(self, name: str) -> int:
        return sum(1 for made, _ in self.calls if made == name)

    # -- state
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

    async def status(self) -> Status:
        await self._answer("status")
        done = len(self.current.finished)
        complete = done == 4
        sentence = Message("Setup: {done} of 4 steps done", {"done": done})
        if complete:
            sentence = Message("Everything is in sync") if self.current.started else Message("Ready to start")
        if self.running:
            sentence = Message("Syncing")
        blocked = None if self.current.started else Message("Finish the four steps and press Start first.")
        return Status(
            sentence=sentence,
            level=Level.BUSY if self.running else Level.OK if self.current.started else Level.IDLE,
            profile="Acme GmbH" if self.org else "New profile",
            steps_done=done, started=self.current.started, running=self.running, paused=self.current.paused,
            in_sync=8_412 if complete else 0, waiting=37 if complete else 0, need_you=3 if complete else 0,
            next_run=self.now + timedelta(minutes=30) if self.current.started else None,
            last_run=data.run_list(self.now)[0] if self.current.started else None,
            sync_blocked=blocked, calls_sf=(12_588, 100_000) if self.org else None, calls_ac=431 if self.account else 0,
            sandbox_service=self.sandbox,
        )  # fmt: skip

    async def setup(self) -> Setup:
        await self._answer("setup")
        return self.current

    async def step_cards(self) -> list[StepCard]:
        await self._answer("step_cards")
        locked = None if self.current.done(Step.CONNECTIONS) else Message("Finish System connections first.")
        return [
            StepCard(
                step, number, Message(STEP_TITLES[step]), Message(_SUMMARIES[step]), self.current.done(step),
                step in self.drafts, None if step is Step.CONNECTIONS else locked,
            )
            for number, step in enumerate(Step, start=1)
        ]  # fmt: skip

    # -- step 1
    async def before_you_begin(self) -> list[CheckItem]:
        await self._answer("before_you_begin")
        return data.check_items()

    def resolve_account(self, text: str) -> str:
        host = text.strip().removeprefix("https://").split("/")[0].split(".")[0]
        return f"https://{host}.api-us1.com" if host else ""

    async def connect_activecampaign(self, account: str, api_key: str) -> AccountFacts:
        await self._answer("connect_activecampaign", account)
        self.account = data.ACCOUNT
        return data.ACCOUNT

    async def connect_salesforce(self, login_url: str, client_id: str, *, open_browser: bool = True) -> OrgFacts:
        self.events.emit(LoginAddress(_LOGIN, open_browser))
        await self._answer("connect_salesforce", login_url, client_id)
        self.org = data.ORG
        return data.ORG

    async def connection_facts(self) -> tuple[AccountFacts | None, OrgFacts | None]:
        await self._answer("connection_facts")
        return self.account, self.org

    async def prepare_state(self) -> list[CheckItem]:
        await self._answer("prepare_state")
        return data.prepare_items()

    async def set_ask_each_time(self, on: bool) -> None:
        await self._answer("set_ask_each_time", on)

    async def provide_secrets(self, *, api_key: str | None = None) -> None:
        await self._answer("provide_secrets")

    # -- steps 2 to 4
    async def open_step(self, step: Step) -> SetupFlow:
        await self._answer("open_step", step)
        flow = self.drafts.get(step) or SetupFlow(step, self.current, first_time=not self.current.done(step))
        return flow if step is not Step.CONNECTIONS else flow.with_draft(self._draft_connections(flow.draft))

    def _draft_connections(self, draft: Setup) -> Setup:
        known = self._connected()
        return replace(
            draft,
            activecampaign=known.activecampaign if self.account else draft.activecampaign,
            salesforce=known.salesforce if self.org else draft.salesforce,
        )

    async def save_draft(self, flow: SetupFlow) -> None:
        await self._answer("save_draft", flow)
        self.drafts[flow.step] = flow

    async def discard_draft(self, step: Step) -> None:
        await self._answer("discard_draft", step)
        self.drafts.pop(step, None)

    async def finish_step(self, flow: SetupFlow) -> Setup:
        await self._answer("finish_step", flow)
        if flow.step is Step.CONNECTIONS:
            flow = flow.with_draft(self._draft_connections(flow.draft))
        self.current = flow.finished()
        self.drafts.pop(flow.step, None)
        self.events.emit(SetupChanged())
        self.events.emit(StatusChanged())
        return self.current

    async def mapping_choices(self, sobject: SObject) -> MappingChoices:
        await self._answer("mapping_choices", sobject)
        limit = 1 if sobject is SObject.ACCOUNT and not self.accounts_available else None
        return MappingChoices(sobject, data.AC_FIELDS[sobject], data.SF_FIELDS[sobject], limit)

    async def check_row(self, sobject: SObject, row: FieldMapping) -> RowCheck:
        await self._answer("check_row", sobject, row)
        ac = next((f for f in data.AC_FIELDS[sobject] if f.key == row.ac_key), None)
        sf = next((f for f in data.SF_FIELDS[sobject] if f.name == row.sf_field), None)
        if ac is None or sf is None:
            return RowCheck(None, None)
        return RowCheck(refusal(ac, sf), Direction.TO_ACTIVECAMPAIGN if one_way(sf) else None)

    async def try_mapping(self, sobject: SObject, row: FieldMapping, limit: int = 20) -> SampleReport:
        await self._answer("try_mapping", sobject, row)
        if row.ac_key == "field:1":
            return SampleReport(data.SAMPLES, 3)
        good = tuple(replace(s, problem=None) for s in data.SAMPLES)
        return SampleReport(() if self.empty else good, 0 if self.empty else len(good))

    async def selection_fields(self, sobject: SObject) -> MappingChoices:
        await self._answer("selection_fields", sobject)
        return MappingChoices(sobject, (), data.SF_FIELDS[sobject])

    async def count_selection(self, sobject: SObject, selection: Selection) -> int:
        await self._answer("count_selection", sobject, selection)
        return 0 if self.empty else 1_204

    async def selection_soql(self, sobject: SObject, selection: Selection) -> str:
        await self._answer("selection_soql", sobject, selection)
        glue = f" {selection.criteria.join.value.upper()} "
        return glue.join(f"{row.field} = '{row.value}'" for row in selection.criteria.rows)

    async def marked_blocked(self, sobject: SObject) -> str | None:
        await self._answer("marked_blocked", sobject)
        return self.marked

    async def other_jobs(self) -> list[ScheduledJob]:
        await self._answer("other_jobs")
        return [] if self.empty else data.jobs(self.now)

    async def offers(self) -> tuple[list[Offer], list[Offer]]:
        await self._answer("offers")
        return ([], []) if self.empty else data.offer_lists()

    # -- ready and sync
    async def first_match(self) -> Preview:
        await self._answer("first_match")
        return Preview() if self.empty else data.first_match()

    async def start(self, choices: Mapping[str, FirstLinkChoice] | None = None) -> RunSummary:
        await self._answer("start", dict(choices or {}))
        self.current = replace(self.current, started=True)
        return await self._run(RunDirection.BOTH)

    async def preview(self, direction: RunDirection = RunDirection.BOTH) -> Preview:
        await self._answer("preview", direction)
        found = data.first_match()
        return Preview() if self.empty else found if self.remapped else replace(found, differences=())

    async def sync_now(self, direction: RunDirection = RunDirection.BOTH, *, yes: bool = False) -> RunSummary:
        await self._answer("sync_now", direction, yes)
        return await self._run(direction)

    async def _run(self, direction: RunDirection) -> RunSummary:
        self.running = True
        self.events.emit(RunStarted(42, direction))
        self.events.emit(
            RunProgress(42, Message("Sending leads to ActiveCampaign"), 6_200, 10_000, 1_500.0, 120.0, 9, 41)
        )
        await asyncio.sleep(self.delay.get("run", 0))
        self.running = False
        summary = replace(data.run_list(self.now)[0], id=42, direction=direction)
        self.events.emit(RunEnded(summary))
        self.events.emit(StatusChanged())
        return summary

    async def cancel_run(self) -> None:
        await self._answer("cancel_run")

    async def set_paused(self, paused: bool) -> None:
        await self._answer("set_paused", paused)
        self.current = replace(self.current, paused=paused)
        self.events.emit(StatusChanged())

    async def runs(self, limit: int = 50, before_id: int | None = None) -> list[RunSummary]:
        await self._answer("runs", limit, before_id)
        return [] if self.empty or before_id else data.run_list(self.now)

    async def run_items(self, run_id: int, limit: int = 500, before_id: int | None = None) -> list[HistoryItem]:
        await self._answer("run_items", run_id)
        return [] if self.empty or before_id else data.history(self.now)

    async def issues(self, limit: int = 500) -> list[Issue]:
        await self._answer("issues")
        return [] if self.empty or not self.current.complete else data.issue_list(self.now)

    async def retry_issue(self, issue_id: int) -> None:
        await self._answer("retry_issue", issue_id)

    async def ignore_issue(self, issue_id: int) -> None:
        await self._answer("ignore_issue", issue_id)
        self.events.emit(IssuesChanged(2))

    async def undo_run(self, run_id: int) -> UndoReport:
        await self._answer("undo_run", run_id)
        return data.undo_report(self.now)

    async def explain(self, ref: RecordRef) -> Explanation:
        await self._answer("explain", ref)
        return data.explanation(blocked=not self.empty)

    # -- records
    async def search(self, text: str) -> list[SearchHit]:
        await self._answer("search", text)
        return [] if self.empty else data.hits()

    async def record(self, ref: RecordRef) -> RecordCard:
        await self._answer("record", ref)
        return data.card(self.now)

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

    # -- settings
    async def preference(self, name: str) -> Any:
        await self._answer("preference", name)
        return self.preferences.get(name)

    async def set_preference(self, name: str, value: Any) -> None:
        await self._answer("set_preference", name, value)
        self.preferences[name] = value

    async def export_setup(self) -> dict[str, Any]:
        await self._answer("export_setup")
        return {"version": 1}

    async def import_setup(self, data: Mapping[str, Any]) -> Setup:
        await self._answer("import_setup")
        return self.current

    async def disconnect(self, *, forget: bool = False) -> bool:
        await self._answer("disconnect", forget)
        self.current, self.account, self.org = Setup(), None, None
        self.events.emit(SetupChanged())
        self.events.emit(StatusChanged())
        return self.revokes

    async def doctor(self) -> list[CheckItem]:
        await self._answer("doctor")
        return data.check_items()
