"""The journal of writes to an org's set-up: durable before the write, and found again after a crash."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acassist.storage.database import Database
from acassist.storage.provisioning_journal import Entry, EntryKind, EntryState, ProvisioningJournal
from tests.upgrade.old_profiles import write_version_1
from tests.upgrade.test_schema import NoonClock

ORG = "00D000000000001AAA"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profile.db"


@pytest.fixture
def journal() -> Iterator[Callable[[Path], ProvisioningJournal]]:
    opened: list[Database] = []

    def made(path: Path) -> ProvisioningJournal:
        opened.append(Database.open(path, clock=NoonClock()))
        return ProvisioningJournal(opened[-1])

    yield made
    for db in opened:
        db.close()


def test_an_open_write_is_found_by_the_next_start(path, journal):
    first = journal(path)
    entry = first.name(first.open(Entry(ORG, EntryKind.DEPLOY, "set-up", payload={"CustomField": ["a"]})), "0Af1")
    assert journal(path).pending(ORG) == [entry]
    assert entry.payload == {"CustomField": ["a"]}


def test_a_closed_write_is_kept_as_a_record_but_not_pending(path, journal):
    made = journal(path)
    made.close(made.open(Entry(ORG, EntryKind.ASSIGN, "0PS1")), EntryState.FAILED, "refused")
    assert made.pending(ORG) == []
    (kept,) = made.entries(ORG, EntryKind.ASSIGN)
    assert (kept.state, kept.reason) == (EntryState.FAILED, "refused")


def test_orgs_do_not_see_each_other(path, journal):
    made = journal(path)
    made.open(Entry(ORG, EntryKind.DEPLOY, "set-up"))
    assert made.pending("00D000000000002AAA") == []


def test_the_first_copy_of_a_layout_counts_until_it_is_put_back(path, journal):
    made = journal(path)
    first = made.open(Entry(ORG, EntryKind.LAYOUT, "00h1", before={"x": 1}))
    made.close(first, EntryState.DONE)
    made.close(made.open(Entry(ORG, EntryKind.LAYOUT, "00h1", before={"x": 2})), EntryState.DONE)
    assert made.saved_layouts(ORG)["00h1"].before == {"x": 1}
    for entry in made.entries(ORG, EntryKind.LAYOUT, "00h1"):
        made.close(entry, EntryState.UNDONE)
    assert made.saved_layouts(ORG) == {}


def test_closing_what_was_never_opened_is_an_error(path, journal):
    with pytest.raises(LookupError):
        journal(path).close(Entry(ORG, EntryKind.DEPLOY, "set-up", id=7), EntryState.DONE)


def test_a_profile_of_version_1_has_an_empty_journal_after_it_is_opened(path, journal):
    write_version_1(path)
    assert journal(path).pending(ORG) == []
