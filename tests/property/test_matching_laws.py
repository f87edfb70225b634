"""Laws of matching by address, on whole runs with people drawn from few addresses (rule 2)."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.simulation.scene import Scene

ADDRESSES = ("ann@x.example", "Ann@X.example", " bo@x.example", "bo@x.example", "cy@x.example", "")
people = st.lists(
    st.tuples(st.sampled_from(["Lead", "Contact", "person"]), st.sampled_from(ADDRESSES)), min_size=1, max_size=7
)

Found = tuple[list[tuple[str, str, str]], list[tuple[str, str]], list[tuple[str, str]]]


def plain(address: str | None) -> str:
    return (address or "").strip().lower()


async def _matched(drawn: Sequence[tuple[str, str]], folder: Path) -> Found:
    """Return (object, address, address of the contact) of each link, and (object, address) of listed and of all."""
    scene = await Scene.open(folder)
    for kind, address in drawn:
        if kind == "person":
            known = {person["email"] for person in scene.people()}
            if "@" in address and plain(address) not in known:
                await scene.person(plain(address))
        elif kind == "Lead":
            await scene.lead(None, Email=address)
        else:
            await scene.contact(None, Email=address)
    await scene.sync(yes=True)
    rows = {row["Id"]: (name, plain(row.get("Email"))) for name in ("Lead", "Contact") for row in scene.rows(name)}
    contacts = {person["id"]: person["email"] for person in scene.people()}
    links = sorted((*rows[link.sf_id], contacts[link.ac_id]) for link in scene.links())
    listed = sorted(rows[issue.sf_id] for issue in scene.issues() if issue.sf_id)
    await scene.close()
    return links, listed, sorted(rows.values())


def matched(drawn: Sequence[tuple[str, str]]) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_matched(drawn, Path(folder)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people)
@example([("Lead", "ann@x.example"), ("Lead", "Ann@X.example"), ("person", "ann@x.example")])
@example([("Contact", "bo@x.example"), ("Lead", "bo@x.example"), ("person", "bo@x.example")])
def test_everybody_is_linked_by_address_or_listed_and_two_of_an_object_are_never_linked(
    drawn: list[tuple[str, str]],
) -> None:
    links, listed, everybody = matched(drawn)
    assert all(address == contact for _, address, contact in links)
    assert max(Counter((name, contact) for name, _, contact in links).values(), default=1) == 1
    assert sorted([*((name, address) for name, address, _ in links), *listed]) == everybody
    counts = Counter(everybody)
    for name, address, _ in links:
        assert counts[name, address] == 1


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(people, st.randoms(use_true_random=False))
def test_the_order_in_which_people_came_makes_no_difference(drawn: list[tuple[str, str]], dice: object) -> None:
    shuffled = list(drawn)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert matched(drawn) == matched(shuffled)
