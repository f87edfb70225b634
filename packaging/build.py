"""Builds the program as one folder with PyInstaller, then proves that the built program works.

    python packaging/build.py            build dist/acassist and try it
    python packaging/build.py --try      only try what was built before

The built program needs neither Python nor this checkout.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
BUILD = ROOT / "build"
SPEC = ROOT / "packaging" / "acassist.spec"
PROGRAM = DIST / "acassist" / ("acassist.exe" if sys.platform == "win32" else "acassist")
MEGABYTE = 1_000_000


def program_version() -> str:
    """Read the version without importing the program."""
    lines = (ROOT / "acassist" / "__init__.py").read_text(encoding="utf-8").splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("__version__"))


def write_version_information() -> None:
    """Fill the version into what Windows shows under Properties > Details."""
    version = program_version()
    numbers = ", ".join([*version.split("."), "0"])
    template = (ROOT / "packaging" / "windows" / "version_info.txt").read_text(encoding="utf-8")
    text = template.replace("@NUMBERS@", numbers).replace("@VERSION@", version)
    BUILD.mkdir(exist_ok=True)
    (BUILD / "version_info.txt").write_text(text, encoding="utf-8")


def build() -> None:
    """Run PyInstaller; it raises CalledProcessError when the build fails."""
    write_version_information()
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"]
    command += ["--distpath", str(DIST), "--workpath", str(BUILD), str(SPEC)]
    subprocess.run(command, cwd=ROOT, check=True)


def run(*arguments: str) -> str:
    """Run the built program far from the checkout and without its environment; return what it printed."""
    kept = ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG")
    with tempfile.TemporaryDirectory(prefix="acassist-built-", ignore_cleanup_errors=True) as folder:
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        home = {"HOME": folder, "USERPROFILE": folder, "APPDATA": folder, "LOCALAPPDATA": folder}
        environment |= home | {"QT_QPA_PLATFORM": "offscreen", "ACASSIST_DATA_DIR": str(Path(folder) / "data")}
        done = subprocess.run(
            [str(PROGRAM), *arguments],
            cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=180,
        )  # fmt: skip
    if done.returncode != 0:
        sys.exit(f"{PROGRAM.name} {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def try_program() -> None:
    """Ask the built program for its version and let it examine itself."""
    printed = run("--version")
    if program_version() not in printed:
        sys.exit(f"The built program says it is {printed!r}, the source says {program_version()}.")
    print(run("--self-test"), end="")
    demo = run("demo", "--terminal")
    print(f"demo: {len(demo.splitlines())} lines, ended with 0")


def size() -> int:
    """Return the bytes of the built folder, each file once."""
    return sum(path.lstat().st_size for path in PROGRAM.parent.rglob("*") if path.is_file() and not path.is_symlink())


def main() -> int:
    """Build, try, and say how large and how quick the result is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--try", dest="only_try", action="store_true", help="do not build")
    if not parser.parse_args().only_try:
        build()
    try_program()
    started = time.perf_counter()
    run("--version")
    seconds = time.perf_counter() - started
    print(f"{PROGRAM.parent}: {size() / MEGABYTE:.0f} MB, --version takes {seconds:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
