"""Brings the parts of the Records page up, one after the other, for the pictures of every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acassist.gui.records.page import RecordsPage
from acassist.gui.records.search_results import HIT_ROLE

if TYPE_CHECKING:
    from acassist.gui.main_window import MainWindow

_SEARCH = "ma"


def _page(window: MainWindow) -> RecordsPage:
    window.show_place("records")
    page = window.page("records")
    if not isinstance(page, RecordsPage):
        raise TypeError("the place records holds another page")
    return page


def results(window: MainWindow) -> None:
    """Search for a few letters."""
    _page(window).search_for(_SEARCH)


def record(window: MainWindow) -> None:
    """Open the first linked result, or the first."""
    page = _page(window)
    hits = [page.model.index(row).data(HIT_ROLE) for row in range(page.model.rowCount())]
    best = next((hit for hit in hits if hit.linked), hits[0] if hits else None)
    if best is not None:
        page.open(best.ref)


def details(window: MainWindow) -> None:
    """Open the carets of the first activities."""
    for row in _page(window).record.activities.list.rows[:2]:
        row.caret.set_open(True)


def timeline(window: MainWindow) -> None:
    """Scroll down to what was synced."""
    for row in _page(window).record.activities.list.rows[:2]:
        row.caret.set_open(False)
    _page(window).record.show_timeline()


def activities(window: MainWindow) -> None:
    """View all activities."""
    _page(window).record.activities.viewAll.emit()


def recent(window: MainWindow) -> None:
    """Go back to the start, which shows the records seen last."""
    page = _page(window)
    page.search_for("")


SHOTS = (
    ("records-results", results),
    ("record", record),
    ("record-details", details),
    ("record-timeline", timeline),
    ("activities", activities),
    ("records-recent", recent),
)
