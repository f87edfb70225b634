"""Going back to a copy of the profile: what would be forgotten, and putting the copy in its place."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from acassist.assistant.session import SETUP, Session, dump
from acassist.assistant.upkeep import AuditEntry, audit
from acassist.domain.ports import Clock
from acassist.storage.backups import Contents, contents_now, contents_of, make_backup, restore
from acassist.storage.database import Database
from acassist.storage.settings import SettingsStore
from acassist.system.lock import WriterLock
from acassist.system.paths import ProfilePaths

LISTED = 200


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What going back to a copy makes this computer forget; nothing changes in either service.

    `settings` are the changes of settings and the decisions since, newest first, at most 200; `settings_count` counts
    all of them. `links` is how many more links there are now than then, never negative.
    """

    runs: int
    links: int
    settings_count: int
    settings: tuple[AuditEntry, ...]
    links_then: int

    @property
    def nothing(self) -> bool:
        """Tell whether the copy holds all there is."""
        return not (self.runs or self.links or self.settings_count)


def forgotten(session: Session, copy: Path) -> Forgotten:
    """Compare a copy with the profile; raises PROFILE_DAMAGED when the copy cannot be read."""
    then, now = contents_of(copy), contents_now(session.stores.db)
    return Forgotten(
        max(0, now.newest_run - then.newest_run),
        max(0, now.links - then.links),
        max(0, now.newest_audit - then.newest_audit),
        tuple(_since(session, then)),
        then.links,
    )


def _since(session: Session, then: Contents) -> list[AuditEntry]:
    return [entry for entry in audit(session, LISTED) if entry.id > then.newest_audit]


def prepare_restore(session: Session, copy: Path) -> Callable[[], None]:
    """Check a copy, keep the present state as a copy of its own, and return what puts the copy in place.

    Call what is returned while the profile is closed. Raises PROFILE_DAMAGED or DISK_FULL.
    """
    contents_of(copy)
    make_backup(session.stores.db)
    paths, clock = session.machine.paths, session.machine.clock
    taken = clock.now()

    def put_in_place() -> None:
        with WriterLock(paths.lock, clock=clock):
            restore(paths.db, copy, clock=clock)
            _pause(paths, clock, copy.name, taken)

    return put_in_place


def _pause(paths: ProfilePaths, clock: Clock, name: str, taken: datetime) -> None:
    """Keep scheduled runs from starting before a person looked, and note in the audit log what happened."""
    with closing(Database.open(paths.db, clock=clock)) as db:
        settings = SettingsStore(db)
        stored = settings.get("setup")
        if stored is not None:
            setup = SETUP.validate_python(stored)
            settings.put("setup", dump(replace(setup, paused=setup.started or setup.paused)))
        settings.audit("restore", {"state": taken.isoformat(timespec="seconds")}, {"copy": name})
