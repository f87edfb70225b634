"""Log-ins, authorisation codes, sessions and refresh tokens, with rotation and the five-token cap."""

from __future__ import annotations

import base64
import hashlib
import random
import string
from dataclasses import dataclass, field

CALLBACKS = tuple(f"http://localhost:{port}/callback" for port in (53682, 53683, 53684, 53685, 53686))
CODE_SECONDS = 900
TOKEN_CHARS = string.ascii_letters + string.digits + "._"


@dataclass
class Authorization:
    """An authorise request on its way through the log-in and consent pages."""

    session: str
    client_id: str
    redirect_uri: str
    state: str | None
    scope: str
    challenge: str | None
    user_id: str | None = None


@dataclass
class Code:
    """A single-use authorisation code; `at` is seconds since the epoch."""

    request: Authorization
    at: float
    used: bool = False


@dataclass
class Family:
    """All refresh tokens that grew from one authorisation; only `current` is good."""

    user_id: str
    scope: str
    current: str
    used_at: float
    number: int
    past: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    revoked: bool = False


@dataclass
class Session:
    """One access token; `until` is seconds since the epoch and moves with use."""

    token: str
    user_id: str
    until: float
    scope: str


class AuthState:
    """Everything that the login host remembers."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.client_id = "3MVG9" + self.random(80)
        self.client_secret = "".join(rng.choices("0123456789ABCDEF", k=64))
        self.username = "sync.admin@northwind-trading.example"
        self.password = "Sandbox-" + "".join(rng.choices(string.ascii_lowercase + string.digits, k=10))
        self.callbacks: list[str] = list(CALLBACKS)
        self.pending: dict[str, Authorization] = {}
        self.codes: dict[str, Code] = {}
        self.families: list[Family] = []
        self.sessions: dict[str, Session] = {}

    def random(self, length: int) -> str:
        """Return an unguessable-looking token, the same for the same seed."""
        return "".join(self._rng.choices(TOKEN_CHARS, k=length))

    def new_code(self, request: Authorization, now: float) -> str:
        """Return an authorisation code; it ends in `==` as real ones do (section 1.2)."""
        code = "aPrx" + self.random(60) + "=="
        self.codes[code] = Code(request, now)
        return code

    def open_session(self, *, org_id: str, user_id: str, scope: str, until: float) -> Session:
        """Return a new access token: the 15-character org id, `!`, and a random part (section 1.4)."""
        session = Session(f"{org_id[:15]}!AQ{self.random(94)}", user_id, until, scope)
        self.sessions[session.token] = session
        return session

    def new_family(self, *, user_id: str, scope: str, now: float, cap: int) -> Family:
        """Start a family of refresh tokens; beyond `cap` live ones the oldest is revoked (section 1.5)."""
        live = [f for f in self.families if f.user_id == user_id and not f.revoked]
        for oldest in live[: max(0, len(live) - cap + 1)]:
            self.revoke(oldest)
        family = Family(user_id, scope, self.refresh_token(), now, len(self.families))
        self.families.append(family)
        return family

    def refresh_token(self) -> str:
        return "5Aep" + self.random(83)

    def family_of(self, token: str) -> Family | None:
        """Return the family to which a refresh token belongs or once belonged."""
        for family in self.families:
            if family.current == token or token in family.past:
                return family
        return None

    def revoke(self, family: Family) -> None:
        """Kill a family's refresh token and its access tokens."""
        family.revoked = True
        for token in family.sessions:
            self.sessions.pop(token, None)
        family.sessions.clear()

    def expire_sessions(self) -> int:
        """Kill all access tokens; say how many there were."""
        count = len(self.sessions)
        self.sessions.clear()
        return count

    def revoke_all(self) -> int:
        """Kill all refresh and access tokens; say how many families there were."""
        live = [family for family in self.families if not family.revoked]
        for family in live:
            self.revoke(family)
        self.sessions.clear()
        return len(live)


def challenge_of(verifier: str) -> str:
    """Return BASE64URL(SHA256(verifier)) without padding (section 1.2)."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
