"""Collects marked texts, keeps the Spanish catalogues up to date, compiles and checks them.

    python packaging/i18n.py update [AREA ...]   add new texts to resources/i18n/es/LC_MESSAGES/AREA.po
    python packaging/i18n.py compile [AREA ...]  write the .mo files that the program reads
    python packaging/i18n.py check [AREA ...]    exit 1 when a text has no Spanish or a .mo is stale
    python packaging/i18n.py extract [AREA ...]  list the marked texts

An area is a package below acassist, or a part of the window. A text belongs to the first area that has it, so that it
is translated once.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "acassist"
CATALOGUES = ROOT / "resources" / "i18n"
LANGUAGE = "es"
_PACKAGES = ("domain", "http", "salesforce", "activecampaign", "storage", "system", "sync", "assistant", "cli")
# The window has two catalogues: its frame with the set-up, and its other places.
_PLACES = ("sync", "records", "issues", "settings", "explain")
AREAS = (*_PACKAGES, "gui_setup", "gui_pages")
MARKERS = {"N_": None, "_": None, "tr": None, "tr_n": (1, 2), "plural": (1, 2)}
# The dates of a catalogue say nothing that git does not say better, and would change every file every time.
_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}")

Key = str | tuple[str, ...]


def files(area: str) -> list[Path]:
    """List the modules of an area."""
    found = sorted((SOURCES / area.partition("_")[0]).rglob("*.py"))
    if not area.startswith("gui_"):
        return found
    other_places = area == "gui_pages"
    return [path for path in found if (path.relative_to(SOURCES / "gui").parts[0] in _PLACES) is other_places]


def marked(area: str) -> Iterator[Key]:
    """Yield the marked texts of one area in source order."""
    for path in files(area):
        with path.open("rb") as file:
            for _, text, _, _ in extract("python", file, keywords=MARKERS, options={"encoding": "utf-8"}):
                key = tuple(text) if isinstance(text, (list, tuple)) else text
                if key and all(key):
                    yield key


def texts_by_area() -> dict[str, list[Key]]:
    """Give each text to the first area that has it."""
    found: dict[Key, str] = {}
    for area in AREAS:
        for key in marked(area):
            found.setdefault(key, area)
    return {area: [key for key, owner in found.items() if owner == area] for area in AREAS}


def po_path(area: str) -> Path:
    """Return where the catalogue of an area is edited."""
    return CATALOGUES / LANGUAGE / "LC_MESSAGES" / f"{area}.po"


def read_catalogue(area: str) -> Catalog:
    """Read the catalogue of an area; an empty one when there is no file."""
    path = po_path(area)
    if not path.exists():
        return Catalog(locale=LANGUAGE)
    with path.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def key_of(message: Message) -> Key:
    """Return a message's source text or texts."""
    return tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id


def translations(area: str) -> dict[Key, str | tuple[str, ...]]:
    """Return what an area's catalogue says in Spanish."""
    found = {}
    for message in read_catalogue(area):
        strings = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
        if message.id and all(strings) and not message.fuzzy:
            found[key_of(message)] = message.string
    return found


def update(area: str, keys: list[Key], known: dict[Key, str | tuple[str, ...]]) -> int:
    """Write the area's catalogue anew, with the Spanish that is known; return how many texts have none."""
    catalogue = Catalog(
        locale=LANGUAGE,
        header_comment=f"# Spanish of acassist/{area}. Edit the msgstr lines only.",
        project="acassist",
        creation_date=_DATE,
        revision_date=_DATE,
        last_translator="acassist",
        language_team="es",
        fuzzy=False,
    )
    for key in keys:
        catalogue.add(key, known.get(key, ""))
    if not keys:
        po_path(area).unlink(missing_ok=True)
        po_path(area).with_suffix(".mo").unlink(missing_ok=True)
        return 0
    po_path(area).parent.mkdir(parents=True, exist_ok=True)
    with po_path(area).open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, ignore_obsolete=True)
    return sum(key not in known for key in keys)


