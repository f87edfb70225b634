"""Contact tags and who carries them."""

from __future__ import annotations

from acassist.activecampaign.errors import RefusedError
from acassist.activecampaign.rest import Json, RestPart, objects, reference, text


def _key(name: object) -> str:
    """Return a tag's name as it is compared: uniqueness ignores case (section 4)."""
    return text(name).strip().lower()


def _is_contact_tag(row: Json) -> bool:
    return text(row.get("tagType")) in {"", "contact"}


class Tags(RestPart):
    """Tags; adding and removing is idempotent at the service."""

    async def tags(self) -> dict[str, str]:
        """Read all contact tags: name in lower case to id."""
        rows = await self._rest.rows("tags", "tags")
        return {_key(row.get("tag")): text(row.get("id")) for row in rows if _is_contact_tag(row)}

    async def create_tag(self, name: str) -> str:
        """Create a contact tag, or find it when it exists, and return its id.

        Two programs may create at the same moment: the duplicate error means "look again" (section 10).
        """
        found = await self._find_tag(name)
        if found is not None:
            return found
        try:
            wanted = {"tag": name.strip(), "tagType": "contact", "description": ""}
            body = await self._rest.write("POST", "tags", {"tag": wanted})
        except RefusedError as error:
            found = await self._find_tag(name) if error.refusal.duplicate else None
            if found is None:
                raise
            return found
        made = body.get("tag")
        return text(made.get("id")) if isinstance(made, dict) else ""

    async def _find_tag(self, name: str) -> str | None:
        rows = await self._rest.rows("tags", "tags", {"search": name.strip()})
        matches = (row for row in rows if _is_contact_tag(row) and _key(row.get("tag")) == _key(name))
        return next((text(row.get("id")) for row in matches), None)

    async def contact_tags(self, contact_id: str) -> dict[str, str]:
        """Return the tags of one contact: tag id to association id. Raises AC_GONE."""
        body = await self._rest.get(f"contacts/{contact_id}/contactTags")
        return {text(row.get("tag")): text(row.get("id")) for row in objects(body, "contactTags")}

    async def add_tag(self, contact_id: str, tag_id: str) -> None:
        """Tag a contact; harmless when it is tagged already (200 instead of 201). Raises AC_GONE."""
        pair = {"contact": reference(contact_id), "tag": reference(tag_id)}
        await self._rest.write("POST", "contactTags", {"contactTag": pair})

    async def remove_tag(self, association_id: str) -> None:
        """Remove one tag association (its own id, not the tag's); harmless when it is gone."""
        try:
            await self._rest.write("DELETE", f"contactTags/{association_id}", None)
        except RefusedError as error:
            if error.refusal.status != 404:
                raise
