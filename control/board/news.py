"""Whoever wrote a post hears what others do about it: of the answers and comments it gets, and when it is chosen.

Nobody is told what he did himself, nor what somebody did whom he blocked.
"""

from __future__ import annotations

from typing import Any

from common import feed
from common.postgres import Connection
from common.protocol import BoardChange
from control.board import queries
from control.outbox import announce


async def tell(
    connection: Connection, user: str, change: BoardChange, *, by: str, question: str, post: str
) -> None:
    """`by` did that about a post of `user` at `question`; `post` is what he wrote, or the answer he chose."""
    if user == by:
        return
    row: Any = await connection.fetchrow(queries.NEWS, user, by, question)
    if row["folded"]:
        return
    await announce(
        connection,
        feed.BoardChanged(
            user=user,
            question=question,
            title=row["title"],
            post=post,
            by=by,
            name=row["nickname"],
            change=change,
        ),
    )
