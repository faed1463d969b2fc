"""People who leave, and admins who let them go."""

from __future__ import annotations

from tests.control.admin.conftest import Admins, admins, guests, news, talk

__all__ = ["Admins", "admins", "guests", "news", "talk"]
