"""People with something to take along."""

from __future__ import annotations

from tests.control.admin.conftest import Admins, admins, guests, news, talk
from tests.control.uploads.conftest import bucket, store

__all__ = ["Admins", "admins", "bucket", "guests", "news", "store", "talk"]
