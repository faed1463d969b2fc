"""What comes after a match: its people find it again, and each reviews the others, once, within two weeks.

A review gives its score to who is reviewed and a reward to who reviews; how active somebody is, is the sum of those, read off
the reviews whenever it is shown (`activity_score` in 0030_matches.sql). Who gave what is shown to nobody but who gave it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.cursor import LAST, cut, unseal
from control.matching import match_queries
from control.matching.match_views import Match, Matches, Partner, ReviewPartner
from control.rooms import membership
from control.rooms import queries as rooms
from control.rooms.reading import room_for
from control.rooms.views import PageQuery, Room, Somebody
from control.services import Services

REWARD: Final = 20  # of who reviews, for each review
_OPEN: Final = timedelta(days=14)  # after they met

Row = Any  # asyncpg's record


async def mine(services: Services, user: str, query: PageQuery) -> Matches:
    """A page of the matches of `user`."""
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_mine, user, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: UUID(row["id"]))
    return Matches([_shown(row) for row in page.rows], next=page.next)


async def one(services: Services, user: str, match: str) -> Match:
    """A match of `user`. Raises `match_not_found`."""
    return await services.db.read(_one, user, match)


async def review(services: Services, user: str, match: str, person: str, wanted: ReviewPartner) -> None:
    """Say once how it was with `person`; the same again changes nothing.

    Raises `match_not_found`, `not_oneself`, `not_matched`, `review_too_early`, `review_too_late`, `already_reviewed`.
    """
    if person == user:
        raise MadangError("not_oneself")
    now = from_ms(services.clock())
    await services.db.transaction(_review, (match, user, person), wanted.score, now)


async def enter_room(services: Services, user: str, match: str) -> Room:
    """Come back into the room of a match. Raises `match_not_found`, `banned`, and `room_archived` when everybody had gone
    out of it."""
    room = await services.db.read(_room_of, user, match)
    said = await membership.spoken(services, room)
    return await services.db.transaction(_enter, user, room, said)


def _shown(row: Row) -> Match:
    people = zip(row["ids"], row["nicknames"], row["avatars"], row["scores"], strict=True)
    return Match(
        id=row["id"],
        category=row["category"],
        origin=row["origin"],
        title=row["title"],
        title_en=row["title_en"],
        room=row["room"],
        meets_at=ms_of(row["meets_at"]),
        made_at=ms_of(row["made_at"]),
        review_until=ms_of(row["meets_at"] + _OPEN),
        partners=[
            Partner(Somebody(person, nickname, avatar=avatar), score)
            for person, nickname, avatar, score in people
        ],
    )


# --- transactions -----------------------------------------------------------------------------------------------------


async def _mine(connection: Connection, user: str, before: UUID, most: int) -> list[Row]:
    return await connection.fetch(match_queries.MINE, user, before, most)


async def _one(connection: Connection, user: str, match: str) -> Match:
    after = UUID(int=min(UUID(match).int + 1, LAST.int))
    row = await connection.fetchrow(match_queries.MINE, user, after, 1)
    if row is None or row["id"] != match:
        raise MadangError("match_not_found")
    return _shown(row)


async def _room_of(connection: Connection, user: str, match: str) -> str:
    met = await connection.fetchrow(match_queries.MET, match, user, user)
    if met is None:
        raise MadangError("match_not_found")
    room: str = met["room"]
    return room


async def _review(connection: Connection, of: tuple[str, str, str], score: int, now: datetime) -> None:
    """`of` is the match, who reviews, and who is reviewed."""
    met: Row = await connection.fetchrow(match_queries.MET, *of)
    if met is None:
        raise MadangError("match_not_found")
    if not met["with_partner"]:
        raise MadangError("not_matched")
    given = await connection.fetchval(match_queries.GIVEN, *of)
    if given is None:
        if now < met["meets_at"]:
            raise MadangError("review_too_early")
        if now >= met["meets_at"] + _OPEN:
            raise MadangError("review_too_late")
        await connection.execute(match_queries.REVIEW, *of, score, REWARD, now)
        given = await connection.fetchval(match_queries.GIVEN, *of)
    if given != score:
        raise MadangError("already_reviewed")


async def _enter(connection: Connection, user: str, room: str, said: int) -> Room:
    if await connection.fetchval(rooms.LOCK_ROOM, room) is None:
        raise MadangError("room_archived")
    door: Row = await connection.fetchrow(rooms.DOOR, room, user)
    if door["is_banned"]:
        raise MadangError("banned")
    if not door["is_member"]:
        await connection.execute(match_queries.MAKE_PLACE, room)
        await membership.add_members(connection, room, [user], role="member", last_read=said)
    return await room_for(connection, user, room)
