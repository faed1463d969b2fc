"""What the families of commands share: the shape of their tables, and who may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from chatd.membership import Membership
from common.errors import MadangError
from common.protocol import Command

if TYPE_CHECKING:
    from chatd.connection import Connection

# By the type of command; what each takes is the connection and a command of that type.
AtOnce = Mapping[type[Command], Callable[["Connection", Any], bool]]  # False: it has to wait
Perform = Mapping[type[Command], Callable[["Connection", Any], Awaitable[None]]]


async def member(who: Connection, room: str) -> Membership:
    """The membership of the moment. Raises MadangError `not_a_member`, StoreUnavailable."""
    membership = await who.services.memberships.get(who.user, room)
    if membership is None:
        raise MadangError("not_a_member")
    return membership
