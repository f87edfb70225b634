"""Brings up the parts and reports of Settings, for the pictures of every screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from acassist.gui.settings.page import SettingsPage

if TYPE_CHECKING:
    from acassist.gui.main_window import MainWindow


def _page(window: MainWindow) -> SettingsPage:
    window.show_place("settings")
    page = window.page("settings")
    if not isinstance(page, SettingsPage):
        raise TypeError("the place settings holds another page")
    page.show_overview()
    return page


def _report(name: str) -> Callable[[MainWindow], None]:
    def bring_up(window: MainWindow) -> None:
        _page(window).open(name)

    return bring_up


def data(window: MainWindow) -> None:
    """Scroll to the data of the profile."""
    page = _page(window)
    page.show_card(page.data)


def alerts(window: MainWindow) -> None:
    """Scroll to the notifications."""
    page = _page(window)
    page.show_card(page.alerts)


def copies(window: MainWindow) -> None:
    """Make a copy, then open the copies."""
    page = _page(window)
    page.bridge.call(lambda a: a.desk.back_up(), lambda _copy: page.show_copies(), owner=page)


SHOTS = (
    ("settings-alerts", alerts),
    ("settings-checks", _report("sweeps")),
    ("settings-data", data),
    ("settings-copies", copies),
    ("settings-audit", _report("audit")),
    ("settings-log", _report("log")),
    ("settings-diagnostics", _report("diagnostics")),
)
