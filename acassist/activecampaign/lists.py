"""Lists and memberships."""

from __future__ import annotations

from acassist.activecampaign.rest import RestPart, number, objects, reference, text

ACTIVE, UNSUBSCRIBED = 1, 2


class Lists(RestPart):
    """Lists and who is on them."""

    async def lists(self) -> dict[str, str]:
        """Read all lists: id to name."""
        rows = await self._rest.rows("lists", "lists")
        return {text(row.get("id")): text(row.get("name")) for row in rows}

    async def contact_lists(self, contact_id: str) -> dict[str, int]:
        """Return list id to membership status (1 active, 2 unsubscribed, 3 bounced). Raises AC_GONE."""
        body = await self._rest.get(f"contacts/{contact_id}/contactLists")
        return {text(row.get("list")): number(row.get("status")) for row in objects(body, "contactLists")}

    async def set_list_status(self, contact_id: str, list_id: str, *, subscribed: bool) -> None:
        """Subscribe or unsubscribe a contact.

        Never sends `sourceid` 4, which would bring back people who opted out (rule 5.8): for them the call leaves
        the membership as it is.
        """
        membership = {
            "list": reference(list_id),
            "contact": reference(contact_id),
            "status": ACTIVE if subscribed else UNSUBSCRIBED,
        }
        await self._rest.write("POST", "contactLists", {"contactList": membership})
