"""From signal to exit, on real processes: the first signal asks, the second insists, and time runs out for all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trio
import trio.testing

from common.lifecycle import Shutdown

ROOT = Path(__file__).resolve().parents[2]

# What it does once asked is its argument: end, or hang in Trio, or hang the whole event loop.
PROGRAM = """
import sys, time
import trio
from common.lifecycle import Shutdown, watch_signals
from common.logs import configure

configure(style="json", level="INFO", program="test")

async def main(after, grace):
    shutdown = Shutdown()
    async with trio.open_nursery() as nursery:
        async def watch(*, task_status):
            await watch_signals(shutdown, grace=grace, task_status=task_status)
        await nursery.start(watch)
        print("ready", flush=True)
        await shutdown.wait()
        print("asked", flush=True)
        if after == "hang":
            await trio.sleep_forever()
        if after == "hog":
            time.sleep(60)
        nursery.cancel_scope.cancel()
    print("ended in order", flush=True)

trio.run(main, sys.argv[1], float(sys.argv[2]))
"""


class Program:
    """The program above, as a process."""

    def __init__(self, after: str, grace: float) -> None:
        self._popen = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, after, str(grace)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self.says("ready")

    def says(self, line: str) -> None:
        assert self._popen.stdout is not None
        assert self._popen.stdout.readline().strip() == line

    def signal(self, number: signal.Signals) -> None:
        os.kill(self._popen.pid, number)

    def ends(self) -> tuple[int, str]:
        """Its exit status and what it wrote on standard error."""
        _, errors = self._popen.communicate(timeout=50)
        return self._popen.returncode, errors

    def stop(self) -> None:
        with self._popen:
            self._popen.kill()


@pytest.fixture
def run() -> Iterator[type[Program]]:
    made = []

    def start(after: str, grace: float = 60) -> Program:
        made.append(Program(after, grace))
        return made[-1]

    yield start  # type: ignore[misc]
    for program in made:
        program.stop()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_asks(run: type[Program], number: signal.Signals) -> None:
    program = run("end")
    program.signal(number)
    program.says("asked")
    program.says("ended in order")
    assert program.ends()[0] == 0


@pytest.mark.parametrize("after", ["hang", "hog"])
def test_the_second_signal_insists(run: type[Program], after: str) -> None:
    program = run(after)
    program.signal(signal.SIGTERM)
    program.says("asked")
    program.signal(signal.SIGINT)
    status, errors = program.ends()
    assert status == 70
    assert "asked twice" in errors


@pytest.mark.parametrize("after", ["hang", "hog"])
def test_who_does_not_end_in_time_is_ended_and_says_where_it_stood(run: type[Program], after: str) -> None:
    program = run(after, grace=0.3)
    program.signal(signal.SIGTERM)
    status, errors = program.ends()
    assert status == 70
    assert "the grace period is over" in errors
    assert "most recent call first" in errors


async def test_whoever_waits_is_told_and_asking_twice_is_asking_once() -> None:
    shutdown = Shutdown()
    assert not shutdown.asked
    async with trio.open_nursery() as nursery:
        nursery.start_soon(shutdown.wait)
        nursery.start_soon(shutdown.wait)
        await trio.testing.wait_all_tasks_blocked()
        shutdown.ask()
        shutdown.ask()
    assert shutdown.asked
