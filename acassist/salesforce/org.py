"""Facts about the connected org and user; what the user may not see stays empty (salesforce_api 6.5)."""

from __future__ import annotations

from typing import Any

from acassist.domain.problem import ProblemError
from acassist.domain.profile import OrgFacts
from acassist.salesforce.caller import HIDDEN, Caller
from acassist.salesforce.soql import quote, select

_ORG_FIELDS = ("Id", "Name", "OrganizationType", "IsSandbox", "TimeZoneSidKey", "LanguageLocaleKey")
_USER_FIELDS = ("Id", "Username", "TimeZoneSidKey", "LanguageLocaleKey")
_LIGHTNING = "UserPreferencesLightningExperiencePreferred"


async def _first(client: Caller, *queries: str) -> dict[str, Any]:
    """Return the first row of the first query that the user may ask."""
    for soql in queries:
        try:
            rows = await client.rows(soql)
        except ProblemError as error:
            if error.problem.code not in HIDDEN:
                raise
            continue
        return rows[0] if rows else {}
    return {}


async def facts(client: Caller) -> OrgFacts:
    """Read organization, user and limits in up to four calls."""
    await client.source.access_token()
    user_id = client.source.user_id
    org = await _first(
        client, select(_ORG_FIELDS, "Organization", limit=1), select(("Id", "Name"), "Organization", limit=1)
    )
    mine = f"Id = {quote(user_id)}"
    user = await _first(
        client,
        select((*_USER_FIELDS, _LIGHTNING), "User", where=mine, limit=1),
        select(("Id", "Username"), "User", where=mine, limit=1),
    )
    used = await limits(client)
    return OrgFacts(
        org_id=str(org.get("Id") or client.source.org_id),
        name=str(org.get("Name") or ""),
        edition=str(org.get("OrganizationType") or ""),
        sandbox=bool(org.get("IsSandbox")),
        user_id=str(user.get("Id") or user_id),
        username=str(user.get("Username") or ""),
        instance_url=client.instance_url,
        language=str(user.get("LanguageLocaleKey") or org.get("LanguageLocaleKey") or ""),
        lightning=user[_LIGHTNING] if isinstance(user.get(_LIGHTNING), bool) else None,
        calls_max=used[1] if used else None,
        calls_left=used[1] - used[0] if used else None,
        time_zone=str(user.get("TimeZoneSidKey") or org.get("TimeZoneSidKey") or ""),
    )


async def limits(client: Caller) -> tuple[int, int] | None:
    """Return (used, allowed) of the daily API calls.

    /limits needs the permission View Setup and Configuration; without it the header of the last answer serves.
    """
    try:
        response = await client.get("limits")
    except ProblemError as error:
        if error.problem.code not in HIDDEN:
            raise
        return client.calls()
    body = response.json()
    daily = body.get("DailyApiRequests") if isinstance(body, dict) else None
    if not isinstance(daily, dict) or not isinstance(daily.get("Max"), int):
        return client.calls()
    return daily["Max"] - int(daily.get("Remaining") or 0), daily["Max"]
