"""What every test may ask for, and how much is tried of every property."""

import inspect

import pytest

from tests.support import fuzz

pytest_plugins = ["tests.support.services", "tests.support.world", "tests.faults.fixtures"]

fuzz.settle()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test whose clock would not jump: pytest-trio takes a clock from the test's own arguments alone."""
    for item in items:
        if isinstance(item, pytest.Function) and "autojump_clock" in item.fixturenames:
            asked = inspect.signature(item.function).parameters
            if "autojump_clock" not in asked:
                raise pytest.UsageError(
                    f"{item.nodeid} must itself ask for the autojump_clock that its fixtures use"
                )
