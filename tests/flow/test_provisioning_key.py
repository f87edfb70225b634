"""A consumer key is tested without a login, and what Apply would write is shown before it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.assistant.views import Level
from acassist.salesforce.provisioning.definitions import FIELDS
from tests.flow.provisioning_world import Place
from tests.sandbox import LOGIN

TOKEN = "/services/oauth2/token"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = await Place.open(tmp_path)
    yield made
    await made.close()


async def ask(place: Place, key: str | None = None):
    return await place.work.test_key(LOGIN, place.org.auth.client_id if key is None else key)


async def test_a_good_key_is_known_and_nobody_is_logged_in(place: Place) -> None:
    families = len(place.org.auth.families)
    found = await ask(place)
    assert found.level is Level.OK
    assert len(place.org.auth.families) == families


async def test_a_wrong_key_is_told_with_what_to_do(place: Place) -> None:
    found = await ask(place, "3MVG9nobody")
    assert found.level is Level.BAD
    assert found.state.english() == "Salesforce does not know this consumer key here."


async def test_missing_callback_addresses_are_found(place: Place) -> None:
    place.org.auth.callbacks = ["http://localhost:1717/OauthRedirect"]
    found = await ask(place)
    assert (found.level, "callback addresses" in found.state.english()) == (Level.BAD, True)


@pytest.mark.parametrize(
    ("error", "description", "words"),
    [
        ("invalid_client", "invalid client credentials", "asks for a secret"),
        ("invalid_client", "app must be installed into org", "not installed"),
        ("OAUTH_APP_BLOCKED", "this app is blocked by admin", "blocked"),
        ("OAUTH_APP_ACCESS_DENIED", "denied", "policies"),
        ("OAUTH_EC_APP_NOT_FOUND", "not found", "does not exist"),
        ("OAUTH_APPROVAL_ERROR_GENERIC", "an unexpected error", "policies"),
        ("invalid_grant", "ip restricted", "address of this computer"),
        ("x", "Cross-org OAuth flows are not supported for this external client app", "another org"),
        ("inactive_org", "organization inactive", "not active"),
        ("invalid_scope", "the requested scope is not allowed", "lacks a scope"),
    ],
)
async def test_every_known_refusal_is_recognised(place: Place, error: str, description: str, words: str) -> None:
    body = {"error": error, "error_description": description}
    place.fault("POST", TOKEN, {"kind": "status", "status": 400, "body": body})
    found = await ask(place)
    assert found.level is Level.BAD
    assert words in found.state.english()
    assert found.remedy is not None


async def test_a_busy_salesforce_is_no_verdict_on_the_key(place: Place) -> None:
    place.fault("POST", TOKEN, {"kind": "status", "status": 400, "body": {"error": "rate_limit_exceeded"}})
    assert (await ask(place)).level is Level.WARN


async def test_a_refusal_at_the_login_page_is_found_too(place: Place) -> None:
    place.org.switches.authorize_error = "OAUTH_APP_BLOCKED"
    place.org.switches.authorize_error_on_page = True
    assert "blocked" in (await ask(place)).state.english()


async def test_the_preview_names_every_addition_and_holds_the_files_that_are_sent(place: Place) -> None:
    mark = place.mark()
    shown = await place.work.preview(link=True)
    words = " ".join(line.english() for line in shown.lines)
    assert all(spec.full_name in words for spec in FIELDS)
    files = dict(shown.files)
    assert "<label>ActiveCampaign ID</label>" in files["objects/Lead.object"]
    assert "Open_in_Setup_Assistant" in files["package.xml"]
    assert place.writes(mark) == []


async def test_there_is_nothing_to_preview_after_apply(place: Place) -> None:
    await place.prepared()
    shown = await place.work.preview()
    assert (shown.lines, shown.files) == ((), ())
