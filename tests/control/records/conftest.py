"""The people whose records are kept are those of the rooms' tests."""

from __future__ import annotations

from tests.control.rooms.conftest import guests, news

__all__ = ["guests", "news"]
