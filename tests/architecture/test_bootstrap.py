"""The set-up script, on a checkout of three files and with a Python that only writes down what it is asked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.places import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script; Windows has bootstrap.ps1")

# Succeeds at everything; `broken` lists the modules that fail, as on a Debian without python3-venv.
PRETENDER = """#!/bin/sh
echo "$*" >>"{log}"
for word in {broken}; do
    case "$*" in *"-m $word"*) exit 1 ;; esac
done
case "$*" in *version_info*:2*) echo 3.12 ;; --version) echo "Python 3.12.0" ;; esac
exit 0
"""


class Checkout:
    """A throw-away checkout; `asked` is what its Python was started with, one line each."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "asked.txt"
        (folder / "packaging").mkdir()
        for name in ("pyproject.toml", "packaging/bootstrap.sh", "packaging/constraints.txt"):
            shutil.copyfile(ROOT / name, folder / name)

    def python(self, where: str, *, broken: str = "none") -> Path:
        """Put a pretended Python somewhere into the checkout."""
        path = self.folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PRETENDER.format(log=self.log, broken=broken), encoding="utf-8")
        path.chmod(0o755)
        return path

    def run(self, *arguments: str, python: str = "python3") -> subprocess.CompletedProcess[str]:
        """Run the script without the right to install system packages, and forget what was asked before."""
        self.log.unlink(missing_ok=True)
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "ACASSIST_NO_APT": "1", "PYTHON": python}
        script = ["/bin/sh", "packaging/bootstrap.sh", *arguments]
        return subprocess.run(script, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60)

    @property
    def asked(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()

    @property
    def installed(self) -> bool:
        return any("pip install" in line for line in self.asked)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_without_a_command_it_explains_itself(checkout: Checkout) -> None:
    done = checkout.run()
    assert done.returncode == 2
    assert all(f"bootstrap.sh {command}" in done.stdout for command in ("demo", "test", "run"))


def test_the_first_call_installs_with_the_pins_and_runs(checkout: Checkout) -> None:
    checkout.python(".venv/bin/python")
    assert checkout.run("run", "--version").returncode == 0
    install = next(line for line in checkout.asked if "pip install" in line)
    assert f"-c {checkout.folder}/packaging/constraints.txt -e {checkout.folder}" in install
    assert checkout.asked[-1] == "-m acassist --version"


def test_the_second_call_only_runs(checkout: Checkout) -> None:
    checkout.python(".venv/bin/python")
    checkout.run("run", "--version")
    checkout.run("run", "status", "--json")
    assert not checkout.installed
    assert checkout.asked[-1] == "-m acassist status --json"


@pytest.mark.parametrize("changed", ["pyproject.toml", "packaging/constraints.txt"])
def test_changed_requirements_are_installed_again(checkout: Checkout, changed: str) -> None:
    checkout.python(".venv/bin/python")
    checkout.run("run", "--version")
    with (checkout.folder / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    checkout.run("run", "--version")
    assert checkout.installed


def test_an_installation_with_the_tests_serves_the_program_too(checkout: Checkout) -> None:
    checkout.python(".venv/bin/python")
    checkout.run("test", "tests/unit")
    assert any(line.endswith("[test]") for line in checkout.asked)
    checkout.run("run", "--version")
    assert not checkout.installed


def test_a_failed_installation_is_tried_again(checkout: Checkout) -> None:
    checkout.python(".venv/bin/python", broken='"pip install"')
    assert checkout.run("run", "--version").returncode == 1
    checkout.python(".venv/bin/python")
    checkout.run("run", "--version")
    assert checkout.installed


def test_a_python_that_is_too_old_is_refused_by_name(checkout: Checkout) -> None:
    old = checkout.python("old/python3")
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    done = checkout.run("run", "--version", python=str(old))
    assert done.returncode == 1
    assert f"{old} is not a Python 3.11 or newer" in done.stderr


def test_where_nothing_can_make_an_environment_the_exact_command_is_printed(checkout: Checkout) -> None:
    bare = checkout.python("bare/python3", broken="venv pip virtualenv")
    done = checkout.run("run", "--version", python=str(bare))
    assert done.returncode == 1
    assert "sudo apt-get install -y python3.12-venv" in done.stderr
    assert not (checkout.folder / ".venv").exists()
