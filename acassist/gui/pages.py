"""The five places of the main window, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from acassist.domain.text import N_
from acassist.gui.bridge import Bridge
from acassist.gui.page import Page


@dataclass(frozen=True, slots=True)
class Place:
    """One navigation item; the page's module is imported when it is first shown, which keeps the start short."""

    key: str
    title: str
    icon: str
    module: str
    factory: str

    def make(self, bridge: Bridge) -> Page:
        """Build the page."""
        build: Callable[[Bridge], Page] = getattr(import_module(self.module), self.factory)
        return build(bridge)


PLACES = (
    Place("setup", N_("Setup"), "setup", "acassist.gui.setup.page", "SetupPage"),
    Place("sync", N_("Sync"), "sync", "acassist.gui.sync.page", "SyncPage"),
    Place("records", N_("Records"), "records", "acassist.gui.records.page", "RecordsPage"),
    Place("issues", N_("Issues"), "issues", "acassist.gui.issues.page", "IssuesPage"),
    Place("settings", N_("Settings"), "settings", "acassist.gui.settings.page", "SettingsPage"),
)
