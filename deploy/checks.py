"""`./deploy/test`: every check there is.

Without words: the tests, and beside them, at a lower priority, the style (ruff), the types (mypy), the traps of async code
(flake8-async), and the web app's own types, style and unit tests; what those find is printed before the summary of the
tests. With words: the tests alone, the words passed on to pytest.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import trio

from deploy import web
from deploy.embedded.errors import SetUpError

if TYPE_CHECKING:
    from xdist.remote import Producer

    from deploy.scheduling import ByProduct

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PROGRAMS = ("common", "chatd", "control", "deploy")

# flake8-async: the faults that ruff's ASYNC rules do not find, in what people run; a test that has one shows it by itself.
# The other rules cost a minute and are ruff's already, or are about taste.
# They speak of scopes, and of what is done on the way out of one: files without any are not read, which is half of the time.
ASYNC_RULES = (101, 102, 103, 104, 111, 113, 118, 120, 121, 122, 123)
ASYNC_WORDS = re.compile(r"\b(except|finally|yield)\b|nursery|CancelScope|move_on_|fail_a")

MOST_WORKERS = 4  # processes of tests, each with a PostgreSQL, a Valkey, a MongoDB-wire server and an S3 store of its own
STUCK_AFTER_S = 180  # a test that takes longer has every thread's stack printed


@dataclass(frozen=True)
class Finding:
    """What one check had to say; nothing when all is well."""

    name: str
    failed: bool
    said: str
    seconds: float


@dataclass(frozen=True)
class Command:
    """A check: what to run, and where."""

    words: list[str]
    folder: Path = ROOT


def commands() -> dict[str, Command]:
    files = (
        file
        for folder in PROGRAMS
        for file in (ROOT / folder).rglob("*.py")
        if "node_modules" not in file.parts
    )
    scopes = sorted(str(file.relative_to(ROOT)) for file in files if ASYNC_WORDS.search(file.read_text()))
    rules = ",".join(f"ASYNC{rule}" for rule in ASYNC_RULES)
    return {
        "ruff check": Command([f"{BIN}/ruff", "check", "--quiet"]),
        "ruff format": Command([f"{BIN}/ruff", "format", "--check"]),
        "mypy": Command([f"{BIN}/mypy", "--no-error-summary"]),
        "flake8-async": Command([f"{BIN}/flake8-async", "--enable", rules, *scopes]),
        "web: types": Command(web.command("tsc"), web.WEB),
        "web: format": Command(web.command("prettier", "--check", "--log-level", "warn", "."), web.WEB),
        "web: tests": Command(web.command("vitest", "run"), web.WEB),
    }


def findings() -> Iterator[Finding]:
    for name, command in commands().items():
        began = time.monotonic()
        ran = subprocess.run(
            ["nice", *command.words],
            cwd=command.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        yield Finding(name, ran.returncode != 0, ran.stdout.strip(), time.monotonic() - began)


class Beside:
    """A pytest plugin: the checks run while the tests do, and are told before the tests' last line."""

    def __init__(self) -> None:
        self.failed = False
        self._pool = ThreadPoolExecutor(1)
        self._findings: Future[list[Finding]] = self._pool.submit(lambda: list(findings()))

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Producer) -> ByProduct:
        from deploy.scheduling import ByProduct  # which imports what pytest wants to be the first to import

        return ByProduct(config, log)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        terminalreporter.section("checks beside the tests")
        for finding in self._findings.result():
            verdict = "FAILED" if finding.failed else "ok"
            terminalreporter.write_line(
                f"{finding.name}: {verdict} ({finding.seconds:.1f} s)", red=finding.failed
            )
            if finding.failed:
                self.failed = True
                terminalreporter.write_line(finding.said)


def provide_browser() -> None:
    """Have Debian's chromium, for the tests that need a real browser; without the right to install it, they say so."""
    if os.environ.get("CHROMIUM") or shutil.which("chromium") or os.geteuid() or not shutil.which("apt-get"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(["apt-get", "-q", *words], env=quiet, stdout=subprocess.DEVNULL, check=False)


def main(words: list[str]) -> int:
    """The exit status: 0 if everything is well, else that of the tests, or 1 for another check."""
    os.chdir(ROOT)
    if words:
        return int(pytest.main(words))
    provide_browser()
    try:
        trio.run(web.build, print)
    except SetUpError as error:
        print(error)
        return 1
    beside = Beside()
    # Two for each core, for at times they wait. Files in the order of tests/conftest.py, not by how many they hold.
    workers = min(2 * (os.cpu_count() or 1), MOST_WORKERS)
    side_by_side = ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    stuck = ["-o", f"faulthandler_timeout={STUCK_AFTER_S}"]
    status = int(pytest.main([*side_by_side, *stuck], plugins=[beside]))
    return status or int(beside.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
