"""Several requests under way: order, how many at a time, what a failure and an early end leave behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from acassist.sync.ahead import ahead, together


class Desk:
    """Answers in turns of the loop and counts who is under way."""

    def __init__(self) -> None:
        self.busy = self.most = 0
        self.closed = False
        self.asked: list[int] = []

    async def ask(self, n: int) -> int:
        self.asked.append(n)
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            await asyncio.sleep(0)
            if n < 0:
                raise ValueError(n)
            return n * 10
        finally:
            self.busy -= 1

    async def pages(self, count: int) -> AsyncIterator[int]:
        try:
            for n in range(count):
                yield await self.ask(n)
        finally:
            self.closed = True


async def test_answers_come_in_order_and_only_a_few_are_under_way() -> None:
    desk = Desk()
    assert await together((desk.ask(n) for n in range(8)), most=3) == [n * 10 for n in range(8)]
    assert desk.most == 3


async def test_a_failure_ends_what_is_under_way_and_begins_nothing_more() -> None:
    desk = Desk()
    with pytest.raises(ValueError, match="-1"):
        await together((desk.ask(n) for n in (1, -1, 2, 3, 4)), most=3)
    assert desk.asked == [1, -1, 2]
    assert desk.busy == 0


async def test_the_next_page_is_asked_for_before_the_present_one_is_done() -> None:
    desk = Desk()
    async for page in ahead(desk.pages(3)):
        await asyncio.sleep(0)
        assert desk.asked == list(range(min(page // 10 + 2, 3)))


async def test_a_loop_that_ends_early_leaves_nothing_under_way() -> None:
    desk = Desk()
    async with aclosing(ahead(desk.pages(9))) as pages:
        async for _ in pages:
            break
    assert desk.busy == 0
    assert desk.closed
    assert len(asyncio.all_tasks()) == 1


async def test_the_failure_of_a_page_comes_in_its_turn() -> None:
    desk = Desk()

    async def failing() -> AsyncIterator[int]:
        yield await desk.ask(1)
        yield await desk.ask(-1)

    pages = ahead(failing())
    assert await anext(pages) == 10
    with pytest.raises(ValueError, match="-1"):
        await anext(pages)
