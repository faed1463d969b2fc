"""Identifiers: UUIDv7 text (RFC 9562 §5.7), in order of their making within a process, so indexes stay dense."""

from __future__ import annotations

import os
import threading
import time
import uuid
from typing import Final

_RANDOM_BITS: Final = 74
_lock = threading.Lock()
_last: tuple[int, int] = (0, 0)  # millisecond, its 74 random bits


def uuid7() -> str:
    """A new UUIDv7 as 36 lower-case characters; greater than any made before it in this process.

    Within one millisecond, and when the clock steps back, the random part counts on (RFC 9562 §6.2, method 2).
    """
    global _last  # noqa: PLW0603 - the one process-wide sequence is what makes the order hold
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last[0]:
            tail = int.from_bytes(os.urandom(10)) >> (80 - _RANDOM_BITS + 1)  # the top bit free, to count on
        else:
            millisecond, tail = _last[0], _last[1] + 1
        _last = (millisecond, tail)
    high = (millisecond << 16) | 0x7000 | (tail >> 62)
    low = 0x8000_0000_0000_0000 | (tail & 0x3FFF_FFFF_FFFF_FFFF)
    return str(uuid.UUID(int=(high << 64) | low))


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID in its canonical form (36 characters, lower case)."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
