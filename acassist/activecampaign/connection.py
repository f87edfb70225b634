"""The connection entry in ActiveCampaign that names the installation which runs the sync (rule 6.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

from acassist.activecampaign.errors import RefusedError
from acassist.activecampaign.rest import Json, RestPart, text
from acassist.activecampaign.stamps import filter_stamp, parse_stamp
from acassist.domain.problem import ProblemCode, ProblemError

SERVICE_NAME = "acassist"
_INSTALLATION, _SEEN = "installation", "seen"


@dataclass(frozen=True, slots=True)
class ConnectionEntry:
    """Who runs the sync of an org with this account; `seen` is its last sign of life."""

    id: str
    external_id: str
    installation: str
    label: str
    seen: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """This installation: its id, a name for people, and the address that the entry links to (https)."""

    id: str
    label: str
    link_url: str


def _entry(row: Json) -> ConnectionEntry:
    # The entry has no free field; the fragment of its link is carried along unread by everybody else.
    facts = parse_qs(urlsplit(text(row.get("linkUrl"))).fragment)
    seen = parse_stamp(facts.get(_SEEN, [""])[0].replace(" ", "+"))
    return ConnectionEntry(
        id=text(row.get("id")),
        external_id=text(row.get("externalid")),
        installation=facts.get(_INSTALLATION, [""])[0],
        label=text(row.get("name")),
        seen=seen or parse_stamp(row.get("udate")),
    )


def _body(external_id: str, who: Installation, now: datetime) -> Json:
    base = who.link_url.split("#", 1)[0]
    fragment = urlencode({_INSTALLATION: who.id, _SEEN: filter_stamp(now)})
    return {
        "connection": {
            "service": SERVICE_NAME,
            "externalid": external_id,
            "name": who.label,
            "logoUrl": f"{base.rstrip('/')}/favicon.ico",
            "linkUrl": f"{base}#{fragment}",
        }
    }


class Connections(RestPart):
    """Finding, making and refreshing the entry; one for each Salesforce org."""

    async def find_connection(self, external_id: str) -> ConnectionEntry | None:
        """Find the entry of a Salesforce org (its id), None when there is none."""
        filters = {"filters[service]": SERVICE_NAME, "filters[externalid]": external_id}
        rows = await self._rest.rows("connections", "connections", filters)
        mine = (r for r in rows if text(r.get("service")) == SERVICE_NAME and text(r.get("externalid")) == external_id)
        return next((_entry(row) for row in mine), None)

    async def beat(self, external_id: str, who: Installation, now: datetime) -> ConnectionEntry:
        """Find or create the entry and write that this installation runs the sync `now` (aware).

        The caller decides first whether it may take the entry over, and beats at most once an hour.
        """
        return await self.sign_connection(await self.find_connection(external_id), external_id, who, now)

    async def sign_connection(
        self, found: ConnectionEntry | None, external_id: str, who: Installation, now: datetime
    ) -> ConnectionEntry:
        """Write who runs the sync into an entry that was found, or create the first one.

        The answer names somebody else when another installation created the entry in the same moment.
        """
        if found is None:
            return await self._create(external_id, who, now)
        await self._rest.write("PUT", f"connections/{found.id}", _body(external_id, who, now))
        return ConnectionEntry(found.id, external_id, who.id, who.label, now.astimezone(UTC).replace(microsecond=0))

    async def remove_connection(self, entry_id: str) -> None:
        """Delete an entry; harmless when it is gone."""
        try:
            await self._rest.write("DELETE", f"connections/{entry_id}", None)
        except ProblemError as error:
            if error.problem.code is not ProblemCode.AC_GONE:
                raise

    async def _create(self, external_id: str, who: Installation, now: datetime) -> ConnectionEntry:
        try:
            body = await self._rest.write("POST", "connections", _body(external_id, who, now))
        except RefusedError:
            # The pair of service and external id is unique: another installation may have been quicker.
            found = await self.find_connection(external_id)
            if found is None:
                raise
            return found
        made = body.get("connection")
        key = text(made.get("id")) if isinstance(made, dict) else ""
        return ConnectionEntry(key, external_id, who.id, who.label, now.astimezone(UTC).replace(microsecond=0))
