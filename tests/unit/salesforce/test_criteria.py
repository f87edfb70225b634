"""Criteria become SOQL only when they fit their field; nothing typed can leave its literal."""

from datetime import UTC, datetime

import pytest

from acassist.domain.fields import ObjectDescription, SalesforceField, SyncFields
from acassist.domain.selection import Criteria, Criterion, Join, Operator, Selection, SelectionKind
from acassist.salesforce.criteria import CriteriaError, condition, selection_where, where
from acassist.salesforce.soql import datetime_literal, in_list, like, quote, select

TYPES = {
    "City": "string",
    "Employees": "int",
    "Revenue": "currency",
    "Active__c": "boolean",
    "Day__c": "date",
    "CreatedDate": "datetime",
    "Interests__c": "multipicklist",
    "OwnerId": "reference",
    "Status": "picklist",
    "Address": "address",
    "IsConverted": "boolean",
}
FIELDS = tuple(SalesforceField(name, name, kind) for name, kind in TYPES.items())
LEAD = ObjectDescription("Lead", "Lead", (*FIELDS, SalesforceField("Notes", "Notes", "textarea", filterable=False)))


@pytest.mark.parametrize(
    ("field", "operator", "value", "soql"),
    [
        ("City", Operator.EQUALS, "Köln", "City = 'Köln'"),
        ("city", Operator.NOT_EQUALS, "x", "City != 'x'"),
        ("City", Operator.EQUALS, "O'Brien \\", "City = 'O\\'Brien \\\\'"),
        ("City", Operator.CONTAINS, "50%_", "City LIKE '%50\\%\\_%'"),
        ("City", Operator.NOT_CONTAINS, "x", "(NOT City LIKE '%x%')"),
        ("City", Operator.STARTS_WITH, "x", "City LIKE 'x%'"),
        ("City", Operator.IS_BLANK, "", "City = null"),
        ("City", Operator.IS_NOT_BLANK, "", "City != null"),
        ("Employees", Operator.GREATER, " 50 ", "Employees > 50"),
        ("Revenue", Operator.LESS_OR_EQUAL, "1234.50", "Revenue <= 1234.50"),
        ("Active__c", Operator.EQUALS, "True", "Active__c = true"),
        ("Day__c", Operator.LESS, "2026-11-24", "Day__c < 2026-11-24"),
        ("CreatedDate", Operator.GREATER_OR_EQUAL, "2026-11-24T10:00:00+01:00", "CreatedDate >= 2026-11-24T09:00:00Z"),
        ("CreatedDate", Operator.GREATER, "2026-11-24", "CreatedDate >= 2026-11-25T00:00:00Z"),
        (
            "CreatedDate",
            Operator.EQUALS,
            "2026-11-24",
            "(CreatedDate >= 2026-11-24T00:00:00Z AND CreatedDate < 2026-11-25T00:00:00Z)",
        ),
        ("Interests__c", Operator.INCLUDES, "A; B", "Interests__c INCLUDES ('A', 'B')"),
        ("Interests__c", Operator.EXCLUDES, "A", "Interests__c EXCLUDES ('A')"),
        ("OwnerId", Operator.EQUALS, "005000000000001", "OwnerId = '005000000000001AAA'"),
        ("Status", Operator.EQUALS, "Open - Not Contacted", "Status = 'Open - Not Contacted'"),
    ],
)
def test_a_row_becomes_a_condition(field: str, operator: Operator, value: str, soql: str) -> None:
    assert condition(Criterion(field, operator, value), LEAD) == soql


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("Gone__c", Operator.EQUALS, "x"),
        ("Notes", Operator.EQUALS, "x"),
        ("Address", Operator.EQUALS, "x"),
        ("City", Operator.GREATER, "x"),
        ("City", Operator.EQUALS, "  "),
        ("City", Operator.EQUALS, "x" * 4001),
        ("Employees", Operator.EQUALS, "1.5"),
        ("Revenue", Operator.EQUALS, "1,234"),
        ("Revenue", Operator.EQUALS, "1) OR (Id != null"),
        ("Active__c", Operator.EQUALS, "yes"),
        ("Day__c", Operator.EQUALS, "24.11.2026"),
        ("CreatedDate", Operator.EQUALS, "yesterday"),
        ("OwnerId", Operator.EQUALS, "me"),
        ("Interests__c", Operator.EQUALS, "A"),
    ],
)
def test_a_row_that_does_not_fit_says_why(field: str, operator: Operator, value: str) -> None:
    with pytest.raises(CriteriaError) as caught:
        condition(Criterion(field, operator, value), LEAD)
    assert caught.value.message.english()


def test_rows_are_joined_as_chosen_and_kept_apart() -> None:
    rows = (Criterion("City", Operator.EQUALS, "A"), Criterion("Employees", Operator.LESS, "9"))
    assert where(Criteria(rows, Join.OR), LEAD) == "(City = 'A') OR (Employees < 9)"
    assert where(Criteria(rows), LEAD) == "(City = 'A') AND (Employees < 9)"
    with pytest.raises(CriteriaError):
        where(Criteria(), LEAD)


def test_the_four_choices_of_a_selection() -> None:
    moment = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    fields = SyncFields(status="Sync_Status__c")
    assert selection_where(Selection(), LEAD, fields) is None
    new = selection_where(Selection(SelectionKind.NEW, since=moment), LEAD, fields)
    assert new == "(CreatedDate >= 2026-11-24T08:30:00Z) AND (IsConverted = false)"
    marked = selection_where(Selection(SelectionKind.MARKED), LEAD, fields) or ""
    assert "Sync_Status__c IN ('Waiting for next sync'" in marked
    with pytest.raises(CriteriaError):
        selection_where(Selection(SelectionKind.MARKED), LEAD, SyncFields())
    rows = Criteria((Criterion("City", Operator.EQUALS, "A"), Criterion("City", Operator.EQUALS, "B")), Join.OR)
    chosen = selection_where(Selection(SelectionKind.CRITERIA, rows), LEAD, fields)
    assert chosen == "((City = 'A') OR (City = 'B')) AND (IsConverted = false)"


def test_contacts_have_no_conversion() -> None:
    contact = ObjectDescription("Contact", "Contact", FIELDS[:3])
    rows = Criteria((Criterion("City", Operator.EQUALS, "A"),))
    assert selection_where(Selection(SelectionKind.CRITERIA, rows), contact, SyncFields()) == "City = 'A'"


def test_statements_and_literals() -> None:
    assert select(["Id", "Email", "Id"], "Lead", where="a = 1", order_by="Id", limit=5) == (
        "SELECT Id, Email FROM Lead WHERE a = 1 ORDER BY Id LIMIT 5"
    )
    assert quote("a'b\nc") == "'a\\'b\\nc'"
    assert like("a_b", before="") == "'a\\_b%'"
    assert in_list(["a", "b'"]) == "('a', 'b\\'')"
    with pytest.raises(ValueError, match="at least one"):
        in_list([])
    with pytest.raises(ValueError, match="zone"):
        datetime_literal(datetime(2026, 1, 1))  # noqa: DTZ001 - the point of this line
