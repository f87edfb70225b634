"""Contacts: pages by id with their field values, single reads, upsert by e-mail and update by id."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime

from acassist.activecampaign.rest import PAGE, Json, Rest, RestPart, number, objects, text, total_of
from acassist.activecampaign.stamps import NEVER, filter_stamp, parse_stamp
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.record import ActiveCampaignContact, ContactWrite, normalize_email

STANDARD_KEYS = ("firstName", "lastName", "phone")
_FIELD = "field:"
# Up to this many contacts their values are read one by one, above it field by field.
_ONE_BY_ONE = 10


def contact_of(row: Json, value_rows: Iterable[Json] = ()) -> ActiveCampaignContact:
    """Build a contact from its row and its field value rows."""
    values = {key: text(row[key]) for key in ("email", *STANDARD_KEYS) if key in row}
    stamps: dict[str, datetime] = {}
    for item in value_rows:
        key = f"{_FIELD}{text(item.get('field'))}"
        stamp = parse_stamp(item.get("udate"))
        if key in stamps and (stamp is None or stamp < stamps[key]):
            continue
        values[key] = text(item.get("value"))
        if stamp is not None:
            stamps[key] = stamp
    created = parse_stamp(row.get("cdate"))
    return ActiveCampaignContact(
        id=text(row.get("id")),
        email=values.get("email", ""),
        updated=parse_stamp(row.get("udate")) or created or NEVER,
        created=created,
        values=values,
        stamps=stamps,
        hard_bounces=number(row.get("bounced_hard")),
        deleted=text(row.get("deleted")) == "1",
    )


def write_body(write: ContactWrite) -> Json:
    """Build the body of a sync or an update: only the given keys (a missing key keeps its value, section 2)."""
    contact: Json = {} if write.email is None else {"email": write.email}
    contact.update((key, write.values[key]) for key in STANDARD_KEYS if key in write.values)
    custom = [
        {"field": key.removeprefix(_FIELD), "value": value}
        for key, value in write.values.items()
        if key.startswith(_FIELD)
    ]
    if custom:
        contact["fieldValues"] = custom
    return {"contact": contact}


def _by_contact(rows: Iterable[Json]) -> dict[str, list[Json]]:
    found: dict[str, list[Json]] = {}
    for row in rows:
        found.setdefault(text(row.get("contact")), []).append(row)
    return found


class _Values:
    """Field values of one crawl, read in another way where the list does not bring them along."""

    def __init__(self, rest: Rest, field_ids: Sequence[str] | None, *, lists_hold_values: bool) -> None:
        self._rest = rest
        self._field_ids = field_ids
        # An account whose lists brought values once leaves the array out only where there are none.
        self._trusted = lists_hold_values
        self._all: dict[str, list[Json]] | None = None

    async def of(self, body: Json, rows: Sequence[Json]) -> Mapping[str, list[Json]]:
        """Return value rows by contact id for one page."""
        if "fieldValues" in body or self._trusted:
            self._trusted = True
            return _by_contact(objects(body, "fieldValues"))
        ids = [text(row.get("id")) for row in rows]
        if self._all is None and len(ids) <= _ONE_BY_ONE:
            bodies = await asyncio.gather(*(self._one(contact_id) for contact_id in ids))
            return dict(zip(ids, bodies, strict=True))
        if self._all is None:
            self._all = await self._every()
        return self._all

    async def _one(self, contact_id: str) -> list[Json]:
        try:
            return objects(await self._rest.get(f"contacts/{contact_id}/fieldValues"), "fieldValues")
        except ProblemError as error:
            if error.problem.code is ProblemCode.AC_GONE:
                return []
            raise

    async def _every(self) -> dict[str, list[Json]]:
        if self._field_ids is None:
            return _by_contact(await self._rest.rows("fieldValues", "fieldValues"))
        found: list[Json] = []
        for field_id in self._field_ids:
            found += await self._rest.rows("fieldValues", "fieldValues", {"filters[fieldid]": field_id})
        return _by_contact(found)


class Contacts(RestPart):
    """Reading and writing of contacts."""

    def __init__(self, rest: Rest) -> None:
        super().__init__(rest)
        self.lists_hold_values: bool | None = None
        self._mapped: tuple[str, ...] | None = None

    def read_fields(self, field_ids: Iterable[str] | None) -> None:
        """Name the custom fields (ids) to read where contact lists do not bring values; None reads all."""
        self._mapped = None if field_ids is None else tuple(field_ids)

    async def contacts(
        self,
        *,
        after_id: str | None = None,
        updated_after: datetime | None = None,
        tag_id: str | None = None,
        status: int | None = None,
    ) -> AsyncIterator[list[ActiveCampaignContact]]:
        """Yield pages of 100 contacts with their field values, ordered by id (vendor advice, section 2).

        `updated_after` is inclusive or not as the service likes: callers overlap it and de-duplicate by id.
        """
        fixed: dict[str, str | int] = {"include": "fieldValues", "orders[id]": "ASC", "limit": PAGE}
        if updated_after is not None:
            fixed["filters[updated_after]"] = filter_stamp(updated_after)
        if tag_id is not None:
            fixed["tagid"] = tag_id
        if status is not None:
            fixed["status"] = status
        values = self._values()
        last = after_id or "0"
        while True:
            body = await self._rest.get("contacts", {**fixed, "id_greater": last})
            # A service that ignores `id_greater` would otherwise be read for ever.
            rows = [row for row in objects(body, "contacts") if number(row.get("id")) > number(last)]
            if not rows:
                return
            yield await self._page(body, rows, values)
            last = str(max(number(row.get("id")) for row in rows))
            if len(rows) < PAGE and (total_of(body) or 0) <= len(rows):
                return

    async def contacts_page(self, *, after_id: str, offset: int = 0) -> list[ActiveCampaignContact]:
        """Read one page of 100 behind an id, in id order; the next page may be read at once by its `offset`."""
        params: dict[str, str | int] = {"orders[id]": "ASC", "limit": PAGE, "id_greater": after_id}
        return await self._some({**params, "offset": offset} if offset else params)

    async def contacts_by_ids(self, ids: Sequence[str]) -> list[ActiveCampaignContact]:
        """Read up to 100 contacts by id with their field values; missing ones are absent. Raises ValueError above."""
        if len(ids) > PAGE:
            raise ValueError("at most 100 ids")
        if not ids:
            return []
        # A single bare value would be read as a comma list by some versions; brackets always work (section 2).
        found = await self._some({"ids[]": list(ids), "limit": PAGE, "orders[id]": "ASC"})
        wanted = set(ids)
        return [contact for contact in found if contact.id in wanted]

    async def contact_by_email(self, email: str) -> ActiveCampaignContact | None:
        """Find the contact with exactly this address, ignoring case and blanks around it."""
        wanted = normalize_email(email)
        if wanted is None:
            return None
        found = await self._some({"email": email.strip(), "limit": PAGE})
        return next((contact for contact in found if normalize_email(contact.email) == wanted), None)

    async def search_contacts(self, text: str) -> list[ActiveCampaignContact]:
        """Search names and addresses; at most one page, nothing for a blank text."""
        words = text.strip()
        return await self._some({"search": words, "limit": PAGE}) if words else []

    async def sync_contact(self, write: ContactWrite) -> ActiveCampaignContact:
        """Create or update by e-mail (POST /contact/sync): only for unlinked people (rule 2.3).

        The answer holds the id and stamps for certain, custom values only as far as the service repeats them.
        Raises ValueError without an e-mail address, ProblemError AC_REJECTED.
        """
        if not write.email:
            raise ValueError("sync needs an e-mail address")
        return self._written(await self._rest.write("POST", "contact/sync", write_body(write)))

    async def update_contact(self, contact_id: str, write: ContactWrite) -> ActiveCampaignContact:
        """Update one contact by id (PUT); only the given values are sent.

        Raises ProblemError AC_GONE when it was deleted, AC_EMAIL_TAKEN when another contact has the address.
        """
        return self._written(await self._rest.write("PUT", f"contacts/{contact_id}", write_body(write)))

    def _written(self, body: Json) -> ActiveCampaignContact:
        row = body.get("contact")
        return contact_of(row if isinstance(row, dict) else {}, objects(body, "fieldValues"))

    async def _some(self, params: Mapping[str, str | int | Sequence[str]]) -> list[ActiveCampaignContact]:
        body = await self._rest.get("contacts", {"include": "fieldValues", **params})
        return await self._page(body, objects(body, "contacts"), self._values())

    def _values(self) -> _Values:
        return _Values(self._rest, self._mapped, lists_hold_values=bool(self.lists_hold_values))

    async def _page(self, body: Json, rows: Sequence[Json], values: _Values) -> list[ActiveCampaignContact]:
        if rows:
            self.lists_hold_values = self.lists_hold_values or "fieldValues" in body
        found = await values.of(body, rows)
        return [contact_of(row, found.get(text(row.get("id")), ())) for row in rows]
