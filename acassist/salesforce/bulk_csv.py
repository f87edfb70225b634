"""The CSV of Bulk API 2.0: what is sent, cut to size, and what comes back (salesforce_api 4.3)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from acassist.salesforce.soql import datetime_literal

# A request may hold 150 MB after encoding; the vendor advises at most 100 MB of raw data.
MAX_BYTES = 100_000_000
# Sets a field to null; an empty cell leaves it alone.
NULL = "#N/A"
Fields = Mapping[str, Any]


def travels(fields: Fields) -> bool:
    """Tell whether a row may go by CSV: a text that reads `#N/A` would empty the field (rule 3.2)."""
    return all(not isinstance(value, str) or value.strip() != NULL for value in fields.values())


def cell_of(value: Any) -> str:
    """Write one value; None and blank text clear the field, as they do in the REST API."""
    if value is None or value == "":
        return NULL
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return datetime_literal(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode()


def uploads(rows: Sequence[Fields], *, most_bytes: int = MAX_BYTES) -> Iterator[tuple[int, bytes]]:
    """Yield (number of rows, CSV) in order, each a whole file with its header and within the size.

    A row leaves alone what it does not name. Raises ValueError for a literal `#N/A` and for a row that is too large.
    """
    header = list(dict.fromkeys(name for row in rows for name in row))
    head = _line(header)
    body, count, size = [head], 0, len(head)
    for row in rows:
        if not travels(row):
            raise ValueError("a text that reads #N/A cannot travel by CSV")
        line = _line([cell_of(row[name]) if name in row else "" for name in header])
        if len(head) + len(line) > most_bytes:
            raise ValueError("one record is larger than an upload may be")
        if size + len(line) > most_bytes:
            yield count, b"".join(body)
            body, count, size = [head], 0, len(head)
        body.append(line)
        count, size = count + 1, size + len(line)
    if count:
        yield count, b"".join(body)


def table(text: str) -> Iterator[dict[str, str]]:
    """Read a result file row by row; quoted cells may hold line breaks. Raises csv.Error when it is cut short."""
    yield from csv.DictReader(io.StringIO(text, newline=""), strict=True)
