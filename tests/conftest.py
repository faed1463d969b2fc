"""What every test may ask for, and how much is tried of every property."""

from tests.support import fuzz

pytest_plugins = ["tests.support.services", "tests.support.world", "tests.faults.fixtures"]

fuzz.settle()
