"""The options of `acassist prepare` and `acassist prepare leave`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from acassist.domain.text import N_

HISTORY = ("keep", "export", "delete")


def add_prepare_options(parser: argparse.ArgumentParser, t: Callable[[str], str]) -> None:
    """Add the options of the command; without any it checks and writes nothing."""
    what = parser.add_mutually_exclusive_group()
    check = t(N_("Check the org and show what would be added; writes nothing (as without any option)."))
    what.add_argument("--check", action="store_true", help=check)
    what.add_argument("--apply", action="store_true", help=t(N_("Add what is missing; a second time changes nothing.")))
    production = t(N_("Yes, also in a production org."))
    parser.add_argument("--yes-production", action="store_true", help=production)
    package = t(N_("Yes, the sync of the installed ActiveCampaign package is off."))
    parser.add_argument("--package-stopped", action="store_true", help=package)
    link = t(N_("Also add the link Open in Setup Assistant to leads and contacts."))
    parser.add_argument("--link", action="store_true", help=link)


def add_leave_options(parser: argparse.ArgumentParser, t: Callable[[str], str]) -> None:
    """Add the options of leaving; without any it shows what goes and what stays."""
    remove = t(N_("Remove from Salesforce what this program added; the name of the org is the confirmation."))
    parser.add_argument("--remove", metavar=t(N_("ORG")), help=remove)
    disconnect = t(N_("Forget both connections and end the access to Salesforce."))
    parser.add_argument("--disconnect", action="store_true", help=disconnect)
    history = t(N_("With --disconnect: keep links and history, export and then delete them, or delete them."))
    parser.add_argument("--history", choices=HISTORY, default=HISTORY[0], help=history)
    parser.add_argument("--file", metavar=t(N_("FILE")), help=t(N_("Where --history export writes the JSON file.")))


def add_take_over(parser: argparse.ArgumentParser, t: Callable[[str], str]) -> None:
    """Add the word that lets this computer run the sync from now on."""
    words = t(N_("Take the sync over from another computer that has been silent for two hours."))
    parser.add_argument("--take-over", action="store_true", help=words)
