"""No page waits for the engine: each shows at once that it reads, and stays usable while nothing answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget

from acassist.gui.issues.page import IssuesPage
from acassist.gui.page import Page
from acassist.gui.settings.page import SettingsPage
from acassist.gui.sync.page import SyncPage
from acassist.gui.widgets.stateful import Stateful
from tests.gui import fake_data as data
from tests.gui.conftest import NOW

_SILENT = 30.0
"""Seconds after which the engine would answer; every test is over long before."""
_NAMES = (
    "runs", "run_items", "last_days", "preview", "backfill_state", "issues", "health", "sweeps", "audit", "log_lines",
    "diagnostics", "backups", "setup", "status", "read_import",
)  # fmt: skip

PLACES: dict[str, tuple[type[Page], Callable[[Any], object], Callable[[Any], Stateful]]] = {
    "history": (SyncPage, lambda p: None, lambda p: p.runs.state),
    "chart": (SyncPage, lambda p: None, lambda p: p.daily.state),
    "preview": (SyncPage, lambda p: p.preview_button.click() or p._open_preview(), lambda p: p.preview.state),
    "run": (SyncPage, lambda p: p.open(data.run_list(NOW)[0]), lambda p: p.run.state),
    "backfill": (SyncPage, lambda p: p.show_backfill(), lambda p: p.backfill.state),
    "inbox": (IssuesPage, lambda p: None, lambda p: p.state),
    "health": (IssuesPage, lambda p: p.show_health(), lambda p: p.health.state),
    "checks": (IssuesPage, lambda p: p.show_sweeps(), lambda p: p.sweeps.state),
    "audit": (SettingsPage, lambda p: p.show_audit(), lambda p: p.audit.state),
    "log": (SettingsPage, lambda p: p.show_log(), lambda p: p.log.state),
    "diagnostics": (SettingsPage, lambda p: p.show_diagnostics(), lambda p: p.diagnostics.state),
    "copies": (SettingsPage, lambda p: p.show_copies(), lambda p: p.copies.state),
}


def back_button(widget: QWidget) -> QWidget | None:
    return next((b for b in widget.findChildren(QWidget) if b.accessibleName().startswith("Back to")), None)


@pytest.fixture(params=list(PLACES))
def silent(request, bridge, fake, qtbot):
    """A page whose every question stays without an answer, with the place opened on it."""
    fake.finish_setup()
    fake.delay = dict.fromkeys(_NAMES, _SILENT)
    kind, bring_up, state = PLACES[request.param]
    page = kind(bridge)
    page.resize(1000, 700)
    page.show()
    page.activate()
    bring_up(page)
    yield page, state(page)
    bridge.close()
    page.close()
    page.deleteLater()
    QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)


def test_it_says_at_once_that_it_reads(silent):
    _page, state = silent
    assert state.currentWidget() is state.loading
    assert state.loading.words.text()


def test_it_can_be_left_while_nothing_answers(silent, qtbot):
    page, state = silent
    shown = page.stack.currentWidget()
    way_back = back_button(shown)
    if way_back is not None:
        qtbot.mouseClick(way_back, Qt.MouseButton.LeftButton)
        assert page.stack.currentWidget() is not shown
    assert page.bridge.busy or not state.isVisible()
