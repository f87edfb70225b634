"""The spool of a run: records and link numbers come back page by page, in order, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from acassist.domain.ids import SObject
from acassist.domain.record import SalesforceRecord
from acassist.storage.spool import Spool

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LEAD, CONTACT = SObject.LEAD, SObject.CONTACT


@pytest.fixture
def spool() -> Iterator[Spool]:
    with Spool() as made:
        yield made


def lead(n: int, *, at: int = 0, **fields: object) -> SalesforceRecord:
    return SalesforceRecord(LEAD, f"00Q{n:03}", START + timedelta(seconds=at), {"Email": f"P{n}@x.example", **fields})


def test_a_record_comes_back_as_it_was(spool: Spool) -> None:
    record = lead(1, City="Zürich 🙂", Size=12.5, Ok=True, Gone=None)
    spool.keep([record])
    assert spool.records(LEAD, ["00Q001", "00Q002"]) == {"00Q001": record}
    assert spool.records(CONTACT, ["00Q001"]) == {}


def test_a_record_read_twice_is_kept_as_read_last_and_stays_a_candidate(spool: Spool) -> None:
    spool.keep([lead(1, City="A")], candidates=["00Q001"])
    spool.keep([lead(1, at=9, City="B")])
    assert spool.is_candidate(LEAD, "00Q001")
    assert [r.fields["City"] for page in spool.candidates(LEAD, 10) for r in page] == ["B"]


def test_candidates_come_by_stamp_in_pages_even_with_equal_stamps(spool: Spool) -> None:
    records = [lead(n, at=n // 3) for n in (5, 1, 4, 2, 3, 0, 6)]
    spool.keep(records, candidates=[r.id for r in records if r.id != "00Q006"])
    pages = list(spool.candidates(LEAD, 2))
    assert [len(page) for page in pages] == [2, 2, 2]
    assert [r.id for page in pages for r in page] == [f"00Q{n:03}" for n in range(6)]
    assert spool.count_candidates(LEAD) == 6


def test_each_address_of_a_candidate_is_counted_once(spool: Spool) -> None:
    spool.keep([lead(1), lead(2, Email=" p1@X.example"), lead(3), lead(4, Email=None)], candidates=["00Q001", "00Q002"])
    assert list(spool.new_emails(1)) == [["p1@x.example"]]


def test_links_come_in_the_order_of_their_first_mention(spool: Spool) -> None:
    spool.add_links(LEAD, [7, 3])
    spool.add_links(CONTACT, [4])
    spool.add_links(LEAD, [3, 9, 1])
    assert list(spool.links(LEAD, 3)) == [[7, 3, 9], [1]]
    assert spool.count_links(LEAD) == 4
    spool.drop_links(LEAD)
    assert list(spool.links(LEAD, 3)) == []
    assert list(spool.links(CONTACT, 3)) == [[4]]


def test_nothing_is_left_in_a_file_that_has_a_name(spool: Spool) -> None:
    assert [row[2] for row in spool._db.execute("PRAGMA database_list")] == [""]
