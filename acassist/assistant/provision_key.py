"""Tests a consumer key before anybody logs in, and recognises each error that Salesforce is known to give."""

from __future__ import annotations

from acassist.assistant.session import Session
from acassist.assistant.views import CheckItem, Level
from acassist.domain.profile import callback_urls
from acassist.domain.redact import redact
from acassist.domain.text import N_, Message
from acassist.salesforce.key_check import KeyCheck

_TITLE = N_("Consumer key")
_WAIT = N_("Check it for missing characters and choose the right place to log in. A new app answers after ten minutes.")
_CROSS = N_("Use the My Domain address of the org in which the app was made.")
# (what error or description holds, state, remedy); salesforce_api 1.2, 1.5 and 1.6.
_KNOWN: tuple[tuple[str, str, str], ...] = (
    ("cross-org", N_("The app belongs to another org."), _CROSS),
    ("oauth_ec_app_not_found", N_("The app does not exist in this org."), _CROSS),
    ("invalid_client_id", N_("Salesforce does not know this consumer key here."), _WAIT),
    (
        "redirect_uri_mismatch",
        N_("The key is known, but the callback addresses of the app differ."),
        N_("Copy all five addresses of the guide into the app, one a line, and wait ten minutes."),
    ),
    (
        "oauth_app_blocked",
        N_("An administrator blocked the app."),
        N_("Unblock it under Setup > Connected Apps OAuth Usage."),
    ),
    (
        "oauth_app_access_denied",
        N_("The policies of the app do not let this user in."),
        N_("In the app's policies, allow all users to authorize themselves, or assign the permission set they name."),
    ),
    (
        "oauth_approval_error_generic",
        N_("The policies of the app do not let this user in."),
        N_("In the app's policies, allow all users to authorize themselves, or assign the permission set they name."),
    ),
    (
        "not installed",
        N_("The app is not installed in this org."),
        N_("Make the app in this org, or install it under Setup > Connected Apps OAuth Usage."),
    ),
    (
        "must be installed",
        N_("The app is not installed in this org."),
        N_("Make the app in this org, or install it under Setup > Connected Apps OAuth Usage."),
    ),
    (
        "invalid_client",
        N_("The app asks for a secret, which a desktop program cannot keep."),
        N_("In the app's security settings, untick the secret for the Web Server Flow and the Refresh Token Flow."),
    ),
    (
        "invalid_scope",
        N_("The app lacks a scope."),
        N_("Add both scopes of the guide to the app and wait ten minutes."),
    ),
    (
        "unsupported_grant_type",
        N_("The app does not allow this way to log in."),
        N_("Make an External Client App as the guide shows."),
    ),
    (
        "ip restricted",
        N_("The app's policies refuse the address of this computer."),
        N_("Set IP Relaxation to Relax IP restrictions in the app's policies."),
    ),
    ("inactive_org", N_("This org is not active."), N_("Log in to Salesforce in the browser to see why.")),
)
_PASSING = ("rate_limit_exceeded", "server_error", "unknown_error")


async def judge_key(session: Session, login_url: str, client_id: str) -> CheckItem:
    """Ask Salesforce about a consumer key; nobody is logged in. Raises ProblemError for transport problems."""
    check = KeyCheck(login_url, client_id.strip(), session.machine.wiring)
    address = callback_urls()[0]
    try:
        error, description = await check.token_answer(address)
        found = _refusal(error, description)
        if found is None and error == "invalid_grant":
            found = _refusal(*await check.authorize_answer(address))
    finally:
        await check.close()
    return found or _verdict(error, description)


def _refusal(error: str, description: str) -> CheckItem | None:
    words = f"{error} {description}".lower()
    for mark, state, remedy in _KNOWN:
        if mark in words:
            return CheckItem(Message(_TITLE), Level.BAD, Message(state), Message(remedy))
    return None


def _verdict(error: str, description: str) -> CheckItem:
    """Judge an answer that holds no known refusal."""
    if error == "invalid_grant":
        return CheckItem(Message(_TITLE), Level.OK, Message(N_("Salesforce knows this key. Press Authorize.")))
    if error in _PASSING:
        remedy = Message(N_("Try again in a minute."))
        return CheckItem(Message(_TITLE), Level.WARN, Message(N_("Salesforce is busy and did not look.")), remedy)
    if not error:
        remedy = Message(N_("Check the place to log in; the address must be one of Salesforce."))
        state = Message(N_("This address does not answer like Salesforce."))
        return CheckItem(Message(_TITLE), Level.BAD, state, remedy)
    values = {"reason": redact(description or error).rstrip(".")[:200]}
    state = Message(N_("Salesforce answered: {reason}."), values)
    return CheckItem(Message(_TITLE), Level.WARN, state, Message(N_("Press Authorize to see whether the login works.")))
