import asyncio
import signal

from acassist.cli.interrupts import on_interrupt


async def test_the_first_signal_asks_and_later_ones_insist() -> None:
    heard: list[str] = []
    before = signal.getsignal(signal.SIGINT)
    with on_interrupt(lambda: heard.append("first"), lambda: heard.append("again")):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGINT):
            signal.raise_signal(number)
            await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert heard == ["first", "again", "again"]
    assert signal.getsignal(signal.SIGINT) is before
