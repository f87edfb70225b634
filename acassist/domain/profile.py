"""The set-up of one profile: what the four steps decide. Never holds a secret."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from acassist.domain.ids import SObject
from acassist.domain.mapping import MappingSet, default_mapping
from acassist.domain.schedule import Schedule
from acassist.domain.selection import Selection
from acassist.domain.text import N_

CALLBACK_PORTS = (53682, 53683, 53684, 53685, 53686)
CALLBACK_PATH = "/callback"
SCOPES = ("api", "refresh_token")


def callback_urls() -> tuple[str, ...]:
    """List the callback addresses to register in the External Client App; matching is exact (salesforce_api 1.3)."""
    return tuple(f"http://localhost:{port}{CALLBACK_PATH}" for port in CALLBACK_PORTS)


class Step(StrEnum):
    """The four guided steps."""

    CONNECTIONS = "connections"
    MAPPING = "mapping"
    OUTBOUND = "outbound"
    CX_AUTOMATION = "cx_automation"


STEP_TITLES = {
    Step.CONNECTIONS: N_("System connections"),
    Step.MAPPING: N_("Dynamic field mapping"),
    Step.OUTBOUND: N_("Configure outbound sync settings"),
    Step.CX_AUTOMATION: N_("Enable the CX Automation component"),
}


class Role(StrEnum):
    """What a profile is for: setting up and running the sync, or seeing and using records only."""

    MANAGER = "manager"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class ActiveCampaignConnection:
    """The connected ActiveCampaign account; `api_url` without trailing slash."""

    api_url: str
    account: str = ""
    user_email: str = ""
    accounts_available: bool | None = None
    labels_available: bool | None = None


@dataclass(frozen=True, slots=True)
class SalesforceConnection:
    """The connected Salesforce org; `login_url` is where tokens are refreshed, `instance_url` where data lives."""

    login_url: str
    client_id: str
    instance_url: str = ""
    org_id: str = ""
    org_name: str = ""
    edition: str = ""
    sandbox: bool = False
    user_id: str = ""
    username: str = ""
    lightning: bool | None = None
    roles: tuple[Role, ...] = (Role.MANAGER,)
    """The roles that this user may have, the suggested one first."""


@dataclass(frozen=True, slots=True)
class OutboundSettings:
    """Step 3: selections and the job schedule (`schedule` is None while no job is scheduled)."""

    lead: Selection = field(default_factory=Selection)
    contact: Selection = field(default_factory=Selection)
    schedule: Schedule | None = None
    scheduled_at: datetime | None = None
    subscribe_lists: tuple[str, ...] = ()

    def for_object(self, sobject: SObject) -> Selection:
        """Return the selection of one object."""
        return self.lead if sobject is SObject.LEAD else self.contact


@dataclass(frozen=True, slots=True)
class CxSettings:
    """Step 4: the CX Automation switch and what is offered besides labelled items (ids)."""

    enabled: bool = False
    campaigns: tuple[str, ...] = ()
    automations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Brakes and quotas (section 6); shares in percent."""

    overwrite_count: int = 200
    overwrite_percent: int = 20
    emptied_count: int = 20
    salesforce_share: int = 80


@dataclass(frozen=True, slots=True)
class Defaults:
    """Values the admin set for required Salesforce fields that are empty (rule 1.5), and opt-out handling."""

    last_name: str = ""
    company: str = ""
    sync_opt_out: bool = True
    run_automations: bool = False
    auto_assign: bool = False


@dataclass(frozen=True, slots=True)
class Setup:
    """Everything the four steps decide, plus whether the first sync was started."""

    activecampaign: ActiveCampaignConnection | None = None
    salesforce: SalesforceConnection | None = None
    ask_each_time: bool = False
    mapping: MappingSet = field(default_factory=default_mapping)
    outbound: OutboundSettings = field(default_factory=OutboundSettings)
    cx: CxSettings = field(default_factory=CxSettings)
    limits: Limits = field(default_factory=Limits)
    defaults: Defaults = field(default_factory=Defaults)
    finished: tuple[Step, ...] = ()
    started: bool = False
    paused: bool = False
    role: Role = Role.MANAGER

    def done(self, step: Step) -> bool:
        """Tell whether a step was finished."""
        return step in self.finished

    @property
    def complete(self) -> bool:
        """Tell whether all four steps were finished."""
        return all(self.done(step) for step in Step)

    def finish(self, step: Step) -> Setup:
        """Return the set-up with one more finished step."""
        return self if self.done(step) else replace(self, finished=(*self.finished, step))


@dataclass(frozen=True, slots=True)
class OrgFacts:
    """What is known of the connected org and user."""

    org_id: str
    name: str
    edition: str
    sandbox: bool
    user_id: str
    username: str
    instance_url: str
    language: str = ""
    lightning: bool | None = None
    calls_max: int | None = None
    calls_left: int | None = None
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of the connected ActiveCampaign account and the key's user."""

    api_url: str
    user_id: str
    user_name: str
    user_email: str
    time_zone: str = ""
    account: str = ""
    subscriber_limit: int | None = None
    subscriber_total: int | None = None
    accounts_available: bool | None = None


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """One row of the org's other scheduled jobs, for information only."""

    name: str
    state: str
    next_run: datetime | None = None
    previous_run: datetime | None = None
    kind: str = ""
