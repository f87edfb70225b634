from __future__ import annotations

import pytest

from acassist.domain.problem import ProblemCode, ProblemError
from acassist.storage.backups import back_up_daily, backups_of, contents_of, make_backup, restore
from acassist.storage.database import Database
from acassist.storage.settings import SettingsStore


def test_a_copy_is_made_once_a_day_and_the_newest_are_kept(db, clock):
    made = []
    for _ in range(5):
        made.append(back_up_daily(db, keep=2))
        assert back_up_daily(db, keep=2) is None
        clock.pass_time(days=1)
    assert backups_of(db.path) == [made[4], made[3]]


def test_a_profile_goes_back_to_a_copy_and_the_old_file_is_kept(db, clock, tmp_path):
    SettingsStore(db).put("x", "old")
    copy = back_up_daily(db)
    SettingsStore(db).put("x", "new")
    db.close()
    kept = restore(db.path, copy.path, clock=clock)
    again = Database.open(db.path, clock=clock)
    assert SettingsStore(again).get("x") == "old"
    again.close()
    other = Database.open(tmp_path / str(kept), clock=clock)
    assert SettingsStore(other).get("x") == "new"
    other.close()


def test_a_damaged_copy_replaces_nothing(db, clock, tmp_path):
    SettingsStore(db).put("x", "new")
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"no database " * 500)
    with pytest.raises(ProblemError) as caught:
        restore(db.path, bad, clock=clock)
    assert caught.value.problem.code is ProblemCode.PROFILE_DAMAGED
    assert SettingsStore(db).get("x") == "new"


def test_a_copy_of_the_same_moment_does_not_replace_another(db):
    first = make_backup(db)
    SettingsStore(db).put("x", "new")
    second = make_backup(db)
    assert len(backups_of(db.path)) == 2
    assert contents_of(first.path) == contents_of(second.path)


def test_a_look_into_a_copy_leaves_it_as_it_is(db):
    copy = make_backup(db)
    before = copy.path.read_bytes()
    SettingsStore(db).audit("limits", 1, 2)
    assert contents_of(copy.path).newest_audit == 0
    assert copy.path.read_bytes() == before
