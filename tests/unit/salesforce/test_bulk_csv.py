"""The CSV of Bulk jobs: cells, sizes, and values read back as JSON would bring them."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from acassist.salesforce.bulk_csv import cell_of, table, travels, uploads
from acassist.salesforce.bulk_query import value_of


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, "#N/A"),
        ("", "#N/A"),
        (True, "true"),
        (Decimal("1250.50"), "1250.50"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 11, 24), "2026-11-24"),
        (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "2026-11-24T09:00:00Z"),
        ("Zoë, \"Z\"\nRow 2", "Zoë, \"Z\"\nRow 2"),
    ],
)
def test_a_value_is_written_as_salesforce_reads_it(value: Any, cell: str) -> None:
    assert cell_of(value) == cell


def test_a_row_leaves_alone_what_it_does_not_name() -> None:
    ((count, content),) = uploads([{"Id": "1", "City": "Bern"}, {"Id": "2", "Title": None}])
    assert count == 2
    assert content == b"Id,City,Title\n1,Bern,\n2,,#N/A\n"


def test_a_text_that_would_empty_the_field_is_refused() -> None:
    assert not travels({"City": " #N/A "})
    with pytest.raises(ValueError, match="#N/A"):
        list(uploads([{"Id": "1", "City": "#N/A"}]))


def test_uploads_stay_within_their_size_and_lose_no_row() -> None:
    rows = [{"Id": str(n), "City": "x" * (n % 7)} for n in range(50)]
    parts = list(uploads(rows, most_bytes=60))
    assert all(len(content) <= 60 for _, content in parts)
    read = [row for _, content in parts for row in csv.DictReader(io.StringIO(content.decode()))]
    assert [row["Id"] for row in read] == [row["Id"] for row in rows]
    assert sum(count for count, _ in parts) == 50


def test_a_record_larger_than_an_upload_is_refused() -> None:
    with pytest.raises(ValueError, match="larger"):
        list(uploads([{"Id": "1", "City": "x" * 100}], most_bytes=60))


def test_cells_with_line_breaks_are_one_row() -> None:
    assert list(table('"Id","City"\n"1","a\nb"\n')) == [{"Id": "1", "City": "a\nb"}]


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        ("", "string", None),
        ("true", "boolean", True),
        ("false", "boolean", False),
        ("12", "int", 12),
        ("12.5", "currency", 12.5),
        ("0012", "string", "0012"),
        ("2026-11-24T09:00:00.000Z", "datetime", "2026-11-24T09:00:00.000+0000"),
        ("2026-11-24", "date", "2026-11-24"),
    ],
)
def test_a_cell_is_read_as_json_would_bring_it(cell: str, kind: str, value: Any) -> None:
    assert value_of(cell, kind) == value
