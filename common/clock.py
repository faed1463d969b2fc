"""The wall clock, in the wire's unit. Code that decides something takes the time as an argument; only shells ask here."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def from_ms(at: int) -> datetime:
    """The aware UTC datetime of `at` milliseconds since 1970."""
    return datetime.fromtimestamp(at / 1000, UTC)


def ms_of(at: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware datetime."""
    return int(at.timestamp() * 1000)
