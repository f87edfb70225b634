"""Ports: what the engine and the facade may ask of the outside world (Protocols only)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from acassist.domain.activity import Activity, ActivityFeed, Automation, AutomationEntry, Campaign
from acassist.domain.fields import ActiveCampaignField, ObjectDescription
from acassist.domain.ids import SObject
from acassist.domain.profile import AccountFacts, OrgFacts, ScheduledJob
from acassist.domain.record import (
    ActiveCampaignContact,
    ContactWrite,
    ImportReceipt,
    ImportRow,
    ImportStatus,
    RowResult,
)


class Clock(Protocol):
    """Time and sleep; a virtual clock makes a whole run a function of its inputs."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking the loop."""
        ...


class VaultFacts(Protocol):
    """Which back end keeps secrets, and whether it protects them."""

    @property
    def backend(self) -> str:
        """Return the back end's name."""
        ...

    @property
    def safe(self) -> bool:
        """Tell whether secrets are protected."""
        ...


class Vault(Protocol):
    """Secrets by name; every call may raise ProblemError KEYRING_LOCKED or KEYRING_MISSING."""

    async def get(self, name: str) -> str | None:
        """Read a secret, None when it is not there."""
        ...

    async def put(self, name: str, secret: str) -> None:
        """Store a secret durably before returning."""
        ...

    async def remove(self, name: str) -> None:
        """Forget a secret; nothing happens when it is not there."""
        ...

    async def state(self) -> VaultFacts:
        """Tell which back end is used and whether it protects secrets."""
        ...


class SalesforcePort(Protocol):
    """Salesforce as the engine uses it. Transport failures raise ProblemError; row failures are results."""

    async def org_facts(self) -> OrgFacts:
        """Read who and where we are: Organization, User, limits."""
        ...

    async def org_id(self) -> str:
        """Return the org that the access token belongs to; costs no API call."""
        ...

    async def describe(self, sobject: SObject) -> ObjectDescription:
        """Describe an object; cached, revalidated with If-Modified-Since."""
        ...

    def query(self, soql: str, *, deleted: bool = False) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield pages of raw rows (up to 2,000); relation objects stay nested. `deleted` uses queryAll."""
        ...

    async def count(self, soql: str) -> int:
        """Run a SELECT COUNT() query."""
        ...

    async def create(self, sobject: SObject, rows: Sequence[Mapping[str, Any]]) -> list[RowResult]:
        """Create up to 200 records in one Collections call, results in order; never retried after it was sent."""
        ...

    async def update(self, sobject: SObject, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> list[RowResult]:
        """Update up to 200 records (id, fields) in one Collections call, results in order."""
        ...

    def bulk_query(
        self, sobject: SObject, soql: str, *, deleted: bool = False, watch: Callable[[], None] = ...
    ) -> AsyncIterator[list[dict[str, Any]]]:
        """Yield the same pages as `query` by a Bulk API 2.0 job; `watch` may raise between two calls to stop it.

        `query` itself chooses this way above 50,000 rows.
        """
        ...

    async def bulk_update(
        self, sobject: SObject, rows: Sequence[tuple[str, Mapping[str, Any]]], *, watch: Callable[[], None] = ...
    ) -> list[RowResult]:
        """Update any number of records (id, fields) by Bulk API 2.0 jobs, results in order; for more than 2,000."""
        ...

    async def scheduled_jobs(self) -> list[ScheduledJob]:
        """List the org's other scheduled jobs; empty when the user may not see them."""
        ...

    def server_time(self) -> datetime | None:
        """Return the Date header of the last answer (never the PC clock), None before the first."""
        ...

    def calls(self) -> tuple[int, int] | None:
        """Return (used, allowed) of the day's API calls from Sforce-Limit-Info, None before the first answer."""
        ...


