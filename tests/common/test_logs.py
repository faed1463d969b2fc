"""The log is for machines to read and tells no secrets, not even those that a traceback came by."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import logging, sys
from common import logs
logs.configure(style=sys.argv[1], level="INFO", program="a test")
log = logs.get_logger("somewhere")

def fail(token):
    authorization = "Bearer " + token
    raise ValueError("a bug")

logs.bind(connection="c1")
log.info("hello", name="미나", access_token="hunter2", password="hunter2")
log.debug("not shown")
logging.getLogger("somebody.elses").warning("from a library: %s", "안녕")
try:
    fail("hunter2")
except ValueError:
    log.exception("it failed")
"""


def logged(style: str) -> str:
    """What the program above writes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, style],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert not done.stdout
    return done.stderr


def test_each_event_is_one_line_of_json_with_what_was_bound() -> None:
    hello, library, failure = (json.loads(line) for line in logged("json").splitlines())
    assert (hello["event"], hello["name"], hello["connection"]) == ("hello", "미나", "c1")
    assert (hello["program"], hello["logger"], hello["level"]) == ("a test", "somewhere", "info")
    assert library["event"] == "from a library: 안녕"
    assert failure["event"] == "it failed"
    assert "ValueError" in json.dumps(failure)
    assert "in fail" in json.dumps(failure) or '"fail"' in json.dumps(failure)


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_secret_is_struck_out_and_a_traceback_shows_no_values(style: str) -> None:
    said = logged(style)
    assert "it failed" in said
    assert "[secret]" in said
    assert "hunter2" not in said
