"""Words and numbers as the user reads them: translation, local times, local numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from acassist.domain.text import Message

_PROPERTY = "acassist.words"


class Translator(Protocol):
    """What the composition root hands in: one language's catalogues."""

    def text(self, text: str) -> str:
        """Translate one text without placeholders filled in."""
        ...

    def plural(self, one: str, many: str, n: int) -> str:
        """Choose and translate the form for n."""
        ...

    def message(self, message: Message) -> str:
        """Translate a message and the messages nested in it, and fill it in."""
        ...


class English:
    """The source texts as they are; used until a catalogue is installed."""

    language = "en"

    def text(self, text: str) -> str:
        return text

    def plural(self, one: str, many: str, n: int) -> str:
        return one if n == 1 else many

    def message(self, message: Message) -> str:
        return message.english()


def _qt_now() -> datetime:
    return datetime.fromtimestamp(QDateTime.currentMSecsSinceEpoch() / 1000, UTC)


class Words:
    """The language in use with its locale and the clock that relative times are told by."""

    def __init__(self, translator: Translator, now: Callable[[], datetime] = _qt_now) -> None:
        self.translator = translator
        self.now = now
        self.language: str = getattr(translator, "language", "en")[:2]
        self.locale = locale_for(self.language)


def locale_for(language: str) -> QLocale:
    """Return the system's locale when it speaks the language, else the language's own."""
    system = QLocale.system()
    return system if system.name().startswith(language) else QLocale("es_ES" if language == "es" else "en_US")


def install(translator: Translator, *, now: Callable[[], datetime] | None = None) -> Words:
    """Make a language the one that `tr` and its companions use; needs the application object."""
    words = Words(translator, now or _qt_now)
    app = QCoreApplication.instance()
    if app is not None:
        app.setProperty(_PROPERTY, words)
    QLocale.setDefault(words.locale)
    return words


def words() -> Words:
    """Return the language in use."""
    app = QCoreApplication.instance()
    found = app.property(_PROPERTY) if app is not None else None
    return found if isinstance(found, Words) else Words(English())


def tr(text: str, /, **values: object) -> str:
    """Translate a literal and fill its named placeholders."""
    return message(Message(text, values))


def tr_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Translate the form for n and fill in `{n}`, written as the locale writes numbers, and the other values."""
    form = words().translator.plural(one, many, n)
    filled = {key: message(value) if isinstance(value, Message) else value for key, value in values.items()}
    return form.format(**{"n": number(n), **filled})


def message(item: Message) -> str:
    """Translate a message."""
    return words().translator.message(item)


def number(value: float) -> str:
    """Write a number as the locale does."""
    return words().locale.toString(value)


def local(moment: datetime) -> datetime:
    """Return the moment in this computer's zone."""
    return moment.astimezone()


def _qt(moment: datetime) -> QDateTime:
    return QDateTime.fromMSecsSinceEpoch(int(moment.timestamp() * 1000))


def when(moment: datetime | None) -> str:
    """Write a moment exactly, in local time; a dash when there is none."""
    return "–" if moment is None else words().locale.toString(_qt(moment), QLocale.FormatType.ShortFormat)


def clock_time(moment: datetime) -> str:
    """Write the time of day, in local time."""
    return words().locale.toString(_qt(moment).time(), QLocale.FormatType.ShortFormat)


def day(moment: datetime) -> str:
    """Write the day, in local time."""
    date: QDate = _qt(moment).date()
    return words().locale.toString(date, "d MMM" if words().language == "es" else "MMM d")


def ago(moment: datetime | None) -> str:
    """Write a moment relative to now: the coarse distance a person would say."""
    if moment is None:
        return tr("never")
    seconds = int((words().now() - moment).total_seconds())
    return _past(seconds, moment) if seconds >= 0 else _future(-seconds, moment)


def _past(seconds: int, moment: datetime) -> str:
    if seconds < 60:
        return tr("just now")
    if seconds < 3600:
        return tr_n("{n} minute ago", "{n} minutes ago", seconds // 60)
    if seconds < 86400:
        return tr_n("{n} hour ago", "{n} hours ago", seconds // 3600)
    if seconds < 7 * 86400:
        return tr_n("{n} day ago", "{n} days ago", seconds // 86400)
    return when(moment)


def _future(seconds: int, moment: datetime) -> str:
    if seconds < 60:
        return tr("in a moment")
    if seconds < 3600:
        return tr_n("in {n} minute", "in {n} minutes", seconds // 60)
    if seconds < 86400:
        return tr_n("in {n} hour", "in {n} hours", seconds // 3600)
    return when(moment)


def duration(seconds: float) -> str:
    """Write a length of time in the unit a person would use."""
    whole = round(seconds)
    if whole < 60:
        return tr_n("{n} second", "{n} seconds", whole)
    if whole < 5400:
        return tr_n("{n} minute", "{n} minutes", round(whole / 60))
    return tr_n("{n} hour", "{n} hours", round(whole / 3600))
