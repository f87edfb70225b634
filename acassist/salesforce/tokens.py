"""Keeps one access token usable: refreshed under a lock across processes, a rotated token stored before use."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from types import TracebackType
from typing import Protocol

from acassist.domain.ids import Service
from acassist.domain.ports import Vault
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import N_, Message
from acassist.salesforce.oauth import OAuthClient, Tokens, reconnect

log = logging.getLogger(__name__)


class CrossProcessLock(Protocol):
    """One holder per profile, over all processes of this computer."""

    async def __aenter__(self) -> object:
        """Wait until nobody else holds it."""
        ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool | None:
        """Let it go."""
        ...


class TokenSource:
    """The access token of one profile, in memory only; the refresh token lives in the vault under `entry`.

    Implements `http.Auth`: the token is sent only to the instance that Salesforce named with it.
    """

    def __init__(
        self, oauth: OAuthClient, *, vault: Vault, entry: str, lock: CrossProcessLock, instance_url: str = ""
    ) -> None:
        self._oauth = oauth
        self._vault = vault
        self._entry = entry
        self._lock = lock
        self._instance_url = instance_url.rstrip("/")
        self._tokens: Tokens | None = None
        self._renewing: asyncio.Task[Tokens] | None = None
        self._unsaved: Tokens | None = None
        self._refused: str | None = None
        self.refreshes = 0

    def __repr__(self) -> str:
        return f"TokenSource({self._instance_url!r})"

    @property
    def instance_url(self) -> str:
        """Return where the data lives; may change with every refresh (org migration, My Domain rename)."""
        return self._tokens.instance_url if self._tokens else self._instance_url or self._oauth.login_url

    @property
    def org_id(self) -> str:
        """Return the org that the token belongs to, empty before the first token."""
        return self._tokens.org_id if self._tokens else ""

    @property
    def user_id(self) -> str:
        """Return the user that the token belongs to, empty before the first token."""
        return self._tokens.user_id if self._tokens else ""

    def origin(self) -> str:
        """Return the only address that may see the token."""
        return self.instance_url

    async def headers(self) -> Mapping[str, str]:
        """Return the header that carries the token."""
        return {"Authorization": f"Bearer {await self.access_token()}"}

    def adopt(self, tokens: Tokens) -> None:
        """Use the access token of a login that has just been finished and stored."""
        self._tokens = tokens
        self._refused = None
        self._unsaved = None

    async def close(self) -> None:
        """Close the connections to the login host."""
        await self._oauth.close()

    async def access_token(self) -> str:
        """Return the access token, getting one when there is none yet."""
        tokens = self._tokens or await self._renew()
        return tokens.access_token

    async def renew(self, failing: str) -> str:
        """Replace an access token that Salesforce refused, unless somebody has done so already.

        Raises ProblemError SF_RECONNECT, SECRET_MISSING, KEYRING_*, or a passing problem that leaves everything as
        it was.
        """
        if self._tokens is not None and self._tokens.access_token != failing:
            return self._tokens.access_token
        return (await self._renew()).access_token

    async def _renew(self) -> Tokens:
        """Let all callers of this process share one refresh; a cancelled caller must not lose a rotated token."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew_locked())
            # When every caller was cancelled nobody reads how it ended.
            self._renewing.add_done_callback(lambda task: None if task.cancelled() else task.exception())
        return await asyncio.shield(self._renewing)

    async def _renew_locked(self) -> Tokens:
        async with self._lock:
            tokens = self._unsaved
            if tokens is None:
                # Read inside the lock: another process may have rotated the token since.
                tokens = await self._refresh(await self._stored())
            await self._keep(tokens)
        self._tokens = tokens
        return tokens

    async def _stored(self) -> str:
        refresh_token = await self._vault.get(self._entry)
        if not refresh_token:
            values = {"what": Message(N_("Salesforce access"))}
            raise ProblemError(Problem(ProblemCode.SECRET_MISSING, values=values, service=Service.SALESFORCE))
        if refresh_token == self._refused:
            raise ProblemError(reconnect("expired access/refresh token"))
        return refresh_token

    async def _keep(self, tokens: Tokens) -> None:
        """Store a rotated refresh token before its access token is used; keep it in memory while that fails."""
        if tokens.refresh_token is None:
            return
        self._unsaved = tokens
        await self._vault.put(self._entry, tokens.refresh_token)
        self._unsaved = None

    async def _refresh(self, refresh_token: str) -> Tokens:
        """Refresh with one repeat when the answer was lost: with rotation the first try may have used it up."""
        self.refreshes += 1
        try:
            return await self._oauth.refresh(refresh_token)
        except ProblemError as error:
            problem = error.problem
        if problem.ambiguous:
            log.info("the answer to a refresh was lost; asking once more")
            try:
                return await self._oauth.refresh(refresh_token)
            except ProblemError as error:
                problem = error.problem
        if problem.code is ProblemCode.SF_RECONNECT:
            self._refused = refresh_token
        raise ProblemError(problem)
