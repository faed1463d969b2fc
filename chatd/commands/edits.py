"""What a message said before, for moderators: `history.edits`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform, member
from chatd.commands.lasting import target
from chatd.core import rules
from common import protocol
from common.roomlog.lists import edits_of
from common.roomlog.position import FAR

if TYPE_CHECKING:
    from chatd.connection import Connection


async def _edits(who: Connection, command: protocol.HistoryEdits) -> None:
    room, of = command.room, command.of
    membership = await member(who, room)
    rules.see_edits(membership.role)
    said = await target(who, room, of, membership)
    log = who.services.said.log
    before = FAR if command.before is None else command.before
    items = await log.lists.page(room, edits_of(of), before=before, most=command.limit + 1, newest=True)
    more = len(items) > command.limit
    edits = await log.placed([(room, item.seq) for item in items[-command.limit :]])
    documents = [*([] if more else [said.event]), *(edits[place] for place in sorted(edits))]
    who.answer(command.id, protocol.Page(events=list(map(protocol.event, documents)), more=more))


AT_ONCE: Final[AtOnce] = {}
PERFORM: Final[Perform] = {protocol.HistoryEdits: _edits}
