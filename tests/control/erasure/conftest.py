"""People who leave, and admins who let them go."""

from __future__ import annotations

from tests.control.admin.conftest import Admins, admins, guests, news, talk
from tests.control.uploads.conftest import bucket

__all__ = ["Admins", "admins", "bucket", "guests", "news", "talk"]
