"""What was asked of the sandbox, without any secret."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

SECRET_PARAMETERS = frozenset(
    {"api_key", "access_token", "refresh_token", "client_secret", "token", "code", "password", "pw", "un", "state"}
    | {"code_verifier", "code_challenge", "assertion"}
)


def without_secrets(query: str) -> str:
    """Return the query string with the values of secret parameters replaced by stars."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(key, "***" if key.lower() in SECRET_PARAMETERS else value) for key, value in pairs])


class RequestLog:
    """A numbered list of requests; headers and bodies are never kept."""

    def __init__(self) -> None:
        self._entries: list[dict[str, Any]] = []
        self._next = 1

    @property
    def total(self) -> int:
        """How many requests there ever were."""
        return self._next - 1

    def append(self, at: datetime, entry: dict[str, Any]) -> dict[str, Any]:
        """Number and keep `entry` (service, method, path, query, status, bytes, kind and what was written)."""
        row = {"n": self._next, "at": at.isoformat(), **entry, "query": without_secrets(str(entry.get("query", "")))}
        self._next += 1
        self._entries.append(row)
        return row

    def since(self, n: int = 0) -> list[dict[str, Any]]:
        """Return the entries with a number greater than `n`."""
        return [dict(entry) for entry in self._entries if entry["n"] > n]

    def clear(self) -> None:
        """Forget all entries; numbering goes on."""
        self._entries.clear()

    def counts(self) -> dict[str, Any]:
        """Return how many requests there were: in all, by kind, by service and kind, and by call."""
        kinds = Counter(str(e["kind"]) for e in self._entries)
        services = Counter(f"{e['service']}.{e['kind']}" for e in self._entries)
        calls = Counter(f"{e['service']} {e['method']} {e['path']}" for e in self._entries)
        return {
            "total": len(self._entries),
            "kinds": dict(sorted(kinds.items())),
            "services": dict(sorted(services.items())),
            "calls": dict(sorted(calls.items())),
        }
