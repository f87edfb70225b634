"""Records: models keep the contract of the toolkit, and everything that takes the focus has a name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from acassist.domain.activity import ActivityKind
from acassist.domain.activity_filter import ActivityFilter
from acassist.gui.accessibility import crawl
from acassist.gui.records.activities_model import ActivitiesModel
from acassist.gui.records.offers_model import OffersModel
from acassist.gui.records.search_results import SearchModel
from acassist.gui.widgets.rows_model import RowsModel
from tests.gui import fake_data as data
from tests.gui.conftest import NOW
from tests.gui.records.kit import watch


def test_the_models_keep_the_contract_of_the_toolkit(qtbot, page):
    search, activities, offers = SearchModel(page), ActivitiesModel(page), OffersModel(page)
    fields: RowsModel = page.record.fields.model
    for model in (search, activities, offers, fields):
        watch(model, page)
    search.set_hits(data.hits())
    activities.restart()
    activities.add_page(data.activities(NOW))
    activities.set_filter(ActivityFilter(kind=ActivityKind.SENT))
    offers.set_offers(data.offer_lists()[0])
    offers.set_filter("spring")
    fields.set_rows(data.card(NOW).fields)
    fields.sort(0, Qt.SortOrder.DescendingOrder)
    assert [fields.data(fields.index(n, 0)) for n in range(2)] == ["Phone", "First name"]


def test_everything_that_takes_the_focus_has_a_name(opened, everything):
    names: Callable[[], list[str]] = lambda: crawl(opened)  # noqa: E731
    assert names() == []
    opened._back_to_record()
    assert names() == []
