from __future__ import annotations

import pytest

from acassist.domain.ledger import Intent, IntentKind, IntentState
from acassist.storage.database import Database
from acassist.storage.intents import Intents


def test_an_open_intent_survives_the_end_of_the_program(db, clock):
    opened = Intents(db).open(Intent(IntentKind.IMPORT, "batch", {"emails": ["a@x.org"]}, run_id=3))
    other = Database.open(db.path, clock=clock, read_only=True)
    assert Intents(other).pending() == [opened]
    assert opened.at == clock.now()
    other.close()


@pytest.mark.parametrize("end", [IntentState.DONE, IntentState.ABANDONED])
def test_an_ended_intent_is_not_pending(db, end):
    intents = Intents(db)
    first = intents.open(Intent(IntentKind.TAG, "1", {}))
    second = intents.open(Intent(IntentKind.TAG, "2", {}))
    intents.close(first.id, end)
    assert intents.pending() == [second]


def test_closing_an_unknown_intent_is_an_error(db):
    with pytest.raises(LookupError):
        Intents(db).close(1, IntentState.DONE)


def test_pruning_forgets_only_what_was_carried_out(db):
    intents = Intents(db)
    for state in (IntentState.DONE, IntentState.ABANDONED):
        intents.close(intents.open(Intent(IntentKind.TAG, "1", {})).id, state)
    intents.open(Intent(IntentKind.TAG, "1", {}))
    assert intents.prune() == 1
    assert db.value("SELECT count(*) FROM intent") == 2
