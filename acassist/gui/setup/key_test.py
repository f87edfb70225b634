"""Tests the consumer key before the login, and says what Salesforce thinks of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from acassist.assistant.views import CheckItem
from acassist.domain.problem import Problem
from acassist.gui.bridge import Bridge, Call
from acassist.gui.strings import message, tr
from acassist.gui.widgets import BusyButton, ProblemBanner


class KeyTest(QObject):
    """A button and its verdict; `asked` gives login address and key, or None when something is missing."""

    def __init__(self, bridge: Bridge, asked: Callable[[], tuple[str, str] | None], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._asked = bridge, asked
        self._call: Call | None = None
        self.button = BusyButton(tr("Test the key"), self.run, kind="")
        self.verdict = ProblemBanner(closable=True)

    def run(self) -> None:
        """Ask Salesforce about the key; nobody is logged in."""
        asked = self._asked()
        if asked is None or self._call is not None:
            return
        login_url, client_id = asked
        self.verdict.hide()
        self.button.set_busy(True, tr("Testing…"))
        self._call = self._bridge.call(
            lambda a: a.provisioning.test_key(login_url, client_id), self._told, self._failed, owner=self
        )

    def forget(self) -> None:
        """The key or the place to log in changed: what was said no longer holds."""
        if self._call is not None:
            self._call.cancel()
        self._rest()
        self.verdict.hide()

    def _rest(self) -> None:
        self._call = None
        self.button.set_busy(False)

    def _told(self, found: CheckItem) -> None:
        self._rest()
        remedy = message(found.remedy) if found.remedy is not None else ""
        self.verdict.show_note(found.level, message(found.state), remedy, focus=True)

    def _failed(self, problem: Problem) -> None:
        self._rest()
        self.verdict.show_problem(problem)
