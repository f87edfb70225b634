"""Column widths: what fits is not cut; what does not fit is cut where it is longest, and the tool tip holds it all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from acassist.gui.widgets.rows_model import Column, RowsModel
from acassist.gui.widgets.rows_table import RowsTable, shared_out

LONG = "a reason that takes far more room than any column of this table will ever have, however wide the window is"


def test_columns_get_what_they_need_and_share_the_rest():
    assert shared_out(400, {0: 100, 1: 100}, {0: 1, 1: 3}) == {0: 150, 1: 250}


def test_the_widest_columns_give_way_and_the_modest_ones_keep_what_they_need():
    assert shared_out(400, {0: 80, 1: 90, 2: 900}, {0: 1, 1: 1, 2: 2}) == {0: 80, 1: 90, 2: 230}


def test_two_wide_columns_share_what_is_left_by_their_shares():
    given = shared_out(500, {0: 100, 1: 900, 2: 900}, {0: 1, 1: 1, 2: 3})
    assert given == {0: 100, 1: 100, 2: 300}


@pytest.fixture
def table(qtbot) -> RowsTable:
    model: RowsModel[tuple[str, str, str]] = RowsModel(
        [Column(lambda place=place: f"Column {place}", lambda r, place=place: r[place], 2) for place in range(3)]
    )
    made = RowsTable(model, "Rows")
    made.model_of_rows = model
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    model.set_rows([("+34 600 111 222", "ActiveCampaign", LONG)] * 3)
    return made


def text_width(table: RowsTable, column: int) -> int:
    return table.fontMetrics().horizontalAdvance(table.model().index(0, column).data())


def test_values_that_fit_are_not_cut_because_another_is_long(table):
    for column in (0, 1):
        assert table.columnWidth(column) >= text_width(table, column) + 24
    assert table.columnWidth(2) < text_width(table, 2)


def test_a_cut_value_is_said_in_full_by_its_tool_tip(table):
    assert table.model().index(0, 2).data(Qt.ItemDataRole.ToolTipRole) == LONG


def test_a_filter_does_not_move_the_columns(table):
    before = [table.columnWidth(n) for n in range(3)]
    table.model_of_rows.set_filter("nothing holds this")
    assert [table.columnWidth(n) for n in range(3)] == before


def test_widths_that_a_person_chose_stay(table):
    table._restore({"widths": [90, 90, 90], "sort": [-1, False]})
    table.model_of_rows.set_rows([("x" * 60, "y", "z")])
    assert table.columnWidth(0) == 90


def test_larger_type_leaves_out_the_spare_columns_sooner(qtbot, look):
    model: RowsModel[tuple[str, str]] = RowsModel(
        [Column(lambda: "One", lambda r: r[0], 2), Column(lambda: "Two", lambda r: r[1], 2, spare=True)]
    )
    made = RowsTable(model, "Rows")
    qtbot.addWidget(made)
    made.resize(850, 200)
    made.show()
    model.set_rows([("a", "b")])
    assert not made.isColumnHidden(1)
    usual = look.sizes.body
    look.set_base_size(usual * 1.25)
    try:
        model.set_rows([("a", "b")])
        assert made.isColumnHidden(1)
    finally:
        look.set_base_size(usual)
