"""PKCE, the login address and the errors of the token endpoint."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.salesforce import OAuthClient, Tokens, login_address, record_url
from acassist.salesforce.oauth import AuthorizeQuery, Pkce
from tests.unit.salesforce.fakes import INSTANCE, LOGIN, ORG, USER, Scene, oauth_error


def test_the_challenge_is_that_of_rfc_7636_appendix_b() -> None:
    pkce = Pkce("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert pkce.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_a_new_verifier_has_a_permitted_length_and_is_not_shown() -> None:
    pkce = Pkce.new()
    assert 43 <= len(pkce.verifier) <= 128
    assert pkce.verifier not in repr(pkce)


def test_the_login_page_is_asked_for_with_everything_it_needs() -> None:
    oauth = OAuthClient(LOGIN, "key-1", Scene().wiring)
    url = oauth.authorize_url(AuthorizeQuery("http://localhost:53682/callback", "st", "ch"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith(f"{LOGIN}/services/oauth2/authorize?")
    assert asked == {
        "response_type": "code",
        "client_id": "key-1",
        "redirect_uri": "http://localhost:53682/callback",
        "scope": "api refresh_token",
        "state": "st",
        "code_challenge": "ch",
        "code_challenge_method": "S256",
    }


def test_org_and_user_come_from_the_identity_address_and_secrets_are_not_shown() -> None:
    tokens = Tokens("secret-access", INSTANCE, "secret-refresh", f"{LOGIN}/id/{ORG[:15]}/{USER}")
    assert (tokens.org_id, tokens.user_id) == (ORG, USER)
    assert "secret" not in repr(tokens)
    assert Tokens("a", INSTANCE).org_id == ""


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (oauth_error("invalid_client_id", "client identifier invalid"), ProblemCode.SF_CLIENT_ID),
        (oauth_error("invalid_grant", "expired authorization code"), ProblemCode.SF_LOGIN_FAILED),
        (oauth_error("invalid_client", "app must be installed into org"), ProblemCode.SF_LOGIN_FAILED),
        (oauth_error("redirect_uri_mismatch", "redirect_uri must match configuration"), ProblemCode.SF_LOGIN_FAILED),
        (httpx.Response(503, html="<html/>"), ProblemCode.SF_MAINTENANCE),
        (httpx.Response(404, html="<html/>"), ProblemCode.BAD_ANSWER),
        (httpx.Response(200, json={"access_token": "x"}), ProblemCode.BAD_ANSWER),
        (httpx.Response(200, html="<html>portal</html>"), ProblemCode.BAD_ANSWER),
    ],
)
async def test_a_refused_code_is_told_in_the_words_of_salesforce(answer: httpx.Response, code: ProblemCode) -> None:
    scene = Scene()
    scene.login.refuse = answer
    with pytest.raises(ProblemError) as caught:
        await OAuthClient(LOGIN, "key", scene.wiring).exchange("c", verifier="v", redirect_uri="r")
    assert caught.value.problem.code is code


async def test_a_code_is_sent_once_even_when_the_answer_is_lost() -> None:
    scene = Scene()
    scene.login.refuse = httpx.Response(500)
    with pytest.raises(ProblemError):
        await OAuthClient(LOGIN, "key", scene.wiring).exchange("c", verifier="v", redirect_uri="r")
    assert len(scene.requests) == 1


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("", "https://login.salesforce.com"),
        ("test", "https://test.salesforce.com"),
        ("acme", "https://acme.my.salesforce.com"),
        ("acme--uat", "https://acme--uat.sandbox.my.salesforce.com"),
        ("Acme.my.salesforce.com/", "https://acme.my.salesforce.com"),
        ("https://acme.lightning.force.com/lightning/page/home", "https://acme.my.salesforce.com"),
        ("https://acme.my.salesforce-setup.com/lightning/setup", "https://acme.my.salesforce.com"),
        ("http://127.0.0.1:8100", "http://127.0.0.1:8100"),
    ],
)
def test_what_a_person_types_becomes_a_login_address(typed: str, address: str) -> None:
    assert login_address(typed) == address


@pytest.mark.parametrize("typed", ["http://acme.my.salesforce.com", "https://a@evil.example", "not an address"])
def test_other_addresses_are_refused(typed: str) -> None:
    with pytest.raises(ProblemError) as caught:
        login_address(typed)
    assert caught.value.problem.code is ProblemCode.HOST_REFUSED


def test_a_record_opens_in_lightning_where_there_is_a_my_domain() -> None:
    lead = "00Q000000000001AAA"
    assert record_url(INSTANCE, lead, SObject.LEAD) == f"https://acme.lightning.force.com/lightning/r/Lead/{lead}/view"
    assert record_url("http://127.0.0.1:81", lead, SObject.LEAD) == f"http://127.0.0.1:81/{lead}"
