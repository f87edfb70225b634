"""What a release says of itself agrees in every place that says it."""

from __future__ import annotations

import plistlib
import re
import tomllib
import xml.etree.ElementTree as ElementTree
from configparser import RawConfigParser

import pytest
from packaging.requirements import Requirement

from acassist import __version__
from tests.architecture.places import PACKAGE, ROOT, functions, sources

DESKTOP_ID = "io.github.acassist.Acassist"
METAINFO = ROOT / "packaging" / "linux" / f"{DESKTOP_ID}.metainfo.xml"
DESKTOP = ROOT / "packaging" / "linux" / f"{DESKTOP_ID}.desktop"
BLANK_WORDS = re.compile(r"\b(TODO|FIXME|XXX|[Ll]orem ipsum)\b")


def desktop_entry() -> dict[str, str]:
    """Return the main section of the desktop file."""
    parser = RawConfigParser(delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment]
    parser.read(DESKTOP, encoding="utf-8")
    return dict(parser["Desktop Entry"])


def test_the_newest_changelog_entry_is_the_version_of_the_program() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", text, re.MULTILINE)
    assert versions[0] == __version__


def test_the_newest_release_in_the_store_description_is_the_version_of_the_program() -> None:
    releases = ElementTree.parse(METAINFO).getroot().findall("releases/release")
    assert releases[0].get("version") == __version__


def test_store_description_window_and_desktop_entry_have_one_name() -> None:
    root = ElementTree.parse(METAINFO).getroot()
    assert root.findtext("id") == DESKTOP_ID
    assert root.findtext("launchable") == DESKTOP.name
    assert desktop_entry()["StartupWMClass"] == DESKTOP_ID
    assert f'"{DESKTOP_ID}"' in (PACKAGE / "gui" / "application.py").read_text(encoding="utf-8")


def test_every_desktop_hands_the_programs_links_to_it() -> None:
    entry = desktop_entry()
    assert entry["MimeType"] == "x-scheme-handler/acassist;"
    assert entry["Exec"] == "acassist %u"
    plist = plistlib.loads((ROOT / "packaging" / "macos" / "Info.plist").read_bytes())
    assert plist["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["acassist"]
    installer = (ROOT / "packaging" / "windows" / "acassist.iss").read_text(encoding="utf-8")
    assert "Software\\Classes\\acassist" in installer


def test_desktop_entry_and_store_description_speak_spanish() -> None:
    entry = desktop_entry()
    assert {"Comment[es]", "Keywords[es]", "GenericName[es]"} <= set(entry)
    summaries = ElementTree.parse(METAINFO).getroot().findall("summary")
    assert [one.get("{http://www.w3.org/XML/1998/namespace}lang") for one in summaries] == [None, "es"]


def wanted_libraries() -> list[Requirement]:
    """Return what the program, its tests and its build ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [wanted for group in project["optional-dependencies"].values() for wanted in group]
    return [Requirement(text) for text in [*project["dependencies"], *extras]]


def test_every_dependency_is_pinned_to_a_version_it_accepts() -> None:
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonical(name): version for name, _, version in (line.partition("==") for line in lines) if version}
    wrong = [str(one) for one in wanted_libraries() if not one.specifier.contains(pinned.get(canonical(one.name), "0"))]
    assert wrong == []


def canonical(name: str) -> str:
    """Write a package's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("suffix", [".py", ".md", ".sh", ".ps1", ".toml", ".xml", ".iss"])
def test_nothing_is_left_for_later_in_the_sources(suffix: str) -> None:
    folders = [PACKAGE, ROOT / "packaging", ROOT / "docs", ROOT / "README.md", ROOT / "pyproject.toml"]
    paths = [p for folder in folders for p in (folder.rglob(f"*{suffix}") if folder.is_dir() else [folder])]
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in paths
        if path.suffix == suffix and (match := BLANK_WORDS.search(path.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_every_page_of_the_documentation_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")]
    assert [page for page in pages if page not in readme] == []


def test_every_relative_link_of_the_documentation_leads_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert broken == []


def test_every_test_that_the_documentation_names_is_there() -> None:
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")))
    defined = {function.name for path in sources(ROOT / "tests") for function in functions(path)}
    assert named
    assert named - defined == set()
