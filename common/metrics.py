"""Prometheus: what a program counts, and the text it shows.

Modules make their own counters at import, named `madang_<program>_<what>_<unit>`; this module only renders them.
"""

from __future__ import annotations

from typing import Final

import prometheus_client
from prometheus_client import Counter, Gauge, Histogram

CONTENT_TYPE: Final = prometheus_client.CONTENT_TYPE_LATEST

__all__ = ["CONTENT_TYPE", "Counter", "Gauge", "Histogram", "render"]


def render() -> bytes:
    """All that this process counted, in the text exposition format."""
    return prometheus_client.generate_latest()
