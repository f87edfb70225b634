"""Rooms stay liveable: files, functions and argument lists of bounded size, and no rooms for odds and ends."""

from __future__ import annotations

import ast
import statistics

from tests.architecture.places import PACKAGE, ROOT, functions, name, sources, tree

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 60
ODDS_AND_ENDS = {"utils.py", "helpers.py", "manager.py", "common.py", "misc.py"}


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    assert {path: lines for path, lines in lengths.items() if lines > MAX_FILE_LINES} == {}


def test_no_function_has_60_lines_or_more() -> None:
    long = {
        f"{name(path)}:{function.lineno} {function.name}": lines
        for path in sources()
        for function in functions(path)
        if (lines := (function.end_lineno or function.lineno) - function.lineno + 1) >= MAX_FUNCTION_LINES
    }
    assert long == {}


def test_the_typical_function_is_short() -> None:
    lengths = [(f.end_lineno or f.lineno) - f.lineno + 1 for path in sources() for f in functions(path)]
    assert statistics.median(lengths) <= 12


def test_no_file_is_a_room_for_odds_and_ends() -> None:
    assert [name(path) for path in sources(ROOT / "acassist") if path.name in ODDS_AND_ENDS] == []


def test_every_module_opens_with_a_sentence_about_itself() -> None:
    silent = [name(path) for path in sources() if not (ast.get_docstring(tree(path)) or "").strip()]
    assert silent == []


def test_a_net_for_all_exceptions_hangs_only_where_threads_and_processes_end() -> None:
    nets = {
        name(path)
        for path in sources(PACKAGE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and not _raises_again(node)
    }
    ends = ("acassist/assistant/", "acassist/gui/bridge.py", "acassist/cli/", "acassist/__main__.py")
    allowed = (*ends, "acassist/system/worker.py")
    assert [path for path in sorted(nets) if not path.startswith(allowed) and "/sandbox/" not in path] == []


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
