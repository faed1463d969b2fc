"""`./deploy/up` as a whole, over stand-ins for control and chatd (`fake/`) that write down what happens to them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from deploy.embedded.ports import free_run, is_free
from tests.deploy.test_leash import wait_until_gone

ROOT = Path(__file__).parents[2]
FAKE = Path(__file__).parent / "fake"
WITHIN_S = 90.0  # of a busy machine; nothing here waits that long unless it is broken

RUN = """
import os, sys
from pathlib import Path
from deploy.local.__main__ import main
sys.exit(main(sys.argv[2:], os.environ, Path(sys.argv[1])))
"""
GIVEN_STORES = {
    "DATABASE_URL": "postgresql://given",
    "REDIS_URL": "redis://given",
    "MONGO_URL": "mongodb://given",
    "S3_URL": "http://given/bucket",
}


def processes_on(folder: Path) -> list[int]:
    """The processes whose command line names something in `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(folder) in (process / "cmdline").read_bytes().decode(errors="replace"):
                found.append(int(process.name))
    return found


class Up:
    """A running `./deploy/up`, with what it printed and what its programs noted."""

    def __init__(self, root: Path, *words: str, **environ: str) -> None:
        self.root = root
        self.ports = {
            name: free_run(3)[0]  # a second and a third replica have the next ones
            for name in ("MADANG_PORT", "CONTROL_PORT", "CHATD_PORT", "CHATD_PRIVATE_PORT")
        }
        self.printed: list[str] = []
        self._lines: Queue[str | None] = Queue()
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(root), *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={
                **inherited,
                "FAKE_EVENTS": str(root / "events"),
                **{name: str(port) for name, port in self.ports.items()},
                **environ,
            },
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['MADANG_PORT']}"

    @property
    def run(self) -> dict[str, Any]:
        return json.loads((self.root / ".madang" / "run.json").read_text())

    @property
    def events(self) -> list[str]:
        return (self.root / "events").read_text().splitlines()

    def until(self, pattern: str) -> str:
        """Read on until a line matches."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            try:
                line = self._lines.get(timeout=max(0, deadline - time.monotonic()))
            except Empty:
                line = None
            if line is None:
                raise AssertionError(f"no {pattern!r} in:\n" + "\n".join(self.printed))
            if re.search(pattern, line):
                return line

    def ready(self) -> Up:
        self.until("Madang is ready")
        return self

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=WITHIN_S) as answer:
            return answer.read().decode()

    def ended(self) -> int:
        status = self.process.wait(WITHIN_S)
        self._reader.join()
        return status

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line.rstrip())
            self._lines.put(line.rstrip())
        self._lines.put(None)


@pytest.fixture
def project() -> Iterator[Path]:
    """A folder with the stand-ins. Unlike pytest's own, everybody may enter it, PostgreSQL's account too."""
    with tempfile.TemporaryDirectory(prefix="madang-test-") as folder:
        Path(folder).chmod(0o711)
        yield shutil.copytree(FAKE, Path(folder) / "project")


@pytest.fixture
def up(project: Path) -> Iterator[Callable[..., Up]]:
    """Start one over the stand-ins, with all four stores given unless said otherwise."""
    started: list[Up] = []

    def up(*words: str, stores: dict[str, str] = GIVEN_STORES, **environ: str) -> Up:
        one = Up(project, *words, **{**stores, **environ})
        started.append(one)
        return one

    yield up
    for one in started:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGTERM)
        one.process.wait(WITHIN_S)
        one._reader.join()
        one.process.stdout.close()


def test_it_serves_everything_on_one_address_and_says_how_to_go_on(up: Callable[..., Up]) -> None:
    one = up().ready()

    assert one.get("/") == "control"
    assert {one.get("/socket") for _ in range(20)} == {"chatd.1", "chatd.2"}
    one.until(f"Open +{one.url}")
    one.until(r"Sign in as +ada@example.org +correct horse")
    assert one.events[0] == "control migrates"
    assert "control seeds" in one.events
    assert one.run["stores"] == GIVEN_STORES
    assert (one.root / ".madang" / "run.json").stat().st_mode & 0o777 == 0o600


OPERATE = """
import os, sys
from pathlib import Path
from deploy.local.operate import main
main(sys.argv[2:], os.environ, Path(sys.argv[1]))
"""


def operated(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`./deploy/control` with these words, on what runs in `root`."""
    return subprocess.run(
        [sys.executable, "-c", OPERATE, str(root), *words],
        cwd=ROOT,
        env=os.environ | {"FAKE_EVENTS": str(root / "events")},
        capture_output=True,
        text=True,
        check=False,
        timeout=WITHIN_S,
    )


def test_an_operators_command_is_run_on_what_runs_here(up: Callable[..., Up], project: Path) -> None:
    alone = operated(project, "migrate")
    assert (alone.returncode, alone.stdout) == (1, "")
    assert "./deploy/up" in alone.stderr
    one = up().ready()
    before = one.events.count("control migrates")
    assert operated(one.root, "migrate").returncode == 0
    assert one.events.count("control migrates") == before + 1
    assert operated(one.root).returncode == 1  # it serves already


def test_ctrl_c_stops_chatd_first_and_leaves_nothing(up: Callable[..., Up]) -> None:
    one = up("--chatd", "3").ready()
    pids = list(one.run["pids"].values())

    one.process.send_signal(signal.SIGINT)

    assert one.ended() == 0
    assert set(one.events[-4:-1]) == {"chatd.1 ends", "chatd.2 ends", "chatd.3 ends"}
    assert one.events[-1] == "control ends"
    assert not (one.root / ".madang" / "run.json").exists()
    wait_until_gone(pids)


def test_ctrl_c_while_starting_leaves_nothing_either(up: Callable[..., Up]) -> None:
    one = up(stores={})
    one.until("Starting PostgreSQL")
    one.process.send_signal(signal.SIGINT)
    assert one.ended() == 0
    wait_until_gone(processes_on(one.root))


def test_a_second_ctrl_c_does_not_wait_for_a_drain(up: Callable[..., Up]) -> None:
    one = up(FAKE_DRAINS="60").ready()
    one.process.send_signal(signal.SIGINT)
    one.until("Stopping")
    one.process.send_signal(signal.SIGINT)
    assert one.ended() == 0


def test_a_program_that_dies_is_started_again(up: Callable[..., Up]) -> None:
    one = up("--chatd", "1").ready()
    before = one.run["pids"]["chatd.1"]

    os.kill(before, signal.SIGKILL)

    one.until(r"chatd\.1 ended \(killed by SIGKILL\)\. Starting it again\.")
    one.until(r"chatd\.1 is back, as process \d+")
    assert one.get("/socket") == "chatd.1"
    assert one.run["pids"]["chatd.1"] != before


def test_while_control_restarts_a_request_waits(up: Callable[..., Up]) -> None:
    one = up().ready()
    os.kill(one.run["pids"]["control"], signal.SIGKILL)
    one.until("control ended")
    assert one.get("/") == "control"


def test_nothing_outlives_a_supervisor_that_is_killed(up: Callable[..., Up]) -> None:
    """The real stores too, and the next start waits for the last of them instead of failing."""
    one = up(stores={}).ready()
    pids = list(one.run["pids"].values())
    assert len(pids) == 8
    secret = (one.root / ".madang" / "secret").read_text()

    one.process.kill()

    two = up(stores={}, **{name: str(port) for name, port in one.ports.items()}).ready()
    wait_until_gone(pids)
    assert (one.root / ".madang" / "secret").read_text() == secret
    two.process.send_signal(signal.SIGINT)
    assert two.ended() == 0


def test_a_store_that_dies_is_started_again_where_it_was(up: Callable[..., Up]) -> None:
    """Only Valkey is ours here: it is the quickest."""
    given = {name: url for name, url in GIVEN_STORES.items() if name != "REDIS_URL"}
    one = up(stores=given).ready()
    url = one.run["stores"]["REDIS_URL"]

    os.kill(one.run["pids"]["Valkey"], signal.SIGKILL)

    one.until(r"Valkey ended \(killed by SIGKILL\)")
    one.until("Valkey is back")
    assert one.run["stores"]["REDIS_URL"] == url


def test_a_program_that_cannot_start_is_said_and_everything_stops(up: Callable[..., Up]) -> None:
    one = up(FAKE_FAILS="chatd.2")
    assert one.ended() == 1
    assert any(re.match(r"chatd\.2 +│ no luck today", line) for line in one.printed)
    assert one.printed[-1] == "chatd.2 ended while starting (exit status 3)."
    assert is_free(one.ports["CONTROL_PORT"])


def test_a_migration_that_fails_is_said_in_its_own_words(up: Callable[..., Up]) -> None:
    one = up(FAKE_FAILS="control")
    assert one.ended() == 1
    assert one.printed[-2:] == ["`control migrate` failed (exit status 3).", "    no luck today"]


def test_a_given_port_that_is_taken_is_refused(up: Callable[..., Up]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taker:
        port = taker.getsockname()[1]
        one = up(MADANG_PORT=str(port))
        assert one.ended() == 1
    assert one.printed == [
        f"Port {port} (MADANG_PORT) is taken: stop what uses it, or set MADANG_PORT to another."
    ]


def test_a_second_one_on_the_same_folder_is_refused(up: Callable[..., Up]) -> None:
    one = up().ready()
    two = up("--fresh")
    assert two.ended() == 1
    assert len(two.printed) == 1
    assert re.match(
        rf"Madang already runs on .*\.madang, as process {one.process.pid}: stop that one first",
        two.printed[0],
    )
    assert one.get("/") == "control"


def test_demo_data_are_made_once_and_are_peoples_to_change_from_then_on(up: Callable[..., Up]) -> None:
    one = up().ready()
    one.process.send_signal(signal.SIGTERM)
    assert one.ended() == 0

    two = up().ready()
    two.until(r"Sign in as +ada@example.org +correct horse")
    assert two.events.count("control seeds") == 1, "the first run's only"
    assert (two.root / ".madang" / "demo.json").stat().st_mode & 0o777 == 0o600


def test_fresh_forgets_everything(up: Callable[..., Up]) -> None:
    one = up().ready()
    secret = (one.root / ".madang" / "secret").read_text()
    one.process.send_signal(signal.SIGTERM)
    assert one.ended() == 0

    two = up("--fresh", "--no-demo").ready()
    assert (two.root / ".madang" / "secret").read_text() != secret
    assert two.events.count("control seeds") == 1, "the first run's only"


def test_quiet_keeps_the_logs_in_files(up: Callable[..., Up]) -> None:
    one = up("--quiet").ready()
    assert (one.root / ".madang" / "logs" / "chatd.1.log").read_text() == "hello from chatd.1\n"
    assert not any("hello" in line for line in one.printed)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_state_folder_of_another_user_is_refused(up: Callable[..., Up], project: Path) -> None:
    (project / ".madang").mkdir()
    os.chown(project / ".madang", 12345, 12345)
    one = up()
    assert one.ended() == 1
    assert one.printed[0].startswith(
        f"{project / '.madang'} belongs to user 12345: run this as user 12345, or remove"
    )
