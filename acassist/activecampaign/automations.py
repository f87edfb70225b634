"""Automations, a contact's passages through them, and entering one."""

from __future__ import annotations

from acassist.activecampaign.errors import RefusedError
from acassist.activecampaign.labels import labels_of
from acassist.activecampaign.rest import Json, RestPart, number, objects, reference, text
from acassist.activecampaign.stamps import NEVER, parse_any_stamp
from acassist.domain.activity import Automation, AutomationEntry
from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError

_ACTIVE = "1"
# The contact's own link to its passages asks for this many, newest first (section 2, links).
PASSAGES: dict[str, str | int] = {"limit": 2500, "orders[lastdate]": "DESC"}


def _automation(row: Json) -> Automation:
    return Automation(
        id=text(row.get("id")),
        name=text(row.get("name")),
        active=text(row.get("status")) == _ACTIVE,
        labels=labels_of(row),
        multi_entry=text(row.get("multientry")) == "1",
    )


def entry_of(row: Json) -> AutomationEntry:
    """Build one passage: entered = adddate; finished = completed with remdate or lastdate (section 6)."""
    completed = number(row.get("completed")) == 1
    active = text(row.get("status")) == _ACTIVE and not completed
    ended = None if active else parse_any_stamp(row.get("remdate")) or parse_any_stamp(row.get("lastdate"))
    return AutomationEntry(
        automation_id=text(row.get("automation")) or text(row.get("seriesid")),
        entered=parse_any_stamp(row.get("adddate")) or NEVER,
        completed=completed,
        ended=ended,
        active=active,
    )


class Automations(RestPart):
    """Automations."""

    async def automations(self) -> list[Automation]:
        """List automations; hidden ones are left out."""
        rows = await self._rest.rows("automations", "automations")
        return [_automation(row) for row in rows if text(row.get("hidden")) != "1"]

    async def automation_entries(self, contact_id: str) -> list[AutomationEntry]:
        """List the contact's passages through automations. Raises AC_GONE."""
        body = await self._rest.get(f"contacts/{contact_id}/contactAutomations", PASSAGES)
        return [entry_of(row) for row in objects(body, "contactAutomations")]

    async def enter_automation(self, contact_id: str, automation_id: str) -> None:
        """Add a contact to an automation; not idempotent, never repeated once it may have left.

        Raises ProblemError AUTOMATION_REFUSED when the service does not take the person, AC_GONE, and any other
        with `ambiguous` True when the person may have been added although the answer was lost.
        """
        pair = {"contact": reference(contact_id), "automation": reference(automation_id)}
        try:
            await self._rest.write("POST", "contactAutomations", {"contactAutomation": pair}, idempotent=False)
        except RefusedError as error:
            if not error.refusal.says("SubscriberSeries") or error.refusal.says("No Result found"):
                raise
            values = {"name": f"#{contact_id}", "automation": f"#{automation_id}"}
            raise ProblemError(
                Problem(
                    ProblemCode.AUTOMATION_REFUSED,
                    subject=contact_id,
                    values=values,
                    detail=error.problem.detail,
                    service=Service.ACTIVECAMPAIGN,
                )
            ) from error
