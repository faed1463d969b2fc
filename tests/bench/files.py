"""The limit on open files, which thousands of sockets meet first."""

from __future__ import annotations

import resource


def raise_file_limit(wanted: int = 1 << 16) -> None:
    """As many open files as the system allows us, up to `wanted`; children inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
