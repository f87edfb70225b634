"""The facade as a Protocol: everything that the window and the command line may ask for.

All methods are coroutines that run on the engine thread and may raise ProblemError.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from acassist.assistant.decisions import Decisions
from acassist.assistant.desk import Desk
from acassist.assistant.events import EventHub
from acassist.assistant.explain import Explanation
from acassist.assistant.person_activities import Export
from acassist.assistant.provision_port import ProvisioningPort
from acassist.assistant.setup.flow import SetupFlow
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
from acassist.domain.backfill import BackfillEstimate, BackfillRequest, BackfillState
from acassist.domain.ids import SObject
from acassist.domain.ledger import HistoryItem, Issue, Preview, RunDirection, RunSummary
from acassist.domain.mapping import FieldMapping
from acassist.domain.merge import FirstLinkChoice
from acassist.domain.profile import AccountFacts, OrgFacts, ScheduledJob, Setup, Step
from acassist.domain.selection import Selection
from acassist.domain.sweeps import SweepKind, SweepStanding
from acassist.sync.undo import UndoReport
from acassist.sync.verify import VerifyReport


class AssistantPort(Protocol):
    """One profile, its two connections, its ledger and its jobs."""

    @property
    def events(self) -> EventHub:
        """Return the hub that tells what happens."""
        ...

    @property
    def provisioning(self) -> ProvisioningPort:
        """Return what prepares the org and leaves it."""
        ...

    @property
    def decisions(self) -> Decisions:
        """Return what carries out a person's decisions about issues."""
        ...

    @property
    def desk(self) -> Desk:
        """Return health, exports, limits, the audit log, logs and copies."""
        ...

    # -- state
    async def status(self) -> Status:
        """Return the state in one look; never waits for the network."""
        ...

    async def setup(self) -> Setup:
        """Return the set-up as it is in effect."""
        ...

    async def step_cards(self) -> list[StepCard]:
        """Return the four cards of the Setup page."""
        ...

    # -- step 1
    async def before_you_begin(self) -> list[CheckItem]:
        """List what is needed before step 1, each with its state as far as it is known."""
        ...

    def resolve_account(self, text: str) -> str:
        """Return the API address that an account name, login URL or API URL stands for (no network)."""
        ...

    async def connect_activecampaign(self, account: str, api_key: str) -> AccountFacts:
        """Check the key and keep both for step 1's draft."""
        ...

    async def connect_salesforce(self, login_url: str, client_id: str, *, open_browser: bool = True) -> OrgFacts:
        """Log in through the system browser; emits LoginAddress; cancel the task to give up."""
        ...

    async def connection_facts(self) -> tuple[AccountFacts | None, OrgFacts | None]:
        """Return what step 1's draft (or the set-up) knows of both connections, without the network."""
        ...

    async def prepare_state(self) -> list[CheckItem]:
        """List what would be added to the org, each with its present state."""
        ...

    async def set_ask_each_time(self, on: bool) -> None:
        """Keep secrets in memory only, and ask at every start."""
        ...

    async def provide_secrets(self, *, api_key: str | None = None) -> None:
        """Hand in a secret for this session ("ask each time")."""
        ...

    # -- steps 2 to 4
    async def open_step(self, step: Step) -> SetupFlow:
        """Open a step on its draft, or on the set-up in effect."""
        ...

    async def save_draft(self, flow: SetupFlow) -> None:
        """Keep a step's unfinished input."""
        ...

    async def discard_draft(self, step: Step) -> None:
        """Forget a step's unfinished input."""
        ...

    async def finish_step(self, flow: SetupFlow) -> Setup:
        """Put a step into effect."""
        ...

    async def mapping_choices(self, sobject: SObject) -> MappingChoices:
        """Return the fields that may be mapped for one object."""
        ...

    async def check_row(self, sobject: SObject, row: FieldMapping) -> RowCheck:
        """Check one mapping row against the type table and describe."""
        ...

    async def try_mapping(self, sobject: SObject, row: FieldMapping, limit: int = 20) -> SampleReport:
        """Try one mapping on real records, without writing."""
        ...

    async def selection_fields(self, sobject: SObject) -> MappingChoices:
        """Return the Salesforce fields that criteria may use."""
        ...

    async def count_selection(self, sobject: SObject, selection: Selection) -> int:
        """Count the records that a selection chooses right now."""
        ...

    async def selection_soql(self, sobject: SObject, selection: Selection) -> str:
        """Return the WHERE clause that a selection stands for."""
        ...

    async def marked_blocked(self, sobject: SObject) -> str | None:
        """Return the label of the missing status field when the choice "marked" cannot be used, else None."""
        ...

    async def other_jobs(self) -> list[ScheduledJob]:
        """List the org's other scheduled jobs."""
        ...

    async def offers(self) -> tuple[list[Offer], list[Offer]]:
        """Return campaigns and automations with what is offered."""
        ...

    # -- ready and sync
    async def first_match(self) -> Preview:
        """Compare both sides for the first sync, without writing."""
        ...

    async def start(self, choices: Mapping[str, FirstLinkChoice] | None = None) -> RunSummary:
        """Start syncing: remember the choices by mapping key and make the first run."""
        ...

    async def preview(self, direction: RunDirection = RunDirection.BOTH) -> Preview:
        """Make a dry run."""
        ...

    async def sync_now(self, direction: RunDirection = RunDirection.BOTH, *, yes: bool = False) -> RunSummary:
        """Make a run; `yes` answers brakes. Raises PREVIEW_NEEDED or BRAKE when a person must decide."""
        ...

    async def take_over(self) -> None:
        """Let this installation run the sync from now on; raises OTHER_INSTALLATION while the other one is alive."""
        ...

    async def cancel_run(self) -> None:
        """Stop the run between two actions."""
        ...

    async def set_paused(self, paused: bool) -> None:
        """Pause or resume scheduled runs."""
        ...

    async def runs(self, limit: int = 50, before_id: int | None = None) -> list[RunSummary]:
        """Return the run history, newest first."""
        ...

    async def run_items(self, run_id: int, limit: int = 500, before_id: int | None = None) -> list[HistoryItem]:
        """Return what one run did, newest first."""
        ...

    async def issues(self, limit: int = 500) -> list[Issue]:
        """Return open issues."""
        ...

    async def retry_issue(self, issue_id: int) -> None:
        """Let the record be tried in the next run whatever its waiting time."""
        ...

    async def ignore_issue(self, issue_id: int) -> None:
        """Ignore an issue until its record changes."""
        ...

    async def undo_run(self, run_id: int) -> UndoReport:
        """Take back what a run wrote, as far as it has not changed since."""
        ...

    async def verify(self, limit: int | None = None) -> VerifyReport:
        """Compare linked pairs on values read now."""
        ...

    async def explain(self, ref: RecordRef) -> Explanation:
        """Say why a record is (not) syncing."""
        ...

    # -- backfill of existing records
    async def backfill_estimate(self, request: BackfillRequest) -> BackfillEstimate:
        """Count what a backfill would do and cost; nothing is written. Raises MAPPING_INVALID for bad criteria."""
        ...

    async def start_backfill(self, request: BackfillRequest, *, yes: bool = False) -> BackfillState:
        """Begin a backfill; returns when it waits for a go (after five people), pauses or is done.

        `yes` goes on after the five people without asking. Raises PREVIEW_NEEDED before the first sync, and
        BACKFILL_UNFINISHED while another one can be resumed; what stops it later is `problem` of the state.
        """
        ...

    async def backfill_state(self) -> BackfillState:
        """Return where the backfill stands; never waits for the network."""
        ...

    async def pause_backfill(self) -> None:
        """Stop after the requests under way; `resume_backfill` goes on from there."""
        ...

    async def resume_backfill(self) -> BackfillState:
        """Give the go after the five people, or go on after a pause, a stop or a restart; returns like the start."""
        ...

    async def abandon_backfill(self) -> None:
        """Forget the backfill, pausing it first; what was written stays."""
        ...

    # -- rolling sweeps
    async def sweeps(self) -> tuple[SweepStanding, ...]:
        """Tell where every sweep stands: age, progress, calls and forecast; never waits for the network."""
        ...

    async def sweep_now(self, kind: SweepKind) -> SweepStanding:
        """Make a full turn of one sweep now, beyond its allowance, and a run that carries out what it finds."""
        ...

    async def set_sweep_allowance(self, kind: SweepKind, calls: int) -> None:
        """Let a sweep make this many calls a day (0 switches it off)."""
        ...

    # -- records
    async def search(self, text: str) -> list[SearchHit]:
        """Search leads, contacts and ActiveCampaign contacts; understands pasted ids and addresses."""
        ...

    async def record(self, ref: RecordRef, *, names: bool = True) -> RecordCard:
        """Read one person from both sides; without `names` it does not wait for those of lists and tags."""
        ...

    async def named_record(self, card: RecordCard) -> RecordCard:
        """Return a header that is `naming` with its names."""
        ...

    async def recent_records(self) -> list[SearchHit]:
        """Return the records seen last, newest first; never waits for the network."""
        ...

    async def seen_record(self, ref: RecordRef) -> RecordCard | None:
        """Return a person as seen last; never waits for the network."""
        ...

    async def last_activities(self, ref: RecordRef) -> ActivityFeed | None:
        """Return the activities seen last; never waits for the network."""
        ...

    async def recent_activities(self, ref: RecordRef) -> ActivityFeed:
        """Return the 20 most recent CXA activities; without a connection the last ones seen, with the reason."""
        ...

    def all_activities(self, ref: RecordRef) -> AsyncIterator[list[Activity]]:
        """Yield all activities page by page, newest first."""
        ...

    async def export_activities(self, ref: RecordRef, wanted: Export) -> int:
        """Write what a filter shows to a file and return how many."""
        ...

    async def campaign_picture(self, campaign_id: str) -> CampaignPicture:
        """Fetch the picture of a campaign from the account's own hosts, without the key."""
        ...

    async def passages(self, ref: RecordRef, automation_id: str) -> Passages:
        """Tell whether a person is in an automation, has been, and may enter again."""
        ...

    async def timeline(self, ref: RecordRef, limit: int = 100, before_id: int | None = None) -> list[HistoryItem]:
        """Return one page of what was written to a person, newest first; never waits for the network."""
        ...

    async def undo_change(self, item_id: int) -> UndoReport:
        """Take back one change; says what was left and why."""
        ...

    async def send_campaign(self, ref: RecordRef, campaign_id: str, expected_email: str) -> ActionResult:
        """Send one campaign to one person, once; the person is read fresh first."""
        ...

    async def enter_automation(self, ref: RecordRef, automation_id: str, expected_email: str) -> ActionResult:
        """Add one person to an automation, once; the person is read fresh first."""
        ...

    async def sync_record(self, ref: RecordRef) -> ActionResult:
        """Sync one record alone; never waits for a run under way."""
        ...

    async def stop_syncing(self, ref: RecordRef, *, stop: bool = True) -> ActionResult:
        """Stop (or resume) syncing one record."""
        ...

    # -- settings
    async def preference(self, name: str) -> Any:
        """Read a preference (language, theme, window state)."""
        ...

    async def set_preference(self, name: str, value: Any) -> None:
        """Store a preference."""
        ...

    async def export_setup(self) -> dict[str, Any]:
        """Return the set-up as JSON; never holds a secret."""
        ...

    async def import_setup(self, data: Mapping[str, Any]) -> Setup:
        """Replace mapping, outbound and CX settings by an exported set-up."""
        ...

    async def disconnect(self, *, forget: bool = False, export: Path | None = None) -> bool:
        """Forget the connections, and with `forget` everything about people on this computer.

        `export` gets links, history and issues before; raises EXPORT_FAILED, and then nothing was changed.

        False when Salesforce could not be told to end the access. Synced data stays in both services.
        """
        ...

    async def doctor(self) -> list[CheckItem]:
        """Check computer, keyring, profile and both services."""
        ...
