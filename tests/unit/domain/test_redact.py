"""No secret reaches a log, however it is spelt."""

from urllib.parse import quote, quote_plus

import pytest

from acassist.domain.redact import MASK, redact

CANARY = "s3cr/t+k=y %ü!canary"
TOKEN = "00D5g00000ABCDE!AQcAQH0dMHZfz972Szmpkb58urFRkgeBGsxL"


@pytest.mark.parametrize("form", [CANARY, quote(CANARY), quote(CANARY, safe=""), quote_plus(CANARY),
                                  quote(CANARY, safe="").lower()])  # fmt: skip
def test_a_known_secret_is_hidden_raw_and_url_encoded(form: str) -> None:
    text = redact(f"GET /x?key={form}&page=2 failed ({form})", [CANARY])
    assert "canary" not in text
    assert text.startswith("GET /x?key=")
    assert text.endswith(f"&page=2 failed ({MASK})")


def test_a_secret_that_begins_with_another_is_hidden_whole() -> None:
    assert redact("abcdefgh", ["abcd", "abcdefgh"]) == MASK


def test_a_very_short_secret_does_not_blank_the_text() -> None:
    assert redact("a cat sat", ["a"]) == "a cat sat"


@pytest.mark.parametrize(
    "text",
    [
        f"token was {TOKEN}",
        f"sid={quote(TOKEN, safe='')}",
        f"Authorization: Bearer {TOKEN}",
        f"{{'Authorization': 'Bearer {TOKEN}'}}",
        "refresh 5Aep861TSESvWeug_xvFHRBTTbf_YrTWgEyjBJrrqgGnVsa",
        'access_token=AQcAQH0dM&x=1',
        '{"refresh_token": "AQcAQH0dM"}',
        "Api-Token: AQcAQH0dM",
        "API_TOKEN=AQcAQH0dM",
        "client_secret=AQcAQH0dM",
        "api_key: AQcAQH0dM",
        "Authorization: Basic AQcAQH0dM",
        "/callback?code=AQcAQH0dM&state=1",
        "/callback?code%3DAQcAQH0dM",
        "password='AQcAQH0dM'",
        "csrf-token=AQcAQH0dM",
    ],
)  # fmt: skip
def test_token_like_texts_are_hidden_even_when_unknown(text: str) -> None:
    hidden = redact(text)
    assert MASK in hidden
    assert not any(part in hidden for part in ("AQcAQH0dM", "xvFHRBTT"))


def test_addresses_are_hidden_unless_they_are_wanted() -> None:
    assert redact("no contact ann.o'neil+x@mail.example.org here") == "no contact [e-mail] here"
    assert redact("a@b.example", emails=False) == "a@b.example"


@pytest.mark.parametrize(
    "text", ["status_code=404", '{"errorCode": "INVALID_FIELD"}', "12 rows in 3.4 s", "postcode: 10115"]
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert redact(text) == text
