"""What leaving for good takes, as Structs."""

from __future__ import annotations

from msgspec import Struct

from control.admin.views import Reason


class Delete(Struct, forbid_unknown_fields=True):
    """Why somebody shall leave for good, for other admins to read."""

    reason: Reason
