"""What a room says by itself, for whichever domain makes it say so: a class opened, a match was made.

It is news in the outbox, in the transaction of what it is about; the relay and the recorder carry it into the room's log,
once. So it is said if and only if that happened, after whatever was announced of the room before.
"""

from __future__ import annotations

from common import feed
from common.errors import Language
from common.postgres import Connection
from common.system_words import text_of
from control.outbox import announce
from control.rooms import queries


async def speak(
    connection: Connection, room: str, code: str, *, language: Language = "ko", **params: str | int
) -> bool:
    """Let `room` say the `code` of `common/system_words.py`, once the transaction of `connection` commits.

    Locks the room's row, which keeps what is said in the order in which it happened. False, and nothing is said, when there
    is no such room any more. `language` is that of the fallback. Raises ValueError for a code that is not in the table, or
    is not about `params`.
    """
    text = text_of(code, params, language)
    if await connection.fetchval(queries.LOCK_ROOM, room) is None:
        return False
    await announce(connection, feed.RoomSpoke(room=room, code=code, params=params, text=text))
    return True
