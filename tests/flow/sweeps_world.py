"""Edits that no delta shows, and the calls that a sweep made, for the tests of the rolling sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from acassist.domain.sweeps import SweepKind, SweepStanding
from tests.simulation.scene import Scene

DAY = 24 * 3600.0


@contextmanager
def quietly(scene: Scene, ac_id: str) -> Iterator[None]:
    """Let whatever is done to a contact leave its stamp as it was."""
    contact = scene.world.activecampaign.contacts[int(ac_id)]
    before = contact.udate
    yield
    contact.udate = before


def recalculate(scene: Scene, sobject: str, sf_id: str, value: str) -> None:
    """Give the formula field another value, as its formula would when something else changed: no stamp moves."""
    scene.world.salesforce.tables[False, sobject].rows[sf_id]["Age_Band__c"] = value


def crowd(scene: Scene, count: int) -> None:
    """Fill the account with contacts that nobody is linked with."""
    for number in range(count):
        scene.world.activecampaign.create(f"crowd{number}@x.example", {"firstName": f"C{number}"})


def standing(scene: Scene, kind: SweepKind) -> SweepStanding:
    """Return where a sweep stands."""
    return next(s for s in scene.engine.assistant.rolling.standings() if s.kind is kind)


async def sweep_now(scene: Scene, kind: SweepKind) -> int:
    """Make a full turn and return how many calls it took by its own count."""
    scene.marks["run"] = scene.world.log.total
    before = standing(scene, kind).calls_today
    await scene.engine.assistant.sweep_now(kind)
    return standing(scene, kind).calls_today - before
