"""OAuth: pages, codes, tokens, rotation, revocation and identity (section 1)."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import httpx
import pytest

from tests.contract.salesforce.conftest import Org

CALLBACK = "http://localhost:53682/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
TOKEN = "/services/oauth2/token"


def asked(org: Org, **changes: str) -> dict[str, str]:
    wanted = {
        "response_type": "code",
        "client_id": org.org.client_id,
        "redirect_uri": CALLBACK,
        "scope": "api refresh_token",
        "state": "s1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return {**wanted, **changes}


async def consent_page(org: Org, login: httpx.AsyncClient, **changes: str) -> str:
    """Log in and return the session of the consent page."""
    page = await login.get("/services/oauth2/authorize", params=asked(org, **changes))
    session = re.search(r'name="session" value="([^"]+)"', page.text)
    assert session
    form = {"session": session[1], "username": org.org.username, "password": org.org.password}
    page = await login.post("/login", data=form)
    assert 'value="allow"' in page.text
    return session[1]


async def decided(org: Org, login: httpx.AsyncClient, decision: str, **changes: str) -> httpx.URL:
    session = await consent_page(org, login, **changes)
    answer = await login.post("/consent", data={"session": session, "decision": decision})
    assert answer.status_code == 302
    return httpx.URL(answer.headers["location"])


def exchange(org: Org, code: str) -> dict[str, str]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": org.org.client_id,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return form


async def granted(org: Org, login: httpx.AsyncClient) -> dict[str, Any]:
    """Walk through all pages and return the token answer."""
    code = (await decided(org, login, "allow")).params["code"]
    answer = await login.post(TOKEN, data=exchange(org, code))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refreshed(org: Org, login: httpx.AsyncClient, token: str) -> httpx.Response:
    form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": org.org.client_id}
    return await login.post(TOKEN, data=form)


class TestAuthorize:
    async def test_allow_comes_back_with_code_and_state(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.2: 302 to the redirect address with code and state."""
        back = await decided(org, login, "allow")
        assert str(back).startswith(CALLBACK + "?")
        assert back.params["state"] == "s1"
        assert back.params["code"].endswith("==")

    async def test_deny_comes_back_with_access_denied(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.2: denial is error=access_denied with the state."""
        back = await decided(org, login, "deny")
        assert back.params["error"] == "access_denied"
        assert back.params["state"] == "s1"

    async def test_a_wrong_password_stays_on_the_page(self, org: Org, login: httpx.AsyncClient) -> None:
        page = await login.get("/services/oauth2/authorize", params=asked(org))
        session = re.search(r'name="session" value="([^"]+)"', page.text)
        form = {"session": session[1], "username": org.org.username, "password": "wrong"}  # type: ignore[index]
        page = await login.post("/login", data=form)
        assert page.status_code == 200
        assert "check your username and password" in page.text

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"redirect_uri": "http://localhost:53682/other"}, "redirect_uri_mismatch"),
            ({"redirect_uri": "http://localhost:1/callback"}, "redirect_uri_mismatch"),
            ({"client_id": "unknown"}, "invalid_client_id"),
        ],
    )
    async def test_some_refusals_never_come_back(
        self, org: Org, login: httpx.AsyncClient, changes: dict[str, str], error: str
    ) -> None:
        """1.2 and 1.3: matching is exact, port included; the error stays on a page of the login host."""
        answer = await login.get("/services/oauth2/authorize", params=asked(org, **changes))
        assert answer.status_code == 302
        assert answer.headers["location"].startswith("/setup/secur/RemoteAccessErrorPage.apexp?")
        page = await login.get(answer.headers["location"])
        assert error in page.text

    async def test_all_five_callbacks_are_registered(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.3: several fixed ports."""
        for port in range(53682, 53687):
            url = f"http://localhost:{port}/callback"
            answer = await login.get("/services/oauth2/authorize", params=asked(org, redirect_uri=url))
            assert answer.status_code == 200

    async def test_a_challenge_without_method_is_taken(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.2: absence of code_challenge_method means S256."""
        wanted = asked(org)
        del wanted["code_challenge_method"]
        answer = await login.get("/services/oauth2/authorize", params=wanted)
        assert answer.status_code == 200

    async def test_a_blocked_app_can_come_back_or_stay(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.2: OAUTH_APP_BLOCKED was seen at the callback, others on the page."""
        await org.set(authorize_error="OAUTH_APP_BLOCKED", authorize_error_on_page=False)
        answer = await login.get("/services/oauth2/authorize", params=asked(org))
        assert httpx.URL(answer.headers["location"]).params["error"] == "OAUTH_APP_BLOCKED"
        await org.set(authorize_error="OAUTH_EC_APP_NOT_FOUND", authorize_error_on_page=True)
        answer = await login.get("/services/oauth2/authorize", params=asked(org))
        page = await login.get(answer.headers["location"])
        assert "OAUTH_EC_APP_NOT_FOUND" in page.text


class TestToken:
    async def test_the_answer_has_the_recorded_shape(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.4: keys, a string of milliseconds, no expires_in, token = 15-character org id and `!`."""
        body = await granted(org, login)
        assert set(body) == {
            "access_token", "refresh_token", "signature", "scope", "instance_url", "id", "token_type", "issued_at",
        }  # fmt: skip
        assert body["access_token"].startswith(org.org.org_id[:15] + "!")
        assert body["issued_at"] == str(int(org.world.clock.now().timestamp() * 1000))
        assert body["token_type"] == "Bearer"

    async def test_instance_and_login_host_differ(self, org: Org, login: httpx.AsyncClient) -> None:
        """8.4, point 9."""
        body = await granted(org, login)
        assert body["instance_url"] == "https://instance.sandbox.example"
        assert body["id"].startswith("https://login.sandbox.example/id/00D")

    async def test_the_token_opens_the_rest_services(self, org: Org, login: httpx.AsyncClient) -> None:
        body = await granted(org, login)
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        answer = await org.web.get("/services/data/v66.0/limits", headers=headers)
        assert answer.status_code == 200

    async def test_the_org_can_move(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.4 and 8.4, point 6: instance_url may differ from the previous one."""
        first = await granted(org, login)
        await org.set(instance_url="https://moved.sandbox.example")
        second = (await refreshed(org, login, first["refresh_token"])).json()
        assert second["instance_url"] == "https://moved.sandbox.example"

    async def test_a_code_works_once(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.2: single use."""
        code = (await decided(org, login, "allow")).params["code"]
        await login.post(TOKEN, data=exchange(org, code))
        answer = await login.post(TOKEN, data=exchange(org, code))
        assert answer.status_code == 400
        assert answer.json() == {"error": "invalid_grant", "error_description": "expired authorization code"}

    async def test_a_code_lives_fifteen_minutes(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.2."""
        code = (await decided(org, login, "allow")).params["code"]
        org.advance(901)
        answer = await login.post(TOKEN, data=exchange(org, code))
        assert answer.json()["error_description"] == "expired authorization code"

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"code_verifier": "wrong"}, ("invalid_grant", "invalid code verifier")),
            ({"client_id": "x"}, ("invalid_client_id", "client identifier invalid")),
            ({"client_secret": "x"}, ("invalid_client", "invalid client credentials")),
            ({"redirect_uri": "http://localhost:53683/callback"}, ("redirect_uri_mismatch", None)),
            ({"grant_type": "password"}, ("unsupported_grant_type", "grant type not supported")),
            ({"code": "unknown"}, ("invalid_grant", "invalid authorization code")),
        ],
    )
    async def test_refusals(
        self, org: Org, login: httpx.AsyncClient, changes: dict[str, str], error: tuple[str, str | None]
    ) -> None:
        """1.5: the table of error bodies."""
        code = (await decided(org, login, "allow")).params["code"]
        answer = await login.post(TOKEN, data={**exchange(org, code), **changes})
        assert answer.status_code == 400
        assert answer.json()["error"] == error[0]
        assert error[1] is None or answer.json()["error_description"] == error[1]


