"""The OAuth calls of an installed program: authorization code with PKCE, refresh, revoke (salesforce_api 1)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from acassist.domain.ids import Service, to18
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import SCOPES
from acassist.domain.redact import redact
from acassist.http import TOKEN_TIMEOUT, HttpClient, Priority, Response, Wiring, check_address

AUTHORIZE = "/services/oauth2/authorize"
TOKEN = "/services/oauth2/token"  # noqa: S105 - a path
REVOKE = "/services/oauth2/revoke"
Entropy = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Pkce:
    """The secret of one login and what is shown of it beforehand (RFC 7636, S256)."""

    verifier: str = field(repr=False)

    @classmethod
    def new(cls, entropy: Entropy = secrets.token_urlsafe) -> Pkce:
        """Make a verifier of 64 random bytes (86 characters)."""
        return cls(entropy(64))

    @property
    def challenge(self) -> str:
        """Return BASE64URL(SHA256(verifier)) without padding."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The answer of the token endpoint; `refresh_token` is None when none was issued or rotated."""

    access_token: str = field(repr=False)
    instance_url: str
    refresh_token: str | None = field(default=None, repr=False)
    identity_url: str = ""
    scope: str = ""

    @property
    def org_id(self) -> str:
        """Return the 18-character org id from the identity address `.../id/{org}/{user}`."""
        return _identity_part(self.identity_url, -2)

    @property
    def user_id(self) -> str:
        """Return the 18-character user id from the identity address."""
        return _identity_part(self.identity_url, -1)


def _identity_part(identity_url: str, index: int) -> str:
    parts = urlsplit(identity_url).path.split("/")
    try:
        return to18(parts[index])
    except (IndexError, ValueError):
        return ""


@dataclass(frozen=True, slots=True)
class AuthorizeQuery:
    """What goes into the address of the login page."""

    redirect_uri: str
    state: str
    challenge: str
    login_hint: str = ""


def login_failed(reason: str) -> Problem:
    """Say that Salesforce refused the login, in its own words."""
    return Problem(
        ProblemCode.SF_LOGIN_FAILED, values={"reason": redact(reason).rstrip(".")[:300]}, service=Service.SALESFORCE
    )


def reconnect(reason: str) -> Problem:
    """Say that only a new login helps."""
    return Problem(
        ProblemCode.SF_RECONNECT, values={"reason": redact(reason).rstrip(".")[:300]}, service=Service.SALESFORCE
    )


def means_reconnect(error: str) -> bool:
    """Tell whether an OAuth error ends the stored access (salesforce_api 1.5); everything else passes."""
    return error == "invalid_grant" or error.startswith(("invalid_client", "OAUTH_"))


def error_of(response: Response) -> tuple[str, str]:
    """Read `error` and `error_description` from JSON or a form-encoded body; empty when there is neither."""
    if response.is_html:
        return "", ""
    try:
        body: Any = response.json()
    except ProblemError:
        return "", ""
    if not isinstance(body, dict):
        return "", ""
    return str(body.get("error") or ""), str(body.get("error_description") or "")


def token_problem(response: Response, *, refreshing: bool) -> Problem:
    """Turn a failed answer of the token endpoint into a problem (table in salesforce_api 1.5)."""
    error, description = error_of(response)
    reason = description or error
    if response.status >= 500 or error in {"server_error", "unknown_error"}:
        return Problem(ProblemCode.SF_MAINTENANCE, detail=f"HTTP {response.status}", service=Service.SALESFORCE)
    if error == "rate_limit_exceeded" or response.status == 429:
        return Problem(ProblemCode.SF_BUSY, detail=error, service=Service.SALESFORCE, retry_after=60.0)
    if not error:
        return response.bad_answer()
    if refreshing and means_reconnect(error):
        return reconnect(reason)
    if error == "invalid_client_id":
        return Problem(ProblemCode.SF_CLIENT_ID, values={"host": response.host}, service=Service.SALESFORCE)
    return login_failed(reason)


def _tokens(response: Response) -> Tokens:
    body = response.json()
    if not isinstance(body, dict) or not body.get("access_token") or not body.get("instance_url"):
        raise ProblemError(response.bad_answer())
    instance_url = str(body["instance_url"]).rstrip("/")
    check_address(instance_url, Service.SALESFORCE)
    return Tokens(
        access_token=str(body["access_token"]),
        instance_url=instance_url,
        refresh_token=str(body["refresh_token"]) if body.get("refresh_token") else None,
        identity_url=str(body.get("id") or ""),
        scope=str(body.get("scope") or ""),
    )


class OAuthClient:
    """Talks to the login host of one External Client App; a public client, so there is no consumer secret."""

    def __init__(self, login_url: str, client_id: str, wiring: Wiring) -> None:
        self.login_url = login_url.rstrip("/")
        self._client_id = client_id
        self._http = HttpClient(Service.SALESFORCE, base_url=self.login_url, wiring=wiring)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    def authorize_url(self, query: AuthorizeQuery) -> str:
        """Return the address of the login page, to be opened in the system browser (salesforce_api 1.2)."""
        params = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": query.redirect_uri,
            "scope": " ".join(SCOPES),
            "state": query.state,
            "code_challenge": query.challenge,
            "code_challenge_method": "S256",
        }
        if query.login_hint:
            params["login_hint"] = query.login_hint
        return f"{self.login_url}{AUTHORIZE}?{urlencode(params)}"

    async def exchange(self, code: str, *, verifier: str, redirect_uri: str) -> Tokens:
        """Turn the single-use code into tokens; never repeated once it was sent.

        Raises ProblemError SF_CLIENT_ID, SF_LOGIN_FAILED, SF_MAINTENANCE, SF_BUSY or a transport problem.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        response = await self._post(TOKEN, form)
        if not response.ok:
            raise ProblemError(token_problem(response, refreshing=False))
        return _tokens(response)

    async def refresh(self, refresh_token: str) -> Tokens:
        """Get a new access token; with rotation also a new refresh token, which kills the old one.

        Raises ProblemError SF_RECONNECT only when Salesforce says that the access has ended.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": self._client_id}
        response = await self._post(TOKEN, form)
        if not response.ok:
            raise ProblemError(token_problem(response, refreshing=True))
        return _tokens(response)

    async def revoke(self, token: str) -> bool:
        """End a token; tell whether Salesforce knew it. Revoking a refresh token ends its access tokens too."""
        return (await self._post(REVOKE, {"token": token})).ok

    async def _post(self, path: str, form: dict[str, str]) -> Response:
        # Repeats happen only for what certainly was not carried out.
        return await self._http.request(
            "POST",
            path,
            data=form,
            idempotent=False,
            priority=Priority.INTERACTIVE,
            retries=2,
            timeout=TOKEN_TIMEOUT,
        )
