"""Units, so that a number says what it is: `30 * SECONDS`, `64 * KIB`. Durations are seconds unless a name ends in _ms."""

from __future__ import annotations

from typing import Final

MILLISECONDS: Final = 0.001
SECONDS: Final = 1.0
MINUTES: Final = 60 * SECONDS
HOURS: Final = 60 * MINUTES
DAYS: Final = 24 * HOURS

KIB: Final = 1024
MIB: Final = 1024 * KIB


def to_ms(seconds: float) -> int:
    """`seconds` as whole milliseconds, the unit of time on the wire."""
    return round(seconds * 1000)