class TestRefresh:
    async def test_without_rotation_no_new_refresh_token_comes(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.4: the same keys minus refresh_token."""
        first = await granted(org, login)
        answer = await refreshed(org, login, first["refresh_token"])
        assert "refresh_token" not in answer.json()
        assert answer.json()["access_token"] != first["access_token"]
        assert (await refreshed(org, login, first["refresh_token"])).status_code == 200

    async def test_with_rotation_the_old_token_dies(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.6, point 6: re-use of an old one revokes the current refresh token and all its access tokens."""
        await org.set(rotate=True)
        first = await granted(org, login)
        second = (await refreshed(org, login, first["refresh_token"])).json()
        assert second["refresh_token"] != first["refresh_token"]
        again = await refreshed(org, login, first["refresh_token"])
        assert again.json() == {"error": "invalid_grant", "error_description": "expired access/refresh token"}
        assert (await refreshed(org, login, second["refresh_token"])).status_code == 400
        headers = {"Authorization": f"Bearer {second['access_token']}"}
        assert (await org.web.get("/services/data/v66.0/limits", headers=headers)).status_code == 401

    async def test_a_sixth_authorisation_pushes_out_the_first(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.5: about five live refresh tokens per user and app."""
        tokens = [(await granted(org, login))["refresh_token"] for _ in range(6)]
        statuses = [(await refreshed(org, login, token)).status_code for token in tokens]
        assert statuses == [400, 200, 200, 200, 200, 200]

    async def test_idle_tokens_can_expire(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.6, point 7: thirty idle days, sliding."""
        await org.set(refresh_idle_days=30.0)
        token = (await granted(org, login))["refresh_token"]
        org.advance(29 * 86400)
        assert (await refreshed(org, login, token)).status_code == 200
        org.advance(31 * 86400)
        assert (await refreshed(org, login, token)).status_code == 400


class TestRevokeAndIdentity:
    async def test_revoking_the_refresh_token_kills_its_access_tokens(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.4: 200 and an empty body."""
        body = await granted(org, login)
        answer = await login.post("/services/oauth2/revoke", data={"token": body["refresh_token"]})
        assert (answer.status_code, answer.content) == (200, b"")
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        assert (await org.web.get("/services/data/v66.0/limits", headers=headers)).status_code == 401
        answer = await login.post("/services/oauth2/revoke", data={"token": body["refresh_token"]})
        assert answer.status_code == 400

    async def test_identity_and_userinfo_name_the_user(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.10: the keys; `?version=latest` fills the version into the addresses."""
        body = await granted(org, login)
        headers = {"Authorization": f"Bearer {body['access_token']}"}
        who = (await login.get(body["id"], params={"version": "latest"}, headers=headers)).json()
        assert who["username"] == org.org.username
        assert who["organization_id"] == org.org.org_id
        assert "{version}" not in who["urls"]["rest"]
        info = (await login.get("/services/oauth2/userinfo", headers=headers)).json()
        assert info["preferred_username"] == org.org.username
        assert info["is_app_installed"] is True

    async def test_a_bad_token_on_identity_is_403_in_plain_text(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.10: Bad_OAuth_Token rather than a JSON array."""
        path = f"/id/{org.org.org_id}/{org.org.user_id}"
        answer = await login.get(path, headers={"Authorization": "Bearer no"})
        assert (answer.status_code, answer.text) == (403, "Bad_OAuth_Token")
        assert (await login.get(path)).text == "Missing_OAuth_Token"

    async def test_the_openid_configuration_names_the_endpoints(self, login: httpx.AsyncClient) -> None:
        """1.1."""
        body = (await login.get("/.well-known/openid-configuration")).json()
        assert body["token_endpoint"] == "https://login.sandbox.example/services/oauth2/token"

    async def test_introspection_tells_live_from_dead(self, org: Org, login: httpx.AsyncClient) -> None:
        """1.1."""
        body = await granted(org, login)
        live = await login.post("/services/oauth2/introspect", data={"token": body["access_token"]})
        dead = await login.post("/services/oauth2/introspect", data={"token": "no"})
        assert (live.json()["active"], dead.json()["active"]) == (True, False)
