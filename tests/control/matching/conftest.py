"""People who look for company."""

from __future__ import annotations

from tests.control.rooms.conftest import guests, news

__all__ = ["guests", "news"]
