"""Coming into a post and going out of it, as long as it is open.

Whoever joins locks the post first: so it is never overfilled, and whoever finds it full finds as many in it as it has places.
"""

from __future__ import annotations

from datetime import datetime

from common.clock import from_ms
from common.errors import MadangError
from common.postgres import Connection
from control.matching.posts import queries, standing
from control.matching.posts.news import tell
from control.matching.posts.reading import shown
from control.matching.posts.views import Post
from control.services import Services


async def join(services: Services, user: str, post: str) -> Post:
    """Be in it. Raises `post_not_found`, `post_own`, `post_cancelled`, `post_confirmed`, `post_over`, `post_joined`,
    `blocked_by_me`, `post_full`."""
    now = from_ms(services.clock())
    async with services.turns.of(post):
        _refuse(user, await services.db.read(standing.glance, user, post), now)
        return await services.db.transaction(_join, user, post, now)


async def leave(services: Services, user: str, post: str) -> None:
    """Be in it no more. Raises `post_not_found`, `post_own`, `post_cancelled`, `post_confirmed`, `post_over`,
    `post_not_joined`."""
    async with services.turns.of(post):
        await services.db.transaction(_leave, user, post, from_ms(services.clock()))


def _refuse(user: str, stands: standing.Standing, now: datetime) -> None:
    """Raise why he may not join it."""
    if stands["author"] == user:
        raise MadangError("post_own")
    standing.require_open(stands, now)
    if stands["joined"]:
        raise MadangError("post_joined")
    standing.refuse_blocked(stands)
    if stands["people"] >= stands["capacity"]:
        raise MadangError("post_full")


async def _join(connection: Connection, user: str, post: str, now: datetime) -> Post:
    row = await standing.locked(connection, post)
    stands = await standing.standing(connection, row, user)
    _refuse(user, stands, now)
    await standing.mark(connection, row, user, stands)
    await connection.execute(queries.JOIN, post, user, now)
    await connection.execute(queries.COUNT, post, 1)
    await tell(connection, row, "joined", by=user)
    return await shown(connection, user, post, now)


async def _leave(connection: Connection, user: str, post: str, now: datetime) -> None:
    row = await standing.locked(connection, post)
    if row["author"] == user:
        raise MadangError("post_own")
    stands = await standing.standing(connection, row, user)
    standing.require_open(row, now)
    if not stands["joined"]:
        raise MadangError("post_not_joined")
    await connection.execute(queries.LEAVE, post, user)
    await connection.execute(queries.COUNT, post, -1)
    await tell(connection, row, "left", by=user)
