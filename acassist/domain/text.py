"""Markers for user-visible text: defined here in English, translated where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:
    """Mark a literal for translation and return it unchanged."""
    return text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in English with named placeholders, and the values that fill them.

    Values that are themselves `Message`s are translated before they are filled in.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def english(self) -> str:
        """Fill the placeholders of the English text."""
        return self.text.format(**{k: v.english() if isinstance(v, Message) else v for k, v in self.values.items()})
