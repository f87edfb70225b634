"""Removes secrets and e-mail addresses from texts that may reach a log, a report or an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

MASK = "[hidden]"
_PATTERNS = (
    # Salesforce access tokens start with the 15-character org id and '!' (salesforce_api 1.4).
    re.compile(r"00D[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?(?:!|%21)[^\s\"'&,;]+"),
    re.compile(r"5Aep[0-9A-Za-z._%\-]{8,}"),
    re.compile(
        r"((?:access_token|refresh_token|api_key|client_secret|code_verifier|code|token|password|Api-Token|Authorization)"
        r"[\"']?\s*[=:]\s*[\"']?(?:Bearer\s+)?)[^\s\"'&,;]+",
        re.IGNORECASE,
    ),
    re.compile(r"(Bearer\s+)[^\s\"'&,;]+"),
)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def redact(text: str, secrets: Iterable[str] = (), *, emails: bool = True) -> str:
    """Mask known secrets (raw and URL-encoded), token-like text and, unless told otherwise, e-mail addresses."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, MASK).replace(quote(secret, safe=""), MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda m: (m.group(1) if m.groups() else "") + MASK, text)
    return _EMAIL.sub("[e-mail]", text) if emails else text
