import pytest

from acassist.activecampaign.errors import Asked, parse, problem_of
from acassist.domain.problem import ProblemCode

ASKED = Asked("contacts/7", "acme.api-us1.com")


def judge(status, body, asked=ASKED, headers=None):
    return problem_of(parse(status, body), asked, headers or {})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"errors":[{"title":"Bad thing","detail":"very","code":"x"}]}', "Bad thing: very"),
        (
            b'{"errors":["Field name is required","Field type is required"]}',
            "Field name is required; Field type is required",
        ),
        (b'{"errors":"Bulk operation failed. Sorry."}', "Bulk operation failed. Sorry"),
        (b'{"message":"No way."}', "No way"),
        (b'{"error":"Broken"}', "Broken"),
        (b"<html><b>nope</b></html>", "HTTP 400"),
        (b"", "HTTP 400"),
        (b"[]", "HTTP 400"),
        (b'{"errors":[]}', "HTTP 400"),
        (b'{"errors":null,"message":"m"}', "m"),
        (b'{"success":0,"message":"No","failureReasons":[{"contact":3,"failureReason":"bad"}]}', "No; bad"),
        ('{"message":"café"}'.encode("latin-1"), "café"),
    ],
)
def test_every_known_form_of_refusal_is_read(body, reason):
    assert parse(400, body).reason == reason


def test_the_rows_that_an_import_refuses_are_told_by_index():
    body = b'{"success":0,"message":"No","failureReasons":[{"contact":230,"failureReason":"bad"},{"contact":2}]}'
    assert judge(400, body).values["rows"] == (230, 2)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (404, b'{"message":"No Result found for Subscriber with id 7"}', ProblemCode.AC_GONE),
        (404, b'{"errors":[{"status":404,"title":"Not Found","detail":"Contact not found"}]}', ProblemCode.AC_GONE),
        (404, b'{"message":"Not Found"}', ProblemCode.AC_GONE),
        (404, b"<html>", ProblemCode.BAD_ANSWER),
        (422, b'{"errors":[{"title":"Email address already exists in the system","code":"duplicate",'
              b'"source":{"pointer":"/data/attributes/email"}}]}', ProblemCode.AC_EMAIL_TAKEN),
        (422, b'{"errors":[{"title":"There is already a field with this title","code":"duplicate"}]}',
         ProblemCode.AC_REJECTED),
        (422, b'{"errors":[{"title":"Bad","code":422}]}', ProblemCode.AC_REJECTED),
        (429, b"", ProblemCode.AC_BUSY),
        (500, b"<html>", ProblemCode.AC_DOWN),
        (503, b"", ProblemCode.AC_DOWN),
        (401, b"", ProblemCode.AC_KEY_REFUSED),
        (403, b"", ProblemCode.AC_KEY_REFUSED),
        (403, b'{"errors":[{"title":"Forbidden","detail":"You do not have permission to view lists."}]}',
         ProblemCode.AC_NO_RIGHTS),
        (403, b'{"message":"Please upgrade your plan"}', ProblemCode.AC_PLAN),
    ],
)  # fmt: skip
def test_each_status_has_its_problem(status, body, code):
    assert judge(status, body).code is code


def test_a_403_for_accounts_with_a_working_key_is_the_plan_and_for_lists_a_right():
    accounts = judge(403, b'{"message":"Forbidden"}', Asked("accounts", "h", key_works=True))
    lists = judge(403, b'{"message":"Forbidden"}', Asked("lists", "h", key_works=True))
    assert (accounts.code, lists.code) == (ProblemCode.AC_PLAN, ProblemCode.AC_NO_RIGHTS)
    assert "lists" in lists.sentence.english()


def test_the_limit_of_imports_per_minute_is_busy_with_a_time_to_wait():
    body = b'{"success":0,"message":"Rate limit exceeded.","failureReasons":["Up to 100 imports"]}'
    problem = judge(400, body, Asked("import/bulk_import", "h"))
    assert (problem.code, problem.retry_after) == (ProblemCode.AC_BUSY, 60.0)


def test_retry_after_is_kept():
    assert judge(429, b"", headers={"Retry-After": "30"}).retry_after == 30.0


def test_a_server_fault_after_a_write_is_ambiguous_and_a_limit_is_not():
    once = Asked("contactAutomations", "h", ambiguous=True)
    assert judge(502, b"", once).ambiguous
    assert not judge(429, b"", once).ambiguous
    assert not judge(502, b"").ambiguous


def test_technical_detail_hides_addresses():
    assert "ada@" not in judge(422, b'{"message":"ada@lovelace.example is bad"}').detail
