"""Admins, and whom they have to do with."""

from __future__ import annotations

from tests.control.reports.conftest import Admins, admins
from tests.control.rooms.conftest import guests, news, talk

__all__ = ["Admins", "admins", "guests", "news", "talk"]
