from datetime import UTC, datetime

import pytest

from acassist.domain.problem import ProblemCode
from acassist.domain.record import ContactWrite
from tests.unit.activecampaign.scripted import ok, problem_of

UDATE = "2026-03-01T06:00:00-06:00"


def row(number, **more):
    base = {"id": str(number), "email": f"p{number}@x.example", "firstName": "P", "lastName": str(number), "phone": ""}
    return {**base, "cdate": UDATE, "udate": UDATE, "bounced_hard": "0", "deleted": "0", **more}


def value(contact, field, text, udate=UDATE):
    return {"id": f"{contact}{field}", "contact": str(contact), "field": str(field), "value": text, "udate": udate}


async def crawl(client, **more):
    return [contact async for page in client.contacts(**more) for contact in page]


async def test_contacts_come_by_id_with_values_and_stamps(service):
    first = {"contacts": [row(i) for i in range(1, 101)], "fieldValues": [value(1, 5, "x")], "meta": {"total": "101"}}
    second = {"contacts": [row(101, bounced_hard="2")], "fieldValues": [], "meta": {"total": "1"}}
    service.on("GET", "contacts", ok(first), ok(second))
    found = await crawl(service.client(), updated_after=datetime(2026, 1, 1, tzinfo=UTC), tag_id="9")
    assert [c.id for c in found] == [str(i) for i in range(1, 102)]
    assert found[0].values["field:5"] == "x"
    assert found[0].stamps["field:5"] == found[0].updated == datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert found[-1].hard_bounces == 2
    assert service.query(0)["filters[updated_after]"] == ["2026-01-01T00:00:00+00:00"]
    assert (service.query(0)["tagid"], service.query(1)["id_greater"]) == (["9"], ["100"])
    assert service.query(0)["orders[id]"] == ["ASC"]


async def test_a_clamped_page_does_not_end_the_crawl(service):
    def page(request):
        after = int(request.url.params["id_greater"])
        rows = [row(i) for i in range(after + 1, min(after + 21, 51))]
        return ok({"contacts": rows, "fieldValues": [], "meta": {"total": str(50 - after)}})

    service.on("GET", "contacts", page)
    assert len(await crawl(service.client())) == 50


async def test_a_service_that_ignores_id_greater_does_not_loop(service):
    rows = [row(i) for i in range(1, 101)]
    service.on("GET", "contacts", ok({"contacts": rows, "fieldValues": [], "meta": {"total": "300"}}))
    assert len(await crawl(service.client())) == 100


async def test_without_values_in_a_short_list_they_are_read_per_contact(service):
    service.on("GET", "contacts", ok({"contacts": [row(1), row(2)], "meta": {"total": "2"}}))
    service.on("GET", "contacts/1/fieldValues", ok({"fieldValues": [value(1, 5, "a")]}))
    service.on("GET", "contacts/2/fieldValues", ok({"fieldValues": []}))
    client = service.client()
    found = await crawl(client)
    assert [c.values.get("field:5") for c in found] == ["a", None]
    assert client.lists_hold_values is False


async def test_without_values_in_a_long_list_the_mapped_fields_are_read_once(service):
    pages = [ok({"contacts": [row(i) for i in range(a, a + 100)], "meta": {"total": "200"}}) for a in (1, 101)]
    service.on("GET", "contacts", *pages, ok({"contacts": []}))
    service.on(
        "GET", "fieldValues", ok({"fieldValues": [value(1, 5, "a"), value(150, 5, "b")], "meta": {"total": "2"}})
    )
    client = service.client()
    client.read_fields(["5"])
    found = {c.id: c.values.get("field:5") for c in await crawl(client)}
    assert (found["1"], found["150"], found["2"]) == ("a", "b", None)
    assert [r.url.params["filters[fieldid]"] for r in service.asked("GET", "fieldValues")] == ["5"]


async def test_contacts_by_ids_asks_for_exactly_these(service):
    service.on("GET", "contacts", ok({"contacts": [row(3), row(9)], "fieldValues": []}))
    found = await service.client().contacts_by_ids(["3", "4"])
    assert [c.id for c in found] == ["3"]
    assert service.query()["ids[]"] == ["3", "4"]


async def test_more_than_a_page_of_ids_is_a_mistake_of_the_caller(service):
    with pytest.raises(ValueError, match="100"):
        await service.client().contacts_by_ids([str(i) for i in range(101)])


async def test_an_address_is_found_whatever_its_case_and_never_by_similarity(service):
    rows = [row(1, email="xada@x.example"), row(2, email="Ada@X.example")]
    service.on("GET", "contacts", ok({"contacts": rows, "fieldValues": []}))
    assert (await service.client().contact_by_email(" ada@x.example ")).id == "2"
    assert await service.client().contact_by_email("bob@x.example") is None
    assert await service.client().contact_by_email("  ") is None


async def test_sync_sends_only_the_given_values(service):
    service.on("POST", "contact/sync", ok({"contact": row(7), "fieldValues": [value(7, 6, "||a||")]}, 201))
    write = ContactWrite("ada@x.example", {"firstName": "Ada", "field:6": "||a||", "account": "Acme"})
    found = await service.client().sync_contact(write)
    assert service.body() == {
        "contact": {"email": "ada@x.example", "firstName": "Ada", "fieldValues": [{"field": "6", "value": "||a||"}]}
    }
    assert (found.id, found.values["field:6"]) == ("7", "||a||")


async def test_field_value_ids_in_an_answer_are_not_taken_for_values(service):
    service.on("POST", "contact/sync", ok({"contact": {"id": 7, "email": "a@x.example"}, "fieldValues": ["12"]}))
    found = await service.client().sync_contact(ContactWrite("a@x.example"))
    assert (found.id, found.values) == ("7", {"email": "a@x.example"})


async def test_an_update_goes_by_id_and_leaves_the_address_alone(service):
    service.on("PUT", "contacts/7", ok({"contact": row(7)}))
    await service.client().update_contact("7", ContactWrite(None, {"phone": ""}))
    assert service.body() == {"contact": {"phone": ""}}


async def test_a_deleted_contact_is_gone(service):
    service.on("PUT", "contacts/7", ok({"message": "No Result found for Subscriber with id 7"}, 404))
    problem = await problem_of(service.client().update_contact("7", ContactWrite(None, {"phone": "1"})))
    assert problem.code is ProblemCode.AC_GONE


async def test_a_lost_answer_of_an_update_is_asked_again(service):
    service.on("PUT", "contacts/7", ok({}, 503), ok({"contact": row(7)}))
    assert (await service.client().update_contact("7", ContactWrite(None, {"phone": "1"}))).id == "7"


async def test_an_account_whose_lists_bring_values_may_leave_them_out_where_there_are_none(service):
    first = ok({"contacts": [row(1)], "fieldValues": [value(1, 5, "a")]})
    service.on("GET", "contacts", first, ok({"contacts": [row(2)]}))
    client = service.client()
    await crawl(client)
    assert [c.id for c in await client.contacts_by_ids(["2"])] == ["2"]
    assert len(service.requests) == 2
