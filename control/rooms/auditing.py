"""What was done in a room, for its moderators to read. `acting.Scene.note` writes it, and chatd for what is done to messages.

A line of chatd's is written before its event is on its way (`chatd/deeds.py`), and under the event's name: whether it was done
the log says, and a line of something that was refused, or lost on its way, is not shown.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from common.clock import ms_of
from common.postgres import Connection
from common.roomlog.log import Log, Name
from control.cursor import LAST, cut, unseal
from control.rooms import queries
from control.rooms.ranks import require
from control.rooms.views import Audit, Deed, PageQuery, Somebody
from control.services import Services


async def audit(services: Services, user: str, room: str, query: PageQuery) -> Audit:
    """A page of what was done, the newest first. Raises `not_a_member`, `not_a_moderator`; `StoreUnavailable`.

    A page may be shorter than its limit where something was tried and not done.
    """
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_audit, user, room, before, query.limit + 1)
    require(rows[0]["my_role"] if rows else None, "read_audit")
    page = cut([row for row in rows if row["id"] is not None], query.limit, lambda row: row["id"])
    names = {row["key"]: _name(row["key"]) for row in page.rows if row["key"] is not None}
    done = await Log(services.mongo).named(names.values()) if names else {}
    return Audit(
        deeds=[
            Deed(
                id=row["id"],
                at=ms_of(row["at"]),
                act=row["act"],
                by=Somebody(row["by"], row["by_nickname"], row["by_bot"]),
                person=Somebody(row["person"], row["nickname"], row["bot"]) if row["person"] else None,
                detail=msgspec.json.decode(row["detail"]),
            )
            for row in page.rows
            if row["key"] is None or names[row["key"]] in done
        ],
        next=page.next,
    )


def _name(key: str) -> Name:
    """The name of the event that a line of chatd's is about."""
    room, sender, client_id = key.split(":", 2)
    return room, sender, client_id


async def _audit(connection: Connection, user: str, room: str, before: UUID, most: int) -> list[Any]:
    return await connection.fetch(queries.AUDIT, room, user, before, most)
