"""`acassist --self-test`: proves inside a built program that nothing was left out of it."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import acassist
from acassist.assistant.container import Options, close_profile, open_profile
from acassist.cli.command import Command
from acassist.cli.exits import Exit
from acassist.sandbox.server import Running, build
from acassist.sandbox.settings import Settings
from acassist.system.paths import resource
from acassist.system.translate import available_languages

RESOURCES = ("i18n", "icons", "look_tokens.json", "setup.schema.json")
Check = Callable[[Command], str]


def self_test(command: Command) -> int:
    """Carry out every check and print one line for each; the lines are for builders and not translated."""
    checks: dict[str, Check] = {
        "modules": _modules,
        "resources": _resources,
        "languages": _languages,
        "profile": _profile,
        "sandbox": _sandbox,
        "window": _window,
    }
    failed = 0
    for name, check in checks.items():
        try:
            command.output.line(f"OK {name}: {check(command)}")
        except Exception:  # noqa: BLE001 - a builder needs every failing check, with its traceback
            failed += 1
            command.output.line(f"FAILED {name}\n{traceback.format_exc()}")
    return Exit.FAULT if failed else Exit.DONE


def _modules(command: Command) -> str:
    names = [found.name for found in pkgutil.walk_packages(acassist.__path__, "acassist.")]
    wanted = [name for name in names if command.host.front is not None or not name.startswith("acassist.gui")]
    for name in wanted:
        importlib.import_module(name)
    if len(wanted) < len(("assistant", "cli", "domain", "http", "storage", "sync", "system")):
        raise LookupError("the program's own modules cannot be listed")
    return f"{len(wanted)} imported"


def _resources(_command: Command) -> str:
    for name in RESOURCES:
        resource(name)
    return ", ".join(RESOURCES)


def _languages(_command: Command) -> str:
    found = available_languages(resource("i18n"))
    if "es" not in found:
        raise LookupError("no Spanish catalogue")
    return ", ".join(found)


def _profile(command: Command) -> str:
    async def work(folder: Path) -> str:
        profile = await open_profile(Options(folder, command.host.environ, in_memory_secrets=True))
        try:
            return profile.translator.message((await profile.assistant.status()).sentence)
        finally:
            await close_profile(profile)

    with tempfile.TemporaryDirectory(prefix="acassist-self-test-", ignore_cleanup_errors=True) as name:
        return asyncio.run(work(Path(name)))


def _sandbox(_command: Command) -> str:
    with Running(build(Settings(leads=2, contacts=2))) as running:
        return running.info["control"]


def _window(command: Command) -> str:
    return "not part of this program" if command.host.front is None else command.host.front.check()
