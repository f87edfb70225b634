"""No exported cell is taken for a formula."""

from __future__ import annotations

import csv
import io

import pytest

from acassist.domain.spreadsheet import cell, csv_text


@pytest.mark.parametrize("text", ["=1+1", "+34 600", "-2", "@SUM(A1)", "\tx", "\rx", "  =cmd|' /C calc'!A0"])
def test_a_text_that_would_be_calculated_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Ana", "a=b", "José, S.A.", "", "3"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_a_table_comes_back_as_it_was_written() -> None:
    rows = [["Peña; \"S.A.\"", "line\nbreak"], ["王", None]]
    text = csv_text(["Name", "Text"], rows)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:]))) == [["Name", "Text"], ["Peña; \"S.A.\"", "line\nbreak"], ["王", ""]]
