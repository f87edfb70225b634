"""The facade: one profile, its two connections, its ledger and its jobs (see `facade.AssistantPort`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from acassist.activecampaign.address import resolve
from acassist.assistant import doctor, transfer
from acassist.assistant.backfill import BackfillCalls, Backfills
from acassist.assistant.decisions import Decisions, make_due
from acassist.assistant.desk import Desk
from acassist.assistant.events import EventHub, IssuesChanged, StatusChanged
from acassist.assistant.explain import Explanation
from acassist.assistant.jobs import Jobs
from acassist.assistant.parting import part
from acassist.assistant.people import People
from acassist.assistant.person_activities import Export
from acassist.assistant.probes import Probes
from acassist.assistant.provision import Provisioning
from acassist.assistant.provision_port import ProvisioningPort
from acassist.assistant.runner import Runner
from acassist.assistant.session import API_KEY, Session
from acassist.assistant.setup.flow import SetupFlow
from acassist.assistant.standing import status
from acassist.assistant.steps import Steps
from acassist.assistant.sweeps import Sweeps
from acassist.assistant.views import (
    ActionResult,
    CampaignPicture,
    CheckItem,
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
from acassist.domain.activity import Activity, ActivityFeed
from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryItem, Issue, IssueState, Preview, RunDirection, RunSummary
from acassist.domain.mapping import FieldMapping
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.profile import AccountFacts, OrgFacts, ScheduledJob, Setup, Step
from acassist.domain.selection import Selection
from acassist.domain.sweeps import SweepKind, SweepStanding
from acassist.sync.undo import UndoReport
from acassist.sync.verify import VerifyReport


class Assistant(BackfillCalls):
    """Implements `facade.AssistantPort`; lives on the engine thread."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.jobs = Jobs(session)
        self.steps = Steps(session)
        self.probes = Probes(session)
        self.people = People(session, self.jobs)
        self.runner = Runner(session, self.jobs)
        self.decisions = Decisions(session, self.jobs, self.people.history.sync)
        self.backfills = Backfills(session, self.jobs)
        self.rolling = Sweeps(session, self.jobs, self.runner)
        self.desk = Desk(session, self.jobs)
        self.provisioning: ProvisioningPort = Provisioning(session, self.steps)
        self._scheduler: asyncio.Task[None] | None = None

    @property
    def events(self) -> EventHub:
        """Return the hub of events."""
        return self.session.events

    def start_scheduler(self) -> None:
        """Let due runs be made while the program is open."""
        if self._scheduler is None:
            self._scheduler = asyncio.create_task(self.runner.forever(), name="scheduler")

    async def close(self) -> None:
        """Stop the schedule and close the connections."""
        if self._scheduler is not None:
            self._scheduler.cancel()
            await asyncio.gather(self._scheduler, return_exceptions=True)
        await self.people.close()
        await self.jobs.pairing.close()
        self.session.store_calls()
        await self.session.close_clients()

    # -- state
    async def status(self) -> Status:
        """Return the state in one look; never waits for the network."""
        return status(self.session, self.jobs, self.runner)

    async def setup(self) -> Setup:
        """Return the set-up in effect."""
        return self.session.setup

    async def step_cards(self) -> list[StepCard]:
        """Return the four cards of the Setup page."""
        return self.steps.cards()

    # -- step 1
    async def before_you_begin(self) -> list[CheckItem]:
        """List what is needed before step 1."""
        return doctor.before_you_begin(self.session)

    def resolve_account(self, text: str) -> str:
        """Return the API address that an account name, login URL or API URL stands for."""
        return resolve(text)

    async def connect_activecampaign(self, account: str, api_key: str) -> AccountFacts:
        """Check the key and keep both for step 1's draft."""
        return await self.steps.connect_activecampaign(account, api_key)

    async def connect_salesforce(self, login_url: str, client_id: str, *, open_browser: bool = True) -> OrgFacts:
        """Log in through the system browser."""
        return await self.steps.connect_salesforce(login_url, client_id, open_browser=open_browser)

    async def connection_facts(self) -> tuple[AccountFacts | None, OrgFacts | None]:
        """Return what is known of both connections, without the network."""
        return self.steps.facts()

    async def prepare_state(self) -> list[CheckItem]:
        """List what would be added to the org, each with its present state."""
        return await self.steps.prepare_state()

    async def set_ask_each_time(self, on: bool) -> None:
        """Keep secrets in memory only, and ask at every start."""
        self.session.store(replace(self.session.setup, ask_each_time=on), what="ask_each_time")

    async def provide_secrets(self, *, api_key: str | None = None) -> None:
        """Hand in a secret for this session."""
        if api_key:
            self.session.machine.register_secret(api_key)
            await self.session.vault.put(API_KEY, api_key)

    # -- steps 2 to 4
    async def open_step(self, step: Step) -> SetupFlow:
        """Open a step on its draft, or on the set-up in effect."""
        return self.steps.open(step)

    async def save_draft(self, flow: SetupFlow) -> None:
        """Keep a step's unfinished input."""
        self.steps.save(flow)

    async def discard_draft(self, step: Step) -> None:
        """Forget a step's unfinished input."""
        await self.steps.discard(step)

    async def finish_step(self, flow: SetupFlow) -> Setup:
        """Put a step into effect."""
        setup = await self.steps.finish(flow)
        if flow.step is Step.CONNECTIONS:
            await self.jobs.pairing.introduce()
        return setup

    async def mapping_choices(self, sobject: SObject) -> MappingChoices:
        """Return the fields that may be mapped for one object."""
        return await self.probes.choices(sobject)

    async def check_row(self, sobject: SObject, row: FieldMapping) -> RowCheck:
        """Check one mapping row."""
        return await self.probes.check_row(sobject, row)

    async def try_mapping(self, sobject: SObject, row: FieldMapping, limit: int = 20) -> SampleReport:
        """Try one mapping on real records."""
        return await self.probes.try_mapping(sobject, row, limit)

    async def selection_fields(self, sobject: SObject) -> MappingChoices:
        """Return the Salesforce fields that criteria may use."""
        return await self.probes.selection_fields(sobject)

    async def count_selection(self, sobject: SObject, selection: Selection) -> int:
        """Count the records that a selection chooses right now."""
        return await self.probes.count(sobject, selection)

    async def selection_soql(self, sobject: SObject, selection: Selection) -> str:
        """Return the WHERE clause that a selection stands for."""
        return await self.probes.soql(sobject, selection)

    async def marked_blocked(self, sobject: SObject) -> str | None:
        """Return the label of the missing status field, else None."""
        return await self.probes.marked_blocked(sobject)

    async def other_jobs(self) -> list[ScheduledJob]:
        """List the org's other scheduled jobs."""
        return await self.probes.other_jobs()

    async def offers(self) -> tuple[list[Offer], list[Offer]]:
        """Return campaigns and automations with what is offered."""
        return await self.probes.offers()

    # -- ready and sync
    async def first_match(self) -> Preview:
        """Compare both sides for the first sync, without writing."""
        return await self.jobs.preview(RunDirection.BOTH)

    async def start(self, choices: Mapping[str, FirstLinkChoice] | None = None) -> RunSummary:
        """Start syncing: remember the choices and make the first run."""
        self.jobs.remember_choices(choices or {})
        summary = await self.jobs.sync(RunDirection.BOTH, yes=self.jobs.braked, accepted=True, cause="person")
        self.runner.note_run(RunDirection.BOTH)
        return summary

    async def preview(self, direction: RunDirection = RunDirection.BOTH) -> Preview:
        """Make a dry run."""
        return await self.jobs.preview(direction)

    async def sync_now(self, direction: RunDirection = RunDirection.BOTH, *, yes: bool = False) -> RunSummary:
        """Make a run; `yes` answers brakes."""
        summary = await self.jobs.sync(direction, yes=yes, cause="person")
        self.runner.note_run(direction)
        return summary

    async def cancel_run(self) -> None:
        """Stop the run between two actions."""
        self.jobs.cancel()

    async def set_paused(self, paused: bool) -> None:
        """Pause or resume scheduled runs."""
        self.session.store(replace(self.session.setup, paused=paused), what="paused")

    async def runs(self, limit: int = 50, before_id: int | None = None) -> list[RunSummary]:
        """Return the run history, newest first."""
        return self.jobs.runs(limit, before_id)

    async def run_items(self, run_id: int, limit: int = 500, before_id: int | None = None) -> list[HistoryItem]:
        """Return what one run did, newest first."""
        return self.session.stores.history.items(run_id=run_id, limit=limit, before_id=before_id)

    async def issues(self, limit: int = 500) -> list[Issue]:
        """Return open issues."""
        return self.session.stores.issues.list(limit=limit)

    async def retry_issue(self, issue_id: int) -> None:
        """Let the record be tried in the next run whatever its waiting time."""
        make_due(self.session.stores, issue_id)
        self._issues_changed()

    async def ignore_issue(self, issue_id: int) -> None:
        """Ignore an issue until its record changes."""
        self.session.stores.issues.set_state(issue_id, IssueState.IGNORED)
        self._issues_changed()

    def _issues_changed(self) -> None:
        self.events.emit(IssuesChanged(sum(self.session.stores.issues.counts().values())))
        self.events.emit(StatusChanged())

    async def undo_run(self, run_id: int) -> UndoReport:
        """Take back what a run wrote, as far as it has not changed since."""
        return await self.jobs.undo(run_id)

    async def verify(self, limit: int | None = None) -> VerifyReport:
        """Compare linked pairs on values read now."""
        return await self.jobs.verify(limit)

    async def explain(self, ref: RecordRef) -> Explanation:
        """Say why a record is (not) syncing; a viewer has no links to tell it from."""
        self.session.require_manager()
        return await self.people.explain(ref)

    # -- rolling sweeps
    async def sweeps(self) -> tuple[SweepStanding, ...]:
        """Tell where every sweep stands."""
        return self.rolling.standings()

    async def sweep_now(self, kind: SweepKind) -> SweepStanding:
        """Make a full turn of one sweep now, and a run that carries out what it finds."""
        return await self.rolling.now(kind)

    async def set_sweep_allowance(self, kind: SweepKind, calls: int) -> None:
        """Let a sweep make this many calls a day."""
        self.rolling.set_allowance(kind, calls)

    # -- records
    async def search(self, text: str) -> list[SearchHit]:
        """Search leads, contacts and ActiveCampaign contacts."""
        return await self.people.search(text)

    async def record(self, ref: RecordRef, *, names: bool = True) -> RecordCard:
        """Read one person from both sides; without `names` it does not wait for those of lists and tags."""
        return await self.people.card(ref, names=names)

    async def named_record(self, card: RecordCard) -> RecordCard:
        """Return a header that is `naming` with its names."""
        return await self.people.named(card)

    async def recent_records(self) -> list[SearchHit]:
        """Return the records seen last."""
        return self.people.recent()

    async def seen_record(self, ref: RecordRef) -> RecordCard | None:
        """Return a person as seen last; never waits for the network."""
        return self.people.seen.get(ref)

    async def last_activities(self, ref: RecordRef) -> ActivityFeed | None:
        """Return the activities seen last; never waits for the network."""
        return self.people.feeds.last(ref)

    async def recent_activities(self, ref: RecordRef) -> ActivityFeed:
        """Return the 20 most recent CXA activities."""
        return await self.people.feeds.recent(ref)

    def all_activities(self, ref: RecordRef) -> AsyncIterator[list[Activity]]:
        """Yield all activities page by page, newest first."""
        return self.people.feeds.everything(ref)

    async def export_activities(self, ref: RecordRef, wanted: Export) -> int:
        """Write activities to a file."""
        return await self.people.feeds.export(ref, wanted)

    async def send_campaign(self, ref: RecordRef, campaign_id: str, expected_email: str) -> ActionResult:
        """Send one campaign to one person, once."""
        return await self.people.actions.send(ref, campaign_id, expected_email)

    async def enter_automation(self, ref: RecordRef, automation_id: str, expected_email: str) -> ActionResult:
        """Add one person to an automation, once."""
        return await self.people.actions.enter(ref, automation_id, expected_email)

    async def campaign_picture(self, campaign_id: str) -> CampaignPicture:
        """Fetch the picture of a campaign."""
        return await self.people.actions.picture(campaign_id)

    async def passages(self, ref: RecordRef, automation_id: str) -> Passages:
        """Tell whether a person is in an automation and may enter."""
        return await self.people.actions.passages(ref, automation_id)

    async def timeline(self, ref: RecordRef, limit: int = 100, before_id: int | None = None) -> list[HistoryItem]:
        """Return what was written to a person, newest first."""
        return self.people.history.timeline(ref, limit, before_id)

    async def undo_change(self, item_id: int) -> UndoReport:
        """Take back one change."""
        return await self.people.history.undo_change(item_id)

    async def sync_record(self, ref: RecordRef) -> ActionResult:
        """Sync one record alone."""
        return await self.people.history.sync(ref)

    async def stop_syncing(self, ref: RecordRef, *, stop: bool = True) -> ActionResult:
        """Stop (or resume) syncing one record."""
        return self.people.history.stop(ref, stop=stop)

    # -- settings
    async def preference(self, name: str) -> Any:
        """Read a preference."""
        return self.session.stores.settings.get(f"preference.{name}")

    async def set_preference(self, name: str, value: Any) -> None:
        """Store a preference."""
        self.session.stores.settings.put(f"preference.{name}", value)

    async def export_setup(self) -> dict[str, Any]:
        """Return the set-up as JSON; never holds a secret."""
        return transfer.exported(self.session.setup)

    async def import_setup(self, data: Mapping[str, Any]) -> Setup:
        """Put steps 2 to 4 of an exported set-up into effect."""
        return await self.steps.adopt(data)

    async def disconnect(self, *, forget: bool = False, export: Path | None = None) -> bool:
        """Forget the connections, and with `forget` everything about people; False when Salesforce was not told."""
        self.people.seen.clear()
        self.jobs.cancel()
        revoked = await self.jobs.alone(lambda: part(self.jobs.pairing, forget=forget, export=export))
        self.steps.forget_login()
        return revoked

    async def take_over(self) -> None:
        """Let this installation run the sync from now on, on a person's word."""
        await self.jobs.pairing.take_over()

    async def doctor(self) -> list[CheckItem]:
        """Check computer, keyring, profile, both services, and what in the org may stand in the way."""
        return [*await doctor.doctor(self.session), *await self.provisioning.findings()]
