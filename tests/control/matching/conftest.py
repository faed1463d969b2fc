"""People who look for company."""

from __future__ import annotations

from tests.control.reports.conftest import Admins, admins
from tests.control.rooms.conftest import guests, news

__all__ = ["Admins", "admins", "guests", "news"]
