"""Where a file lies in the bucket."""

from __future__ import annotations

from typing import Final

INCOMING: Final = "incoming/"


def incoming(upload: str) -> str:
    """Where its owner may put it, once."""
    return INCOMING + upload


def kept(upload: str) -> str:
    """Where it lies once it was looked at."""
    return f"files/{upload}"


def thumbnail(upload: str) -> str:
    """Its small picture."""
    return f"files/{upload}.thumbnail"
