"""Campaigns that may be offered, and sending one to one person through the v1 API (activecampaign_api 6)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from acassist.activecampaign.errors import Complaint, Refusal
from acassist.activecampaign.labels import labels_of
from acassist.activecampaign.rest import Json, RestPart, number, objects, text
from acassist.domain.activity import Campaign
from acassist.domain.ids import Service
from acassist.domain.problem import Problem, ProblemCode, ProblemError, Reaction
from acassist.domain.redact import redact

_DRAFT = "0"
_LAST_STEPS = ("summary", "result")
_V1 = "/admin/api.php"
# Kinds that a person writes and sends; the others are made by an automation, a feed or a date.
_SENDABLE_TYPES = frozenset({"", "single", "split", "text"})


def _set(value: object) -> str:
    """Return an id, blank for the zero that stands for none."""
    found = text(value)
    return "" if found == "0" else found


def of_automation(row: Json) -> bool:
    """Tell whether a campaign is an e-mail inside an automation; these show status "1" (section 6)."""
    word = text(row.get("statusString")).casefold()
    return bool(_set(row.get("seriesid")) or _set(row.get("automation"))) or word == "automation"


def _campaign(row: Json, messages: dict[str, Json]) -> Campaign:
    part = messages.get(text(row.get("id")), {})
    message_id = _set(part.get("messageid")) or _set(part.get("message")) or _set(row.get("message_id"))
    status = text(row.get("status"))
    # A draft whose editor has reached its last page is a campaign kept ready for single people.
    finished = status != _DRAFT or (text(row.get("laststep")) in _LAST_STEPS and bool(message_id))
    by_hand = text(row.get("type")).casefold() in _SENDABLE_TYPES
    return Campaign(
        id=text(row.get("id")),
        name=text(row.get("name")),
        subject=text(part.get("subject")),
        message_id=message_id,
        status=status,
        labels=labels_of(row),
        sendable=finished and by_hand and not of_automation(row),
    )


def _first_messages(rows: Iterable[Json]) -> dict[str, Json]:
    """Return the first message row of each campaign (a split campaign has several)."""
    found: dict[str, Json] = {}
    for row in rows:
        found.setdefault(_set(row.get("campaignid")) or _set(row.get("campaign")), row)
    return found


class Campaigns(RestPart):
    """Campaigns."""

    async def campaigns(self) -> list[Campaign]:
        """List campaigns, last sent first, with what is needed to send one.

        `sendable` is False for automation e-mails, unfinished drafts and kinds that send themselves. `message_id`
        is blank when neither the list nor the campaign messages tell it; sending looks it up then.
        """
        rows, parts = await asyncio.gather(
            self._rest.rows("campaigns", "campaigns", {"orders[sdate]": "desc"}), self._message_rows()
        )
        messages = _first_messages(parts)
        return [_campaign(row, messages) for row in rows]

    async def _message_rows(self) -> list[Json]:
        """Read all campaign messages; the list is undocumented, so an account may lack it (section 7.2)."""
        try:
            return await self._rest.rows("campaignMessages", "campaignMessages")
        except ProblemError as error:
            if error.problem.reaction is Reaction.STOP or error.problem.code is ProblemCode.AC_BUSY:
                raise
            return []

    async def send_campaign(self, *, email: str, campaign_id: str, message_id: str) -> None:
        """Send one campaign to one person (v1 campaign_send); never repeated once it may have left.

        A blank `message_id` stands for the campaign's first message, which is looked up. Raises ProblemError
        SEND_FAILED when the service says no, and any other with `ambiguous` True when the campaign may have been
        sent although the answer was lost.
        """
        message = _set(message_id) or await self._first_message(campaign_id)
        form = {
            "api_action": "campaign_send",
            "api_output": "json",
            "email": email,
            "campaignid": campaign_id,
            "messageid": message,
            "type": "mime",
            "action": "send",
        }
        answer = await self._rest.form(_V1, form)
        if not isinstance(answer, dict) or "result_code" not in answer:
            raise ProblemError(self._unclear())
        if number(answer["result_code"]) != 1:
            raise ProblemError(_not_sent(text(answer.get("result_message"))))

    async def _first_message(self, campaign_id: str) -> str:
        body = await self._rest.get(f"campaigns/{campaign_id}/campaignMessages")
        found = _first_messages(objects(body, "campaignMessages")).get(campaign_id, {})
        # v1 takes 0 for "the first message" (section 6, unverified), so it is the last resort only.
        return _set(found.get("messageid")) or _set(found.get("message")) or "0"

    def _unclear(self) -> Problem:
        values = {"host": self._rest.host}
        return Problem(ProblemCode.BAD_ANSWER, values=values, service=Service.ACTIVECAMPAIGN, ambiguous=True)


def _not_sent(message: str) -> Problem:
    reason = Refusal(200, (Complaint(message),)).reason
    return Problem(
        ProblemCode.SEND_FAILED, values={"reason": reason}, detail=redact(reason), service=Service.ACTIVECAMPAIGN
    )
