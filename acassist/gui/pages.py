"""The five places of the main window, in the order of the navigation, and the pages that open inside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from acassist.domain.profile import Step
from acassist.domain.text import N_
from acassist.gui.bridge import Bridge
from acassist.gui.page import Page


@dataclass(frozen=True, slots=True)
class Place:
    """One page; its module is imported when it is first shown, which keeps the start short.

    `parent` is the navigation item that stays marked while a page shows that has none of its own.
    """

    key: str
    title: str
    icon: str
    module: str
    factory: str
    parent: str = ""

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

_IN_SETUP = "acassist.gui.setup."
_EXPLAIN = "acassist.gui.explain.page"
INNER = (
    Place("explain", N_("Why isn’t this record syncing?"), "help", _EXPLAIN, "ExplainPage", "records"),
    Place("permissions", N_("Permission sets"), "users", _IN_SETUP + "permission_sets", "PermissionsPage", "setup"),
    Place("layouts", N_("Page layouts"), "window", _IN_SETUP + "layouts", "LayoutsPage", "setup"),
    Place("activecampaign", N_("In ActiveCampaign"), "mail", _IN_SETUP + "account_side", "AccountSidePage", "setup"),
    Place("leave", N_("Disconnect"), "unplug", _IN_SETUP + "leaving", "LeavePage", "settings"),
)
"""Pages without a navigation item; they are reached from their parent."""


_FOR_VIEWERS = ("records", "settings", "leave")
VIEWER_PLACES = _FOR_VIEWERS[:2]
"""The navigation of somebody who sees and uses records only."""


def viewer_may_see(key: str, subject: object) -> bool:
    """Tell whether a viewer may open a page: of the set-up only the own login and what records offer."""
    return key in _FOR_VIEWERS or (key == "setup" and subject in (Step.CONNECTIONS, Step.CX_AUTOMATION))


def place(key: str) -> Place:
    """Find a page by its key."""
    return next(found for found in (*PLACES, *INNER) if found.key == key)
