"""`acassist sandbox`: both services on this computer, with made-up data."""

from __future__ import annotations

import json
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal
from acassist.domain.text import N_, Message
from acassist.sandbox.server import serve
from acassist.sandbox.settings import Settings

PARTS = 4
_HIGHEST_PORT = 65535 - PARTS + 1


def sandbox(command: Command) -> int:
    """Print one JSON line with addresses and logins, then serve until SIGTERM or Ctrl+C."""
    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        kept = command.given("keep")
        serve(
            sandbox_settings(command),
            _ports(command),
            announce=lambda info: _announce(command, info),
            stop=stop,
            kept=None if kept is None else Path(kept).expanduser().absolute(),
        )
    except OSError as error:
        values = {"port": str(command.given("port"))}
        raise Refusal(
            "port_taken",
            Message(N_("The ports from {port} on are not free on this computer."), values),
            Message(N_("Choose another number for --port, or leave it out.")),
            Exit.CONNECTION,
        ) from error
    finally:
        signal.signal(signal.SIGTERM, before)
    return Exit.DONE


def _announce(command: Command, info: dict[str, str]) -> None:
    command.host.stdout.write(json.dumps(info) + "\n")
    command.host.stdout.flush()


def _ports(command: Command) -> tuple[int, ...]:
    first = command.given("port")
    if not first:
        return (0,) * PARTS
    if not 0 < first <= _HIGHEST_PORT:
        raise _usage(N_("--port takes a number from 1 to {highest}."), {"highest": str(_HIGHEST_PORT)})
    return tuple(range(first, first + PARTS))


def sandbox_settings(command: Command) -> Settings:
    """Return the settings that the arguments ask for; raises Refusal for an unknown name or an unfit value."""
    arguments = command.arguments
    settings = replace(
        Settings(),
        seed=arguments.seed,
        leads=arguments.leads,
        contacts=arguments.contacts,
        custom_fields=not arguments.no_custom_fields,
        rotate_refresh_tokens=arguments.rotate,
        accounts_plan=not arguments.no_accounts,
        labels=arguments.labels,
        rate_limit=arguments.rate_limit,
    )
    try:
        return settings.changed(dict(_pair(text) for text in arguments.set or ()))
    except ValueError as error:
        raise _usage(N_("--set cannot be used like this: {reason}."), {"reason": str(error)}) from error


def _pair(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text} has no =")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _usage(text: str, values: dict[str, object]) -> Refusal:
    next_step = Message(N_("See acassist sandbox --help for the options, docs/command_line.md for the settings."))
    return Refusal("usage", Message(text, values), next_step, Exit.USAGE)
