"""A keyring in a file, for programs that a test starts: `PYTHON_KEYRING_BACKEND` names it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.compat.properties import classproperty

FILE = "ACASSIST_TEST_KEYRING"


class FileKeyring(KeyringBackend):
    """Keeps made-up secrets of a sandbox in the file that the environment names."""

    @classproperty
    def priority(cls) -> float:
        """Stand aside where no file is named: keyring tries every back end that was ever imported."""
        if FILE not in os.environ:
            raise RuntimeError(FILE)
        return 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._path = Path(os.environ[FILE])

    def _read(self) -> dict[str, str]:
        return json.loads(self._path.read_text()) if self._path.exists() else {}

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._path.write_text(json.dumps({**self._read(), f"{service} {username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        self._path.write_text(json.dumps({k: v for k, v in self._read().items() if k != f"{service} {username}"}))
