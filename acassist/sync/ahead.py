"""Keeps several requests under way, so that waiting for answers leaves none of the allowance unused (rule 6.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterable
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
_END = object()
# With an answer after 0.3 s so many requests under way use five starts a second.
WINDOW = 3


async def together(requests: Iterable[Awaitable[T]], *, most: int = WINDOW) -> list[T]:
    """Make requests a few at a time and return their answers in order.

    The first failure is raised when those under way beside it have ended; what follows them is not begun.
    """
    waiting = iter(requests)
    found: list[T] = []
    while part := list(islice(waiting, most)):
        answers = await asyncio.gather(*part, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
            found.append(answer)
    return found


async def ahead(pages: AsyncIterator[T]) -> AsyncGenerator[T, None]:
    """Yield the pages in order, always with one more under way; close it (`aclosing`) where a loop may end early."""
    following = asyncio.ensure_future(_next(pages))
    try:
        while (page := await following) is not _END:
            following = asyncio.ensure_future(_next(pages))
            yield page  # type: ignore[misc]
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()


async def _next(pages: AsyncIterator[T]) -> T | object:
    return await anext(pages, _END)
