from __future__ import annotations

import threading

import keyring.backend
import keyring.backends.chainer
import keyring.backends.fail
import keyring.backends.null
import keyring.errors
import pytest

from acassist.domain.problem import ProblemCode, ProblemError
from acassist.system.backends import Entries, part_size
from acassist.system.vault import KeyringVault, MemoryVault, VaultState, service_name_for

SECRET = "s3cret" * 3


class FakeBackend:
    """Keeps entries, refuses more than `limit` bytes as UTF-16, and may end the program at any step."""

    def __init__(self, limit: int | None = None) -> None:
        self.entries: dict[str, str] = {}
        self.limit = limit
        self.steps_left = 10**6

    def _step(self) -> None:
        self.steps_left -= 1
        if self.steps_left < 0:
            raise KeyboardInterrupt

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get(service)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._step()
        assert self.limit is None or len(password.encode("utf-16-le")) <= self.limit
        self.entries[service] = password

    def delete_password(self, service: str, username: str) -> None:
        self._step()
        if self.entries.pop(service, None) is None:
            raise keyring.errors.PasswordDeleteError("no such password")


class Raising(FakeBackend):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error


def plaintext_backend() -> object:
    kind = type("PlaintextKeyring", (FakeBackend,), {"__module__": "keyrings.alt.file"})
    return kind()


def chain(*links: object) -> object:
    chainer = keyring.backends.chainer.ChainerBackend()
    type(chainer).backends = list(links)
    return chainer


@pytest.fixture
def no_chain(monkeypatch):
    monkeypatch.setattr(keyring.backends.chainer.ChainerBackend, "backends", [], raising=False)


async def test_a_secret_is_stored_read_and_forgotten():
    vault = KeyringVault(service_name_for("p1"), backend=FakeBackend())
    await vault.put("token", SECRET)
    assert await vault.get("token") == SECRET
    await vault.remove("token")
    await vault.remove("token")
    assert await vault.get("token") is None
    vault.close()


async def test_profiles_do_not_see_each_others_secrets():
    backend = FakeBackend()
    first, second = (KeyringVault(service_name_for(name), backend=backend) for name in ("p1", "p2"))
    await first.put("token", SECRET)
    assert await second.get("token") is None


@pytest.mark.parametrize(
    "backend", [keyring.backends.null.Keyring(), keyring.backends.fail.Keyring(), plaintext_backend()]
)
async def test_a_back_end_that_does_not_protect_is_refused(backend):
    vault = KeyringVault("s", backend=backend)
    with pytest.raises(ProblemError) as caught:
        await vault.put("token", SECRET)
    assert caught.value.problem.code is ProblemCode.KEYRING_MISSING
    assert caught.value.problem.values["backend"] == (await vault.state()).backend
    assert not (await vault.state()).safe


async def test_a_chain_is_searched_for_a_safe_back_end(no_chain):
    safe = FakeBackend()
    vault = KeyringVault("s", backend=chain(plaintext_backend(), safe))
    await vault.put("token", SECRET)
    assert list(safe.entries.values()) == [SECRET]
    assert (await vault.state()).backend.endswith("FakeBackend")


async def test_a_chain_of_unsafe_back_ends_is_refused(no_chain):
    vault = KeyringVault("s", backend=chain(plaintext_backend(), keyring.backends.fail.Keyring()))
    with pytest.raises(ProblemError) as caught:
        await vault.get("token")
    assert caught.value.problem.code is ProblemCode.KEYRING_MISSING


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (keyring.errors.KeyringLocked("locked"), ProblemCode.KEYRING_LOCKED),
        (keyring.errors.PasswordSetError(SECRET), ProblemCode.KEYRING_LOCKED),
        (ConnectionResetError(), ProblemCode.KEYRING_LOCKED),
        (keyring.errors.InitError("no bus"), ProblemCode.KEYRING_MISSING),
        (keyring.errors.NoKeyringError(), ProblemCode.KEYRING_MISSING),
    ],
)
async def test_what_a_back_end_raises_becomes_a_problem_without_its_text(error, code):
    with pytest.raises(ProblemError) as caught:
        await KeyringVault("s", backend=Raising(error)).get("token")
    assert caught.value.problem.code is code
    assert caught.value.__cause__ is None
    assert SECRET not in repr(caught.value.problem)


async def test_a_prompt_that_nobody_answers_is_a_locked_keyring_and_later_calls_are_not_made():
    answered, asked = threading.Event(), threading.Event()

    class Prompting(FakeBackend):
        def get_password(self, service: str, username: str) -> str | None:
            asked.set()
            answered.wait(10)
            return super().get_password(service, username)

    backend = Prompting()
    vault = KeyringVault("s", backend=backend, timeout=0.05)
    with pytest.raises(ProblemError) as caught:
        await vault.get("token")
    assert caught.value.problem.code is ProblemCode.KEYRING_LOCKED
    assert asked.is_set()
    with pytest.raises(ProblemError):
        await vault.put("token", SECRET)
    answered.set()
    assert await KeyringVault("s", backend=FakeBackend()).get("token") is None
    assert backend.entries == {}


async def test_memory_forgets_when_closed():
    vault = MemoryVault()
    await vault.put("token", SECRET)
    assert await vault.get("token") == SECRET
    await vault.remove("token")
    await vault.put("other", SECRET)
    vault.close()
    assert await vault.get("other") is None
    assert await vault.state() == VaultState("memory", "", safe=True)


def entries(backend: FakeBackend) -> Entries:
    return Entries(backend, "s", part=1200)


def test_the_windows_back_end_has_a_limit_per_entry():
    assert part_size(type("WinVaultKeyring", (), {"__module__": "keyring.backends.Windows"})()) == 1200
    assert part_size(FakeBackend()) is None


LONG = ["", "x", "a" * 1200, "b" * 1201, "c" * 5000, "acassist-parts:a:3:x"]


@pytest.mark.parametrize("old", LONG)
@pytest.mark.parametrize("new", LONG)
def test_a_secret_of_any_length_replaces_one_of_any_length_within_the_limit(old, new):
    backend = FakeBackend(limit=2560)
    entries(backend).put("token", old)
    entries(backend).put("token", new)
    assert entries(backend).get("token") == new
    entries(backend).remove("token")
    assert backend.entries == {}


@pytest.mark.parametrize("steps", range(9))
def test_a_program_that_ends_while_storing_leaves_the_old_or_the_new_secret(steps):
    backend = FakeBackend(limit=2560)
    entries(backend).put("token", "a" * 3000)
    backend.steps_left = steps
    ended = False
    try:
        entries(backend).put("token", "b" * 3000)
    except KeyboardInterrupt:
        ended = True
    assert entries(backend).get("token") == ("a" if ended and steps < 4 else "b") * 3000
    assert ended == (steps < 7)


def test_a_secret_with_a_missing_part_is_not_there():
    backend = FakeBackend(limit=2560)
    entries(backend).put("token", "a" * 3000)
    backend.entries.pop("s/token#a1")
    assert entries(backend).get("token") is None
