"""The ActiveCampaign client: all parts of the port on one connection."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from acassist.activecampaign.account_pages import AccountPages
from acassist.activecampaign.activities import Activities
from acassist.activecampaign.activity_view import ContactViews
from acassist.activecampaign.address import account_name
from acassist.activecampaign.automations import Automations
from acassist.activecampaign.bulk_import import BulkImport
from acassist.activecampaign.campaigns import Campaigns
from acassist.activecampaign.connection import Connections
from acassist.activecampaign.contacts import Contacts
from acassist.activecampaign.facts import Facts
from acassist.activecampaign.fields import Fields
from acassist.activecampaign.lists import Lists
from acassist.activecampaign.pictures import Pictures
from acassist.activecampaign.rest import Rest
from acassist.activecampaign.tags import Tags
from acassist.domain.ids import Service
from acassist.domain.profile import AccountFacts
from acassist.http.client import HeaderAuth, HttpClient, Wiring
from acassist.http.pacing import Pacer, Priority

if TYPE_CHECKING:
    from acassist.domain.ports import ActiveCampaignPort

RATE = 5
KEY_HEADER = "Api-Token"


def http_for(api_url: str, api_key: str, *, wiring: Wiring, pacer: Pacer | None = None) -> HttpClient:
    """Build the HTTP client of one account: the key in a header, five requests a second for the whole account."""
    return HttpClient(
        Service.ACTIVECAMPAIGN,
        base_url=api_url,
        wiring=wiring,
        pacer=pacer or Pacer(wiring.clock, rate=RATE),
        auth=HeaderAuth(api_url, KEY_HEADER, api_key),
    )


class ActiveCampaignClient(
    Contacts,
    Fields,
    Tags,
    Lists,
    AccountPages,
    BulkImport,
    Automations,
    Campaigns,
    Activities,
    Pictures,
    ContactViews,
    Connections,
    Facts,
):
    """Implements `domain.ports.ActiveCampaignPort` over an `HttpClient` that holds key, pace and retries.

    `account` is the account's name where it is known; without it links to its pages are left out.
    """

    def __init__(self, http: HttpClient, *, account: str = "", priority: Priority = Priority.JOB) -> None:
        super().__init__(Rest(http, priority=priority))
        self.account = account_name(http.base_url, account)

    @property
    def api_url(self) -> str:
        """Return the API base address without a trailing slash."""
        return self._rest.http.base_url

    def with_priority(self, priority: Priority) -> ActiveCampaignClient:
        """Return a client on the same connection and pace whose requests go with another priority."""
        other = ActiveCampaignClient(self._rest.http, account=self.account or "", priority=priority)
        other.lists_hold_values, other._mapped = self.lists_hold_values, self._mapped
        return other

    async def account_facts(self) -> AccountFacts:
        """Check the key with GET /users/me and read what the account tells of itself.

        Remembers the account's name for links. Raises ProblemError AC_KEY_REFUSED, AC_ACCOUNT_WRONG and transport
        problems.
        """
        facts = await super().account_facts()
        self.account = facts.account or self.account
        return facts

    async def close(self) -> None:
        """Close the connections."""
        await self._rest.http.close()

    def server_time(self) -> datetime | None:
        """Return the Date header of the last answer, None before the first."""
        return self._rest.server_time

    def calls_made(self) -> int:
        """Return how many calls this program made to ActiveCampaign since it started."""
        return self._rest.http.calls_made


if TYPE_CHECKING:
    # The type checker proves here that the client is the port.
    _PORT: type[ActiveCampaignPort] = ActiveCampaignClient
