"""What remains when whoever started a process is killed: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy.embedded import leash, process
from deploy.embedded.errors import SetUpError

ROOT = Path(__file__).parents[2]
WITHIN_S = 30.0  # of a busy machine

# Prints its children's process numbers, then waits to be killed. The second child ignores being asked to end.
OWNER = """
import signal, sys, time
from pathlib import Path
from deploy.embedded import process
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
log = Path(sys.argv[1])
process.the_leash.patience_s = 0.5
children = [
    process.start("sleeper", ["sleep", "60"], log=log),
    process.start("stubborn", [sys.executable, "-c", stubborn], log=log),
]
while b"deaf" not in log.read_bytes():
    time.sleep(0.01)
print(*(child.pid for child in children), flush=True)
time.sleep(60)
"""


def wait_until_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, "still running"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether it is there and not just a zombie that nobody has buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_children_end_when_their_owner_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path / "log")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        pids = [int(word) for word in owner.stdout.readline().split()]
        assert len(pids) == 2
        assert all(is_running(pid) for pid in pids)
        owner.kill()
    wait_until_gone(pids)


def test_it_holds_what_was_started_and_lets_go_what_ended() -> None:
    assert leash.listen(["+10:15\n", "+11:2\n", "-10\n", "-99\n"]) == {11: 2}


def test_another_leash_takes_over_when_one_is_killed(tmp_path: Path) -> None:
    child = process.start("sleeper", ["sleep", "60"], log=tmp_path / "log")
    first = process.the_leash._process
    assert first is not None
    first.kill()
    first.wait()
    other = process.start("sleeper", ["sleep", "60"], log=tmp_path / "log")
    assert process.the_leash._process is not first
    assert {child.pid, other.pid} <= process.the_leash._held.keys()
    child.kill()
    other.kill()
    assert child.pid not in process.the_leash._held


def test_stopping_is_bounded_by_killing(tmp_path: Path) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    child = process.start("deaf", [sys.executable, "-c", deaf], log=tmp_path / "log")
    process.wait_until_ready(child, lambda: "deaf" in child.said(), within_s=WITHIN_S)
    assert child.stop(within_s=0.05) == -signal.SIGKILL


def test_one_that_ends_while_starting_says_its_last_words_and_not_older_ones(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("from an earlier run\n")
    child = process.start("brief", ["sh", "-c", "echo no luck; exit 3"], log=log)
    with pytest.raises(SetUpError) as caught:
        process.wait_until_ready(child, lambda: False, within_s=WITHIN_S)
    assert caught.value.sentence == f"brief ended while starting (exit status 3). Its log: {log}"
    assert caught.value.details == "no luck"


def test_one_that_is_never_ready_is_ended(tmp_path: Path) -> None:
    child = process.start("slow", ["sleep", "60"], log=tmp_path / "log")
    with pytest.raises(SetUpError, match="slow was not ready within 0 s and was stopped"):
        process.wait_until_ready(child, lambda: False, within_s=0.05)
    assert not child.running


def test_one_that_restores_what_it_had_is_waited_for(tmp_path: Path) -> None:
    child = process.start("slow", ["sleep", "60"], log=tmp_path / "log")
    asked: list[int] = []
    process.wait_until_ready(child, lambda: len(asked) > 2, within_s=0, restores=lambda: not asked.append(1))
    child.kill()


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetUpError, match=r"thing cannot be run: /no/such/thing: No such file or directory"):
        process.start("thing", ["/no/such/thing"], log=tmp_path / "log")


def test_a_log_that_grew_large_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "LOG_BYTES_KEPT", 10)
    log = tmp_path / "log"
    log.write_text("a long line of an earlier run\n")
    process.start("brief", ["echo", "new"], log=log).wait()
    assert log.read_text() == "new\n"
    assert "earlier" in (tmp_path / "log.old").read_text()


def test_children_outlive_the_thread_that_started_them(tmp_path: Path) -> None:
    """The reason for a pipe: PR_SET_PDEATHSIG would end them with the thread."""
    import threading

    children: list[process.Child] = []
    starter = threading.Thread(
        target=lambda: children.append(process.start("sleeper", ["sleep", "60"], log=tmp_path / "log"))
    )
    starter.start()
    starter.join()
    (child,) = children
    assert child.running
    assert os.getsid(child.pid) == child.pid
    child.kill()
