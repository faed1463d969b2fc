"""Pictures in questions and answers: confirmed uploads of whoever wrote it, each in one post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common.errors import MadangError
from common.postgres import Connection
from control.board import queries


async def shown(connection: Connection, post: str) -> list[str]:
    """What a post shows, in its order."""
    return [row["id"] for row in await connection.fetch(queries.PICTURES, post)]


async def show(connection: Connection, author: str, post: str, wanted: Sequence[str]) -> None:
    """`wanted` are the pictures of `post`, in this order; what it showed before and shows no more is swept away.

    Raises `attachment_not_found` for one that is not there, not of `author`, not for posts, or in another post.
    """
    await connection.execute(queries.DROP_PICTURES, [post], wanted)
    if wanted:
        placed = await connection.fetch(queries.SHOW_PICTURES, author, post, wanted)
        if len(placed) < len(wanted):
            raise MadangError(
                "attachment_not_found", fields={"pictures": ", ".join(_missing(placed, wanted))}
            )


async def drop(connection: Connection, posts: Sequence[str]) -> None:
    """What `posts` show is swept away."""
    await connection.execute(queries.DROP_PICTURES, posts, [])


def _missing(placed: Sequence[Any], wanted: Sequence[str]) -> list[str]:
    there = {str(row["upload_id"]) for row in placed}
    return [upload for upload in wanted if upload not in there]
