"""Who hears what of a post, live. Of an anonymous one nobody hears a name, but the mark of who did it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from common import feed
from common.postgres import Connection
from common.protocol import PostChange
from control.matching.posts import queries
from control.outbox import announce

Row = Any  # a record with `id`, `title` and `anonymous`


async def tell(connection: Connection, row: Row, change: PostChange, *, by: str) -> None:
    """Everybody who is in the post hears that `by` did that, but he; nor does whoever blocked him and would know him."""
    users = [each["user_id"] for each in await connection.fetch(queries.AUDIENCE, row["id"], by)]
    if not users:
        return
    actor: Any = await connection.fetchrow(queries.ACTOR, row["id"], by)
    named = not row["anonymous"]
    news = feed.PostChanged(
        post=row["id"],
        title=row["title"],
        change=change,
        users=users,
        mark=actor["mark"],
        by=by if named else None,
        name=actor["nickname"] if named else None,
    )
    await announce(connection, news)


async def tell_people(connection: Connection, row: Row, change: PostChange, users: Sequence[str]) -> None:
    """These hear what became of the post, which nobody in particular did."""
    if users:
        news = feed.PostChanged(post=row["id"], title=row["title"], change=change, users=list(users))
        await announce(connection, news)