class ActiveCampaignPort(Protocol):
    """ActiveCampaign as the engine uses it. Failures raise ProblemError."""

    async def account_facts(self) -> AccountFacts:
        """Check the key with GET /users/me and read what the account tells of itself."""
        ...

    async def identity(self) -> AccountFacts:
        """Tell whose account this is, in one call where the key may read the account's settings."""
        ...

    async def custom_fields(self) -> list[ActiveCampaignField]:
        """List custom contact fields (keys `field:<id>`)."""
        ...

    async def account_fields(self) -> list[ActiveCampaignField]:
        """List custom account fields (keys `accountField:<id>`); AC_PLAN when accounts are not in the plan."""
        ...

    def contacts(
        self,
        *,
        after_id: str | None = None,
        updated_after: datetime | None = None,
        tag_id: str | None = None,
        status: int | None = None,
    ) -> AsyncIterator[list[ActiveCampaignContact]]:
        """Yield pages of 100 contacts with their field values, ordered by id.

        `status` keeps those with a list membership of that status (2 unsubscribed, 3 bounced).
        """
        ...

    async def contacts_page(self, *, after_id: str, offset: int = 0) -> list[ActiveCampaignContact]:
        """Read one page of 100 contacts behind an id, ordered by id."""
        ...

    async def contacts_by_ids(self, ids: Sequence[str]) -> list[ActiveCampaignContact]:
        """Read up to 100 contacts by id with their field values; missing ones are absent."""
        ...

    async def contact_by_email(self, email: str) -> ActiveCampaignContact | None:
        """Find the contact with exactly this address."""
        ...

    async def search_contacts(self, text: str) -> list[ActiveCampaignContact]:
        """Search names and addresses; at most one page."""
        ...

    async def sync_contact(self, write: ContactWrite) -> ActiveCampaignContact:
        """Create or update by e-mail (POST /contact/sync): only for unlinked people (rule 2.3)."""
        ...

    async def update_contact(self, contact_id: str, write: ContactWrite) -> ActiveCampaignContact:
        """Update one contact by id (PUT); only the given values are sent."""
        ...

    async def import_contacts(self, rows: Sequence[ImportRow], *, exclude_automations: bool) -> ImportReceipt:
        """Queue a bulk import of up to 250 people and under 400 kB."""
        ...

    async def import_status(self, batch_id: str) -> ImportStatus:
        """Ask how a batch stands."""
        ...

    async def imports_outstanding(self) -> int:
        """Return how many bulk import batches of the account wait or run."""
        ...

    async def tags(self) -> dict[str, str]:
        """Read all contact tags: name in lower case to id."""
        ...

    async def create_tag(self, name: str) -> str:
        """Create a contact tag, or find it when it exists, and return its id."""
        ...

    async def contact_tags(self, contact_id: str) -> dict[str, str]:
        """Return the tags of one contact: tag id to association id."""
        ...

    async def add_tag(self, contact_id: str, tag_id: str) -> None:
        """Tag a contact; harmless when it is tagged already."""
        ...

    async def remove_tag(self, association_id: str) -> None:
        """Remove one tag association; harmless when it is gone."""
        ...

    async def lists(self) -> dict[str, str]:
        """Read all lists: id to name."""
        ...

    async def contact_lists(self, contact_id: str) -> dict[str, int]:
        """Return list id to membership status (1 active, 2 unsubscribed, 3 bounced)."""
        ...

    async def set_list_status(self, contact_id: str, list_id: str, *, subscribed: bool) -> None:
        """Subscribe or unsubscribe a contact; never sends sourceid 4 (rule 5.8)."""
        ...

    async def accounts(self, search: str = "") -> list[tuple[str, str]]:
        """List accounts as (id, name)."""
        ...

    async def accounts_page(self, offset: int) -> tuple[list[tuple[str, str]], int | None]:
        """Read 100 accounts as (id, name) from an offset on, and the offset of the next page, None behind the last."""
        ...

    async def account_values_page(self, offset: int) -> tuple[list[tuple[str, str, str]], int | None]:
        """Read 100 custom values of accounts as (account id, key, value), and the offset of the next page."""
        ...

    async def accounts_by_ids(self, account_ids: list[str]) -> dict[str, str]:
        """Return the names of these accounts by id; deleted ones are absent."""
        ...

    async def create_account(self, name: str) -> str:
        """Create an account and return its id; the existing id when the name is taken."""
        ...

    async def link_account(self, contact_id: str, account_id: str) -> None:
        """Associate a contact that has no account with one."""
        ...

    async def move_to_account(self, contact_id: str, account_id: str) -> None:
        """Let a contact belong to this account and to no other one; only on a person's word (rule 5.7)."""
        ...

    async def account_of(self, contact_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Return contact id to (account id, account name) for those contacts that belong to an account."""
        ...

    async def affiliations(self) -> dict[str, tuple[str, str]]:
        """Return (account id, account name) of every contact that belongs to an account."""
        ...

    async def update_account(self, account_id: str, name: str | None, values: Mapping[str, str]) -> None:
        """Rename an account (None keeps the name) and write custom values by key (`accountField:<id>`)."""
        ...

    async def accounts_custom_values(self, account_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Return account id to custom values by key (`accountField:<id>`)."""
        ...

    async def campaign_was_sent(self, contact_id: str, campaign_id: str, since: datetime) -> bool | None:
        """Tell whether a campaign went to a contact since then; None when the account does not tell."""
        ...

    async def automations(self) -> list[Automation]:
        """List automations."""
        ...

    async def campaigns(self) -> list[Campaign]:
        """List campaigns with what is needed to send one."""
        ...

    async def automation_entries(self, contact_id: str) -> list[AutomationEntry]:
        """List the contact's passages through automations."""
        ...

    async def enter_automation(self, contact_id: str, automation_id: str) -> None:
        """Add a contact to an automation; not idempotent, never retried."""
        ...

    async def send_campaign(self, *, email: str, campaign_id: str, message_id: str) -> None:
        """Send one campaign to one person (v1 campaign_send); never retried."""
        ...

    async def recent_activities(self, contact_id: str, limit: int) -> ActivityFeed:
        """Assemble the newest activities from all sources, newest first."""
        ...

    def all_activities(self, contact_id: str) -> AsyncIterator[list[Activity]]:
        """Yield pages of all activities, newest first."""
        ...

    def server_time(self) -> datetime | None:
        """Return the Date header of the last answer, None before the first."""
        ...

    def calls_made(self) -> int:
        """Return how many calls this program made since it started."""
        ...
