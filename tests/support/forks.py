"""Madang's programs as processes of their own that start within milliseconds.

Most of the time that a replica takes to start goes into importing what it is made of, and tests start hundreds. So one
process has imported it all and does nothing else; whoever wants a program has it fork, and the copy goes on as
`python -m chatd` would: its own session, environment, log and exit status, to be killed as any other. It has no threads, no
loop and no open store, so there is nothing that a copy could share with another.

`./deploy/up` and the benchmarks start programs as operators do, and so do the tests of starting.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, cast

from deploy.embedded.process import POLL_S, Child, the_leash

Program = Literal["chatd", "control"]
_PROGRAMS: Final = ("chatd.__main__", "control.__main__")
_ROOT: Final = Path(__file__).resolve().parents[2]


def start(name: str, program: Program, *, env: Mapping[str, str], log: Path) -> Child:
    """Start `python -m PROGRAM` with the environment `env` alone, in the repository's folder; its words go to `log`."""
    began = log.stat().st_size if log.exists() else 0
    popen = the_leash.spawn(lambda: _forks.start(program, env, log), signal.SIGTERM)
    return Child(name, popen, ask=signal.SIGTERM, log=log, log_began=began)


class Fork:
    """A forked process, with as much of a `Popen` as `Child` uses."""

    stdout = None

    def __init__(self, forks: Forks, pid: int) -> None:
        self.pid = pid
        self._forks = forks
        self._status: int | None = None

    def poll(self) -> int | None:
        if self._status is None:
            self._status = self._forks.ask(ended=self.pid)["status"]
        return self._status

    def wait(self, timeout: float | None = None) -> int:
        deadline = time.monotonic() + (float("inf") if timeout is None else timeout)
        while (status := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a forked program", timeout or 0)
            time.sleep(POLL_S / 4)
        return status

    def send_signal(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


class Forks:
    """This process's way to the one that forks, which is started when first asked, and ends with this one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Any = None

    def start(self, program: Program, env: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
        """Fork `program`."""
        pid = self.ask(program=program, env=dict(env), log=str(log))["pid"]
        return cast("subprocess.Popen[bytes]", Fork(self, pid))

    def ask(self, **words: Any) -> dict[str, Any]:
        """One question and its answer."""
        with self._lock:
            if self._process is None:
                self._open()
            self._line.write(json.dumps(words).encode() + b"\n")
            self._line.flush()
            answer: dict[str, Any] = json.loads(self._line.readline())
            return answer

    def _open(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                cwd=_ROOT,
                start_new_session=True,
            )
        with ours:
            self._line = ours.makefile("rwb")
        atexit.register(self._close, self._process)

    def _close(self, process: subprocess.Popen[bytes]) -> None:
        self._line.close()
        process.wait()


_forks = Forks()


def serve(descriptor: int) -> None:
    """Answer questions until nobody can ask any more."""
    for module in _PROGRAMS:
        importlib.import_module(module)
        del sys.modules[module]  # which is run, not imported; what it needs stays
    gc.freeze()  # so that a copy's collector leaves shared what it shares with us
    with socket.socket(fileno=descriptor) as line, line.makefile("rwb") as asked:
        for question in asked:
            words = json.loads(question)
            if "ended" in words:
                answer = {"status": _ended(words["ended"])}
            else:
                answer = {"pid": os.fork()}
                if answer["pid"] == 0:
                    _become(words["program"], words["env"], words["log"], descriptor)
            asked.write(json.dumps(answer).encode() + b"\n")
            asked.flush()


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _become(program: Program, env: dict[str, str], log: str, line: int) -> None:
    """Be that program, to its end."""
    status = 1
    try:
        os.setsid()
        os.close(line)
        said = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.close(said)
        os.environ.clear()
        os.environ.update(env)
        sys.argv = [program]
        runpy.run_module(program, run_name="__main__", alter_sys=True)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(status)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
