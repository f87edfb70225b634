"""Turns what SQLite and the file system report into problems that a person understands."""

from __future__ import annotations

import errno
import sqlite3

from acassist.domain.problem import Problem, ProblemCode, ProblemError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether the file itself is unreadable (SQLite result codes CORRUPT and NOTADB)."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGED


def is_full(error: sqlite3.Error | OSError) -> bool:
    """Tell whether there was no room left to write."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_FULL


def disk_full(subject: str) -> ProblemError:
    """Say that nothing more can be saved."""
    return ProblemError(Problem(ProblemCode.DISK_FULL, subject=subject))


def damaged(kept_as: str) -> ProblemError:
    """Say that the database cannot be read and under which name it was kept."""
    return ProblemError(Problem(ProblemCode.PROFILE_DAMAGED, subject=kept_as, values={"file": kept_as}))


def newer(subject: str, version: int) -> ProblemError:
    """Say that a newer program wrote this file."""
    return ProblemError(Problem(ProblemCode.PROFILE_NEWER, subject=subject, detail=f"user_version {version}"))
