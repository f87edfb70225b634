"""Which keyring back ends are safe, and how a long secret is stored in a small entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

import keyring.errors

# Null and fail keep nothing; keyrings.alt keeps plain text or asks for a password on the terminal.
_REFUSED = ("keyring.backends.null", "keyring.backends.fail", "keyrings.alt")
_CHAINER = "keyring.backends.chainer"
_WINDOWS = "keyring.backends.Windows"
# Credential Manager takes 2,560 bytes (CRED_MAX_CREDENTIAL_BLOB_SIZE) and keyring writes UTF-16.
WINDOWS_PART = 1200
_HEAD = "acassist-parts"
_USER = "acassist"


class Backend(Protocol):
    """What a keyring back end can do."""

    def get_password(self, service: str, username: str) -> str | None:
        """Read an entry."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write an entry."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Delete an entry."""
        ...


def name_of(backend: object) -> str:
    """Name a back end for people, for example "SecretService Keyring"."""
    kind = type(backend)
    return f"{kind.__module__.rpartition('.')[2]} {kind.__qualname__}"


def safe_backend(backend: object) -> Backend | None:
    """Return the back end to use, looking into a chain; None when none protects secrets."""
    module = type(backend).__module__
    if module == _CHAINER:
        links = (safe_backend(link) for link in getattr(backend, "backends", ()))
        return next((link for link in links if link is not None), None)
    if any(module == refused or module.startswith(refused + ".") for refused in _REFUSED):
        return None
    return backend  # type: ignore[return-value]


def part_size(backend: object) -> int | None:
    """Return how many characters one entry of this back end takes, None for any number."""
    return WINDOWS_PART if type(backend).__module__ == _WINDOWS else None


@dataclass(frozen=True, slots=True)
class _Head:
    """What the entry of a divided secret holds instead of the secret."""

    generation: str
    count: int
    digest: str

    def text(self) -> str:
        return f"{_HEAD}:{self.generation}:{self.count}:{self.digest}"


def _read_head(text: str | None) -> _Head | None:
    fields = (text or "").split(":")
    if len(fields) != 4 or fields[0] != _HEAD or not fields[2].isdigit():
        return None
    return _Head(fields[1], int(fields[2]), fields[3])


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Entries:
    """Secrets of any length in a back end with a limit per entry.

    A long secret is divided: new parts are written under a generation of their own, then the head that names
    them, then the old parts are deleted. Whatever ends the program in between, the old or the new secret is read.
    """

    def __init__(self, backend: Backend, prefix: str, *, part: int | None) -> None:
        self._backend = backend
        self._prefix = prefix
        self._part = part

    def get(self, name: str) -> str | None:
        """Read a secret; None when it is missing or one of its parts is."""
        text = self._read(name)
        head = _read_head(text)
        if head is None:
            return text
        parts = [self._read(self._part_name(name, head.generation, i)) for i in range(head.count)]
        secret = "".join(part or "" for part in parts)
        return secret if None not in parts and _digest(secret) == head.digest else None

    def put(self, name: str, secret: str) -> None:
        """Write a secret so that it can be read at any moment, the old one or the new one."""
        old = _read_head(self._read(name))
        if _read_head(secret) is None and (self._part is None or len(secret) <= self._part):
            self._write(name, secret)
        else:
            self._put_parts(name, secret, "b" if old is not None and old.generation == "a" else "a")
        if old is not None:
            self._delete_parts(name, old)

    def remove(self, name: str) -> None:
        """Forget a secret and its parts, the head first."""
        head = _read_head(self._read(name))
        self._delete(name)
        if head is not None:
            self._delete_parts(name, head)

    def _put_parts(self, name: str, secret: str, generation: str) -> None:
        size = self._part or WINDOWS_PART
        parts = [secret[start : start + size] for start in range(0, len(secret), size)]
        for number, part in enumerate(parts):
            self._write(self._part_name(name, generation, number), part)
        self._write(name, _Head(generation, len(parts), _digest(secret)).text())

    def _delete_parts(self, name: str, head: _Head) -> None:
        for number in range(head.count):
            self._delete(self._part_name(name, head.generation, number))

    def _part_name(self, name: str, generation: str, number: int) -> str:
        return f"{name}#{generation}{number}"

    def _read(self, name: str) -> str | None:
        return self._backend.get_password(f"{self._prefix}/{name}", _USER)

    def _write(self, name: str, text: str) -> None:
        # One service name per entry: with several users of one service, Windows moves entries around.
        self._backend.set_password(f"{self._prefix}/{name}", _USER, text)

    def _delete(self, name: str) -> None:
        try:
            self._backend.delete_password(f"{self._prefix}/{name}", _USER)
        except keyring.errors.PasswordDeleteError:
            if self._read(name) is not None:
                raise
