"""Secrets in the keyring of the operating system, or in memory when a person is asked each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.system.worker import Worker

if TYPE_CHECKING:
    from acassist.system.backends import Entries

T = TypeVar("T")
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class VaultState:
    """What keeps the secrets: kind ("keyring" or "memory"), the back end's name, and whether it protects them."""

    kind: str
    backend: str
    safe: bool


def service_name_for(profile_id: str) -> str:
    """Return the keyring name under which a profile's entries stand."""
    return f"acassist/{profile_id}"


class MemoryVault:
    """Keeps secrets only as long as the program runs ("ask each time", tests)."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    async def get(self, name: str) -> str | None:
        """Read a secret, None when it is not there."""
        return self._secrets.get(name)

    async def put(self, name: str, secret: str) -> None:
        """Keep a secret."""
        self._secrets[name] = secret

    async def remove(self, name: str) -> None:
        """Forget a secret."""
        self._secrets.pop(name, None)

    async def state(self) -> VaultState:
        """Tell that nothing is stored."""
        return VaultState("memory", "", safe=True)

    def close(self) -> None:
        """Forget everything."""
        self._secrets.clear()


class KeyringVault:
    """The operating system's keyring, called on a thread of its own.

    Every call may raise ProblemError KEYRING_LOCKED (locked, refused, or no answer within the time-out) or
    KEYRING_MISSING (nothing here protects secrets). `backend` replaces the one that keyring would choose.
    """

    def __init__(self, service_name: str, *, backend: object | None = None, timeout: float = TIMEOUT_SECONDS) -> None:
        self._service = service_name
        self._given = backend
        self._timeout = timeout
        self._worker = Worker("keyring")

    async def get(self, name: str) -> str | None:
        """Read a secret, None when it is not there."""
        return await self._run(lambda: self._entries().get(name))

    async def put(self, name: str, secret: str) -> None:
        """Store a secret durably before returning."""
        await self._run(lambda: self._entries().put(name, secret))

    async def remove(self, name: str) -> None:
        """Forget a secret; nothing happens when it is not there."""
        await self._run(lambda: self._entries().remove(name))

    async def state(self) -> VaultState:
        """Tell which back end is used and whether it protects secrets."""
        return await self._run(self._look)

    def close(self) -> None:
        """Let the keyring thread end."""
        self._worker.close()

    async def _run(self, call: Callable[[], T]) -> T:
        try:
            return await self._worker.run(lambda: _translated(call), timeout=self._timeout)
        except TimeoutError:
            raise ProblemError(Problem(ProblemCode.KEYRING_LOCKED, detail="no answer")) from None

    def _backend(self) -> object:
        # Imported here, on the keyring's thread: loading and choosing a back end takes 0.1 s and talks to D-Bus.
        import keyring

        return self._given if self._given is not None else keyring.get_keyring()

    def _look(self) -> VaultState:
        from acassist.system.backends import name_of, safe_backend

        found = self._backend()
        chosen = safe_backend(found)
        return VaultState("keyring", name_of(found if chosen is None else chosen), safe=chosen is not None)

    def _entries(self) -> Entries:
        from acassist.system.backends import Entries, name_of, part_size, safe_backend

        found = self._backend()
        chosen = safe_backend(found)
        if chosen is None:
            raise ProblemError(Problem(ProblemCode.KEYRING_MISSING, values={"backend": name_of(found)}))
        return Entries(chosen, self._service, part=part_size(chosen))


def _translated(call: Callable[[], T]) -> T:
    """Turn what keyring raises into problems; the cause is dropped because it may hold an entry's content."""
    import keyring.errors

    try:
        return call()
    except (keyring.errors.NoKeyringError, keyring.errors.InitError) as error:
        missing = Problem(ProblemCode.KEYRING_MISSING, values={"backend": type(error).__name__})
        raise ProblemError(missing) from None
    except (keyring.errors.KeyringError, OSError, RuntimeError) as error:
        raise ProblemError(Problem(ProblemCode.KEYRING_LOCKED, detail=type(error).__name__)) from None
