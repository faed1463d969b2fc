"""What may be done with a post, and by whom: asked behind its lock, before anything is changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from common.errors import MadangError
from common.postgres import Connection
from control.matching.posts import queries
from control.people import queries as people

_ENDS: Final = {"cancelled": "post_cancelled", "confirmed": "post_confirmed", "over": "post_over"}

Row = Any  # the record of queries.LOCK
Standing = Any  # the record of queries.STANDING


async def locked(connection: Connection, post: str) -> Row:
    """The post, locked until the transaction ends. Raises `post_not_found`."""
    row = await connection.fetchrow(queries.LOCK, post)
    if row is None:
        raise MadangError("post_not_found")
    return row


async def own(connection: Connection, user: str, post: str) -> Row:
    """The post locked, for its author. Raises `post_not_found`, `post_not_yours`."""
    row = await locked(connection, post)
    if row["author"] != user:
        await standing(connection, row, user)
        raise MadangError("post_not_yours")
    return row


async def glance(connection: Connection, user: str, post: str) -> Standing:
    """How `user` stands to the post at this moment, and how it is. Raises `post_not_found` where there is none for him: its
    author is gone or blocked him, and he is not in it."""
    stands = await connection.fetchrow(queries.STANDING, post, user)
    if stands is None:
        raise MadangError("post_not_found")
    if not stands["joined"] and (stands["author_blocked_me"] or not stands["author_stands"]):
        raise MadangError("post_not_found")
    return stands


async def standing(connection: Connection, row: Row, user: str) -> Standing:
    """The same of a post that is locked. Until the transaction ends neither he nor its author can block the other."""
    await connection.execute(people.SHARE_PEOPLE, [user, row["author"]])
    return await glance(connection, user, row["id"])


def require_open(row: Row | Standing, now: datetime) -> None:
    """Raise what became of it: `post_cancelled`, `post_confirmed`, `post_over`."""
    if row["state"] != "open":
        raise MadangError(_ENDS[row["state"]])
    if row["meets_at"] <= now:
        raise MadangError("post_over")


def refuse_blocked(stands: Standing) -> None:
    """Raise `blocked_by_me` if he blocked who wrote it. Of an anonymous post that would say who did."""
    if stands["i_blocked_author"] and not stands["anonymous"]:
        raise MadangError("blocked_by_me")


async def mark(connection: Connection, row: Row, user: str, stands: Standing) -> int:
    """The mark of `user` at the post, which is locked; a new one, if he had nothing to do with it before."""
    if stands["mark"] is not None:
        return int(stands["mark"])
    given: int = await connection.fetchval(queries.NEXT_MARK, row["id"])
    await connection.execute(queries.ADD_MARK, row["id"], user, given)
    return given
