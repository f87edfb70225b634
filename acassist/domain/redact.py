"""Removes secrets and e-mail addresses from texts that may reach a log, a report or an issue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "[hidden]"
_PATTERNS = (
    # Salesforce access tokens start with the 15-character org id and '!' (salesforce_api 1.4).
    re.compile(r"00D[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?(?:!|%21)[^\s\"'&,;]+"),
    re.compile(r"5Aep[0-9A-Za-z._%\-]{8,}"),
    # `code` only as a whole word: an error code or status code is no secret and is needed in a log.
    re.compile(
        r"((?:(?:access|refresh|api|id|csrf)[_-]?token|api[_-]?key|(?:client|consumer)[_-]?secret|code_verifier|"
        r"(?<![A-Za-z0-9_-])code|(?<![A-Za-z0-9])token|password|Authorization)"
        r"[\"']?\s*(?:=|:|%3D)\s*[\"']?(?:(?:Bearer|Basic|OAuth|Token)\s+)?)[^\s\"'&,;]+",
        re.IGNORECASE,
    ),
    re.compile(r"(Bearer\s+)[^\s\"'&,;]+"),
)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def redact(text: str, secrets: Iterable[str] = (), *, emails: bool = True) -> str:
    """Mask known secrets (raw and URL-encoded), token-like text and, unless told otherwise, e-mail addresses."""
    # Longest first: a secret may begin with another one.
    for secret in sorted((s for s in secrets if len(s) >= 4), key=len, reverse=True):
        for form in {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}:
            text = re.sub(re.escape(form), MASK, text, flags=re.IGNORECASE)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda m: (m.group(1) if m.groups() else "") + MASK, text)
    return _EMAIL.sub("[e-mail]", text) if emails else text
