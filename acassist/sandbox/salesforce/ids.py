"""Record ids: three characters of kind, twelve of number, and a checksum that makes case irrelevant."""

from __future__ import annotations

import re
import string
from collections import defaultdict

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
CHECK = string.ascii_uppercase + "012345"
SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")


def checksum(id15: str) -> str:
    """Return the three characters that say which letters of a 15-character id are capitals."""
    out = ""
    for start in (0, 5, 10):
        bits = sum(1 << place for place, char in enumerate(id15[start : start + 5]) if char in string.ascii_uppercase)
        out += CHECK[bits]
    return out


def canonical(text: str) -> str | None:
    """Return the 18-character form of a 15- or 18-character id, or None where it is not an id.

    18-character ids are case-insensitive: the checksum restores the capitals. Source: section 0.
    """
    if not SHAPE.fullmatch(text):
        return None
    if len(text) == 15:
        return text + checksum(text)
    suffix = text[15:].upper()
    if any(char not in CHECK for char in suffix):
        return None
    chars = []
    for index, char in enumerate(text[:15]):
        capital = CHECK.index(suffix[index // 5]) >> (index % 5) & 1
        chars.append(char.upper() if capital else char.lower())
    id15 = "".join(chars)
    return id15 + suffix if checksum(id15) == suffix else None


def base62(number: int, width: int) -> str:
    """Return `number` in base 62, filled with zeros to `width`."""
    digits = ""
    while number:
        number, rest = divmod(number, 62)
        digits = ALPHABET[rest] + digits
    return digits.rjust(width, "0")


def _first_number() -> int:
    return 62**5


class IdFactory:
    """Gives out ids in ascending order, one series a key prefix."""

    def __init__(self, pod: str = "Hs") -> None:
        self.pod = pod
        self._next: defaultdict[str, int] = defaultdict(_first_number)

    def new(self, prefix: str) -> str:
        """Return a new 18-character id with the given three-character prefix."""
        number = self._next[prefix]
        self._next[prefix] = number + 1
        id15 = f"{prefix}{self.pod}{base62(number, 10)}"
        return id15 + checksum(id15)

    def counters(self) -> dict[str, int]:
        """Return where each series stands."""
        return dict(self._next)

    def restore(self, counters: dict[str, int]) -> None:
        """Go on where `counters` stood."""
        self._next.clear()
        self._next.update(counters)
