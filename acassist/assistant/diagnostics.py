"""Logs and the diagnostics report: what is in it is shown before it is saved, and none of it is secret."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass

from acassist import __version__
from acassist.assistant.session import Session, dump
from acassist.domain.redact import redact
from acassist.system.logs import recent_lines

LINES = 2000
_KNOWN = re.compile(r"^(\S+ \S+) (DEBUG|INFO|WARNING|ERROR|CRITICAL) (\S+) \[([^\]]*)\] (.*)$")
# Who and where, and what people typed: a report needs none of it.
_PRIVATE = {"username", "user_email", "user_id", "org_name", "last_name", "company", "client_id", "org_id", "value"}


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the log; a line that continues another has its level and no time."""

    time: str
    level: str
    source: str
    text: str


def log_lines(session: Session, limit: int = LINES) -> list[LogLine]:
    """Read the newest log lines, oldest first, redacted once more."""
    lines: list[LogLine] = []
    for raw in recent_lines(session.machine.paths.logs, limit=limit):
        found = _KNOWN.match(redact(raw))
        if found:
            lines.append(LogLine(found[1], found[2], found[3], found[5]))
        else:
            lines.append(LogLine("", lines[-1].level if lines else "INFO", "", redact(raw)))
    return lines[-limit:]


def _hidden(value: object, key: str = "") -> object:
    if isinstance(value, dict):
        return {k: _hidden(v, k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(v, key) for v in value]
    return "[hidden]" if key in _PRIVATE and value not in ("", None) else value


def report(session: Session) -> str:
    """Write the diagnostics as plain text: versions, set-up without names, counts, last runs, log."""
    stores = session.stores
    counts = {code.value: n for code, n in stores.issues.counts().items()}
    runs = [
        f"{run.id} {run.direction} {run.state} {run.started.isoformat(timespec='seconds')} {run.counters}"
        f" {run.problem or ''}"
        for run in stores.history.runs(20)
    ]
    parts = [
        "PROGRAM",
        f"acassist {__version__}, Python {sys.version.split()[0]}, {platform.platform()}",
        "SET-UP",
        *_lines(_hidden(dump(session.setup))),
        "COUNTS",
        f"links {stores.ledger.count_links()}, contacts known {stores.index.count()}, open issues {counts}",
        "LAST RUNS",
        *(runs or ["none"]),
        "LOG",
        *recent_lines(session.machine.paths.logs, limit=LINES),
    ]
    return redact("\n".join(parts)) + "\n"


def _lines(value: object, path: str = "") -> list[str]:
    """Write nested values one a line, with their path."""
    if isinstance(value, dict):
        return [line for k, v in value.items() for line in _lines(v, f"{path}.{k}" if path else str(k))]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [line for n, v in enumerate(value) for line in _lines(v, f"{path}[{n}]")]
    return [f"{path} = {value}"]
