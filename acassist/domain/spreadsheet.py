"""Cells of exported tables: text that a spreadsheet program cannot take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters that make a spreadsheet calculate, or call a program (CSV injection)."""


def cell(value: object) -> str:
    """Write one cell; a text that would be read as a formula gets an apostrophe in front, which is not shown."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_RISKY) else text


def csv_text(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table as CSV (RFC 4180) with a byte order mark, so that spreadsheets read it as UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([cell(title) for title in titles])
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()
