"""The picture of a campaign, fetched from the account's own hosts only, without the key, bounded in size and kind."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from acassist.activecampaign.address import account_name
from acassist.activecampaign.rest import Json, Rest, RestPart, objects, text
from acassist.domain.ids import Service
from acassist.domain.problem import ProblemError, Reaction
from acassist.http.address import origin, refuse

MOST_BYTES = 2_000_000
_READ_TIMEOUT = 15.0
# What the first bytes of the kinds say that every web browser shows; drawings (SVG) are programs and not taken.
_KINDS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_VENDOR = (".activecampaign.com", ".activehosted.com")


class Pictures(RestPart):
    """Pictures of campaigns."""

    def __init__(self, rest: Rest) -> None:
        super().__init__(rest)
        self.account: str | None = account_name(rest.http.base_url)

    async def campaign_picture(self, campaign_id: str) -> bytes | None:
        """Fetch a campaign's picture (PNG, JPEG or GIF, at most 2 MB); None when the account tells of none.

        The address comes from `screenshot` of the campaign, else of its first message (activecampaign_api 6; whether
        an account fills either is not documented). Raises HOST_REFUSED for an address elsewhere, BAD_ANSWER for
        anything that is no such picture, and connection problems.
        """
        told = await self._told(campaign_id)
        if not told:
            return None
        url = self._allowed(told)
        answer = await self._rest.http.request(
            "GET",
            url,
            headers={"Accept": "image/png,image/jpeg,image/gif"},
            authenticated=False,
            priority=self._rest.priority,
            retries=1,
            timeout=_READ_TIMEOUT,
            most=MOST_BYTES,
        )
        if answer.status in {404, 410}:
            return None
        if not answer.ok or not answer.body.startswith(_KINDS):
            raise ProblemError(answer.bad_answer())
        return answer.body

    async def _told(self, campaign_id: str) -> str:
        body = await self._rest.get(f"campaigns/{campaign_id}")
        row = body.get("campaign")
        told = _address(row) if isinstance(row, dict) else ""
        return told or await self._of_message(campaign_id)

    async def _of_message(self, campaign_id: str) -> str:
        """Look at the campaign's messages; an account that does not list them has no picture to tell of."""
        try:
            body = await self._rest.get(f"campaigns/{campaign_id}/campaignMessages")
        except ProblemError as error:
            if error.problem.reaction is Reaction.STOP:
                raise
            return ""
        return next((told for row in objects(body, "campaignMessages") if (told := _address(row))), "")

    def _allowed(self, told: str) -> str:
        """Return the whole address of a picture; raises HOST_REFUSED for one that is not ours to fetch."""
        base = self._rest.http.base_url
        own = urlsplit(base)
        # Recorded addresses leave the scheme out: `//account.img-us3.com/...` (section 1).
        scheme = own.scheme if told.startswith(f"//{own.netloc}/") else "https"
        url = f"{scheme}:{told}" if told.startswith("//") else told
        if origin(url) == origin(base):
            return url
        try:
            parts = urlsplit(url)
            plain = parts.scheme != "https" or parts.port not in {None, 443}
        except ValueError:
            raise refuse("", Service.ACTIVECAMPAIGN) from None
        if plain or not self._of_account((parts.hostname or "").casefold()):
            raise refuse(url, Service.ACTIVECAMPAIGN)
        return url

    def _of_account(self, host: str) -> bool:
        """Tell whether a host belongs to this account or is the vendor's own."""
        name = re.escape(self.account) if self.account else None
        mine = name is not None and re.fullmatch(rf"{name}\.(?:activehosted|img-[a-z0-9-]+)\.com", host) is not None
        return mine or host.endswith(_VENDOR)


def _address(row: Json) -> str:
    return text(row.get("screenshot")).strip()
