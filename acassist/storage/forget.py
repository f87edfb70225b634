"""Forgetting everybody: what the program knows of people leaves this computer, settings and the audit log stay."""

from __future__ import annotations

from acassist.storage.backups import backups_of
from acassist.storage.database import Database

# Children before parents. Settings, audit, call counts and the journal of an org's set-up hold no person.
_OF_PEOPLE = (
    *("history", "issue", "intent", "run", "link", "cursor", "contact", "activity_cache"),
    *("sweep_seen", "untagged"),
)


def forget_people(db: Database) -> None:
    """Delete links, history, issues, caches and the copies of the profile; what was deleted cannot be read again."""
    for copy in backups_of(db.path):
        copy.path.unlink(missing_ok=True)
    with db.transaction():
        for table in _OF_PEOPLE:
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own
        # A sweep that went on in the middle would take the empty ledger for read.
        db.execute("DELETE FROM setting WHERE name LIKE 'sweep.state.%'")
    # Deleted rows stay readable in free pages and in the log until the file is written anew.
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
