"""Asks a login host about a consumer key, without logging anybody in (salesforce_api 1.2 to 1.5)."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlencode, urlsplit

from acassist.domain.ids import Service
from acassist.domain.profile import SCOPES
from acassist.http import HttpClient, Priority, Response, Wiring
from acassist.salesforce.oauth import AUTHORIZE, TOKEN, Pkce, error_of

_PAGE_KEYS = (("error_code", "error_description"), ("error", "error_description"))


class KeyCheck:
    """Two questions to one login host; neither sends a secret nor changes anything there."""

    def __init__(self, login_url: str, client_id: str, wiring: Wiring) -> None:
        self._client_id = client_id
        self._http = HttpClient(Service.SALESFORCE, base_url=login_url.rstrip("/"), wiring=wiring)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def token_answer(self, redirect_uri: str) -> tuple[str, str]:
        """Hand in a made-up code and return error and description; `invalid_grant` means that the key is known.

        Raises ProblemError for transport problems.
        """
        form = {
            "grant_type": "authorization_code",
            "code": "made-up-" + secrets.token_urlsafe(12),
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "code_verifier": Pkce.new().verifier,
        }
        return error_of(
            await self._http.request("POST", TOKEN, data=form, idempotent=False, priority=Priority.INTERACTIVE)
        )

    async def authorize_answer(self, redirect_uri: str) -> tuple[str, str]:
        """Ask for the login page and return error and description; both empty when the page would open."""
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "scope": " ".join(SCOPES),
            "state": secrets.token_urlsafe(24),
            "code_challenge": Pkce.new().challenge,
            "code_challenge_method": "S256",
        }
        return _page_error(await self._http.request("GET", f"{AUTHORIZE}?{urlencode(query)}"))


def _page_error(response: Response) -> tuple[str, str]:
    """Read the error from the address of the page that Salesforce leads to."""
    found = parse_qs(urlsplit(response.headers.get("location", "")).query)
    for code, description in _PAGE_KEYS:
        if found.get(code):
            return found[code][0], (found.get(description) or [""])[0]
    return error_of(response)
