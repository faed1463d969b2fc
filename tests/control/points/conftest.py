"""People with points, and admins who grant them."""

from __future__ import annotations

from tests.control.reports.conftest import Admins, admins, guests, news, talk

__all__ = ["Admins", "admins", "guests", "news", "talk"]
