"""The client against the sandbox: describe, queries, criteria, writes, faults."""

from typing import Any

import pytest

from acassist.domain.fields import ObjectDescription, SyncFields, find_sync_fields
from acassist.domain.ids import SObject
from acassist.domain.problem import ProblemCode, ProblemError
from acassist.domain.selection import Criteria, Criterion, Join, Operator, Selection, SelectionKind
from acassist.salesforce import SalesforceClient, row_problem, selection_where
from acassist.salesforce.soql import count, in_list, quote, select
from acassist.sandbox.settings import Settings
from tests.flow.connection import Connection


@pytest.fixture
async def connection() -> Connection:
    made = Connection()
    await made.log_in()
    return made


@pytest.fixture
def client(connection: Connection) -> SalesforceClient:
    return connection.client()


async def code_of(awaitable: Any) -> ProblemCode:
    with pytest.raises(ProblemError) as caught:
        await awaitable
    return caught.value.problem.code


async def test_org_facts_name_the_org_and_the_user(connection: Connection, client: SalesforceClient) -> None:
    facts = await client.org_facts()
    org = connection.world.salesforce
    assert (facts.org_id, facts.user_id) == (org.org_id, org.user_id)
    assert facts.username == org.auth.username
    assert facts.name
    assert facts.calls_max == 100_000
    assert facts.calls_left is not None


async def test_facts_and_jobs_do_without_setup_rights(connection: Connection, client: SalesforceClient) -> None:
    connection.world.salesforce.switches.limits_allowed = False
    facts = await client.org_facts()
    assert facts.calls_max == 100_000
    assert isinstance(await client.scheduled_jobs(), list)


async def test_describe_finds_the_sync_fields_and_knows_types(client: SalesforceClient) -> None:
    lead = await client.describe(SObject.LEAD)
    assert find_sync_fields(lead).status is not None
    last_name = lead.field("LastName")
    assert last_name is not None
    assert (last_name.type, last_name.length, last_name.required_on_create) == ("string", 80, True)
    assert await client.describe(SObject.LEAD) == lead


async def test_a_field_hidden_by_permissions_is_absent_and_told(
    connection: Connection, client: SalesforceClient
) -> None:
    connection.world.salesforce.switches.fls_hidden = ["Lead.Title"]
    assert not (await client.describe(SObject.LEAD)).has("Title")
    assert await code_of(client.rows("SELECT Title FROM Lead")) is ProblemCode.SF_FIELD_HIDDEN


async def test_a_long_result_comes_in_pages() -> None:
    connection = Connection(Settings(leads=30, contacts=5, query_page_size=10))
    await connection.log_in()
    client = connection.client()
    total = await client.count("SELECT COUNT() FROM Lead")
    pages = [page async for page in client.query("SELECT Id, Email FROM Lead ORDER BY Id")]
    assert len(pages) > 1
    ids = [row["Id"] for page in pages for row in page]
    assert len(ids) == len(set(ids)) == total


async def test_a_query_too_long_for_an_address_is_answered_all_the_same(
    connection: Connection, client: SalesforceClient
) -> None:
    await client.create(SObject.LEAD, [{"LastName": "Long", "Company": "C", "Email": "long@list.example"}])
    emails = [f"somebody.with.a.very.long.name.{i}+tag@department.company{i}.example" for i in range(199)]
    where = f"Email IN {in_list([*emails, 'long@list.example'])}"
    assert [row["LastName"] for row in await client.rows(select(["LastName"], "Lead", where=where))] == ["Long"]
    assert await client.count(count("Lead", where=where)) == 1
    assert await code_of(client.rows(select(["Gone__c"], "Lead", where=where))) is ProblemCode.SF_FIELD_HIDDEN
    assert all(entry["kind"] != "write" for entry in connection.world.log.since(0)[-3:])


