"""The token endpoint: codes with PKCE, refresh with rotation and family revocation, revoke and introspect."""

from __future__ import annotations

import base64
import hashlib
import hmac

from acassist.sandbox.salesforce.auth import CODE_SECONDS, Code, Family, challenge_of
from acassist.sandbox.salesforce.call import JSON, Reply
from acassist.sandbox.salesforce.web import NO_STORE, Visit, oauth_refusal

FORM = "application/x-www-form-urlencoded"


def token(visit: Visit) -> Reply:
    """Answer `POST /services/oauth2/token` (sections 1.4 and 1.5)."""
    grant = visit.form.get("grant_type", "")
    if grant not in ("authorization_code", "refresh_token"):
        return oauth_refusal("unsupported_grant_type", "grant type not supported")
    refused = _client(visit)
    if refused:
        return refused
    return _from_code(visit) if grant == "authorization_code" else _refresh(visit)


def _client(visit: Visit) -> Reply | None:
    if visit.form.get("client_id") != visit.org.auth.client_id:
        return oauth_refusal("invalid_client_id", "client identifier invalid")
    secret = visit.form.get("client_secret")
    wanted = visit.org.auth.client_secret if visit.org.switches.secret_required else None
    if secret != wanted and not (wanted is None and not secret):
        return oauth_refusal("invalid_client", "invalid client credentials")
    return None


def _from_code(visit: Visit) -> Reply:
    code = visit.org.auth.codes.get(visit.form.get("code", ""))
    refused = _code_problem(visit, code)
    if refused or code is None:
        return refused or oauth_refusal("invalid_grant", "invalid authorization code")
    code.used = True
    request = code.request
    family = None
    user_id = request.user_id or visit.org.user_id
    if {"refresh_token", "offline_access"} & set(request.scope.split()):
        cap = visit.org.switches.max_refresh_tokens
        family = visit.org.auth.new_family(user_id=user_id, scope=request.scope, now=visit.now, cap=cap)
    return _granted(visit, family, user_id, request.scope, show_refresh=True)


def _code_problem(visit: Visit, code: Code | None) -> Reply | None:
    if code is None:
        return oauth_refusal("invalid_grant", "invalid authorization code")
    if code.used or visit.now - code.at > CODE_SECONDS:
        return oauth_refusal("invalid_grant", "expired authorization code")
    if visit.form.get("redirect_uri") != code.request.redirect_uri:
        return oauth_refusal("redirect_uri_mismatch", "redirect_uri must match configuration")
    if challenge_of(visit.form.get("code_verifier", "")) != code.request.challenge:
        return oauth_refusal("invalid_grant", "invalid code verifier")
    return None


def _refresh(visit: Visit) -> Reply:
    """Answer a refresh; the second use of a rotated token revokes the whole family (section 1.6)."""
    given = visit.form.get("refresh_token", "")
    family = visit.org.auth.family_of(given)
    if family is None or family.revoked:
        return oauth_refusal("invalid_grant", "expired access/refresh token")
    if given != family.current:
        visit.org.auth.revoke(family)
        return oauth_refusal("invalid_grant", "expired access/refresh token")
    idle = visit.org.switches.refresh_idle_days * 86400
    if idle and visit.now - family.used_at > idle:
        visit.org.auth.revoke(family)
        return oauth_refusal("invalid_grant", "expired access/refresh token")
    rotates = visit.org.switches.rotate
    if rotates:
        family.past.add(family.current)
        family.current = visit.org.auth.refresh_token()
    return _granted(visit, family, family.user_id, family.scope, show_refresh=rotates)


def _granted(visit: Visit, family: Family | None, user_id: str, scope: str, *, show_refresh: bool) -> Reply:
    org = visit.org
    until = visit.now + org.switches.session_seconds
    session = org.auth.open_session(org_id=org.org_id, user_id=user_id, scope=scope, until=until)
    identity = f"{visit.addresses.salesforce_login}/id/{org.org_id}/{user_id}"
    issued = str(int(visit.now * 1000))
    body = {"access_token": session.token}
    if family is not None:
        family.used_at = visit.now
        family.sessions.add(session.token)
        if show_refresh:
            body["refresh_token"] = family.current
    body |= {
        "signature": _signature(org.auth.client_secret, identity + issued),
        "scope": scope,
        "instance_url": org.switches.instance_url or visit.addresses.salesforce_instance,
        "id": identity,
        "token_type": "Bearer",
        "issued_at": issued,
    }
    return Reply(200, body, dict(NO_STORE), media=JSON)


def _signature(secret: str, text: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


def revoke(visit: Visit) -> Reply:
    """Answer `POST /services/oauth2/revoke`: 200 and nothing, or 400 in form encoding (section 1.4)."""
    given = visit.form.get("token") or visit.query.get("token", "")
    auth = visit.org.auth
    if given in auth.sessions:
        del auth.sessions[given]
        return Reply(200, raw=b"", media=FORM)
    family = auth.family_of(given)
    if family is None or family.revoked:
        return Reply(400, raw=b"error=invalid_token&error_description=invalid%20token", media=FORM)
    auth.revoke(family)
    return Reply(200, raw=b"", media=FORM)


def introspect(visit: Visit) -> Reply:
    """Answer `POST /services/oauth2/introspect`."""
    given = visit.form.get("token", "")
    session = visit.org.auth.sessions.get(given)
    if session is not None and session.until > visit.now:
        body = {"active": True, "scope": session.scope, "client_id": visit.org.auth.client_id}
        body |= {"username": visit.org.auth.username, "token_type": "access_token", "exp": int(session.until)}
        return Reply(200, body, dict(NO_STORE))
    family = visit.org.auth.family_of(given)
    active = family is not None and not family.revoked and family.current == given
    kind = {"scope": family.scope, "token_type": "refresh_token"} if active and family else {}
    return Reply(200, {"active": active, **kind}, dict(NO_STORE))
