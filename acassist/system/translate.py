"""Turns English source texts into the language of the person, with numbers and times as they write them."""

from __future__ import annotations

import gettext
from collections.abc import Collection, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from acassist.domain.text import Message

SOURCE = "en"
_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


class _Values(dict[str, str]):
    """Leaves a placeholder without a value visible instead of failing in front of a person."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


class Translator:
    """All catalogues of one language; a text that none of them has stays English."""

    def __init__(self, locale: Locale, catalogues: gettext.NullTranslations, zone: tzinfo | None = None) -> None:
        self.locale = locale
        self._catalogues = catalogues
        self._zone = zone

    @classmethod
    def load(cls, language: str, folder: Path, *, zone: tzinfo | None = None) -> Translator:
        """Load every `<folder>/<language>/LC_MESSAGES/*.mo`; times are shown in `zone`, else in the local zone.

        A territory without catalogues of its own ("es_MX") takes those of its language. An unknown language is
        English.
        """
        locale = _locale(language)
        chain = gettext.NullTranslations()
        for name in dict.fromkeys((str(locale), locale.language)):
            for path in sorted((folder / name / "LC_MESSAGES").glob("*.mo")):
                with path.open("rb") as file:
                    chain.add_fallback(gettext.GNUTranslations(file))
        return cls(locale, chain, zone)

    @property
    def language(self) -> str:
        """Return the language as in `es` or `es_MX`."""
        return str(self.locale)

    def text(self, source: str) -> str:
        """Translate one text without placeholders, or leave its placeholders as they are."""
        return self._catalogues.gettext(source) if source else ""

    def plural(self, one: str, many: str, n: int, **values: object) -> str:
        """Translate by number; `{n}` is filled with the number and further placeholders with `values`."""
        return self._filled(self._catalogues.ngettext(one, many, n), {"n": n, **values})

    def message(self, message: Message) -> str:
        """Translate a message and fill its placeholders; messages among its values are translated first."""
        return self._filled(self.text(message.text), message.values)

    def value(self, value: object) -> str:
        """Write one value as people of this language do."""
        if isinstance(value, Message):
            return self.message(value)
        if isinstance(value, datetime):
            local = value.astimezone(self._zone) if value.tzinfo else value
            return format_datetime(local, "medium", locale=self.locale)
        if isinstance(value, date):
            return format_date(value, "medium", locale=self.locale)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            return format_decimal(value, locale=self.locale)
        if isinstance(value, (list, tuple)):
            return ", ".join(self.value(one) for one in value)
        return "" if value is None else str(value)

    def _filled(self, template: str, values: Mapping[str, object]) -> str:
        return template.format_map(_Values({name: self.value(value) for name, value in values.items()}))


def available_languages(folder: Path) -> list[str]:
    """List the languages that can be chosen: English and every folder with a compiled catalogue."""
    found = {path.parent.parent.name for path in folder.glob("*/LC_MESSAGES/*.mo")}
    return sorted({SOURCE, *found})


def detect_language(environ: Mapping[str, str], available: Collection[str], *, system: str = "") -> str:
    """Choose a language from the environment, else from the system's own setting, else English.

    `system` is what the operating system names (Windows and macOS set no variables).
    """
    named: list[str] = [part for name in _VARIABLES for part in environ.get(name, "").split(":")]
    for wanted in [*named, system]:
        code = wanted.partition(".")[0].partition("@")[0].replace("-", "_")
        if code in available or code.partition("_")[0] in available:
            return code
        if code in {"C", "POSIX"}:
            continue
    return SOURCE


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_") or SOURCE)
    except (ValueError, UnknownLocaleError):
        return Locale(SOURCE)
