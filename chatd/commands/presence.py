"""Who is here: `presence.set`, `presence.query`, `online.watch`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import trio

from chatd.commands.family import AtOnce, Perform
from common import protocol

if TYPE_CHECKING:
    from chatd.connection import Connection


def _set(who: Connection, command: protocol.PresenceSet) -> bool:
    who.terms.may_turn(trio.current_time())
    who.services.presence.turn(who.id, command.state)
    who.answer(command.id, protocol.Done())
    return True


async def _query(who: Connection, command: protocol.PresenceQuery) -> None:
    who.terms.may_ask(trio.current_time())
    people = await who.services.people.states(who.user, list(dict.fromkeys(command.users)))
    who.answer(command.id, protocol.PresenceStates(people))


async def _watch(who: Connection, command: protocol.OnlineWatch) -> None:
    count = await who.services.headcount.current()
    who.answer(command.id, protocol.OnlineCount(count))
    if command.on:
        who.services.headcount.watch(who, count)
    else:
        who.services.headcount.forget(who)


AT_ONCE: Final[AtOnce] = {protocol.PresenceSet: _set}
PERFORM: Final[Perform] = {protocol.PresenceQuery: _query, protocol.OnlineWatch: _watch}
