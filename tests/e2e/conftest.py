"""Shows the list of kills below the results."""

from __future__ import annotations

import pytest

KILLS = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash.get(KILLS, [])
    if lines:
        terminalreporter.section("killed after the commit, before the answer")
        for line in lines:
            terminalreporter.write_line(line)
