"""What administration takes and gives, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from common.permissions import Role
from common.protocol import Uuid
from control.identity.views import At

Reason = Annotated[str, Meta(min_length=1, max_length=500, examples=["광고를 되풀이해서 올림"])]


class SetRoles(Struct):
    """The roles a person shall have. Everybody is a mentee, said or not."""

    roles: Annotated[list[Role], Meta(max_length=3)]


class Suspend(Struct):
    """Why somebody may not use this server for now."""

    reason: Reason


class Suspension(Struct):
    """Since when somebody is suspended, and why. `by` is left out when that account is gone."""

    since: At
    reason: Reason
    by: Uuid | None = None


class Standing(Struct):
    """What a person is here."""

    user: Uuid
    roles: list[str]
    suspension: Suspension | None = None
