"""Files that messages carry: whether somebody may send them, and that they are taken back with the message.

Files lie in the S3 store; PostgreSQL's table of uploads, which control keeps, says what they are. A file is marked sent
before its message is on its way, so who reads the message may read the file at once. It is marked anew by every message
that is to carry it: the first may have been refused, and who came after that reads the last all the same. Since a message
takes its place a little later than its files are marked, they are marked ahead, by more than it is waited for: whoever
comes within that time and is not shown the message is told of no file, either.

It is removed before the deletion of its message is on its way: should that never arrive, the message stays without it, and
can be deleted again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from chatd.core import rules
from common.errors import MadangError
from common.postgres import Connection, Postgres
from common.protocol import Attachment, Kind

# A file of one's own, confirmed, that was asked for as an attachment in this room.
_SEND: Final = """
    UPDATE uploads SET sent_at = now() + interval '30 seconds'
    WHERE id = ANY($3::uuid[]) AND owner_id = $1 AND room_id = $2 AND purpose = 'attachment'
        AND confirmed_at IS NOT NULL AND removed_at IS NULL
    RETURNING id::text AS id, name, media_type, size, width, height
"""
_REMOVE: Final = """
    UPDATE uploads SET removed_at = now()
    WHERE id = ANY($2::uuid[]) AND room_id = $1 AND purpose = 'attachment' AND removed_at IS NULL
"""


class Attachments:
    """The files of messages. Every method raises `StoreUnavailable`."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres

    async def of(self, user: str, room: str, kind: Kind, uploads: Sequence[str]) -> list[Attachment]:
        """These files, in this order, from now on sent.

        Raises MadangError and leaves all as it was: `attachment_not_found`, naming those that are not there, not confirmed,
        another's, or meant for something else; `invalid` when one is not of this kind.
        """
        return await self._postgres.transaction(_send, user, room, kind, uploads)

    async def remove(self, room: str, uploads: Collection[str]) -> None:
        """These files are nobody's any more, and will be swept away."""
        await self._postgres.transaction(_remove, room, list(uploads))


async def _send(
    connection: Connection, user: str, room: str, kind: Kind, uploads: Sequence[str]
) -> list[Attachment]:
    rows: list[Any] = await connection.fetch(_SEND, user, room, uploads)
    found = {row["id"]: row for row in rows}
    if missing := [upload for upload in uploads if upload not in found]:
        raise MadangError("attachment_not_found", fields={"attachments": ", ".join(missing)})
    attachments = [Attachment(**found[upload]) for upload in uploads]
    rules.of_kind(kind, attachments)
    return attachments


async def _remove(connection: Connection, room: str, uploads: list[str]) -> None:
    await connection.execute(_REMOVE, room, uploads)
