"""The options of `acassist sweeps`; apart from the command, so that help stays quick."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from acassist.domain.sweeps import MOST_ALLOWED, SweepKind
from acassist.domain.text import N_


def add_options(parser: argparse.ArgumentParser, t: Callable[[str], str]) -> None:
    """Add the options of the command to its parser."""
    which = t(N_("contacts, formulas, accounts or tags; all are shown when left out."))
    kinds = [kind.value for kind in SweepKind]
    parser.add_argument("kind", nargs="?", choices=kinds, metavar=t(N_("WHAT")), help=which)
    now = t(N_("Read everything of it now, beyond its allowance, and carry out what is found."))
    parser.add_argument("--now", action="store_true", help=now)
    allow = t(N_("Let it make this many calls a day; 0 switches it off."))
    parser.add_argument("--allow", type=_calls, metavar=t(N_("N")), help=allow)


def _calls(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MOST_ALLOWED:
        raise ValueError("out of range")
    return number
