import pytest

from acassist.activecampaign.account_values import from_wire, to_wire
from acassist.domain.problem import ProblemCode, ProblemError
from tests.unit.activecampaign.scripted import ok, problem_of

TAKEN = {"errors": [{"title": 'An account named "Acme" already exists.', "code": "duplicate"}]}
LINKED = {"errors": [{"title": "This contact is already associated with an account. Sorry.", "code": "field_invalid"}]}


async def test_a_name_that_is_taken_gives_the_existing_account(service):
    service.on("POST", "accounts", ok(TAKEN, 422))
    service.on("GET", "accounts", ok({"accounts": [{"id": "3", "name": "Acme Ltd"}, {"id": "4", "name": "ACME"}]}))
    assert await service.client().create_account(" Acme ") == "4"


async def test_linking_again_to_the_same_account_is_fine(service):
    service.on("POST", "accountContacts", ok(LINKED, 422))
    service.on("GET", "accountContacts", ok({"accountContacts": [{"id": "1", "contact": "7", "account": 4}]}))
    await service.client().link_account("7", "4")


async def test_nobody_is_moved_to_another_account(service):
    service.on("POST", "accountContacts", ok(LINKED, 422))
    service.on("GET", "accountContacts", ok({"accountContacts": [{"id": "1", "contact": "7", "account": "5"}]}))
    assert (await problem_of(service.client().link_account("7", "4"))).code is ProblemCode.ACCOUNT_MOVE


async def test_the_account_of_a_contact_is_told_with_its_name(service):
    service.on("GET", "accountContacts", ok({"accountContacts": [{"id": "1", "contact": "7", "account": "5"}]}))
    service.on("GET", "accounts/5", ok({"account": {"id": "5", "name": "Acme"}}))
    assert await service.client().account_of(["7", "8"]) == {"7": ("5", "Acme")}


async def test_custom_values_are_read_and_written_as_text(service):
    meta = [
        {"id": "1", "fieldType": "currency", "fieldDefaultCurrency": "eur"},
        {"id": "2", "fieldType": "multiselect", "fieldOptions": ["a", "b"]},
        {"id": "3", "fieldType": "text"},
    ]
    data = [
        {"id": "10", "accountId": "5", "customFieldId": "1", "fieldValue": 123450},
        {"id": "11", "accountId": "5", "customFieldId": "2", "fieldValue": ["a", "b"]},
        {"id": "12", "accountId": "6", "customFieldId": "3", "fieldValue": "other"},
    ]
    service.on("GET", "accountCustomFieldMeta", ok({"accountCustomFieldMeta": meta}))
    service.on("GET", "accountCustomFieldData", ok({"accountCustomFieldData": data}))
    service.on("PUT", "accounts/5", ok({"account": {"id": "5"}}))
    client = service.client()
    values = await client.accounts_custom_values(["5"])
    assert values == {"5": {"accountField:1": "1234.50", "accountField:2": "||a||b||"}}
    await client.update_account("5", None, {"accountField:1": "99.95", "accountField:2": "||b||"})
    assert service.body()["account"]["fields"] == [
        {"customFieldId": 1, "fieldValue": 9995, "fieldCurrency": "EUR"},
        {"customFieldId": 2, "fieldValue": ["b"]},
    ]


@pytest.mark.parametrize("value", ["abc", "1.005", "NaN", "Infinity"])
def test_a_currency_that_is_no_amount_in_cents_is_not_written(value):
    with pytest.raises(ProblemError) as caught:
        to_wire("1", value, {"fieldType": "currency", "fieldLabel": "Revenue"})
    assert caught.value.problem.code is ProblemCode.VALUE_NOT_NUMBER
    assert "Revenue" in caught.value.problem.sentence.english()


def test_an_empty_value_clears_and_an_empty_list_is_blank():
    assert to_wire("1", "", {"fieldType": "currency"}) == {"customFieldId": 1, "fieldValue": ""}
    assert to_wire("2", "", {"fieldType": "multiselect"})["fieldValue"] == []
    assert from_wire([], {}) == ""


async def test_a_plan_without_accounts_is_told(service):
    service.on("GET", "accountCustomFieldMeta", ok({"message": "Forbidden"}, 403))
    service.on("GET", "users/me", ok({"user": {"id": "1"}}))
    assert (await problem_of(service.client().account_fields())).code is ProblemCode.AC_PLAN
