"""Settings of a profile beyond the four steps: limits, defaults, the audit log, copies, and what an import changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from acassist.assistant import transfer
from acassist.assistant.session import Session, dump
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.profile import Defaults, Limits, Setup
from acassist.domain.text import N_, Message
from acassist.storage.backups import Backup, backups_of, make_backup

_RANGES = {
    "overwrite_count": (1, 1_000_000),
    "overwrite_percent": (1, 100),
    "emptied_count": (1, 1_000_000),
    "salesforce_share": (1, 95),
}
"""What each limit may be; a brake cannot be switched off, and Salesforce keeps calls for everybody else."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change of a setting, or one decision; values as they were stored."""

    id: int
    at: datetime
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One value that differs between two set-ups; `path` names it, blank where it is not there."""

    path: str
    before: str
    after: str


def limits_in_range(limits: Limits) -> Limits:
    """Return the limits with every value inside its range."""
    return Limits(**{name: min(high, max(low, getattr(limits, name))) for name, (low, high) in _RANGES.items()})


def set_limits(session: Session, limits: Limits) -> None:
    """Put limits into effect; they hold from the next run on."""
    session.store(replace(session.setup, limits=limits_in_range(limits)), what="limits")


def set_defaults(session: Session, defaults: Defaults) -> None:
    """Put sync defaults into effect; blanks around the stand-in values are dropped."""
    tidy = replace(defaults, last_name=defaults.last_name.strip(), company=defaults.company.strip())
    session.store(replace(session.setup, defaults=tidy), what="defaults")


def audit(session: Session, limit: int = 200, before_id: int | None = None) -> list[AuditEntry]:
    """Read one page of the audit log, newest first, each entry reduced to what changed."""
    entries = []
    for row in session.stores.settings.audit_rows(limit, before_id):
        before, after = _flat(row.before), _flat(row.after)
        changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        shown = [_shown({k: v for k, v in side.items() if k in changed}) for side in (before, after)]
        entries.append(AuditEntry(row.id, row.at, row.what, *shown))
    return entries


def _shown(values: Mapping[str, str]) -> str:
    return "\n".join(f"{key}: {value}" if key else value for key, value in values.items())


def differences(session: Session, data: Mapping[str, Any], file: str) -> list[SettingChange]:
    """Say what an import would change, one value a row; raises FILE_INVALID."""
    return changes_between(session.setup, transfer.imported(session.setup, data, file=file))


def changes_between(old: Setup, new: Setup) -> list[SettingChange]:
    """Compare two set-ups value by value."""
    before, after = _flat(dump(old)), _flat(dump(new))
    names = dict.fromkeys([*before, *after])
    return [
        SettingChange(name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name) != after.get(name) and not name.startswith("finished")
    ]


def _flat(value: Any, path: str = "") -> dict[str, str]:
    return dict(_walk(value, path))


def _walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _walk(inner, f"{path}.{_label(inner, place)}" if path else _label(inner, place))
    elif value is not None:
        yield path, str(value)


def _label(inner: Any, place: int) -> str:
    """Name a mapping row by its fields, so that a moved row is not shown as two changes."""
    if isinstance(inner, dict) and "ac_key" in inner and "sf_field" in inner:
        return f"{inner['ac_key']}~{inner['sf_field']}"
    return str(place + 1)


def backups(session: Session) -> list[Backup]:
    """List the copies of the profile, newest first."""
    return backups_of(session.machine.paths.db)


def back_up(session: Session) -> Backup:
    """Make a copy of the profile now; raises DISK_FULL."""
    return make_backup(session.stores.db)


@dataclass(frozen=True, slots=True)
class Import:
    """A set-up file that was read: its content, and what it would change here."""

    file: str
    data: Mapping[str, Any]
    changes: tuple[SettingChange, ...]


async def read_import(session: Session, path: Path) -> Import:
    """Read an exported set-up and compare it; raises FILE_INVALID."""
    try:
        data = json.loads(await asyncio.to_thread(path.read_text, "utf-8"))
    except OSError as error:
        raise _unusable(path, error.strerror or type(error).__name__) from error
    except ValueError as error:
        raise _unusable(path, Message(N_("it is not JSON"))) from error
    if not isinstance(data, dict):
        raise _unusable(path, Message(N_("it is not JSON")))
    return Import(path.name, data, tuple(differences(session, data, path.name)))


def _unusable(path: Path, reason: object) -> ProblemError:
    return ProblemError(Problem(ProblemCode.FILE_INVALID, path.name, {"file": path.name, "reason": reason}))
