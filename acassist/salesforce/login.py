"""The whole login: listener, address for the browser, answer, tokens, vault."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from acassist.domain.ports import Vault
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import Message
from acassist.http import Wiring
from acassist.salesforce.loopback import LoopbackListener
from acassist.salesforce.oauth import AuthorizeQuery, Entropy, OAuthClient, Pkce, Tokens, login_failed
from acassist.salesforce.pages import Translator

LOGIN_TIMEOUT = 300.0


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """Where to log in, as which app, and where the refresh token goes.

    `timeout` is in seconds; with `expected_org` (18 characters) another org is refused before anything is stored.
    """

    login_url: str
    client_id: str
    vault_entry: str
    timeout: float = LOGIN_TIMEOUT
    login_hint: str = ""
    expected_org: str = ""


@dataclass(frozen=True, slots=True)
class LoginTools:
    """What a login works with; `on_stray` hears of answers that nobody asked for."""

    wiring: Wiring
    vault: Vault
    translate: Translator = Message.english
    entropy: Entropy = field(default=secrets.token_urlsafe, repr=False)
    on_stray: Callable[[Problem], None] | None = None


@dataclass(frozen=True, slots=True)
class LoginResult:
    """Who and where we are after a login; hand `tokens` to `TokenSource.adopt`."""

    instance_url: str
    identity_url: str
    org_id: str
    user_id: str
    scope: str
    tokens: Tokens = field(repr=False)


async def log_in(
    request: LoginRequest,
    tools: LoginTools,
    *,
    on_url: Callable[[str], None],
    open_browser: Callable[[str], bool] | None = None,
) -> LoginResult:
    """Log in through the system browser and store the refresh token.

    `on_url` gets the address at once (copy link, command line); `open_browser` may fail or be left out, the address
    works all the same. Cancel the task to give up. Raises ProblemError SF_PORTS_TAKEN, SF_LOGIN_*, SF_CLIENT_ID,
    OTHER_ORG, KEYRING_* or a transport problem.
    """
    oauth = OAuthClient(request.login_url, request.client_id, tools.wiring)
    state = tools.entropy(32)
    listener = LoopbackListener(state, clock=tools.wiring.clock, translate=tools.translate, on_stray=tools.on_stray)
    try:
        redirect_uri = await listener.start()
        pkce = Pkce.new(tools.entropy)
        url = oauth.authorize_url(AuthorizeQuery(redirect_uri, state, pkce.challenge, request.login_hint))
        on_url(url)
        if open_browser is not None:
            # A browser named by BROWSER may block until its window is closed: nobody waits for it.
            threading.Thread(target=open_browser, args=(url,), name="browser", daemon=True).start()
        code = await listener.wait(request.timeout)
        tokens = await oauth.exchange(code, verifier=pkce.verifier, redirect_uri=redirect_uri)
        return await _accept(request, tools.vault, oauth, tokens)
    finally:
        await listener.close()
        await oauth.close()


async def _accept(request: LoginRequest, vault: Vault, oauth: OAuthClient, tokens: Tokens) -> LoginResult:
    """Check what came and keep the refresh token."""
    if tokens.refresh_token is None:
        raise ProblemError(login_failed("no refresh token; the app needs the scope refresh_token, offline_access"))
    if request.expected_org and tokens.org_id != request.expected_org:
        await oauth.revoke(tokens.refresh_token)
        raise ProblemError(Problem(ProblemCode.OTHER_ORG))
    await vault.put(request.vault_entry, tokens.refresh_token)
    return LoginResult(
        instance_url=tokens.instance_url,
        identity_url=tokens.identity_url,
        org_id=tokens.org_id,
        user_id=tokens.user_id,
        scope=tokens.scope,
        tokens=tokens,
    )
