"""Brings up the inbox, the health of all records and an explanation, for the pictures of every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acassist.assistant.value_edits import EDITABLE
from acassist.gui.issues.page import IssuesPage

if TYPE_CHECKING:
    from acassist.gui.main_window import MainWindow


def _page(window: MainWindow) -> IssuesPage:
    window.show_place("issues")
    page = window.page("issues")
    if not isinstance(page, IssuesPage):
        raise TypeError("the place issues holds another page")
    return page


def last_cause(window: MainWindow) -> None:
    """Choose the cause with the fewest records."""
    page = _page(window)
    page.list.setCurrentIndex(page.model.index(page.model.rowCount() - 1))


def corrected(window: MainWindow) -> None:
    """Choose a cause whose remedy is to correct a value, the last one where there is none."""
    page = _page(window)
    fitting = [n for n, group in enumerate(page.model.groups) if group.code in EDITABLE]
    page.list.setCurrentIndex(page.model.index(fitting[0] if fitting else page.model.rowCount() - 1))


def health(window: MainWindow) -> None:
    """Open the health of all records."""
    _page(window).show_health()


def compared(window: MainWindow) -> None:
    """Compare a sample of both sides."""
    page = _page(window)
    page.show_health()
    page.health.comparing.compare.click()


def checks(window: MainWindow) -> None:
    """Open the rolling checks."""
    _page(window).show_sweeps()


def explained(window: MainWindow) -> None:
    """Explain a record that is in sync."""
    page = _page(window)
    row = page.health.model.row_at(page.health.model.index(0, 0))
    window.show_place("explain", row.ref if row is not None else None)


SHOTS = (
    ("issues-cause", last_cause),
    ("issues-value", corrected),
    ("health", health),
    ("health-compared", compared),
    ("health-checks", checks),
    ("explain", explained),
)
