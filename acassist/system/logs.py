"""Log files that hold no secret and no address, and what happens when something goes wrong unexpectedly."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from acassist.domain.redact import redact
from acassist.system.paths import make_private_folder

MAX_BYTES = 2_000_000
FILES = 5
_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(threadName)s] %(message)s"
# Their INFO lines hold addresses with ids; their DEBUG lines hold headers.
_QUIET = ("httpx", "httpcore", "keyring", "jeepney", "asyncio", "uvicorn")


class KnownSecrets:
    """The secrets of this process, held in memory so that no text that leaves it contains one."""

    def __init__(self) -> None:
        self._values: set[str] = set()

    def add(self, secret: str | None) -> None:
        """Remember a secret as soon as it is known."""
        if secret:
            self._values = {*self._values, secret}  # replaced, never changed: other threads are reading

    def redact(self, text: str, *, emails: bool = True) -> str:
        """Mask every known secret, token-like text and, unless told otherwise, e-mail addresses."""
        longest_first = sorted(self._values, key=len, reverse=True)
        return redact(text, longest_first, emails=emails)


class _Formatter(logging.Formatter):
    """Masks the finished line, so that arguments and tracebacks are covered too."""

    def __init__(self, secrets: KnownSecrets) -> None:
        super().__init__(_FORMAT)
        self._secrets = secrets
        self.default_msec_format = "%s.%03d"

    def format(self, record: logging.LogRecord) -> str:
        return self._secrets.redact(super().format(record))


class _PrivateFileHandler(RotatingFileHandler):
    """A rotating file that only its owner may read."""

    def _open(self) -> TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=opener)


class Logging:
    """The log of one process; closing it puts everything back as it was."""

    def __init__(self, handler: logging.Handler, levels: dict[str, int]) -> None:
        self._handler = handler
        self._levels = levels

    def close(self) -> None:
        """Stop writing and close the file."""
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)


def start_logging(
    folder: Path,
    secrets: KnownSecrets,
    *,
    name: str = "app",
    level: int = logging.INFO,
    max_bytes: int = MAX_BYTES,
    files: int = FILES,
) -> Logging:
    """Write log lines to `<name>.log`, rotated by size; give each kind of process a name of its own.

    At most `files` files of `max_bytes` bytes are kept.
    """
    make_private_folder(folder)
    handler = _PrivateFileHandler(
        folder / f"{name}.log", maxBytes=max_bytes, backupCount=files - 1, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Formatter(secrets))
    names = ("", *_QUIET)
    levels = {logger: logging.getLogger(logger).level for logger in names}
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level)
    for quiet in _QUIET:
        logging.getLogger(quiet).setLevel(max(logging.WARNING, level))
    return Logging(handler, levels)


def install_hooks(secrets: KnownSecrets, on_crash: Callable[[str], None]) -> Callable[[], None]:
    """Log what nobody caught, on any thread, and hand its redacted text to `on_crash`; return what undoes it.

    `on_crash` may be called on any thread.
    """
    old_main, old_thread = sys.excepthook, threading.excepthook

    def report(error: BaseException) -> None:
        text = secrets.redact("".join(traceback.format_exception(error)))
        logging.getLogger("acassist.crash").critical("%s", text)
        on_crash(text)

    def on_main(kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            old_main(kind, error, at)
        else:
            report(error.with_traceback(at))

    def on_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            report(args.exc_value)

    def undo() -> None:
        sys.excepthook, threading.excepthook = old_main, old_thread

    sys.excepthook, threading.excepthook = on_main, on_thread
    return undo


def recent_lines(folder: Path, *, limit: int = 2000) -> list[str]:
    """Read the newest log lines of all processes' current files, file by file, for a diagnostics report."""
    files: Iterable[Path] = sorted(folder.glob("*.log"))
    return [line for path in files for line in path.read_text("utf-8", "replace").splitlines()[-limit:]]
