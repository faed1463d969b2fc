"""The author says that these are the people: the post becomes a match, once.

Who cannot come any more is left out then, and told so: whoever is suspended or has gone, and whom the author blocked, or who
blocked the author, where there are names, since they joined.
"""

from __future__ import annotations

from datetime import datetime

from common.clock import from_ms
from common.errors import MadangError
from common.postgres import Connection
from control.matching import matches
from control.matching.posts import queries, standing
from control.matching.posts.news import tell_people
from control.matching.posts.reading import shown
from control.matching.posts.views import Post
from control.services import Services


async def confirm(services: Services, author: str, post: str) -> Post:
    """Make a match of it. Raises `post_not_found`, `post_not_yours`, `post_cancelled`, `post_confirmed`, `post_over`,
    `post_too_few`."""
    async with services.turns.of(post):
        return await services.db.transaction(_confirm, author, post, from_ms(services.clock()))


async def _confirm(connection: Connection, author: str, post: str, now: datetime) -> Post:
    row = await standing.own(connection, author, post)
    standing.require_open(row, now)
    left_out = [each["user_id"] for each in await connection.fetch(queries.DROP_UNFIT, post)]
    people = [each["user_id"] for each in await connection.fetch(queries.JOINED, post)]
    if len(people) < 2:
        raise MadangError("post_too_few")
    await connection.execute(queries.COUNT, post, -len(left_out))
    made = await matches.make(
        connection,
        category=row["category"],
        origin="post",
        title=row["title"],
        people=people,
        owner=author,
        meets_at=row["meets_at"],
        now=now,
    )
    await connection.execute(queries.CONFIRM, post, made.id)
    await tell_people(connection, row, "left_out", left_out)
    return await shown(connection, author, post, now)
