"""Reads the next page while the present one is worked through, so that waiting for an answer costs no time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TypeVar

T = TypeVar("T")
_END = object()


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


async def _next(pages: AsyncIterator[T]) -> T | object:
    return await anext(pages, _END)
