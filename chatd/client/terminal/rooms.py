"""My rooms and how a person names one: by number in the list, by code, by id or by title."""

from __future__ import annotations

import re
from typing import Final

from chatd.client.api import Room
from chatd.client.errors import CommandFailed
from chatd.client.tokens import Session
from common.ids import is_uuid

_CODE: Final = re.compile(r"[0-9A-Za-z]{6}")


async def find_room(session: Session, named: str, numbered: list[Room]) -> Room | None:
    """The room a person means; joins it when it is a code. None when there is no such room.

    Raises `CommandFailed` when the server refuses, and as `Session.access` does.
    """
    named = named.strip()
    if named.isdigit() and 0 < int(named) <= len(numbered):
        return numbered[int(named) - 1]
    token = await session.access()
    if is_uuid(named):
        return await session.api.room(token, named)
    mine = await session.api.my_rooms(token)
    for room in mine:
        if room.title.casefold() == named.casefold():
            return room
    if not _CODE.fullmatch(named):
        return None
    try:
        return await session.api.join(token, named)
    except CommandFailed as refused:
        if refused.code == "room_code_wrong":
            return None
        raise
