"""Which function answers which path, and what it is handed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import parse_qsl

from acassist.sandbox.activecampaign.account import Account
from acassist.sandbox.activecampaign.wire import ApiError, Json, Reply

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


class Query:
    """The query string with PHP's bracket names."""

    def __init__(self, raw: str) -> None:
        self.pairs = parse_qsl(raw, keep_blank_values=True)

    def get(self, name: str, default: str = "") -> str:
        """Return the last value of `name`, as PHP does."""
        found = default
        for key, value in self.pairs:
            if key == name:
                found = value
        return found

    def every(self, name: str) -> list[str]:
        """Return all values of `name`, `name[]` and `name[0]`; a single value may be a comma list."""
        values = [value for key, value in self.pairs if key == name or key.startswith(name + "[")]
        return values[0].split(",") if len(values) == 1 and "," in values[0] else values

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number, `default` where none can be read."""
        value = self.get(name)
        return int(value) if value.lstrip("-").isdigit() else default

    def orders(self) -> list[tuple[str, bool]]:
        """Return (key, descending) for each `orders[key]`."""
        return [(k[7:-1], v.upper() == "DESC") for k, v in self.pairs if k.startswith("orders[") and k.endswith("]")]

    def page(self) -> tuple[int, int]:
        """Return limit and offset; the limit is 20 unless told and is clamped to 100 in silence (section 2)."""
        limit = self.number("limit", DEFAULT_LIMIT)
        limit = DEFAULT_LIMIT if limit < 1 else min(limit, MAX_LIMIT)
        return limit, max(self.number("offset"), 0)


@dataclass(slots=True)
class Call:
    """One authenticated request."""

    account: Account
    query: Query
    raw: bytes
    args: tuple[str, ...]

    def json(self) -> Any:
        """Return the parsed body. Raises ApiError 400 when it is not JSON."""
        try:
            return json.loads(self.raw or b"{}")
        except ValueError as error:
            raise ApiError(400, {"message": "The request body could not be read as JSON."}) from error

    def wrapped(self, name: str) -> Json:
        """Return the object under the wrapper `name`; an empty one where the wrapper is missing."""
        body = self.json()
        inner = body.get(name) if isinstance(body, dict) else None
        return inner if isinstance(inner, dict) else {}

    def number(self, index: int = 0) -> int:
        """Return the id in the path as a number, 0 where it is none."""
        value = self.args[index]
        return int(value) if value.isdigit() else 0

    def page(self, name: str, rows: list[Any], shape: Callable[[Any], Json] | None = None) -> Reply:
        """Return one page of `rows` with a string total (section 2)."""
        limit, offset = self.query.page()
        part = rows[offset : offset + limit]
        shown = [shape(row) for row in part] if shape else part
        return Reply({name: shown, "meta": {"total": str(len(rows))}})


Handler = Callable[[Call], Reply]
Route = tuple[str, str, Handler]


class Router:
    """Finds the handler of a method and a path such as `contacts/{}/notes`."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._table: dict[tuple[str, ...], dict[str, Handler]] = {}
        for method, pattern, handler in routes:
            self._table.setdefault(tuple(pattern.split("/")), {})[method] = handler

    def find(self, method: str, path: str) -> tuple[Handler, tuple[str, ...]]:
        """Return the handler and the variable parts. Raises ApiError 404 or 405."""
        parts = [part for part in path.split("/") if part]
        known = False
        for mask in product((False, True), repeat=max(len(parts) - 1, 0)):
            free = (False, *mask)
            key = tuple("{}" if wild else part for wild, part in zip(free, parts, strict=False))
            if (methods := self._table.get(key)) is None:
                continue
            known = True
            if method in methods:
                return methods[method], tuple(part for wild, part in zip(free, parts, strict=False) if wild)
        if known:
            raise ApiError(405, {"message": "Method Not Allowed"})
        raise ApiError(404, {"message": "Not Found"})
