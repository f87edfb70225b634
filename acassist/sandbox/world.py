"""One sandbox: both services, their clock, their chance, their faults and their log."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from acassist.sandbox.clock import SandboxClock
from acassist.sandbox.faults import FaultPlan
from acassist.sandbox.requestlog import RequestLog
from acassist.sandbox.settings import Settings

if TYPE_CHECKING:
    from acassist.sandbox.activecampaign.account import Account
    from acassist.sandbox.salesforce.org import SalesforceOrg


@dataclass
class Addresses:
    """Base addresses (no trailing slash) under which the parts are reached; the server sets its own."""

    salesforce_login: str = "https://login.sandbox.example"
    salesforce_instance: str = "https://instance.sandbox.example"
    activecampaign: str = "https://acct.sandbox.example"
    control: str = "https://control.sandbox.example"


@dataclass
class World:
    """Everything that a sandbox knows; both apps and the control app work on one of these."""

    settings: Settings
    clock: SandboxClock
    rng: random.Random
    salesforce: SalesforceOrg
    activecampaign: Account
    faults: FaultPlan = field(default_factory=FaultPlan)
    log: RequestLog = field(default_factory=RequestLog)
    addresses: Addresses = field(default_factory=Addresses)