async def test_created_rows_can_be_read_updated_and_retrieved(client: SalesforceClient) -> None:
    rows = [{"LastName": "O'Hara", "Company": "Größe & Co", "Email": f"o{i}@hara.example"} for i in range(3)]
    made = await client.create(SObject.LEAD, rows)
    assert [row.success and row.created for row in made] == [True] * 3
    first = str(made[0].id)
    updated = await client.update(SObject.LEAD, [(first, {"City": "Köln", "FirstName": None})])
    assert (updated[0].success, updated[0].created) == (True, False)
    record = await client.retrieve(SObject.LEAD, first, ["Id", "City", "LastName"])
    assert record is not None
    assert (record["City"], record["LastName"]) == ("Köln", "O'Hara")
    found = await client.rows(select(["Id"], "Lead", where=f"LastName = {quote(chr(79) + chr(39) + 'Hara')}"))
    assert {row["Id"] for row in found} == {row.id for row in made}


async def test_a_refused_row_leaves_its_neighbours_alone(client: SalesforceClient) -> None:
    good, bad, long = await client.create(
        SObject.LEAD,
        [{"LastName": "A", "Company": "B"}, {"LastName": "C"}, {"LastName": "x" * 90, "Company": "D"}],
    )
    assert good.success
    assert row_problem(bad.errors[0]).code is ProblemCode.SF_REQUIRED
    assert row_problem(long.errors[0]).code is ProblemCode.SF_TOO_LONG


async def test_a_write_does_not_move_a_lead_to_another_owner(connection: Connection, client: SalesforceClient) -> None:
    made = await client.create(SObject.LEAD, [{"LastName": "A", "Company": "B"}])
    record = await client.retrieve(SObject.LEAD, str(made[0].id), ["OwnerId"])
    assert record is not None
    assert record["OwnerId"] == connection.world.salesforce.user_id


async def test_a_vanished_record_is_none(client: SalesforceClient) -> None:
    assert await client.retrieve(SObject.LEAD, "00Q000000000999AAA", ["Id"]) is None


async def test_a_search_finds_people_by_name_address_and_id(client: SalesforceClient) -> None:
    made = await client.create(
        SObject.LEAD, [{"LastName": "Zzyzx", "Company": "Wild%Card", "Email": "find.me@zz.example"}]
    )
    for text in ("zzyz", "find.me@", "Wild%C", str(made[0].id), f"https://acme.my.salesforce.com/{made[0].id}"):
        assert [row["Id"] for row in await client.search(text)] == [made[0].id], text
    assert await client.search("Wild_Card") == []
    assert await client.search("  ") == []


TYPED: list[tuple[str, Operator, str]] = [
    ("LastName", Operator.CONTAINS, "a"),
    ("LastName", Operator.NOT_CONTAINS, "a"),
    ("LastName", Operator.STARTS_WITH, "M"),
    ("City", Operator.NOT_EQUALS, "O'Fallon"),
    ("Email", Operator.IS_BLANK, ""),
    ("Email", Operator.IS_NOT_BLANK, ""),
    ("CreatedDate", Operator.GREATER, "2020-01-01"),
    ("CreatedDate", Operator.NOT_EQUALS, "2020-01-01"),
    ("NumberOfEmployees", Operator.LESS, "50"),
    ("AnnualRevenue", Operator.GREATER_OR_EQUAL, "12.5"),
    ("OwnerId", Operator.EQUALS, "005000000000001AAA"),
    ("IsConverted", Operator.EQUALS, "false"),
    ("Product_Interest__c", Operator.INCLUDES, "Hardware;Software"),
    ("Product_Interest__c", Operator.EXCLUDES, "Hardware"),
    ("Trial_End__c", Operator.LESS_OR_EQUAL, "2026-12-31"),
    ("Annual_Budget__c", Operator.GREATER, "1000"),
]


