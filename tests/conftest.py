"""What every test may ask for, and how much is tried of every property."""

import gc
import inspect
import os
from pathlib import Path

import pytest

from tests.support import fuzz

pytest_plugins = ["tests.support.services", "tests.support.world", "tests.faults.fixtures"]

# What starts processes, kills them or drives a browser takes longest and begins first: no core is idle at the end.
_LONGEST = ("browser", "bench", "faults", "deploy", "endtoend", "control/whole", "chatd/hostile")
_HERE = Path(__file__).parent

fuzz.settle()


def pytest_configure(config: pytest.Config) -> None:
    """Of several processes of tests, each keeps to one core, with all that it starts.

    A test and its stores speak by turns. On one core the next one's data are at hand, and nobody has to wake another core:
    on two cores four processes do a third more so than where the system puts them.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    worker = getattr(config, "workerinput", None)
    if worker is not None and len(cores) < worker["workercount"]:
        os.sched_setaffinity(0, {cores[int(worker["workerid"].removeprefix("gw")) % len(cores)]})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, and refuse a test whose clock would not jump.

    pytest-trio takes a clock from the test's own arguments alone.
    """
    items.sort(key=_turn)
    for item in items:
        if isinstance(item, pytest.Function) and "autojump_clock" in item.fixturenames:
            asked = inspect.signature(item.function).parameters
            if "autojump_clock" not in asked:
                raise pytest.UsageError(
                    f"{item.nodeid} must itself ask for the autojump_clock that its fixtures use"
                )


def pytest_collection_finish() -> None:
    """Thousands of tests stay until the end: let the collector of garbage not look at them every time."""
    gc.collect()
    gc.freeze()


def _turn(item: pytest.Item) -> int:
    path = item.path.relative_to(_HERE).as_posix()
    return next(
        (turn for turn, folder in enumerate(_LONGEST) if path.startswith(f"{folder}/")), len(_LONGEST)
    )
