import pytest

from acassist.activecampaign.address import account_name, resolve
from acassist.domain.problem import ProblemCode, ProblemError


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("acme", "https://acme.api-us1.com"),
        ("  Acme-2 ", "https://acme-2.api-us1.com"),
        ("acme.activehosted.com", "https://acme.api-us1.com"),
        ("https://acme.activehosted.com", "https://acme.api-us1.com"),
        ("https://acme.activehosted.com/login/?redir=1#x", "https://acme.api-us1.com"),
        ("https://acme.api-us1.com", "https://acme.api-us1.com"),
        ("https://acme.api-us1.com/api/3/", "https://acme.api-us1.com"),
        ("https://acme.api-eu2.com/", "https://acme.api-eu2.com"),
        ("acme.api-us1.com", "https://acme.api-us1.com"),
        ("https://crm.example:8443/x", "https://crm.example:8443"),
        ("http://127.0.0.1:4005", "http://127.0.0.1:4005"),
        ("http://localhost:4005/api/3", "http://localhost:4005"),
        ("http://[::1]:4005", "http://[::1]:4005"),
    ],
)
def test_a_name_a_login_address_and_an_api_address_become_the_api_base(typed, expected):
    assert resolve(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://acme.api-us1.com",
        "ftp://acme.api-us1.com",
        "https://",
        "https://user:secret@acme.api-us1.com",
        "acme_corp!",
        "-acme",
        "https://acme..com",
        "http://127.0.0.1.evil.example",
        "https://acme.api-us1.com:99999",
        "https://.activehosted.com",
        "javascript:alert(1)",
    ],
)
def test_anything_else_is_refused_as_a_wrong_account(typed):
    with pytest.raises(ProblemError) as caught:
        resolve(typed)
    assert caught.value.problem.code is ProblemCode.AC_ACCOUNT_WRONG
    assert "secret" not in caught.value.problem.sentence.english()


def test_the_account_name_comes_from_the_account_itself_or_from_its_host():
    assert account_name("https://acme.api-us1.com") == "acme"
    assert account_name("https://acme.api-us1.com", "other.activehosted.com") == "other"
    assert account_name("http://127.0.0.1:9", "acct") == "acct"
    assert account_name("http://127.0.0.1:9") is None
