"""Logs: one line an event, with what was bound, and without what is secret."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

PROGRAM = """
import logging, sys
from common import logs

logs.configure(style=sys.argv[1], level="INFO", program="test")
log = logs.get_logger("here")

def attempt(password):
    held = {"key": "hunter" + "2"}
    raise RuntimeError("broken")

with logs.bound(request="r-1"):
    log.info("listening", port=9001, refresh_token="hunter" + "2", name="아린")
    log.debug("unheard")
    try:
        attempt("hunter" + "2")
    except RuntimeError:
        log.exception("a bug")
logging.getLogger("library").warning("beside %s", "us")
"""


def lines_of(style: str) -> list[str]:
    ended = subprocess.run([sys.executable, "-c", PROGRAM, style], capture_output=True, check=True, text=True)
    assert ended.stdout == ""
    return ended.stderr.splitlines()


def test_a_line_of_json_an_event() -> None:
    listening, bug, library = [json.loads(line) for line in lines_of("json")]
    assert listening["event"] == "listening"
    assert (listening["program"], listening["request"], listening["port"]) == ("test", "r-1", 9001)
    assert (listening["level"], listening["logger"], listening["name"]) == ("info", "here", "아린")
    assert listening["refresh_token"] == "[secret]"
    assert bug["exception"][0]["exc_type"] == "RuntimeError"
    assert library["event"] == "beside us"
    assert "request" not in library


@pytest.mark.parametrize("style", ["json", "console"])
def test_no_value_of_a_traceback_is_shown(style: str) -> None:
    """Every traceback showed the local variables of its frames: passwords, tokens, codes."""
    said: Any = "\n".join(lines_of(style))
    assert "broken" in said
    assert "hunter2" not in said
