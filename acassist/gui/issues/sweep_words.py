"""Rolling checks in words: age, forecast, calls, what was found."""

from __future__ import annotations

from acassist.domain.sweeps import SweepStanding
from acassist.gui.strings import ago, number, tr, tr_n


def age_words(standing: SweepStanding) -> str:
    """Say when everything had been read the last time."""
    if not standing.on:
        return tr("nothing to watch")
    return tr("not yet") if standing.last_turn is None else ago(standing.last_turn)


def forecast_words(standing: SweepStanding) -> str:
    """Say how long a full turn takes, and its calls."""
    if not standing.on:
        return "–"
    days = standing.days_per_turn
    if days is None:
        return tr("switched off") if not standing.allowance else "–"
    calls = tr_n("{n} call", "{n} calls", standing.calls_per_turn)
    if days < 1:
        return tr("{time}, {calls}", time=tr_n("{n} hour", "{n} hours", max(1, round(days * 24))), calls=calls)
    return tr("{time}, {calls}", time=tr_n("{n} day", "{n} days", round(days)), calls=calls)


def calls_words(standing: SweepStanding) -> str:
    """Say how much of the day's allowance is spent."""
    return tr("{n} of {all}", n=number(standing.calls_today), all=number(standing.allowance))


def progress_words(standing: SweepStanding) -> str:
    """Say how far the turn under way is."""
    if not standing.on:
        return tr("It begins once there is something to watch.")
    if standing.started is None:
        return tr("Between two turns.")
    return tr("This turn: {done} of {total}", done=number(standing.done), total=number(standing.total))


def found_words(standing: SweepStanding) -> str:
    """Say what was found."""
    if not standing.found:
        return tr("Nothing had been missed.")
    return tr_n("{n} record was found and is carried out.", "{n} records were found and are carried out.",
                standing.found)  # fmt: skip
