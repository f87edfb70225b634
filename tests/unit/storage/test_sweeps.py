"""What the sweeps keep survives the program, and what a turn has seen tells what is missing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from acassist.domain.ids import SObject
from acassist.domain.ledger import Link
from acassist.domain.sweeps import DEFAULT_ALLOWANCE, SweepKind
from acassist.storage.database import Database
from acassist.storage.forget import forget_people
from acassist.storage.ledger import Ledger
from acassist.storage.settings import SettingsStore
from acassist.storage.sweeps import SweepState, SweepStore
from tests.upgrade.old_profiles import write_version_1

TAGS = SweepKind.TAGS
AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture
def store(db) -> SweepStore:
    return SweepStore(db)


def link(db, sobject: SObject, sf_id: str, ac_id: str) -> Link:
    return Ledger(db).add_link(Link(sobject, sf_id, ac_id, f"{ac_id}@x.example"))


def test_a_state_comes_back_as_it_was_stored(store):
    state = SweepState(cursor="7|x", turn=3, started=AT, spent_until=AT, done=5, total=9, day="2026-02-03")
    store.save(TAGS, state)
    assert store.state(TAGS) == state
    assert store.state(SweepKind.CONTACTS) == SweepState()


def test_what_another_version_stored_beside_it_does_not_matter(store, db):
    SettingsStore(db).put("sweep.state.tags", {"turn": 2, "unheard_of": 1})
    assert store.state(TAGS) == SweepState(turn=2)


def test_a_changed_allowance_is_in_the_audit_log(store, db):
    store.set_allowance(TAGS, 7)
    [row] = SettingsStore(db).audit_rows()
    assert (row.before, row.after, store.allowance(TAGS)) == (DEFAULT_ALLOWANCE[TAGS], 7, 7)


def test_a_turn_forgets_what_only_earlier_ones_have_seen(store):
    store.see(TAGS, ["1", "2"], 1)
    store.see(TAGS, ["2"], 2)
    assert store.seen(TAGS, ["1", "2"], 2) == {"2"}
    store.forget_older(TAGS, 2)
    assert store.seen(TAGS, ["1", "2"], 1) == set()


def test_links_come_in_id_order_page_by_page(store, db):
    for number in (3, 1, 2):
        link(db, SObject.LEAD, f"00Q{number}", str(number))
    link(db, SObject.CONTACT, "0031", "9")
    assert store.linked_ids(SObject.LEAD, limit=2) == ["00Q1", "00Q2"]
    assert store.linked_ids(SObject.LEAD, after="00Q2") == ["00Q3"]
    assert (store.count_links(SObject.LEAD), store.count_links(SObject.ACCOUNT)) == (3, 0)


def test_linked_people_whom_a_full_turn_has_not_seen_lack_their_tag(store, db):
    link(db, SObject.LEAD, "00Q1", "1")
    link(db, SObject.LEAD, "00Q2", "2")
    link(db, SObject.ACCOUNT, "0011", "account:5")
    newest = store.newest_link()
    link(db, SObject.LEAD, "00Q3", "3")
    store.see(TAGS, ["1"], 1)
    assert store.note_missing(1, newest) == 1
    assert store.missing() == ["2"]
    # Nobody is counted twice, and whoever holds the tag again is no longer missed.
    assert store.note_missing(1, newest) == 0
    assert store.tagged(["2"]) == set()
    assert store.count_missing() == 0


def test_only_changes_that_waited_are_told_when_the_tag_is_there(store):
    store.hold(["4", "5"])
    assert store.tagged(["5", "6"]) == {"5"}
    assert store.tagged(["5"]) == set()


def test_a_profile_from_before_the_sweeps_begins_with_none_made(tmp_path, clock):
    path = tmp_path / "old.db"
    write_version_1(path)
    old = Database.open(path, clock=clock)
    store = SweepStore(old)
    assert store.state(SweepKind.CONTACTS) == SweepState()
    store.hold(["7"])
    assert store.tagged(["7"]) == {"7"}
    old.close()


def test_forgetting_everybody_forgets_how_far_the_sweeps_got(store, db):
    store.save(TAGS, SweepState(cursor="7|x", turn=3))
    store.set_allowance(TAGS, 7)
    store.see(TAGS, ["1"], 3)
    store.hold(["1"])
    forget_people(db)
    assert store.state(TAGS) == SweepState()
    assert store.allowance(TAGS) == 7
    assert store.seen(TAGS, ["1"], 3) == set()
    assert store.tagged(["1"]) == set()
