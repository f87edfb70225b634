"""Brings the parts of the Sync page up, one after the other, for the pictures of every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acassist.assistant.facade import AssistantPort
from acassist.gui.sync.daily import Measure
from acassist.gui.sync.page import SyncPage

if TYPE_CHECKING:
    from acassist.gui.main_window import MainWindow


def _page(window: MainWindow) -> SyncPage:
    window.show_place("sync")
    page = window.page("sync")
    if not isinstance(page, SyncPage):
        raise TypeError("the place sync holds another page")
    return page


def started(window: MainWindow) -> None:
    """Make the first sync, once, so that the pages after it have something to show."""
    page = _page(window)
    page.bridge.call(_start, lambda _answer: page.activate(), owner=page)


async def _start(assistant: AssistantPort) -> None:
    if not (await assistant.status()).started:
        await assistant.start()


def preview(window: MainWindow) -> None:
    """Preview the changes."""
    _page(window).preview_button.click()


def run(window: MainWindow) -> None:
    """Open the newest run."""
    page = _page(window)
    runs = page.runs.model.shown
    if runs:
        page.open(runs[0])


def calls(window: MainWindow) -> None:
    """Show Salesforce calls a day against their limit."""
    page = _page(window)
    page._to_overview()
    page.daily.measure.setCurrentIndex(page.daily.measure.findData(Measure.CALLS_SF))


def backfill(window: MainWindow) -> None:
    """Open the backfill of existing records, with an estimate."""
    page = _page(window)
    page.show_backfill()
    page.backfill.estimate.estimate.click()


SHOTS = (
    ("sync-started", started),
    ("sync-preview", preview),
    ("sync-run", run),
    ("sync-calls", calls),
    ("sync-backfill", backfill),
)
