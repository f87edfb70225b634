"""What the smaller readers need of the client, so that they can be tested without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from acassist.domain.problem import ProblemCode
from acassist.http import Response

# A reader that only informs goes on without what the user may not see.
HIDDEN = frozenset({ProblemCode.SF_PERMISSION, ProblemCode.SF_FIELD_HIDDEN, ProblemCode.SF_GONE})


class Identity(Protocol):
    """Who the access token belongs to."""

    @property
    def org_id(self) -> str:
        """Return the org's id."""
        ...

    @property
    def user_id(self) -> str:
        """Return the user's id."""
        ...

    async def access_token(self) -> str:
        """Return the access token, getting one when there is none yet."""
        ...


class Caller(Protocol):
    """Reads on behalf of the connected user."""

    @property
    def source(self) -> Identity:
        """Return the token source."""
        ...

    @property
    def instance_url(self) -> str:
        """Return where the data lives."""
        ...

    def calls(self) -> tuple[int, int] | None:
        """Return (used, allowed) of the day's API calls."""
        ...

    async def rows(self, soql: str, *, deleted: bool = False) -> list[dict[str, Any]]:
        """Read all rows of a small query."""
        ...

    async def get(
        self,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Response:
        """Read a resource."""
        ...
