"""A match is made: some people, what they meet about, a room of their own, and everybody hears of it at once.

It happens in the transaction of whoever found that they fit, so it is made exactly once, whole or not at all. Why these
people, and whether they may, is the caller's to know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from common import feed
from common.clock import ms_of
from common.postgres import Connection
from common.protocol import MatchCategory, MatchOrigin, MatchPerson
from control.matching import match_queries
from control.outbox import announce
from control.rooms.membership import add_members, nicknames
from control.rooms.speaking import speak

LONGEST_TITLE: Final = 60  # characters: a match's title is its room's


class Match(NamedTuple):
    """A match, and the room of its people."""

    id: str
    room: str


async def make(
    connection: Connection,
    *,
    category: MatchCategory,
    origin: MatchOrigin,
    title: str,
    title_en: str | None = None,
    people: Sequence[str],
    meets_at: datetime,
    now: datetime,
    owner: str | None = None,
) -> Match:
    """Bring `people`, each named once, together: the match, its room with all of them in it, and the news to each.

    `title` is what they meet about, in at most `LONGEST_TITLE` characters, and `title_en` the same in English, where nobody
    wrote it. The room is about the category, under which time there is counted. `meets_at` is from when on they may review each
    other. `owner`, one of them, keeps order in the room; without one all are equal there.
    """
    room: str = await connection.fetchval(match_queries.ADD_ROOM, title, title_en, category, len(people))
    facts = (category, origin, title, title_en, room, meets_at, now)
    match: str = await connection.fetchval(match_queries.ADD, *facts)
    await connection.execute(match_queries.ADD_PEOPLE, match, people)
    if owner is not None:
        await add_members(connection, room, [owner], role="owner", last_read=0)
    others = [person for person in people if person != owner]
    await add_members(connection, room, others, role="member", last_read=0)
    names = await nicknames(connection, people)
    news = feed.Matched(
        match=match,
        category=category,
        origin=origin,
        title=title,
        title_en=title_en,
        room=room,
        meets_at=ms_of(meets_at),
        people=[MatchPerson(person, names[person]) for person in people],
    )
    await announce(connection, news)
    if origin == "random":
        await speak(connection, room, "pair_made")
    else:
        await speak(connection, room, "match_made", title=title, people=len(people))
    return Match(match, room)
