"""From signal to exit: SIGTERM or SIGINT asks, a second one insists, and a last hard exit stands above both."""

from __future__ import annotations

import faulthandler
import os
import resource
import signal
import sys
import threading
from types import FrameType

import trio

from common.logs import get_logger
from common.units import SECONDS

_log = get_logger(__name__)


class Shutdown:
    """Whether, and since when, this process was asked to stop."""

    def __init__(self) -> None:
        self._asked = trio.Event()

    @property
    def asked(self) -> bool:
        """Whether it was."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Stop, please."""
        self._asked.set()

    async def wait(self) -> None:
        """Return once it was asked."""
        await self._asked.wait()


async def watch_signals(
    shutdown: Shutdown, *, grace: float, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    """Turn the first SIGTERM or SIGINT into `shutdown`; the second one, or `grace` seconds, into an exit at once.

    The hard exit is a thread, so that it comes even when the event loop hangs; it prints where every task stands.
    """
    with trio.open_signal_receiver(signal.SIGTERM, signal.SIGINT) as signals:
        task_status.started()
        async for number in signals:
            _log.info("asked to stop", signal=signal.Signals(number).name)
            shutdown.ask()
            break
        timer = threading.Timer(grace, _hard_exit, ["the grace period is over"])
        timer.daemon = True
        timer.start()
    # From here the handlers are Python's own, called even while Trio is busy.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _second_signal)
    await trio.sleep_forever()


def _second_signal(_number: int, _frame: FrameType | None) -> None:
    _hard_exit("asked twice")


def _hard_exit(why: str) -> None:
    print(f"exit at once: {why}", file=sys.stderr, flush=True)  # noqa: T201 - logging may be what hangs
    faulthandler.dump_traceback(file=sys.stderr)
    os._exit(70)


GRACE = 30 * SECONDS  # what orchestrators give by default


def raise_file_limit() -> None:
    """As many open files as the system allows: every connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
