from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link, LinkState
from acassist.domain.merge import Base
from acassist.storage.ledger import Ledger


def make(number: int, **changes) -> Link:
    link = Link(SObject.CONTACT, f"003{number:015d}", str(number), f"p{number}@example.com")
    return replace(link, **changes)


@pytest.fixture
def ledger(db) -> Ledger:
    return Ledger(db)


def test_a_link_comes_back_as_it_was_stored(ledger):
    at = datetime(2026, 2, 3, 4, 5, 6, 789012, tzinfo=UTC)
    link = make(
        1,
        primary=False,
        state=LinkState.STOPPED,
        base={
            "same": Base("ñ", "ñ"),
            "kept": Base("a", "b"),
            "blank": Base(None, None),
            "one": Base(None, "x"),
        },
        sf_stamp=at,
        ac_stamp=at,
        own_sf_stamp=at,
        status_written="Synced successfully",
        fingerprint="f",
        opted_out=False,
        watch="w",
        synced_at=at,
    )
    stored = ledger.add_link(link)
    assert stored.id
    assert ledger.link(stored.id) == replace(link, id=stored.id)


def test_a_saved_link_replaces_the_stored_one(ledger):
    link = ledger.add_link(make(1))
    changed = replace(link, email="new@example.com", opted_out=True)
    ledger.save_link(changed)
    assert ledger.link(link.id) == changed
    assert ledger.links_by_email(["p1@example.com"]) == {}


def test_saving_an_unknown_link_is_an_error(ledger):
    with pytest.raises(LookupError):
        ledger.save_link(make(1, id=7))


def test_a_salesforce_record_has_at_most_one_link(ledger):
    ledger.add_link(make(1))
    with pytest.raises(ValueError):
        ledger.add_link(make(1, ac_id="99"))


def test_the_same_id_of_another_object_is_another_record(ledger):
    ledger.add_link(make(1))
    lead = ledger.add_link(make(1, sobject=SObject.LEAD))
    assert ledger.links_by_sf(SObject.LEAD, [lead.sf_id, "unknown"]) == {lead.sf_id: lead}


def test_twins_come_primary_first(ledger):
    second = ledger.add_link(make(1, sobject=SObject.LEAD, ac_id="5", primary=False))
    first = ledger.add_link(make(2, ac_id="5"))
    assert ledger.links_by_ac(["5", "6"]) == {"5": [first, second]}


def test_addresses_are_compared_trimmed_and_in_lower_case(ledger):
    link = ledger.add_link(make(1, email="Ana@Example.com"))
    assert ledger.links_by_email([" ANA@example.com ", ""]) == {"ana@example.com": [link]}
    assert link.email == "Ana@Example.com"


def test_links_are_read_in_pages_by_object_and_state(ledger):
    ledger.add_links([make(n) for n in range(5)])
    ledger.add_link(make(9, sobject=SObject.LEAD))
    ledger.add_link(make(10, state=LinkState.BROKEN))
    first = ledger.iter_links(sobject=SObject.CONTACT, state=LinkState.ACTIVE, limit=3)
    rest = ledger.iter_links(sobject=SObject.CONTACT, state=LinkState.ACTIVE, after_id=first[-1].id, limit=3)
    assert [link.ac_id for link in first + rest] == ["0", "1", "2", "3", "4"]
    assert len(ledger.iter_links()) == 7


def test_links_are_counted_by_state(ledger):
    ledger.add_links([make(1), make(2), make(3, state=LinkState.BROKEN)])
    assert (ledger.count_links(), ledger.count_links(LinkState.BROKEN)) == (3, 1)


def test_many_links_are_saved_in_one_commit(ledger, db):
    ledger.add_links([make(1), make(2)])
    links = ledger.iter_links()
    ledger.save_links([replace(link, watch="seen") for link in links])
    assert [link.watch for link in ledger.iter_links()] == ["seen", "seen"]
    assert db.commits == 2


def test_a_removed_link_is_gone(ledger):
    link = ledger.add_link(make(1))
    ledger.remove_link(link.id)
    assert ledger.link(link.id) is None


def test_a_cursor_moves_with_the_page_it_covers_or_not_at_all(ledger, db):
    ledger.set_cursor("sf", "1")
    with pytest.raises(RuntimeError), db.transaction():  # noqa: PT012
        ledger.add_link(make(1))
        ledger.set_cursor("sf", "2")
        raise RuntimeError
    assert (ledger.cursor("sf"), ledger.count_links()) == ("1", 0)
    ledger.set_cursor("sf", None)
    assert ledger.cursor("sf") is None


def test_look_ups_use_indexes(db):
    queries = [
        "SELECT * FROM link WHERE sobject = ? AND sf_id IN (SELECT value FROM json_each(?))",
        "SELECT * FROM link WHERE ac_id IN (SELECT value FROM json_each(?))",
        "SELECT * FROM link WHERE email_key IN (SELECT value FROM json_each(?))",
        "SELECT * FROM contact WHERE email_key IN (SELECT value FROM json_each(?))",
        "SELECT * FROM contact ORDER BY CAST(ac_id AS INTEGER) DESC LIMIT 1",
        "SELECT * FROM issue WHERE subject = ? AND state IN ('open', 'ignored')",
        "SELECT * FROM history WHERE link_id = ? AND id < ? ORDER BY id DESC LIMIT 5",
    ]
    for sql in queries:
        plan = [row["detail"] for row in db.rows("EXPLAIN QUERY PLAN " + sql, ("1",) * sql.count("?"))]
        assert not any(
            step.startswith(("SCAN link", "SCAN contact", "SCAN issue", "USE TEMP B-TREE"))
            and "USING INDEX" not in step
            for step in plan
        ), plan
