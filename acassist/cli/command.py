"""One call of a command: its arguments, its surroundings, and how it opens a profile."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from acassist.assistant.assistant import Assistant
from acassist.assistant.container import Options, close_profile, open_profile, paths_for, translator_for
from acassist.cli.host import Host
from acassist.cli.output import Output
from acassist.system.logs import start_logging

Work = Callable[[Assistant], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Command:
    """What a command function gets."""

    arguments: argparse.Namespace
    host: Host
    output: Output

    def given(self, name: str) -> Any:
        """Return an argument, None when this command has no such argument."""
        return getattr(self.arguments, name, None)

    def options(self, *, writer: bool = True) -> Options:
        """Return how the profile is opened."""
        return Options(
            data_dir=self.given("data_dir"),
            environ=self.host.environ,
            writer=writer,
            language=self.given("language"),
        )

    def with_profile(self, work: Work, *, writer: bool) -> int:
        """Open the profile, do the work, close it; raises ProblemError."""
        return asyncio.run(self._with_profile(work, self.options(writer=writer)))

    async def _with_profile(self, work: Work, options: Options) -> int:
        log = start_logging(paths_for(options).logs, options.secrets, name="cli")
        try:
            profile = await open_profile(options)
            try:
                await self._speak(profile.assistant, options)
                return await work(profile.assistant)
            finally:
                await close_profile(profile)
        finally:
            log.close()

    async def _speak(self, assistant: Assistant, options: Options) -> None:
        """Go on in the language chosen in the window, unless one was asked for here."""
        chosen = await assistant.preference("language")
        if options.language is None and isinstance(chosen, str) and chosen not in {"", "system"}:
            self.output.translator = translator_for(replace(options, language=chosen))
