"""Likes: one of each person for each post, and none for one's own. To like twice is to like once."""

from __future__ import annotations

from typing import Final, Literal

from common.errors import MadangError
from common.postgres import Connection
from control.board import queries
from control.board.posts import Row, lock_answer, lock_comment, lock_question
from control.board.shelves import shelves_of
from control.board.views import Likes
from control.services import Services

Kind = Literal["question", "answer", "comment"]

_LOCK: Final = {"question": lock_question, "answer": lock_answer, "comment": lock_comment}
_COUNT: Final = {
    "question": queries.LIKE_QUESTION,
    "answer": queries.LIKE_ANSWER,
    "comment": queries.LIKE_COMMENT,
}


async def like(services: Services, user: str, kind: Kind, post: str) -> Likes:
    """Like a post. Raises `not_oneself`, and that there is no such post."""
    return Likes(await services.db.transaction(_like, user, kind, post), liked=True)


async def unlike(services: Services, user: str, kind: Kind, post: str) -> Likes:
    """Like it no more. Raises that there is no such post."""
    return Likes(await services.db.transaction(_unlike, user, kind, post), liked=False)


async def _like(connection: Connection, user: str, kind: Kind, post: str) -> int:
    row = await _LOCK[kind](connection, post)
    if row["author"] == user:
        raise MadangError("not_oneself")
    added = await connection.fetchval(queries.LIKE, post, user)
    return await _count(connection, kind, post, row, 1 if added else 0)


async def _unlike(connection: Connection, user: str, kind: Kind, post: str) -> int:
    row = await _LOCK[kind](connection, post)
    removed = await connection.fetchval(queries.UNLIKE, post, user)
    return await _count(connection, kind, post, row, -1 if removed else 0)


async def _count(connection: Connection, kind: Kind, post: str, row: Row, change: int) -> int:
    """How many like it, with the `change`."""
    likes: int = await connection.fetchval(_COUNT[kind], post, change)
    if kind == "question" and change:
        shelves = shelves_of(row["author"], row["category"], row["tags"])
        await connection.execute(queries.SHELVE_LIKES, post, shelves, likes)
    return likes
