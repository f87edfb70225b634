import json

import httpx
import pytest

from acassist.activecampaign.bulk_import import MAX_BYTES, import_body, import_chunks
from acassist.domain.problem import ProblemCode
from acassist.domain.record import ImportRow
from tests.unit.activecampaign.scripted import ok, problem_of

ADA = ImportRow(
    "ada@x.example",
    {"firstName": "Ada", "lastName": "L", "phone": "1", "field:6": "||a||"},
    tags=("created-from-salesforce-lead",),
    account_name="Acme",
    subscribe=("3",),
)


async def test_an_import_speaks_snake_case_and_excludes_automations_in_both_places(service):
    service.on("POST", "import/bulk_import", ok({"Success": 1, "queued_contacts": 1, "batchId": "b-1"}))
    receipt = await service.client().import_contacts([ADA], exclude_automations=True)
    assert service.body() == {
        "contacts": [
            {
                "email": "ada@x.example",
                "first_name": "Ada",
                "last_name": "L",
                "phone": "1",
                "fields": [{"id": 6, "value": "||a||"}],
                "tags": ["created-from-salesforce-lead"],
                "customer_acct_name": "Acme",
                "subscribe": [{"listid": 3}],
                "exclude_automations": True,
            }
        ],
        "exclude_automations": True,
    }
    assert (receipt.batch_id, receipt.queued) == ("b-1", 1)


def test_automations_run_unless_excluded():
    assert "exclude_automations" not in json.dumps(import_body([ADA], exclude_automations=False))


async def test_an_import_is_not_repeated_after_a_fault(service):
    service.on("POST", "import/bulk_import", ok({}, 502))
    problem = await problem_of(service.client().import_contacts([ADA], exclude_automations=True))
    assert problem.ambiguous
    assert len(service.requests) == 1


async def test_success_zero_is_a_refusal(service):
    service.on("POST", "import/bulk_import", ok({"success": 0, "message": "No."}))
    problem = await problem_of(service.client().import_contacts([ADA], exclude_automations=True))
    assert (problem.code, problem.values["reason"]) == (ProblemCode.AC_REJECTED, "No")


async def test_a_bare_false_means_that_the_batch_waits(service):
    service.on("GET", "import/info", httpx.Response(200, content=b"false"))
    status = await service.client().import_status("b-1")
    assert (status.state, status.finished) == ("waiting", False)
    assert service.query() == {"batchId": ["b-1"]}


async def test_a_finished_batch_tells_new_ids_and_failed_addresses(service):
    service.on("GET", "import/info", ok({"status": "completed", "success": [7, "8"], "failure": ["bad@x.example"]}))
    status = await service.client().import_status("b-1")
    assert (status.created_ids, status.failed_emails) == (("7", "8"), ("bad@x.example",))
    assert status.finished


def test_chunks_hold_at_most_250_people_in_order():
    rows = [ImportRow(f"p{i}@x.example") for i in range(600)]
    chunks = list(import_chunks(rows, exclude_automations=True))
    assert [len(chunk) for chunk in chunks] == [250, 250, 100]
    assert [row for chunk in chunks for row in chunk] == rows


def test_chunks_stay_under_the_size_in_bytes_not_characters():
    rows = [ImportRow(f"p{i}@x.example", {"field:1": "😀" * 5_000}) for i in range(60)]
    chunks = list(import_chunks(rows, exclude_automations=True))
    sizes = [len(json.dumps(import_body(c, exclude_automations=True), ensure_ascii=False).encode()) for c in chunks]
    assert len(chunks) > 3
    assert max(sizes) < MAX_BYTES + 2_000
    assert sum(len(c) for c in chunks) == 60


def test_one_person_too_large_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="larger"):
        list(import_chunks([ImportRow("p@x.example", {"field:1": "x" * MAX_BYTES})], exclude_automations=True))


async def test_more_than_250_people_are_not_sent(service):
    with pytest.raises(ValueError, match="250"):
        await service.client().import_contacts([ADA] * 251, exclude_automations=True)
    assert not service.requests


async def test_outstanding_imports_are_counted(service):
    service.on("GET", "import/bulk_import", ok({"outstanding": [{"batches": "2"}, {"batches": 1}]}))
    assert await service.client().imports_outstanding() == 3
