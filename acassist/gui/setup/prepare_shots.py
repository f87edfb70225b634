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


def leave(window: MainWindow) -> None:
    """Show what goes and what stays."""
    window.show_place("leave")


def removal(window: MainWindow) -> None:
    """Show what would be removed from the org."""
    page = window.page("leave")
    if isinstance(page, LeavePage):
        page.remove.setChecked(page.remove.isVisible())


SHOTS = (("permission-sets", permissions), ("page-layouts", layouts), ("leave", leave), ("leave-removal", removal))
