"""Bodies with one thing wrong are refused with a list of errors; nothing makes the sandbox stumble."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from tests.contract.salesforce.conftest import Org, V

ODD = (None, True, 5, -1, 1e20, "x", "", [], {}, "Lead", [1], ["x"], {"a": 1}, [None], [{}], "@{a.x}", "Id")
RECORD = {"attributes": {"type": "Lead"}, "LastName": "a", "Company": "b", "Score__c": 5, "Trial_End__c": "2026-01-01"}
PART = {"method": "POST", "url": f"{V}/sobjects/Lead", "referenceId": "a", "body": RECORD, "httpHeaders": {"x": "y"}}
CHOICES = {"valueSetDefinition": {"value": [{"fullName": "a", "label": "b"}]}}
FIELD = {"label": "x", "type": "Picklist", "length": 5, "precision": 5, "valueSet": CHOICES}
ITEM = {"behavior": "Edit", "field": "City"}
LAYOUT = {"layoutSections": [{"layoutColumns": [{"layoutItems": [ITEM]}]}]}
CALLS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/sobjects/Lead", {"LastName": "a", "Company": "b", "Newsletter__c": True}),
    ("POST", "/composite/sobjects", {"allOrNone": False, "records": [RECORD]}),
    ("PATCH", "/composite/sobjects/Lead/Email", {"records": [{**RECORD, "Email": "a@b.example"}]}),
    ("POST", "/composite/sobjects/Lead", {"ids": ["00Q000000000000AAA"], "fields": ["Id", "Owner.Name"]}),
    ("POST", "/composite", {"allOrNone": True, "compositeRequest": [PART]}),
    ("POST", "/composite/batch", {"batchRequests": [{"method": "GET", "url": "v66.0/limits", "richInput": {}}]}),
    ("POST", "/jobs/ingest", {"object": "Lead", "operation": "insert", "lineEnding": "LF", "columnDelimiter": "TAB"}),
    ("POST", "/jobs/query", {"operation": "query", "query": "SELECT Id FROM Lead"}),
    ("POST", "/tooling/sobjects/CustomField", {"FullName": "Lead.Odd__c", "Metadata": FIELD}),
    ("PATCH", "/tooling/sobjects/Layout/{layout}", {"Metadata": LAYOUT}),
    ("POST", "/sobjects/FieldPermissions", {"ParentId": None, "SobjectType": "Lead", "Field": "Lead.City"}),
)


def spoiled(value: Any, rng: random.Random) -> Any:
    """Return a copy of `value` with one part replaced by something odd."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        return {**value, key: spoiled(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        place = rng.randrange(len(value))
        return [spoiled(part, rng) if n == place else part for n, part in enumerate(value)]
    return copy.deepcopy(rng.choice(ODD))


@pytest.mark.parametrize(("method", "path", "body"), CALLS, ids=[path for _, path, _ in CALLS])
async def test_a_spoiled_body_is_answered(org: Org, method: str, path: str, body: dict[str, Any]) -> None:
    rng = random.Random(path)
    path = path.replace("{layout}", next(iter(org.org.tables[True, "Layout"].rows)))
    for _ in range(80):
        answer = await org.call(method, path, spoiled(body, rng))
        assert answer.status_code < 500
        if answer.status_code >= 400:
            assert answer.json()[0]["errorCode"]
