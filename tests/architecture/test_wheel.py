"""What is shipped: the wheel holds the program with everything it reads, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from acassist import __version__
from tests.architecture.places import PACKAGE, ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def shipped(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def files(folder: Path, kinds: tuple[str, ...] = ()) -> set[str]:
    """List the files of a folder, relative to the checkout's root."""
    found = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(ROOT).as_posix() for path in found if not kinds or path.suffix in kinds}


def test_every_resource_travels_in_the_wheel(shipped: set[str]) -> None:
    expected = {name.replace("resources/", "acassist/_resources/", 1) for name in files(ROOT / "resources")}
    assert expected - shipped == set()


def test_every_source_and_schema_file_travels_in_the_wheel(shipped: set[str]) -> None:
    assert files(PACKAGE, (".py", ".sql", ".json", ".typed")) - shipped == set()


def test_neither_tests_nor_packaging_travel_in_the_wheel(shipped: set[str]) -> None:
    strangers = {name for name in shipped if not name.startswith(("acassist/", f"acassist-{__version__}.dist-info/"))}
    assert strangers == set()


def test_the_wheel_starts_the_program_by_its_two_names(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    text = archive.read(f"acassist-{__version__}.dist-info/entry_points.txt").decode()
    assert "[console_scripts]\nacassist = acassist.__main__:main" in text
    assert "[gui_scripts]\nacassist-app = acassist.__main__:main" in text


def test_an_unpacked_wheel_finds_its_resources_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = "from acassist.system.paths import resource; print(resource('icons/app.svg')); print(resource('i18n'))"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert all(Path(line).is_relative_to(tmp_path) for line in run.stdout.splitlines())
