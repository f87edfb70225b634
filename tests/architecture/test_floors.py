"""The floors of the house, held by the machine and not by memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.places import PACKAGE, ROOT, imported, name, sources

CLIENTS = ("http", "salesforce", "activecampaign")


def importers(module: str, *, outside: Iterable[str]) -> list[str]:
    """Name the files that import a module although they lie in none of the packages that may."""
    allowed = [PACKAGE / package for package in outside]
    return [
        name(path)
        for path in sources()
        if not any(path.is_relative_to(folder) for folder in allowed)
        and any(found == module or found.startswith(module + ".") for found in imported(path))
    ]


def test_the_import_contracts_are_kept() -> None:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-X", "utf8", "-c", lint, "--no-cache"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_layers_are_all_named_in_the_contract() -> None:
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(c for c in configuration["tool"]["importlinter"]["contracts"] if c["type"] == "layers")["layers"]
    named = {part.strip().removeprefix("acassist.") for layer in layers for part in layer.split("|")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages - named == {"sandbox"}, "a new package needs a floor"


def test_only_the_window_imports_qt_and_the_entry_point_asks_whether_it_can() -> None:
    assert importers("PySide6", outside=["gui", "__main__.py"]) == []


def test_only_http_and_the_two_clients_import_httpx() -> None:
    assert importers("httpx", outside=CLIENTS) == []


def test_only_system_imports_keyring() -> None:
    assert importers("keyring", outside=["system"]) == []


def test_only_storage_opens_databases_and_the_sandbox_its_own() -> None:
    assert importers("sqlite3", outside=["storage", "sandbox"]) == []


def test_the_sandbox_imports_nothing_of_ours() -> None:
    ours = {
        (name(path), module)
        for path in sources(PACKAGE / "sandbox")
        for module in imported(path)
        if module.startswith("acassist.") and not module.startswith("acassist.sandbox")
    }
    assert ours == set()


def test_no_folder_shadows_a_library() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


def loaded_by(module: str) -> set[str]:
    """Return the top-level modules that importing one module brings in, in a process of its own."""
    code = f"import sys; import {module}; print('\\n'.join(sorted({{m.partition('.')[0] for m in sys.modules}})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(run.stdout.split())


@pytest.mark.parametrize("module", ["acassist.__main__", "acassist.domain", "acassist.assistant.assistant"])
def test_qt_is_not_loaded_before_a_window_is_wanted(module: str) -> None:
    assert "PySide6" not in loaded_by(module)


def test_the_sandbox_alone_loads_no_other_package_of_ours() -> None:
    code = "import sys, acassist.sandbox.server; print('\\n'.join(m for m in sys.modules if m.startswith('acassist.')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert [m for m in run.stdout.split() if not m.startswith("acassist.sandbox")] == []


def test_the_version_is_printed_where_qt_is_missing(tmp_path: Path) -> None:
    (tmp_path / "PySide6.py").write_text("raise ImportError('blocked by a test')\n", encoding="utf-8")
    import acassist

    run = subprocess.run(
        [sys.executable, "-m", "acassist", "--version"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert acassist.__version__ in run.stdout
