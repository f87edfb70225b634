"""Runs one command and turns whatever ends it into an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from acassist.assistant.container import Options, translator_for
from acassist.cli.arguments import build_parser
from acassist.cli.command import Command
from acassist.cli.exits import Exit, Refusal, exit_for_problem
from acassist.cli.host import Host, has_display, host_of_process
from acassist.cli.output import Output
from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.record_link import is_link
from acassist.domain.text import N_, Message

# Module and function by command; imported when needed, so that --version and --help stay quick.
COMMANDS = {
    "demo": ("demo", "demo"),
    "sandbox": ("sandbox", "sandbox"),
    "connect activecampaign": ("connect", "connect_activecampaign"),
    "connect salesforce": ("connect", "connect_salesforce"),
    "setup show": ("setup_files", "setup_show"),
    "setup export": ("setup_files", "setup_export"),
    "setup import": ("setup_files", "setup_import"),
    "prepare": ("prepare", "prepare"),
    "prepare leave": ("prepare", "leave"),
    "sync": ("sync", "sync"),
    "preview": ("sync", "preview"),
    "undo": ("undo", "undo"),
    "verify": ("verify", "verify"),
    "explain": ("explain", "explain"),
    "run": ("schedule", "run"),
    "backfill": ("backfill", "backfill"),
    "status": ("status", "status"),
    "sweeps": ("sweeps", "sweeps"),
    "activities": ("activities", "activities"),
    "doctor": ("status", "doctor"),
}
_log = logging.getLogger("acassist.cli")


def main(argv: Sequence[str] | None = None, host: Host | None = None) -> int:
    """Run the command line and return its exit code; never raises."""
    host = host or host_of_process()
    words = list(sys.argv[1:] if argv is None else argv)
    # The desktop hands over a link as the only word; it must not be taken for a command.
    link = next((word for word in words if is_link(word)), "")
    words = [word for word in words if not is_link(word)]
    translator = translator_for(Options(environ=host.environ, language=_language(words)))
    try:
        arguments = build_parser(translator).parse_args(words)
    except SystemExit as stop:  # argparse has printed help, version or what is wrong
        return stop.code if isinstance(stop.code, int) else Exit.USAGE
    arguments.data_dir = Path(arguments.data_dir) if arguments.data_dir else None
    arguments.link = link
    command = Command(arguments, host, Output(host.stdout, host.stderr, translator, as_json=arguments.json))
    return _guarded(command)


def _language(words: Sequence[str]) -> str | None:
    """Find --language before everything else, because help and errors are in that language too."""
    early = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    early.add_argument("--language")
    try:
        found: str | None = early.parse_known_args(list(words))[0].language
    except argparse.ArgumentError:
        return None
    return found


def _guarded(command: Command) -> int:
    """Carry out the command; the one place where failures become words and exit codes."""
    output = command.output
    try:
        return _carry_out(command)
    except ProblemError as error:
        output.problem(error.problem)
        return exit_for_problem(error.problem)
    except Refusal as refusal:
        output.refusal(refusal)
        return refusal.exit_code
    except KeyboardInterrupt:
        output.note(Message(N_("Cancelled.")))
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return _closed_pipe()
    except Exception as error:  # noqa: BLE001 - nobody shall see a traceback; the log has it
        _log.exception("unexpected fault")
        output.problem(Problem(ProblemCode.INTERNAL, detail=type(error).__name__))
        return Exit.FAULT


def _carry_out(command: Command) -> int:
    name = command.arguments.command
    if command.arguments.self_test:
        return _function("self_test", "self_test")(command)
    if name is None:
        return _open_window(command)
    return _function(*COMMANDS[name])(command)


def _function(module: str, name: str) -> Callable[[Command], int]:
    function: Callable[[Command], int] = getattr(import_module(f"acassist.cli.{module}"), name)
    return function


def _open_window(command: Command) -> int:
    if command.host.front is None or not has_display(command.host.environ):
        raise Refusal(
            "no_display",
            Message(N_("There is no display here, so the window cannot open.")),
            Message(N_("The commands work in a terminal: see acassist --help.")),
            Exit.CONNECTION,
        )
    return command.host.front.open_window(command.options(), link=command.given("link") or "")


def _closed_pipe() -> int:
    """The reader of the output has gone, as in `| head`; keep Python from complaining about it at exit."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    return Exit.DONE
