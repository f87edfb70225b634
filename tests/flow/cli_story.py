"""A sandbox over loopback, a profile and a keyring, with the commands that lead to a connected profile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keyring
import pytest

from acassist.assistant import session
from acassist.assistant.demo_browser import scripted_browser
from acassist.domain.ports import Clock
from acassist.http.pacing import Pacer
from acassist.sandbox.control import world_state
from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings
from tests.unit.cli.conftest import DictKeyring
from tests.unit.cli.terminal import Result, Terminal

EVERYBODY = {"kind": "criteria", "criteria": {"rows": [{"field": "Email", "operator": "is_not_blank"}]}}


@dataclass
class Story:
    """One person at one computer."""

    sandbox: Running
    terminal: Terminal
    keyring: DictKeyring

    @property
    def info(self) -> dict[str, str]:
        return self.sandbox.info

    @property
    def state(self) -> dict[str, Any]:
        return world_state(self.sandbox.world)

    @property
    def addresses(self) -> list[str]:
        """The e-mail addresses in ActiveCampaign."""
        return [row["email"] for row in self.state["activecampaign"]["contacts"]]

    def secrets(self) -> list[str]:
        """Everything that must never be seen outside the keyring."""
        return [self.info["api_key"], *self.keyring.entries.values()]

    def connect_activecampaign(self, *, key: str = "", account: str = "") -> Result:
        words = ("connect", "activecampaign", "--account", account or self.info["activecampaign"], "--api-key-stdin")
        return self.terminal.run(*words, stdin=(key or self.info["api_key"]) + "\n")

    def connect_salesforce(self, username: str = "") -> Result:
        """Log in: the person opens the address that the command prints, and allows access."""
        person = scripted_browser(username or self.info["username"], self.info["password"])

        def read(text: str) -> None:
            if text.startswith("http"):
                person(text.strip())

        login, app = self.info["salesforce_login"], self.info["client_id"]
        words = ("connect", "salesforce", "--login-url", login, "--client-id", app, "--no-browser")
        return replace(self.terminal, listener=read).run(*words)

    def import_setup(self, **outbound: Any) -> Result:
        """Put a set-up into effect that selects everybody."""
        data = self.terminal.run("setup", "show", "--json").data
        data["setup"]["outbound"] = {"lead": EVERYBODY, "contact": EVERYBODY, **outbound}
        return self.terminal.run("setup", "import", "-", stdin=json.dumps(data))

    def ready(self) -> None:
        """Connect both ends and put a set-up into effect."""
        for result in (self.connect_activecampaign(), self.connect_salesforce(), self.import_setup()):
            assert result.code == 0, result.err

    def started(self) -> None:
        """Make the first sync."""
        self.ready()
        assert self.terminal.run("sync", "--yes").code in {0, 4}


def hasty_pacer(clock: Clock, **_: int) -> Pacer:
    """Ask a sandbox of our own faster than the service allows."""
    return Pacer(clock, rate=500)


@contextmanager
def new_story(folder: Path, *, contacts: int = 4, custom_fields: bool = True) -> Iterator[Story]:
    """Serve a small sandbox and lend a keyring of this process; the pace of ActiveCampaign is not kept here."""
    before, backend = keyring.get_keyring(), DictKeyring()
    keyring.set_keyring(backend)
    pace = pytest.MonkeyPatch()
    pace.setattr(session, "Pacer", hasty_pacer)
    try:
        with Running(build(Settings(leads=6, contacts=contacts, custom_fields=custom_fields))) as sandbox:
            yield Story(sandbox, Terminal(folder / "profile"), backend)
    finally:
        pace.undo()
        keyring.set_keyring(before)
