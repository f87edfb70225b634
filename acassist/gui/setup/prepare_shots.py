"""Brings the pages on the org up, one after the other, for the pictures of every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acassist.gui.setup.leaving import LeavePage

if TYPE_CHECKING:
    from acassist.gui.main_window import MainWindow


def permissions(window: MainWindow) -> None:
    """Show who has the permission sets."""
    window.show_place("permissions")


def layouts(window: MainWindow) -> None:
    """Show the first layout as it would be."""
    window.show_place("layouts")


def account_side(window: MainWindow) -> None:
    """Show who runs the sync, the tags and what the plan offers."""
    window.show_place("activecampaign")


def leave(window: MainWindow) -> None:
    """Show what goes and what stays."""
    window.show_place("leave")


def removal(window: MainWindow) -> None:
    """Show what would be removed from the org."""
    page = window.page("leave")
    if isinstance(page, LeavePage):
        page.remove.setChecked(page.remove.isVisible())


SHOTS = (
    ("permission-sets", permissions),
    ("page-layouts", layouts),
    ("activecampaign-side", account_side),
    ("leave", leave),
    ("leave-removal", removal),
)
