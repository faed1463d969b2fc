"""The past of a room: `history.page`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform, member
from common import protocol

if TYPE_CHECKING:
    from chatd.connection import Connection


async def _page(who: Connection, command: protocol.HistoryPage) -> None:
    membership = await member(who, command.room)
    upto = await who.services.hub.standing(command.room)
    page = await who.services.recovery.page(command, upto, membership.visible_from, who.user)
    who.answer(command.id, page)


AT_ONCE: Final[AtOnce] = {}
PERFORM: Final[Perform] = {protocol.HistoryPage: _page}
