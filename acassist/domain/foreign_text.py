"""Makes text from outside safe to show: no invisible characters that hide or reorder something, no endless texts."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

SHOWN = 10_000
"""How many characters of one text are shown at most; more would only slow the window down."""
LINES = 400
"""And how many lines."""
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_LINE_BREAKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
# Zero-width joiners belong to the spelling of Persian, Indic scripts and emoji; they cannot reorder anything.
_HARMLESS = frozenset("\n\t\u200c\u200d\ufe0f")
_LONG_WORD = re.compile(r"\S{24,}")
_PIECE = re.compile(r"\S{12}(?=\S)")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def visible(text: str) -> str:
    """Return a text in which control, bidirectional and other invisible characters can be seen, as `[U+202E]`.

    Line ends of every kind become `\\n`; tabs, joiners and variation selectors stay, because scripts need them.
    """
    text = text.replace("\r\n", "\n").translate(_LINE_BREAKS)
    if text.isprintable():
        return text
    return "".join(_seen(char) for char in text)


def _seen(char: str) -> str:
    if char in _HARMLESS or unicodedata.category(char) not in _INVISIBLE:
        return char
    return f"[U+{ord(char):04X}]"


def one_line(text: str) -> str:
    """Return a visible text on one line, for names and titles; blanks of every kind become one space."""
    return " ".join(visible(text[:SHOWN]).split())


def shortened(text: str, limit: int = SHOWN) -> tuple[str, int]:
    """Return the visible beginning of a text (`limit` characters, `LINES` lines at most), and how many are left out."""
    taken = min(limit, len(text))
    breaks = islice(_BREAK.finditer(text, 0, taken), LINES - 1, None)
    last = next(breaks, None)
    taken = last.start() if last is not None else taken
    shown = visible(text[:taken])
    # What is made visible takes more room than before.
    while len(shown) > limit:
        taken = taken * limit // len(shown)
        shown = visible(text[:taken])
    return shown, len(text) - taken


def wrappable(text: str) -> str:
    """Let words that are too long for a line wrap: adds zero-width spaces, for showing only."""
    return _LONG_WORD.sub(lambda word: _PIECE.sub(lambda piece: piece[0] + "\u200b", word[0]), text)
