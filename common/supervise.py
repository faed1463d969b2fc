"""Boundaries: where a failure stops, and how often something is tried again."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import trio

from common.logs import get_logger
from common.metrics import Counter
from common.units import SECONDS

_log = get_logger(__name__)
_SETTLED = 30 * SECONDS  # after a start
_contained = Counter(
    "madang_contained_failures_total", "Bugs that ended one connection or request.", ["where"]
)


class Containment:
    """Whether something went wrong inside."""

    failed = False


@contextmanager
def contained(where: str) -> Iterator[Containment]:
    """Whatever goes wrong inside ends here, with its traceback in the log and a count.

    Stands around the whole of one connection or request, nursery included, and nowhere else: a bug in what everybody
    shares must end the process. Cancellation and exits pass; of a group, only its `Exception`s are kept.
    """
    containment = Containment()
    try:
        yield containment
    except* Exception as failures:
        containment.failed = True
        _contained.labels(where).inc()
        _log.error("contained failure", where=where, exc_info=failures)


class Backoff:
    """How long to wait before the next try: full jitter under an exponential roof, so that no herd forms.

    Source: M. Brooker, "Exponential Backoff And Jitter".
    """

    def __init__(self, *, first: float = 0.1 * SECONDS, most: float = 5 * SECONDS) -> None:
        self._first = first
        self._most = most
        self._tries = 0

    def next(self) -> float:
        """Seconds to wait now."""
        roof = min(self._most, self._first * 2 ** min(self._tries, 32))
        self._tries += 1
        return random.uniform(roof / 4, roof)  # noqa: S311 - jitter

    def reset(self) -> None:
        """It worked: begin anew the next time."""
        self._tries = 0


async def keep_trying(
    what: str,
    fn: Callable[[], Awaitable[Any]],
    *errors: type[Exception],
    backoff: Backoff | None = None,
) -> None:
    """Run `fn` until it returns; when it raises one of `errors`, say so once, wait, and run it again."""
    backoff = backoff or Backoff()
    failing = False
    while True:
        try:
            await fn()
        except errors as fault:
            if not failing:
                _log.warning("will try again", what=what, why=str(fault))
            failing = True
            await trio.sleep(backoff.next())
        else:
            return


async def regularly(
    what: str, every: float, fn: Callable[[], Awaitable[Any]], *errors: type[Exception]
) -> NoReturn:
    """Run `fn` about every so many seconds, for ever. One of `errors` is said, and puts it off until the next time.

    The first time is not at once: a start belongs to those who wait for it.
    """
    await trio.sleep(first_after(every))
    while True:
        try:
            await fn()
        except errors as fault:
            _log.warning("was put off", what=what, why=str(fault))
        await trio.sleep(jittered(every))


def first_after(every: float) -> float:
    """How many seconds after a start to do for the first time what is done so often."""
    return jittered(min(every, _SETTLED))


def jittered(seconds: float, spread: float = 0.2) -> float:
    """`seconds`, give or take `spread` of it."""
    return seconds * random.uniform(1 - spread, 1 + spread)  # noqa: S311 - jitter
