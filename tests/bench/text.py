"""What a message says: a mark to count it by, the moment it was written, and padding to the frame's size.

Whoever counts looks for the mark only: it stands once in each message, and nowhere else in anything a server sends. Its
one character is rare enough for a search to skip over what lies between. The moment is the sender's monotonic clock,
which on Linux is one clock for all processes of a machine.
"""

from __future__ import annotations

import re
import time
from typing import Final

MARK: Final = b"~~~~~~~~"
DIGITS: Final = 16
STAMP: Final = re.compile(MARK + rb"(\d{%d})" % DIGITS)
STAMPED: Final = len(MARK) + DIGITS


def stamped(padding: bytes) -> bytes:
    """A message's text, written now."""
    return b"%b%016d%b" % (MARK, now_us(), padding)


def now_us() -> int:
    return time.monotonic_ns() // 1000
