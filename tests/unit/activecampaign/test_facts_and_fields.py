import httpx
import pytest

from acassist.domain.problem import ProblemCode
from tests.unit.activecampaign.scripted import URL, ok, problem_of

USER = {
    "user": {"id": 1, "firstName": "Alma", "lastName": "R", "email": "alma@x.example", "localZoneid": "Europe/Berlin"}
}


async def test_an_administrator_sees_the_account_and_its_limits(service):
    service.on("GET", "users/me", ok(USER)).on("GET", "accounts", ok({"accounts": []}))
    settings = {"account": "acme2.activehosted.com", "subscriber_limit": 500, "subscriber_total": "42"}
    service.on("GET", "settings/account", ok(settings))
    client = service.client()
    facts = await client.account_facts()
    assert (facts.api_url, facts.user_id, facts.user_name, facts.user_email) == (URL, "1", "Alma R", "alma@x.example")
    assert (facts.account, facts.subscriber_limit, facts.subscriber_total) == ("acme2", 500, 42)
    assert (facts.time_zone, facts.accounts_available, client.account) == ("Europe/Berlin", True, "acme2")


async def test_what_only_administrators_may_see_is_optional(service):
    service.on("GET", "users/me", ok(USER))
    for path in ("settings/account", "accounts"):
        service.on("GET", path, ok({"message": "Forbidden"}, 403))
    facts = await service.client().account_facts()
    assert (facts.account, facts.subscriber_limit, facts.accounts_available) == ("acme", None, False)


async def test_an_account_without_a_limit_has_none(service):
    service.on("GET", "users/me", ok(USER)).on("GET", "settings/account", ok({"subscriber_limit": 0}))
    assert (await service.client().account_facts()).subscriber_limit is None


async def test_a_passing_fault_leaves_the_plan_unknown(service):
    service.on("GET", "users/me", ok(USER)).on("GET", "accounts", ok({}, 503))
    assert (await service.client().account_facts()).accounts_available is None


def lost(message):
    def answer(request):
        raise httpx.ConnectError(message, request=request)

    return answer


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (httpx.Response(404), ProblemCode.AC_ACCOUNT_WRONG),
        (httpx.Response(200, html="<html>parked</html>"), ProblemCode.AC_ACCOUNT_WRONG),
        (ok({"hello": 1}), ProblemCode.AC_ACCOUNT_WRONG),
        (lost("[Errno -2] Name or service not known"), ProblemCode.AC_ACCOUNT_WRONG),
        (lost("[Errno 11001] getaddrinfo failed"), ProblemCode.AC_ACCOUNT_WRONG),
        (lost("[Errno -3] Temporary failure in name resolution"), ProblemCode.NO_NETWORK),
        (lost("[Errno 111] Connection refused"), ProblemCode.NO_NETWORK),
        (httpx.Response(403), ProblemCode.AC_KEY_REFUSED),
        (httpx.Response(403, html="<html>no</html>"), ProblemCode.AC_KEY_REFUSED),
        (httpx.Response(401), ProblemCode.AC_KEY_REFUSED),
        (httpx.Response(500), ProblemCode.AC_DOWN),
    ],
)
async def test_a_wrong_account_a_refused_key_and_a_bad_line_are_told_apart(service, answer, code):
    service.on("GET", "users/me", answer)
    problem = await problem_of(service.client().account_facts())
    assert problem.code is code
    assert problem.sentence.english()


async def test_a_spurious_403_does_not_refuse_the_key(service):
    service.on("GET", "users/me", httpx.Response(403), ok(USER))
    assert (await service.client().account_facts()).user_id == "1"


async def test_fields_of_all_pages_come_with_their_option_values_in_order(service):
    def page(request):
        if request.url.params["offset"] != "0":
            rows = [{"id": "101", "title": "Last", "type": "text"}]
            return ok({"fields": rows, "fieldOptions": [], "meta": {"total": "101"}})
        rows = [
            {"id": str(i), "title": f"F{i}", "type": "Listbox", "isrequired": "1", "perstag": f"F{i}"}
            for i in range(1, 101)
        ]
        options = [
            {"field": "1", "value": "b", "label": "B", "orderid": "2"},
            {"field": "1", "value": "a", "label": "A", "orderid": "1"},
        ]
        return ok({"fields": rows, "fieldOptions": options, "meta": {"total": "101"}})

    service.on("GET", "fields", page)
    found = await service.client().custom_fields()
    assert len(found) == 101
    assert (found[0].key, found[0].type, found[0].options, found[0].required) == (
        "field:1",
        "listbox",
        ("a", "b"),
        True,
    )


async def test_account_fields_have_keys_of_their_own(service):
    rows = [{"id": "3", "fieldLabel": "Industry", "fieldType": "dropdown", "fieldOptions": ["IT", "Retail"]}]
    service.on("GET", "accountCustomFieldMeta", ok({"accountCustomFieldMeta": rows}))
    (field,) = await service.client().account_fields()
    assert (field.key, field.title, field.options) == ("accountField:3", "Industry", ("IT", "Retail"))