def compiled(area: str) -> bytes:
    """Return what the area's .mo file must hold."""
    buffer = BytesIO()
    write_mo(buffer, read_catalogue(area))
    return buffer.getvalue()


def is_stale(area: str) -> bool:
    """Tell whether the area's .mo file says something else than its .po file."""
    path = po_path(area).with_suffix(".mo")
    if not path.exists():
        return bool(translations(area))
    # Contents are compared and not bytes: the header names the version of the compiler.
    with path.open("rb") as file:
        old = {key_of(m): m.string for m in read_mo(file) if m.id}
    new = {key_of(m): m.string for m in read_mo(BytesIO(compiled(area))) if m.id}
    return old != new


def faults(area: str, keys: list[Key]) -> list[str]:
    """List what is wrong with an area's Spanish, one sentence each."""
    spanish = translations(area)
    found = [f"{area}: no Spanish for {key!r}" for key in keys if key not in spanish]
    for key in keys:
        if key in spanish:
            found += [f"{area}: {reason} in {key!r}" for reason in wording_faults(key, spanish[key])]
    if is_stale(area):
        found.append(f"{area}: the .mo file is stale; run packaging/i18n.py compile")
    return found + [f"{area}: {where}" for where in unreadable_marks(area)]


def wording_faults(key: Key, spanish: str | tuple[str, ...]) -> list[str]:
    """Compare one text with its Spanish: placeholders, outer blanks, exclamation marks."""
    sources = key if isinstance(key, tuple) else (key,)
    forms = spanish if isinstance(spanish, (list, tuple)) else (spanish,)
    wanted = set(_PLACEHOLDER.findall(sources[-1]))
    found = []
    for form in forms:
        missing = wanted ^ set(_PLACEHOLDER.findall(form))
        if missing - ({"n"} if len(forms) > 1 else set()):
            found.append("placeholders differ")
        if form != form.strip() and sources[0] == sources[0].strip():
            found.append("a blank too many")
        if ("!" in form or "¡" in form) and "!" not in sources[0]:
            found.append("an exclamation mark")
    return found


def unreadable_marks(area: str) -> list[str]:
    """Name every marker that is not given literal text and would therefore be passed over."""
    found = []
    for path in files(area):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"N_", "_"}):
                continue
            if not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}: marks something that is not literal text")
    return found


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=("extract", "update", "compile", "check"))
    parser.add_argument("areas", nargs="*", metavar="AREA", help=", ".join(AREAS))
    chosen = parser.parse_args(arguments)
    areas = chosen.areas or list(AREAS)
    if unknown := sorted(set(areas) - set(AREAS)):
        parser.error(f"unknown area: {', '.join(unknown)}")
    texts = texts_by_area()
    return {"extract": _extract, "update": _update, "compile": _compile, "check": _check}[chosen.command](areas, texts)


def _extract(areas: list[str], texts: dict[str, list[Key]]) -> int:
    for area in areas:
        for key in texts[area]:
            print(f"{area}\t{' | '.join(key) if isinstance(key, tuple) else key}")
    return 0


def _update(areas: list[str], texts: dict[str, list[Key]]) -> int:
    known: dict[Key, str | tuple[str, ...]] = {}
    for area in AREAS:
        known.update(translations(area))
    for area in areas:
        missing = update(area, texts[area], known)
        print(f"{area}: {len(texts[area])} texts, {missing} without Spanish")
    return 0


def _compile(areas: list[str], texts: dict[str, list[Key]]) -> int:
    for area in areas:
        if texts[area] and is_stale(area):
            po_path(area).with_suffix(".mo").write_bytes(compiled(area))
            print(f"{area}: compiled")
    return 0


def _check(areas: list[str], texts: dict[str, list[Key]]) -> int:
    found = [fault for area in areas for fault in faults(area, texts[area])]
    print("\n".join(found) or f"{sum(len(texts[area]) for area in areas)} texts are in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
