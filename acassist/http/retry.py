"""The rule table of what may be repeated, and the timing of repeats (tenacity with injected sleep and jitter)."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt

from acassist.domain.ports import Clock
from acassist.http.faults import Fault, Outcome
from acassist.http.response import Response

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
# A service that asks for more than this is reported as busy with the time, instead of blocking the caller.
LONGEST_RETRY_AFTER = 60.0


class Dice(Protocol):
    """Randomness for the jitter; `random.Random` fits."""

    def random(self) -> float:
        """Return a number from 0.0 to 1.0."""
        ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: an answer or a fault, how far it came, and what Retry-After asked for in seconds."""

    outcome: Outcome
    response: Response | None = None
    fault: Fault | None = None
    retry_after: float | None = None


# What may be repeated: (request is idempotent) -> outcomes. A request that is not idempotent is repeated only
# when it certainly was not carried out: it never left, or the service said so with 429 and Retry-After.
_REPEATABLE: dict[bool, frozenset[Outcome]] = {
    True: frozenset({Outcome.NOT_SENT, Outcome.LOST, Outcome.THROTTLED, Outcome.UNAVAILABLE}),
    False: frozenset({Outcome.NOT_SENT, Outcome.THROTTLED}),
}


def may_repeat(outcome: Outcome, *, idempotent: bool, retry_after: float | None = None) -> bool:
    """Apply the rule table to one outcome."""
    if retry_after is not None and retry_after > LONGEST_RETRY_AFTER:
        return False
    return outcome in _REPEATABLE[idempotent]


def wait_before(attempt_number: int, *, dice: Dice, retry_after: float | None = None) -> float:
    """Return the seconds before the next try: doubled each time, half of it random; Retry-After is a minimum."""
    ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt_number - 1))
    backoff = ceiling * (0.5 + 0.5 * dice.random())
    return max(backoff, retry_after or 0.0)


async def run_with_retries(
    attempt: Callable[[], Coroutine[Any, Any, Attempt]], *, idempotent: bool, retries: int, clock: Clock, dice: Dice
) -> Attempt:
    """Try until the rule table or the number of retries says stop, and return the last attempt."""

    def again(result: Attempt) -> bool:
        return may_repeat(result.outcome, idempotent=idempotent, retry_after=result.retry_after)

    def wait(state: RetryCallState) -> float:
        last: Attempt | None = state.outcome.result() if state.outcome else None
        return wait_before(state.attempt_number, dice=dice, retry_after=last.retry_after if last else None)

    retrying = AsyncRetrying(
        sleep=clock.sleep,
        wait=wait,
        stop=stop_after_attempt(retries + 1),
        retry=retry_if_result(again),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    result: Attempt = await retrying(attempt)
    return result
