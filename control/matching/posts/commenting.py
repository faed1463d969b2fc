"""What is said below a post: by anybody who sees it, as long as it is open. One's own may be changed till then, and taken back
for ever."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.cursor import cut, unseal
from control.matching.posts import queries, standing
from control.matching.posts.news import tell
from control.matching.posts.reading import person_of, require_post
from control.matching.posts.standing import Row
from control.matching.posts.views import ChangePostComment, PostComment, PostComments, WritePostComment
from control.matching.posts.writing import MODERATES
from control.once import Once
from control.principal import Principal
from control.rooms.views import PageQuery
from control.services import Services
from control.words import prose


async def comment(services: Services, user: str, post: str, wanted: WritePostComment) -> PostComment:
    """Say something. Raises `invalid`, `post_not_found`, `post_cancelled`, `post_confirmed`, `post_over`, `blocked_by_me`,
    `reference_reused`."""
    text = prose("text", wanted.text)
    async with services.turns.of(post):
        return await services.db.transaction(_comment, Once.of(services, user, wanted, post), post, text)


async def change(
    services: Services, user: str, post: str, comment: str, wanted: ChangePostComment
) -> PostComment:
    """Say it otherwise. Raises `invalid`, `post_not_found`, `comment_not_found`, `forbidden`, `post_cancelled`,
    `post_confirmed`, `post_over`."""
    text = prose("text", wanted.text)
    return await services.db.transaction(_change, user, (post, comment), text, from_ms(services.clock()))


async def remove(services: Services, who: Principal, post: str, comment: str) -> None:
    """Take it back, or away. Raises `post_not_found`, `comment_not_found`, `forbidden`."""
    await services.db.transaction(_remove, who, post, comment)


async def comments(services: Services, user: str, post: str, query: PageQuery) -> PostComments:
    """A page of what was said. Raises `post_not_found`."""
    after = unseal(query.cursor, UUID) if query.cursor else UUID(int=0)
    return await services.db.read(_comments, user, post, after, query.limit)


# --- transactions -----------------------------------------------------------------------------------------------------


async def _comment(connection: Connection, once: Once, post: str, text: str) -> PostComment:
    added = await once.made(connection, partial(_add, connection, once.by, post, text, once.now))
    return await _one(connection, once.by, post, added)


async def _add(connection: Connection, user: str, post: str, text: str, now: datetime) -> str:
    row = await standing.locked(connection, post)
    stands = await standing.standing(connection, row, user)
    standing.require_open(row, now)
    standing.refuse_blocked(stands)
    await standing.mark(connection, row, user, stands)
    added: str = await connection.fetchval(queries.COMMENT, post, user, text, now)
    await connection.execute(queries.COUNT_COMMENTS, post, 1)
    await tell(connection, row, "commented", by=user)
    return added


async def _change(
    connection: Connection, user: str, of: tuple[str, str], text: str, now: datetime
) -> PostComment:
    post, comment = of
    row = await standing.locked(connection, post)
    await standing.standing(connection, row, user)
    said = await _locked(connection, post, comment)
    if said["author"] != user:
        raise MadangError("forbidden")
    standing.require_open(row, now)
    if said["text"] != text:
        await connection.execute(queries.CHANGE_COMMENT, comment, text, now)
    return await _one(connection, user, post, comment)


async def _remove(connection: Connection, who: Principal, post: str, comment: str) -> None:
    await standing.locked(connection, post)
    said = await _locked(connection, post, comment)
    if said["author"] != who.user and not who.may(MODERATES):
        raise MadangError("forbidden")
    await connection.execute(queries.REMOVE_COMMENT, comment)
    await connection.execute(queries.COUNT_COMMENTS, post, -1)
    if said["author"] != who.user:
        await record(connection, who.user, "post.comment_removed", person=said["author"], object=comment)


async def _locked(connection: Connection, post: str, comment: str) -> Row:
    said = await connection.fetchrow(queries.LOCK_COMMENT, post, comment)
    if said is None:
        raise MadangError("comment_not_found")
    return said


# --- reading ----------------------------------------------------------------------------------------------------------


async def _one(connection: Connection, user: str, post: str, comment: str) -> PostComment:
    before = UUID(int=UUID(comment).int - 1)
    row = await connection.fetchrow(queries.COMMENTS, user, post, before, 1)
    if row is None or row["id"] != comment:  # taken back since it was made
        raise MadangError("comment_not_found")
    return _shown(row)


async def _comments(connection: Connection, user: str, post: str, after: UUID, limit: int) -> PostComments:
    await require_post(connection, user, post)
    rows = await connection.fetch(queries.COMMENTS, user, post, after, limit + 1)
    page = cut(rows, limit, lambda row: UUID(row["id"]))
    return PostComments([_shown(row) for row in page.rows], next=page.next)


def _shown(row: Row) -> PostComment:
    return PostComment(
        id=row["id"],
        by=person_of(row),
        text=row["text"],
        commented_at=ms_of(row["commented_at"]),
        edited_at=ms_of(row["edited_at"]) if row["edited_at"] else None,
        folded=row["folded"],
    )
