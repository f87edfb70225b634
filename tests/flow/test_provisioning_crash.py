"""The program may end at any commit while it changes an org; the next time it finishes, and nothing is made twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from acassist.domain.ids import SObject
from acassist.salesforce.provisioning.definitions import PERMISSION_SETS
from tests.flow.provisioning_world import PEOPLE_FIELDS, YES, Place

COMMITS_OF_APPLY = 5
COMMITS_OF_LEAVING = 8


class ProgramEnded(BaseException):
    """Stands for a killed process: no handler of the program may run."""


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = await Place.open(tmp_path)
    yield made
    await made.close()


async def killed_at(place: Place, commit: int, work: Callable[[], Awaitable[Any]]) -> bool:
    """Run work until its n-th commit, then open the profile anew; say whether it came that far."""
    db = place.engine.stores.db
    first = db.commits

    def end(number: int) -> None:
        if number - first == commit:
            raise ProgramEnded

    db.on_commit = end
    try:
        await work()
    except ProgramEnded:
        await place.engine.close()
        await place.engine.reopen()
        return True
    db.on_commit = None
    return False


@pytest.mark.parametrize("commit", range(1, COMMITS_OF_APPLY + 1))
async def test_apply_is_finished_by_the_next_one(place: Place, commit: int) -> None:
    assert await killed_at(place, commit, place.apply)
    assert (await place.apply()).complete
    assert place.open_entries() == []
    assert len([row for row in place.rows("PermissionSet") if row["Name"].startswith("ActiveCampaign")]) == 2
    mark = place.mark()
    assert not (await place.apply()).changed
    assert place.writes(mark) == []


async def test_apply_has_no_more_commits_than_those_tested(place: Place) -> None:
    assert not await killed_at(place, COMMITS_OF_APPLY + 1, place.apply)


@pytest.mark.parametrize("commit", range(1, COMMITS_OF_LEAVING + 1))
async def test_leaving_is_finished_by_the_next_one(place: Place, commit: int) -> None:
    before = dict(place.layout("Lead")["Metadata"])
    await place.prepared()
    (lead, *_) = await place.work.layouts()
    await place.work.change_layout(lead.id, consent=YES)

    async def leave() -> object:
        return await place.work.leave(confirm=(await place.work.leave_plan()).org)

    assert await killed_at(place, commit, leave)
    await leave()
    assert place.open_entries() == []
    assert await place.seen(SObject.LEAD) == await place.seen(SObject.CONTACT) == set()
    names = {spec.name for spec in PERMISSION_SETS}
    assert not [row for row in place.rows("PermissionSet") if row["Name"] in names]
    assert place.layout("Lead")["Metadata"] == before


@pytest.mark.parametrize("commit", [1, 2])
async def test_a_layout_is_changed_once_and_can_be_put_back(place: Place, commit: int) -> None:
    await place.prepared()
    before = dict(place.layout("Lead")["Metadata"])
    (lead, *_) = await place.work.layouts()
    assert await killed_at(place, commit, lambda: place.work.change_layout(lead.id, consent=YES))
    assert (await place.work.change_layout(lead.id, consent=YES)).done
    assert set(place.layout_fields("Lead")) >= PEOPLE_FIELDS
    assert (await place.work.restore_layout(lead.id)).done
    assert place.layout("Lead")["Metadata"] == before


async def test_two_presses_of_apply_make_one_deployment(place: Place) -> None:
    first, second = await asyncio.gather(place.apply(), place.apply())
    assert (first.changed, second.changed) == (True, False)
    assert place.deployments() == 1