def chosen(description: ObjectDescription, *rows: Criterion, join: Join = Join.AND) -> str:
    selection = Selection(SelectionKind.CRITERIA, Criteria(rows, join))
    return selection_where(selection, description, SyncFields()) or ""


@pytest.mark.parametrize(("field", "operator", "value"), TYPED)
async def test_every_kind_of_criterion_is_understood(
    client: SalesforceClient, field: str, operator: Operator, value: str
) -> None:
    lead = await client.describe(SObject.LEAD)
    where = chosen(lead, Criterion(field, operator, value))
    everything = await client.count(count("Lead"))
    assert 0 <= await client.count(count("Lead", where=where)) <= everything


async def test_criteria_choose_what_they_say(client: SalesforceClient) -> None:
    lead = await client.describe(SObject.LEAD)
    await client.create(SObject.LEAD, [{"LastName": f"Crit{i}", "Company": "C", "City": "Ulm"} for i in range(3)])
    both = chosen(lead, Criterion("City", Operator.EQUALS, "Ulm"), Criterion("LastName", Operator.EQUALS, "Crit1"))
    rows = [Criterion("LastName", Operator.EQUALS, f"Crit{i}") for i in range(2)]
    either = chosen(lead, *rows, join=Join.OR)
    assert await client.count(count("Lead", where=both)) == 1
    assert await client.count(count("Lead", where=either)) == 2


async def test_marked_and_new_records_are_chosen(client: SalesforceClient) -> None:
    lead = await client.describe(SObject.LEAD)
    fields = find_sync_fields(lead)
    await client.count(count("Lead"))
    moment = client.server_time()
    assert moment is not None
    marked = {"LastName": "M", "Company": "C", str(fields.status): "Waiting for next sync"}
    await client.create(SObject.LEAD, [marked])
    for selection in (Selection(SelectionKind.MARKED), Selection(SelectionKind.NEW, since=moment)):
        where = selection_where(selection, lead, fields)
        assert await client.count(count("Lead", where=where)) == 1


async def test_a_create_whose_answer_is_lost_is_done_once_and_said_to_be_open(
    connection: Connection, client: SalesforceClient
) -> None:
    before = await client.count(count("Lead"))
    connection.world.faults.add({"path": "composite/sobjects", "method": "POST", "action": {"kind": "drop_after"}})
    with pytest.raises(ProblemError) as caught:
        await client.create(SObject.LEAD, [{"LastName": "Once", "Company": "C"}])
    assert caught.value.problem.ambiguous
    assert await client.count(count("Lead")) == before + 1


async def test_an_update_whose_answer_is_lost_is_repeated(connection: Connection, client: SalesforceClient) -> None:
    made = await client.create(SObject.LEAD, [{"LastName": "A", "Company": "B"}])
    connection.world.faults.add({"path": "composite/sobjects", "method": "PATCH", "action": {"kind": "drop_after"}})
    updated = await client.update(SObject.LEAD, [(str(made[0].id), {"City": "Ulm"})])
    assert updated[0].success


@pytest.mark.parametrize(
    ("switch", "value", "code"),
    [
        ("api_enabled", False, ProblemCode.SF_NO_API),
        ("user_api_enabled", False, ProblemCode.SF_NO_API),
        ("maintenance", True, ProblemCode.SF_MAINTENANCE),
        ("system_disabled", True, ProblemCode.SF_MAINTENANCE),
        ("daily_api_requests", 0, ProblemCode.SF_QUOTA),
        ("concurrent_refusals", 99, ProblemCode.SF_BUSY),
        ("objects_hidden", ["Lead"], ProblemCode.SF_FIELD_HIDDEN),
    ],
)
async def test_outages_and_missing_rights_are_told_apart(
    connection: Connection, client: SalesforceClient, switch: str, value: object, code: ProblemCode
) -> None:
    await client.count(count("Contact"))
    connection.world.salesforce.switches.change({switch: value})
    assert await code_of(client.count(count("Lead"))) is code
