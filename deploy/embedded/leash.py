"""The leash: a small process that outlives its owner and ends what the owner left running.

Owns nothing but a list of processes, told to it on its standard input, one word a line: `+PID:SIGNAL` when the owner
started a process that ends in order on SIGNAL, `-PID` when it is gone. The input ends when the owner does, however
it ended, `kill -9` included: then every process on the list is asked to end, and after some seconds (the argument)
its group is killed.

It is a program of its own, needs only the standard library, and runs in its own session so that neither a Ctrl-C nor
the end of a terminal reaches it. A pipe is used and not PR_SET_PDEATHSIG because that one watches the *thread* that
started the child, exists on Linux only, and can only ask or only kill.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable

PATIENCE_S = 8.0


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def listen(lines: Iterable[str]) -> dict[int, int]:
    """Follow the owner's words until they end: what still runs, as pid -> the signal it ends on."""
    held: dict[int, int] = {}
    for line in lines:
        word = line.strip()
        if word.startswith("+"):
            pid, _, ask = word[1:].partition(":")
            held[int(pid)] = int(ask)
        elif word.startswith("-"):
            held.pop(int(word[1:]), None)
    return held


def end(held: dict[int, int], patience_s: float) -> None:
    """Ask every process to end, wait a bounded time, then kill what is left of each one's group."""
    for pid, ask in held.items():
        signal_if_there(os.kill, pid, ask)
    deadline = time.monotonic() + patience_s
    while any(exists(pid) for pid in held) and time.monotonic() < deadline:
        time.sleep(0.02)
    for pid in held:
        signal_if_there(os.killpg, pid, signal.SIGKILL)


def signal_if_there(send: Callable[[int, int], None], pid: int, number: int) -> None:
    try:
        send(pid, number)
    except ProcessLookupError:
        return


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end(listen(sys.stdin), float(sys.argv[1]))


if __name__ == "__main__":
    main()
