from __future__ import annotations

import sqlite3

import pytest

from acassist.storage.settings import SettingsStore


@pytest.fixture
def settings(db) -> SettingsStore:
    return SettingsStore(db)


@pytest.mark.parametrize("value", [None, True, 0, "", "ñ", [1, [2]], {"a": {"b": None}}])
def test_json_values_come_back(settings, value):
    settings.put("x", value)
    assert settings.get("x") == value


def test_a_value_can_be_replaced_and_forgotten(settings):
    settings.put("x", 1)
    settings.put("x", 2)
    assert settings.get("x") == 2
    settings.remove("x")
    assert settings.get("x") is None


def test_drafts_stand_apart_from_saved_values(settings):
    settings.put("mapping", "saved")
    settings.put_draft("mapping", "typed")
    assert (settings.get("mapping"), settings.draft("mapping")) == ("saved", "typed")
    assert settings.names("draft:") == ["draft:mapping"]
    settings.drop_draft("mapping")
    assert settings.draft("mapping") is None


def test_changes_are_recorded_newest_first_with_their_time(settings, clock):
    settings.audit("limits", None, {"share": 80})
    clock.pass_time(hours=1)
    settings.audit("limits", {"share": 80}, {"share": 90})
    newest, oldest = settings.audit_rows()
    assert (newest.what, newest.before, newest.after, newest.at) == (
        "limits",
        {"share": 80},
        {"share": 90},
        clock.now(),
    )
    assert settings.audit_rows(before_id=newest.id) == [oldest]


@pytest.mark.parametrize("sql", ["DELETE FROM audit", "UPDATE audit SET what = 'x'"])
def test_the_record_of_changes_cannot_be_rewritten(settings, db, sql):
    settings.audit("limits", 1, 2)
    with pytest.raises(sqlite3.IntegrityError), db.transaction():
        db.execute(sql)
    assert len(settings.audit_rows()) == 1
