"""Everything this computer knows of the linked people as one JSON file, written page by page, before it is deleted."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from acassist.domain.problem import Problem, ProblemCode, ProblemError
from acassist.domain.text import Message
from acassist.sync.context import Stores

FORMAT = "acassist-ledger"
VERSION = 1
_PAGE = 500


async def export_ledger(stores: Stores, path: Path, about: dict[str, str]) -> int:
    """Write links with the values last agreed on, the history and the open issues; return how many links.

    `about` names org and account. The file appears whole or not at all. Raises EXPORT_FAILED.
    """
    part = path.with_name(path.name + ".part")
    try:
        with await asyncio.to_thread(part.open, "w", encoding="utf-8", newline="") as file:
            count = await _write(file, stores, about)
        await asyncio.to_thread(part.replace, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        values = {"file": str(path), "reason": error.strerror or type(error).__name__}
        raise ProblemError(Problem(ProblemCode.EXPORT_FAILED, path.name, values)) from error
    return count


async def _write(file: TextIO, stores: Stores, about: dict[str, str]) -> int:
    head = {"format": FORMAT, "version": VERSION, **about}
    file.write(json.dumps(head, ensure_ascii=False)[:-1])
    counts = {}
    for name, pages in (("links", _links(stores)), ("history", _history(stores)), ("issues", _issues(stores))):
        file.write(f', "{name}": [')
        counts[name] = 0
        for page in pages:
            lines = [json.dumps(asdict(item), ensure_ascii=False, default=_plain) for item in page]
            file.write((",\n" if counts[name] else "\n") + ",\n".join(lines))
            counts[name] += len(lines)
            # Others on the engine's loop get their turn between two pages.
            await asyncio.sleep(0)
        file.write("]")
    file.write("}\n")
    return counts["links"]


def _links(stores: Stores) -> Iterator[Sequence[Any]]:
    after = 0
    while page := stores.ledger.iter_links(after_id=after, limit=_PAGE):
        yield page
        after = page[-1].id


def _history(stores: Stores) -> Iterator[Sequence[Any]]:
    before: int | None = None
    while page := stores.history.items(limit=_PAGE, before_id=before):
        yield page
        before = page[-1].id


def _issues(stores: Stores) -> Iterator[Sequence[Any]]:
    if page := stores.issues.list(limit=1_000_000):
        yield page


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Message):
        return value.english()
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else str(value)
