"""What moderators do to what was said, written into the room's audit in PostgreSQL: others' messages deleted, pins.

Noted before it is done, under the name of its event: whatever is killed in between, nothing is done without a line. What
is refused after that leaves a line that nobody is shown, for whoever reads the audit asks the log which of these events it
has. A command that is sent again is noted once.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import msgspec

from common.postgres import Connection, Postgres

_NOTE: Final = """
    INSERT INTO room_audit (room_id, by, act, person, detail, key)
    VALUES ($1, $2, $3, (SELECT id FROM users WHERE id = $4), $5, $6)
    ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING
"""


Act = Literal["message.deleted", "message.pinned", "message.unpinned"]


class Deed(NamedTuple):
    """Something done by a moderator to the message `of`, which `sender` said, where that is a person.

    `client_id` names the command.
    """

    room: str
    by: str
    act: Act
    of: int
    sender: str | None
    client_id: str


class Deeds:
    """The audit, to write to. Raises `StoreUnavailable`: then what was to be done is not."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    async def note(self, deed: Deed) -> None:
        """Write it down, if that was not done."""
        await self._postgres.transaction(_note, deed)


async def _note(connection: Connection, deed: Deed) -> None:
    detail = msgspec.json.encode({"seq": deed.of}).decode()
    key = f"{deed.room}:{deed.by}:{deed.client_id}"
    await connection.execute(_NOTE, deed.room, deed.by, deed.act, deed.sender, detail, key)
