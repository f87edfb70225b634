"""Who holds the permission sets: search, assign, remove, with an answer for each person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acassist.domain.problem import ProblemCode
from acassist.salesforce.provisioning.definitions import MANAGER, STANDARD
from acassist.storage.provisioning_journal import EntryKind, EntryState
from tests.flow.provisioning_world import Place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = await Place.open(tmp_path)
    yield made
    await made.close()


async def user_id(place: Place, name: str) -> str:
    (row,) = [row for row in await place.work.users(name) if row.name == name]
    return row.id


async def test_active_users_are_listed_by_name_with_profile_and_what_they_hold(place: Place) -> None:
    await place.prepared()
    rows = await place.work.users()
    assert [row.name for row in rows] == ["Automated Process", "Olivia Owner", "Sasha Admin"]
    assert {row.profile for row in rows} == {"System Administrator"}
    assert {row.name: (row.manager, row.standard) for row in rows}["Sasha Admin"] == (True, False)


async def test_people_who_left_are_not_listed(place: Place) -> None:
    key = await user_id(place, "Olivia Owner")
    place.org.rows_of("User").rows[key]["IsActive"] = False
    assert "Olivia Owner" not in [row.name for row in await place.work.users()]


@pytest.mark.parametrize("text", ["livia", "OLIVIA.OWNER@"])
async def test_users_are_found_by_parts_of_name_or_user_name(place: Place, text: str) -> None:
    assert [row.name for row in await place.work.users(text)] == ["Olivia Owner"]


async def test_a_wildcard_or_quote_in_the_search_is_only_text(place: Place) -> None:
    assert await place.work.users("%") == []
    assert await place.work.users("O'") == []


async def test_a_set_is_assigned_and_removed(place: Place) -> None:
    await place.prepared()
    key = await user_id(place, "Olivia Owner")
    assert [answer.done for answer in await place.work.assign([key], STANDARD.name)] == [True]
    assert [row.standard for row in await place.work.users("Olivia")] == [True]
    assert [answer.done for answer in await place.work.remove([key], STANDARD.label)] == [True]
    assert [row.standard for row in await place.work.users("Olivia")] == [False]


async def test_assigning_twice_and_removing_what_is_not_there_count_as_done(place: Place) -> None:
    await place.prepared()
    key = await user_id(place, "Olivia Owner")
    for _ in range(2):
        assert [answer.done for answer in await place.work.assign([key], STANDARD.name)] == [True]
    for _ in range(2):
        assert [answer.done for answer in await place.work.remove([key], STANDARD.name)] == [True]


async def test_a_licence_that_does_not_fit_is_told_by_name_and_stops_nobody_else(place: Place) -> None:
    await place.prepared()
    keys = [await user_id(place, "Automated Process"), await user_id(place, "Olivia Owner")]
    message = "Can't assign permission set: the user license doesn't allow the permission Read Leads"
    body = [
        {"success": False, "errors": [{"statusCode": "LICENSE_LIMIT_EXCEEDED", "message": message}]},
        {"id": "0Pa000000000001AAA", "success": True, "errors": []},
    ]
    place.fault("POST", "/composite/sobjects$", {"kind": "status", "status": 200, "body": body})
    first, second = await place.work.assign(keys, STANDARD.name)
    assert (first.done, second.done) == (False, True)
    assert first.problem.code is ProblemCode.ASSIGN_REFUSED
    assert first.problem.sentence.english() == (
        f"Salesforce refused the permission set for Automated Process: {message}."
    )


async def test_a_set_that_is_not_in_the_org_yet_cannot_be_assigned(place: Place) -> None:
    (answer,) = await place.work.assign([await user_id(place, "Olivia Owner")], MANAGER.name)
    assert not answer.done
    assert "press Apply first" in answer.problem.sentence.english()


async def test_who_got_a_set_is_in_the_journal(place: Place) -> None:
    await place.prepared()
    key = await user_id(place, "Olivia Owner")
    await place.work.assign([key], STANDARD.name)
    last = place.journal.entries(place.org_id, EntryKind.ASSIGN)[-1]
    assert (last.payload, last.state) == ([key], EntryState.DONE)


async def test_an_unknown_set_is_a_mistake_of_the_caller(place: Place) -> None:
    with pytest.raises(ValueError, match="no permission set"):
        await place.work.assign([], "Something Else")
