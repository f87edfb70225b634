"""Every error body of the reference becomes a problem in plain words."""

from typing import Any

import pytest

from acassist.domain.problem import ProblemCode
from acassist.domain.record import RowError
from acassist.domain.text import Message
from acassist.http import Response
from acassist.salesforce.errors import parse_errors, problem_of, row_error, row_problem, session_expired, without_api

JSON = {"content-type": "application/json;charset=UTF-8"}


def answer(status: int, body: str, *, write: bool = False, html: bool = False) -> Response:
    return Response(status, {"content-type": "text/html"} if html else JSON, body.encode(), "acme", write=write)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (401, '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]', "sf_reconnect"),
        (403, '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]', "sf_quota"),
        (403, '[{"message":"ConcurrentRequests Limit","errorCode":"REQUEST_LIMIT_EXCEEDED"}]', "sf_busy"),
        (403, '[{"message":"no","errorCode":"API_DISABLED_FOR_ORG"}]', "sf_no_api"),
        (403, '[{"message":"no","errorCode":"API_CURRENTLY_DISABLED"}]', "sf_maintenance"),
        (403, '[{"message":"no","errorCode":"INSUFFICIENT_ACCESS"}]', "sf_permission"),
        (400, '[{"message":"No such column \'X__c\' on","errorCode":"INVALID_FIELD"}]', "sf_field_hidden"),
        (400, '[{"message":"unexpected token","errorCode":"MALFORMED_QUERY"}]', "internal"),
        (404, '[{"message":"gone","errorCode":"NOT_FOUND"}]', "sf_gone"),
        (403, "Bad_OAuth_Token", "sf_reconnect"),
        (500, '[{"message":"ErrorId 1","errorCode":"UNKNOWN_EXCEPTION"}]', "sf_maintenance"),
        (502, "", "sf_maintenance"),
        (429, "", "sf_busy"),
        (410, '{"odd":1}', "bad_answer"),
        (400, '{"error":"odd_new_error","error_description":"hm"}', "sf_rejected"),
    ],
)
def test_a_failed_answer_becomes_a_problem(status: int, body: str, code: str) -> None:
    assert problem_of(answer(status, body)).code == code


def test_a_maintenance_page_is_maintenance_and_a_page_with_another_status_a_bad_answer() -> None:
    assert problem_of(answer(503, "<html>down</html>", html=True)).code is ProblemCode.SF_MAINTENANCE
    assert problem_of(answer(400, "<html>portal</html>", html=True)).code is ProblemCode.BAD_ANSWER
    assert parse_errors(answer(503, "<html/>", html=True)) == []


def test_a_write_that_ended_in_a_server_fault_may_have_been_carried_out() -> None:
    body = '[{"message":"ErrorId 1","errorCode":"UNKNOWN_EXCEPTION"}]'
    assert problem_of(answer(500, body, write=True)).ambiguous
    assert not problem_of(answer(500, body)).ambiguous
    assert not problem_of(answer(400, '[{"errorCode":"JSON_PARSER_ERROR"}]', write=True)).ambiguous


@pytest.mark.parametrize(
    ("code", "message", "fields", "expected", "values"),
    [
        ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Company]", (), "sf_required", {"fields": "Company"}),
        ("STRING_TOO_LONG", "Last Name: data value too large: x", (), "sf_too_long", {"fields": "Last Name"}),
        ("STRING_TOO_LONG", "x", ("City", "State"), "sf_too_long", {"fields": "City, State"}),
        ("INVALID_EMAIL_ADDRESS", "Email: invalid email address: x", (), "sf_bad_email", {}),
        ("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "x", ("A",), "sf_picklist", {"fields": "A"}),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Needs a region.", (), "sf_validation", {"reason": "Needs a region"}),
        ("DUPLICATES_DETECTED", "Use one of these records?", (), "sf_duplicate", {}),
        ("UNABLE_TO_LOCK_ROW", "unable to obtain", (), "sf_locked", {}),
        ("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", (), "sf_converted", {}),
        ("INSUFFICIENT_ACCESS_OR_READONLY", "no access", (), "sf_permission", {"what": Message("what the sync needs")}),
        (
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            "Unable to create/update fields: A__c. Please check the security settings",
            (),
            "sf_permission",
            {"what": "A__c"},
        ),
        ("CANNOT_EXECUTE_FLOW_TRIGGER", "flow failed", (), "sf_automation", {"reason": "flow failed"}),
        ("APEX_ERROR", "boom", (), "sf_automation", {"reason": "boom"}),
        ("ENTITY_IS_DELETED", "entity is deleted", (), "sf_gone", {}),
        ("SOMETHING_NEW", "a new rule.", (), "sf_rejected", {"reason": "a new rule"}),
    ],
)
def test_a_refused_row_becomes_a_problem(
    code: str, message: str, fields: tuple[str, ...], expected: str, values: dict[str, str]
) -> None:
    problem = row_problem(RowError(code, message, fields))
    assert (problem.code, dict(problem.values)) == (expected, values)
    assert problem.sentence.english()


def test_a_row_error_is_read_with_either_key_and_names_the_duplicates() -> None:
    match: dict[str, Any] = {"matchRecords": [{"record": {"Id": "003000000000001AAA"}}]}
    detected = {"errorCode": "DUPLICATES_DETECTED", "message": "m", "duplicateResult": {"matchResults": [match]}}
    assert row_error(detected).duplicate_ids == ("003000000000001AAA",)
    value = {"statusCode": "DUPLICATE_VALUE", "message": "duplicates value on record with id: 00Q000000000002"}
    assert row_error(value) == RowError("DUPLICATE_VALUE", value["message"], (), ("00Q000000000002",))
    assert row_error("odd") == RowError("UNKNOWN", "odd")


def test_only_an_expired_session_is_worth_a_new_token() -> None:
    expired = '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]'
    useless = '[{"message":"This session is not valid for use with the REST API","errorCode":"INVALID_SESSION_ID"}]'
    assert session_expired(answer(401, expired))
    assert not session_expired(answer(401, useless))
    assert without_api(answer(401, useless))
    assert not session_expired(answer(403, '[{"errorCode":"INSUFFICIENT_ACCESS"}]'))


def test_mail_addresses_stay_out_of_the_technical_detail() -> None:
    assert "ann@mail.example" not in row_problem(RowError("X", "bad: ann@mail.example")).detail
