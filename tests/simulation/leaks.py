"""Looks for secrets and addresses in whatever the program logs or raises (I17)."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from tests.simulation.checker import Finding
from tests.simulation.scene import Scene

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.example")


class Leaks(logging.Handler):
    """A log handler that keeps every text that holds a secret or an address of the made-up people."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(logging.DEBUG)
        account, org = scene.world.activecampaign, scene.world.salesforce
        self._secrets = [s for s in (account.api_key, org.password) if s]
        self._found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line of the log."""
        self.look(record.getMessage(), str(record.exc_info or ""))

    def look(self, *texts: str) -> None:
        """Look at texts."""
        for text in texts:
            if _ADDRESS.search(text) or any(secret in text for secret in self._secrets):
                self._found.append(text[:200])

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Read the program's log at its finest meanwhile."""
        log = logging.getLogger("acassist")
        level = log.level
        log.addHandler(self)
        log.setLevel(logging.DEBUG)
        try:
            yield
        finally:
            log.removeHandler(self)
            log.setLevel(level)

    def findings(self) -> Iterator[Finding]:
        """Return what was found."""
        for text in self._found:
            yield Finding("no secret and no address", "", text)
