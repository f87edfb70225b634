"""Looks for secrets where none may stand: raw, URL-encoded and in base64, in files, command lines and output."""

from __future__ import annotations

import base64
import contextlib
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path


def forms(secret: str) -> Iterator[bytes]:
    """Yield the ways in which a secret may be written down; base64 in all three alignments."""
    raw = secret.encode()
    yield raw
    yield urllib.parse.quote(secret, safe="").encode()
    yield urllib.parse.quote_plus(secret).encode()
    yield secret.encode("utf-16-le")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for lead in range(3):
            coded = encode(b"\0" * lead + raw)
            # The first and last characters depend on what stands beside the secret.
            yield coded[(0, 2, 3)[lead] : len(coded) - 4]


class Canaries:
    """Secrets by name, and a watch over the command lines of all processes."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}
        self._forms: dict[str, set[bytes]] = {}
        self.in_command_lines: set[str] = set()
        self.looks = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def add(self, name: str, secret: str) -> None:
        assert len(secret) >= 12, f"{name} is too short to be looked for"
        self._secrets[name] = secret
        self._forms = {**self._forms, name: set(forms(secret))}

    @property
    def names(self) -> set[str]:
        return set(self._forms)

    def found_in(self, data: bytes) -> list[str]:
        return [name for name, ways in self._forms.items() if any(way in data for way in ways)]

    def in_files(self, *folders: Path) -> list[str]:
        """Name the files that hold a secret."""
        return [
            f"{name} in {path}"
            for folder in folders
            for path in sorted(folder.rglob("*") if folder.is_dir() else [folder])
            if path.is_file()
            for name in self.found_in(path.read_bytes())
        ]

    def check_itself(self, folder: Path) -> None:
        """Plant each secret in each form, in the middle of other text, and find it again."""
        folder.mkdir()
        for name, secret in self._secrets.items():
            padded = (b"{" + b"x" * lead + secret.encode() + b"}" for lead in range(3))
            quoted = urllib.parse.quote(f"k={secret}&", safe="").encode()
            planted = [*(base64.b64encode(text) for text in padded), quoted]
            for number, text in enumerate([*planted, f"key {secret}.".encode()]):
                (folder / f"{number}.txt").write_bytes(b"before " + text + b" after")
            assert len(self.in_files(folder)) == len(planted) + 1, name
            for path in folder.iterdir():
                path.unlink()

    def __enter__(self) -> Canaries:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    self.in_command_lines |= set(self.found_in(path.read_bytes()))
            self.looks += 1
