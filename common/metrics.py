"""Prometheus: what a program counts, and the text it shows.

Modules make their own counters at import, named `madang_<program>_<what>_<unit>`; this module only renders them, and tells
of every program how much of its memory is in use. What the system counts as its memory is more: an allocator keeps what
it cut into pieces. When that grows and this does not, nothing leaks.
"""

from __future__ import annotations

import sys
from typing import Final

import prometheus_client
from prometheus_client import Counter, Gauge, Histogram

CONTENT_TYPE: Final = prometheus_client.CONTENT_TYPE_LATEST

_blocks = Gauge("madang_memory_blocks", "Pieces of memory that Python has in use.")
_blocks.set_function(sys.getallocatedblocks)

__all__ = ["CONTENT_TYPE", "Counter", "Gauge", "Histogram", "render"]


def render() -> bytes:
    """All that this process counted, in the text exposition format."""
    return prometheus_client.generate_latest()
