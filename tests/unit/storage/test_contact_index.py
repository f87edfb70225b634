from __future__ import annotations

from datetime import UTC, datetime

import pytest

from acassist.domain.ledger import IndexedContact
from acassist.storage.contact_index import ContactIndex

AT = datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def contact(ac_id: str, email: str = "p@example.com", **more) -> IndexedContact:
    return IndexedContact(ac_id, email, AT, **more)


@pytest.fixture
def index(db) -> ContactIndex:
    return ContactIndex(db)


def test_a_contact_comes_back_as_it_was_stored(index):
    stored = contact("7", values={"field:1": "x"}, stamps={"field:1": AT}, tagged=True, deleted=True)
    index.put([stored])
    assert index.by_ids(["7", "8"]) == {"7": stored}


def test_a_contact_seen_again_replaces_the_old_row(index):
    index.put([contact("7", "old@example.com")])
    index.put([contact("7", "new@example.com")])
    assert index.count() == 1
    assert index.by_emails(["old@example.com"]) == {}


def test_several_contacts_may_share_an_address_in_number_order(index):
    index.put([contact("10", "A@x.org"), contact("9", "a@x.org ")])
    found = index.by_emails([" a@X.org"])
    assert [c.ac_id for c in found["a@x.org"]] == ["9", "10"]


def test_the_largest_id_is_judged_as_a_number(index):
    assert index.max_id() is None
    index.put([contact("9"), contact("10")])
    assert index.max_id() == "10"


def test_pages_follow_in_number_order(index):
    index.put([contact(str(n)) for n in (100, 9, 10)])
    first = index.page(limit=2)
    assert [c.ac_id for c in first + index.page(after_id=first[-1].ac_id)] == ["9", "10", "100"]


def test_contacts_can_be_forgotten(index):
    index.put([contact("1"), contact("2"), contact("3")])
    assert index.remove(["1", "5"]) == 1
    index.clear()
    assert index.count() == 0
