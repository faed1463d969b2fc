"""People with something to take along."""

from __future__ import annotations

from tests.control.admin.conftest import Admins, admins, guests, news, talk
from tests.control.uploads.conftest import store

__all__ = ["Admins", "admins", "guests", "news", "store", "talk"]
