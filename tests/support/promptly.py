"""Promises with a time in them, held to what Madang takes and not to what the machine makes it wait for.

with within(1):
    assert await raw.ends() == (4503, "session_revoked")

What is late is forgiven as far as this process and all that it started stood in line for a core meanwhile, or the disk or
another machine beside this one held everybody up. Who sleeps, polls, or waits for a time-out stands in no line, and is not
forgiven, however busy the machine is. Where the kernel does not count it (it is Linux that does), nothing is forgiven.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import trio

from tests.support.rawsocket import PATIENCE

_NS: Final = 1e9
_US: Final = 1e6
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class Taken:
    """What a block took, once it is over."""

    seconds: float = 0.0
    machines: float = 0.0  # of those

    @property
    def own(self) -> float:
        """Madang's own seconds; less than none where several stood in line at once."""
        return self.seconds - self.machines


@contextmanager
def timed() -> Iterator[Taken]:
    """See how long the block takes."""
    began, before, taken = trio.current_time(), _held_up(), Taken()
    yield taken
    taken.seconds = trio.current_time() - began
    taken.machines = sum(now - before.get(why, 0.0) for why, now in _held_up().items())


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Hold the block to `seconds` of Madang's own time."""
    with timed() as taken, trio.fail_after(seconds + PATIENCE):
        yield
    assert taken.own <= seconds, (
        f"it took {taken.seconds:.2f} s, of which {taken.machines:.2f} are the machine's"
    )


def _held_up() -> dict[str, float]:
    """The seconds for which each task was held up since it began, and the whole machine since it did, by what."""
    in_line = {f"no core for {task}": _in_line(task) for task in _tasks(os.getpid())}
    return in_line | {"the disk": _without_disk(), "another machine": _stolen()}


def _tasks(process: int) -> Iterator[Path]:
    """The threads of a process and of all that it started."""
    for task in _listed(Path(f"/proc/{process}/task")):
        yield task
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                yield from _tasks(int(child))


def _listed(folder: Path) -> list[Path]:
    with suppress(OSError):  # it has ended
        return list(folder.iterdir())
    return []


def _in_line(task: Path) -> float:
    with suppress(OSError):
        return int((task / "schedstat").read_text().split()[1]) / _NS
    return 0.0


def _without_disk() -> float:
    with suppress(OSError):
        some = Path("/proc/pressure/io").read_text().splitlines()[0]
        return int(some.rpartition("total=")[2]) / _US
    return 0.0


def _stolen() -> float:
    with suppress(OSError):
        return int(Path("/proc/stat").read_text().split(maxsplit=9)[8]) / _TICKS
    return 0.0
