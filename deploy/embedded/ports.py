"""Ports on the loopback: free ones, and whether one is free.

A port is proven free by binding it, which says nothing about the next moment. Three measures make a collision rare:
ports are taken from below the range that the system uses for outgoing connections, none is handed out twice by one
process, and none of the newest of one process is handed out by another, which sees that their UDP twins are bound.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import threading
from collections import deque
from collections.abc import Callable

from deploy.embedded.errors import SetUpError

LOOPBACK = "127.0.0.1"

# Linux hands out 32768 and above to outgoing connections, macOS 49152 and above.
_RANGE = range(20_000, 32_000)
_TRIES = 500
_HELD = (
    64  # ports, each by a UDP socket that nobody hears: whoever asked for an older one listens there by now
)

_handed_out: set[int] = set()
_held: deque[int] = deque()  # file descriptors: nobody warns of those that are open at the end
_lock = threading.Lock()


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections in TIME_WAIT do not matter
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port(*, suits: Callable[[int], bool] = lambda _: True) -> int:
    """A port nobody listens on, never the same twice. `suits` may turn a candidate down.

    Raises:
        SetUpError: if hundreds of candidates were all taken.
    """
    return free_run(1, suits=suits)[0]


def free_run(count: int, *, suits: Callable[[int], bool] = lambda _: True) -> range:
    """So many ports one after the other, each as `free_port` gives them: for what counts on from a first one.

    Raises:
        SetUpError: if hundreds of candidates were all taken.
    """
    with _lock:
        for _ in range(_TRIES):
            first = random.choice(_RANGE)  # noqa: S311 - spreading out, not hiding
            run = range(first, first + count)
            if all(port not in _handed_out and is_free(port) and suits(port) for port in run) and _hold(run):
                _handed_out.update(run)
                return run
    raise SetUpError(
        f"No free port was found between {_RANGE.start} and {_RANGE.stop}: stop some of what is listening there."
    )


def _hold(run: range) -> bool:
    """Keep ports from the other processes that ask here, until this one ends or has asked for many more."""
    with contextlib.ExitStack() as signs:
        held = [signs.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in run]
        for sign, port in zip(held, run, strict=True):
            try:
                sign.bind((LOOPBACK, port))
            except OSError:
                return False
        _held.extend(sign.detach() for sign in held)
    while len(_held) > _HELD:
        os.close(_held.popleft())
    return True
