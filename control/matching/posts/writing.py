"""A post is written, changed while it is open, and called off. Whoever is in it hears of each. And it is taken away, whatever
became of it, by who keeps order."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from common import feed
from common.clock import from_ms
from common.errors import MadangError
from common.postgres import Connection
from common.protocol import MatchCategory
from common.roomlog.erasure import UNTITLED, erase_titles
from control import faults
from control.admin.audit import record
from control.matching import match_queries
from control.matching.conditions.views import ConditionList
from control.matching.posts import queries, standing
from control.matching.posts.news import tell, tell_people
from control.matching.posts.reading import shown
from control.matching.posts.views import ChangePost, Post, WritePost
from control.once import Once
from control.outbox import announce
from control.people.queries import LOCK_PERSON
from control.principal import Principal
from control.services import Services
from control.words import Fields, fields_of, line, paragraphs, tidied

MOST: Final = 20  # open posts of one person
LONGEST: Final = timedelta(days=90)  # ahead
MODERATES: Final = "board.moderate"  # the permission of who keeps order among posts
_COLUMNS: Final = ("title", "text", "capacity", "places", "topics", "meets_at")  # as queries.CHANGE has them
_TOPICS: Final[dict[MatchCategory, ConditionList]] = {"meal": "ways", "study": "kinds"}


async def write(services: Services, author: str, wanted: WritePost) -> Post:
    """A new post, with its author in it. Raises `invalid`, `condition_unknown`, `too_many_posts`,
    `reference_reused`."""
    fields = _tidy(services, fields_of(wanted), wanted.category)
    return await services.db.transaction(_write, Once.of(services, author, wanted), fields)


async def change(services: Services, author: str, post: str, wanted: ChangePost) -> Post:
    """Change what `wanted` names, of a post that is open. What changes nothing is no edit.

    Raises `invalid`, `condition_unknown`, `post_not_found`, `post_not_yours`, `post_cancelled`, `post_confirmed`, `post_over`,
    `capacity_below_joined`.
    """
    asked = fields_of(wanted)
    async with services.turns.of(post):
        return await services.db.transaction(_change, services, author, post, asked)


async def cancel(services: Services, who: Principal, post: str) -> None:
    """Nobody meets. Whoever keeps order may do so with any post. To cancel it again changes nothing.

    Raises `post_not_found`, `post_not_yours`, `post_confirmed`, `post_over`.
    """
    async with services.turns.of(post):
        await services.db.transaction(_cancel, who, post, from_ms(services.clock()))


async def remove(services: Services, by: str, post: str) -> None:
    """Nothing is left of what it and others said, no list has it, and nobody meets; who has met already, has. To remove it
    again changes nothing. Raises `post_not_found`; `StoreUnavailable`, and then it is still there."""
    erased: str | None = None
    async with services.turns.of(post):
        while (room := await services.db.transaction(_remove, by, post, erased)) is not None:
            await erase_titles(services.mongo, room)
            erased = room


def _tidy(services: Services, asked: Fields, category: MatchCategory, kept: Fields | None = None) -> Fields:
    """What is asked for, as it is kept; conditions that were chosen before may have been retired since."""
    kept = kept or {"places": [], "topics": []}
    mine, other = _TOPICS[category], _TOPICS["study" if category == "meal" else "meal"]

    def none_of(keys: list[str]) -> None:
        if keys:
            raise MadangError("invalid", fields={other: faults.OTHER_CATEGORY})

    kept_as = tidied(
        asked,
        {
            "title": partial(line, "title"),
            "text": partial(paragraphs, "text"),
            "places": partial(services.conditions.chosen, "places", kept=kept["places"]),
            mine: partial(services.conditions.chosen, mine, kept=kept["topics"]),
            other: none_of,
            "meets_at": partial(_meeting, services),
        },
    )
    kept_as.pop(other, None)
    if mine in kept_as:
        kept_as["topics"] = kept_as.pop(mine)
    return kept_as


def _meeting(services: Services, asked: int) -> datetime:
    meets_at, now = from_ms(asked), from_ms(services.clock())
    if meets_at <= now:
        raise MadangError("invalid", fields={"meets_at": faults.NOT_TO_COME})
    if meets_at > now + LONGEST:
        raise MadangError("invalid", fields={"meets_at": faults.TOO_FAR})
    return meets_at


# --- transactions -----------------------------------------------------------------------------------------------------


async def _write(connection: Connection, once: Once, fields: Fields) -> Post:
    post = await once.made(connection, partial(_add, connection, once.by, fields, once.now))
    return await shown(connection, once.by, post, once.now)


async def _add(connection: Connection, author: str, fields: Fields, now: datetime) -> str:
    await connection.execute(LOCK_PERSON, author)
    if await connection.fetchval(queries.COUNT_OPEN, author, now) >= MOST:
        raise MadangError("too_many_posts")
    names = ("category", "title", "text", "anonymous", "capacity", "places", "topics", "meets_at")
    post: str = await connection.fetchval(queries.ADD, author, *(fields[name] for name in names), now)
    await connection.execute(queries.ADD_AUTHOR, post, author, now)
    return post


async def _change(connection: Connection, services: Services, author: str, post: str, asked: Fields) -> Post:
    now = from_ms(services.clock())
    row = await standing.own(connection, author, post)
    standing.require_open(row, now)
    before = {name: row[name] for name in _COLUMNS}
    after = before | _tidy(services, asked, row["category"], before)
    if after["capacity"] < row["people"]:
        raise MadangError("capacity_below_joined")
    if after != before:
        await connection.execute(queries.CHANGE, post, *(after[name] for name in _COLUMNS), now)
        await tell(connection, {**row, "title": after["title"]}, "changed", by=author)
    return await shown(connection, author, post, now)


async def _cancel(connection: Connection, who: Principal, post: str, now: datetime) -> None:
    moderates = who.may(MODERATES)
    row = await (standing.locked(connection, post) if moderates else standing.own(connection, who.user, post))
    if row["state"] == "cancelled":
        return
    standing.require_open(row, now)
    await connection.execute(queries.CANCEL, post)
    if row["author"] == who.user:
        await tell(connection, row, "cancelled", by=who.user)
        return
    people = [each["user_id"] for each in await connection.fetch(queries.JOINED, post)]
    await tell_people(connection, row, "cancelled", people)
    await record(connection, who.user, "post.cancelled", person=row["author"], object=post)


async def _remove(connection: Connection, by: str, post: str, erased: str | None) -> str | None:
    """None once it is removed. Before that, a room that is called after it, whose log says so, unless that is `erased`."""
    row = await standing.locked(connection, post)
    room: str | None = await connection.fetchval(queries.ROOM, post)
    if room != erased:
        return room
    people = [each["user_id"] for each in await connection.fetch(queries.JOINED, post)]
    removed: Any = await connection.fetchrow(queries.REMOVE, post)
    if removed is None:
        return None
    await connection.execute(queries.REMOVE_COMMENTS, post)
    if row["state"] == "open":
        await tell_people(connection, row, "cancelled", people)
    if room is not None:
        await connection.execute(match_queries.UNTITLE, removed["match"])
        await announce(connection, feed.WordsErased(room=room), feed.RoomChanged(room=room, title=UNTITLED))
    await record(connection, by, "post.removed", person=row["author"], object=post)
    return None
