"""One contact in one call: the person, the lists and the passages, which a record's header and feed share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from acassist.activecampaign.contacts import contact_of
from acassist.activecampaign.rest import Json, RestPart, number, objects, text
from acassist.domain.record import ActiveCampaignContact


@dataclass(frozen=True, slots=True)
class ContactView:
    """A contact as `GET /contacts/{id}` shows it; `lists` is list id to status (1 active, 2 unsubscribed, 3 bounced).

    `body` is the answer itself, from which the feed takes the passages (activecampaign_api 2 and 7.1).
    """

    contact: ActiveCampaignContact
    lists: Mapping[str, int]
    body: Json


class ContactViews(RestPart):
    """Contacts with what comes along."""

    async def contact_view(self, contact_id: str) -> ContactView:
        """Read one contact with its values and lists; what does not come along is read after it. Raises AC_GONE."""
        body = await self._rest.get(f"contacts/{contact_id}")
        values = body if "fieldValues" in body else await self._rest.get(f"contacts/{contact_id}/fieldValues")
        lists = body if "contactLists" in body else await self._rest.get(f"contacts/{contact_id}/contactLists")
        row = body.get("contact")
        contact = contact_of(row if isinstance(row, dict) else {}, objects(values, "fieldValues"))
        statuses = {text(r.get("list")): number(r.get("status")) for r in objects(lists, "contactLists")}
        return ContactView(contact, statuses, body)
