"""The options of `acassist backfill`."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from acassist.domain.text import N_

OBJECTS = ("contact", "lead")


def add_options(parser: argparse.ArgumentParser, t: Callable[[str], str]) -> None:
    """Add the options of the command; without any it shows where the backfill stands."""
    objects = t(N_("lead or contact."))
    parser.add_argument("--object", choices=OBJECTS, help=objects)
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--all", action="store_true", help=t(N_("Every record that has an e-mail address.")))
    rows = t(N_("Only matching records: a field's API name, an operator and a value; all of several must match."))
    who.add_argument("--criteria", action="append", metavar=t(N_("ROW")), help=rows)
    file = t(N_("Criteria from a JSON file, written as in an exported set-up."))
    who.add_argument("--criteria-file", metavar=t(N_("FILE")), help=file)
    parser.add_argument("--any", action="store_true", help=t(N_("One of several criteria is enough.")))
    lists = t(N_("Put new people on the list with this number; may be repeated."))
    parser.add_argument("--list", action="append", metavar=t(N_("ID")), help=lists)
    automations = t(N_("Let automations start for the people sent."))
    parser.add_argument("--automations", action="store_true", help=automations)
    parser.add_argument("--yes", action="store_true", help=t(N_("Go on after the first five people without asking.")))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--estimate", action="store_true", help=t(N_("Count and reckon calls and time; writes nothing.")))
    resume = t(N_("Go on with the backfill that waits, was paused, stopped or interrupted."))
    what.add_argument("--resume", action="store_true", help=resume)
    abandon = t(N_("Forget the backfill; what it has written stays."))
    what.add_argument("--abandon", action="store_true", help=abandon)
