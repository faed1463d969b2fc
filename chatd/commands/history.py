"""The past of a room: `history.page`, `history.thread`, `history.pins`, `history.search`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chatd.commands.family import AtOnce, Perform, member
from common import protocol
from common.roomlog.history import Reader, Where

if TYPE_CHECKING:
    from chatd.connection import Connection


async def _reader(who: Connection, room: str) -> Reader:
    """Who reads. Raises MadangError `not_a_member`."""
    return Reader(who.user, (await member(who, room)).visible_from)


async def _page(who: Connection, command: protocol.HistoryPage) -> None:
    reader = await _reader(who, command.room)
    upto = await who.services.hub.standing(command.room)
    where = Where(command.before, command.after, command.around, command.limit)
    history = who.services.history
    read = history.page if command.only is None else history.images
    who.answer(command.id, await read(command.room, where, upto, reader))


async def _thread(who: Connection, command: protocol.HistoryThread) -> None:
    reader = await _reader(who, command.room)
    where = Where(command.before, command.after, limit=command.limit)
    as_of = (await who.services.hub.standing(command.room)).seq
    page = await who.services.history.thread(command.room, command.of, where, reader, as_of=as_of)
    who.answer(command.id, page)


async def _pins(who: Connection, command: protocol.HistoryPins) -> None:
    reader = await _reader(who, command.room)
    as_of = (await who.services.hub.standing(command.room)).seq
    who.answer(command.id, await who.services.history.pins(command.room, command.before, reader, as_of=as_of))


async def _search(who: Connection, command: protocol.HistorySearch) -> None:
    reader = await _reader(who, command.room)
    upto = await who.services.hub.standing(command.room)
    found = await who.services.history.search(
        command.room, command.text, upto=upto, before=command.before, limit=command.limit, reader=reader
    )
    who.answer(command.id, found)


AT_ONCE: Final[AtOnce] = {}
PERFORM: Final[Perform] = {
    protocol.HistoryPage: _page,
    protocol.HistoryThread: _thread,
    protocol.HistoryPins: _pins,
    protocol.HistorySearch: _search,
}
