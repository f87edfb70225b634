"""Entry point: chooses between the command line and the window, the only place that knows both."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from acassist.cli.arguments import NAME
from acassist.cli.exits import Exit, no_window_library
from acassist.cli.host import Prepare, has_display, host_of_process
from acassist.cli.main import main as command_line
from acassist.domain.problem import ProblemCode, ProblemError

if TYPE_CHECKING:
    from acassist.assistant.assistant import Assistant
    from acassist.assistant.container import OpenProfile, Options
    from acassist.assistant.engine_thread import EngineThread
    from acassist.assistant.facade import AssistantPort
    from acassist.system.translate import Translator


class Window:
    """Opens the window; PySide6 is imported only then."""

    def open_window(self, options: Options, prepare: Prepare | None = None, *, link: str = "") -> int:
        """Open the window on a profile, and a link in it; a second start uses the window that is already open."""
        _require_qt()
        from acassist.assistant.container import paths_for

        with _logged(options, paths_for(options).logs):
            return self._open(options, prepare, link)

    def _open(self, options: Options, prepare: Prepare | None, link: str) -> int:
        from acassist.assistant.container import paths_for, translator_for
        from acassist.gui.application import GuiOptions, make_qapplication, run
        from acassist.gui.quit_signals import quit_on_signals

        def translators(language: str) -> Translator:
            return translator_for(replace(options, language=language or options.language))

        folder = paths_for(options).root
        undo_signals = quit_on_signals(make_qapplication([NAME]))
        engine = _engine(options, prepare)
        try:
            engine.start().result()
            return run(engine, translators(""), GuiOptions(folder, translators, link=link))
        except ProblemError as error:
            return _not_started(error, folder, translators(""), link)
        finally:
            undo_signals()
            engine.stop()

    def screenshots(self, options: Options, folder: Path) -> int:
        """Write a picture of every screen into a folder."""
        _require_qt()
        from acassist.gui.application import make_qapplication
        from acassist.gui.screenshots import render_all

        if not has_display(options.environ):
            make_qapplication([NAME, "-platform", "offscreen"])
        return render_all(options, folder)

    def check(self) -> str:
        """Build the application object and its style without showing anything."""
        _require_qt()
        from acassist.gui.application import make_qapplication
        from acassist.gui.theme import Theme

        app = make_qapplication([NAME, "-platform", "offscreen"])
        Theme(app)
        return str(app.platformName())


def _engine(options: Options, prepare: Prepare | None) -> EngineThread[AssistantPort]:
    """Return the engine thread that opens the profile with its schedule and closes it at the end."""
    from acassist.assistant.container import close_profile, open_profile
    from acassist.assistant.engine_thread import EngineThread
    from acassist.system.vault import MemoryVault

    opened: list[OpenProfile] = []
    if options.in_memory_secrets and options.vault is None:
        # They outlive a profile that is opened anew, after a copy of it was restored.
        options = replace(options, vault=MemoryVault())

    async def build() -> Assistant:
        profile = await open_profile(replace(options, schedule=True))
        opened.append(profile)
        if prepare is not None:
            try:
                await prepare(profile.assistant)
            except BaseException:
                await close_profile(opened.pop())
                raise
        return profile.assistant

    async def close(_assistant: AssistantPort) -> None:
        await close_profile(opened.pop())

    return EngineThread(build, close)


@contextmanager
def _logged(options: Options, folder: Path) -> Iterator[None]:
    """Keep a log, and what nobody caught, while the window is open."""
    from acassist.system.faults import collect_faults, watch_faults
    from acassist.system.logs import install_hooks, start_logging

    log = start_logging(folder, options.secrets)
    for text in collect_faults(folder):
        logging.getLogger("acassist.crash").critical("an earlier start ended with: %s", text)
    end_watch = watch_faults(folder)
    undo_hooks = install_hooks(options.secrets, lambda _text: None)
    try:
        yield
    finally:
        undo_hooks()
        end_watch()
        log.close()


def _not_started(error: ProblemError, folder: Path, translator: Translator, link: str) -> int:
    """Bring the window that has the profile open to the front; else show the problem where it can be seen."""
    if error.problem.code is ProblemCode.PROFILE_BUSY and _shown_by_another(folder, link):
        return Exit.DONE
    if sys.stderr is None or not sys.stderr.isatty():
        from acassist.gui.start_problem import show_start_problem

        show_start_problem(error.problem, translator)
    raise error


def _shown_by_another(folder: Path, link: str) -> bool:
    """Ask the window that has the profile open, if one has, to come to the front."""
    from acassist.gui.single_instance import SingleInstance, instance_name

    instance = SingleInstance(instance_name(folder))
    if not instance.claim(link):
        return True
    instance.close()
    return False


def _require_qt() -> None:
    try:
        import PySide6.QtWidgets  # noqa: F401
    except ImportError as error:
        raise no_window_library(str(error)) from error


def main() -> int:
    """Run the program and return its exit code."""
    return command_line(host=host_of_process(Window()))


if __name__ == "__main__":
    sys.exit(main())
