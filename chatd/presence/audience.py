"""Who may know that these people came or went, as PostgreSQL has it: asked once for a whole batch of changes.

It is not remembered: calm lets a person change at most every few seconds, so a memory would seldom help, and would tell
who left a room of people in it. The rule is in `circle`. Of friends, those are told who keep each other: to be on
somebody's list is a right to know, to have them on one's own is to want to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from chatd.presence.circle import Setting
from common.postgres import Connection, Postgres

_ROOMS: Final = """
    SELECT user_id::text AS user_id, room_id::text AS room_id
    FROM members
    WHERE user_id = ANY($1::uuid[])
"""
_SETTINGS: Final = """
    SELECT id::text AS user_id, presence AS setting
    FROM users
    WHERE id = ANY($1::uuid[]) AND presence <> 'everyone'
"""
# The lateral join looks each pair up, where a plain one may read everybody's friends to find those of a few.
_FRIENDS: Final = """
    SELECT mine.user_id::text AS user_id, mine.other_id::text AS friend, theirs.mutual IS NOT NULL AS mutual
    FROM relations mine
    LEFT JOIN LATERAL (
        SELECT true AS mutual FROM relations
        WHERE user_id = mine.other_id AND other_id = mine.user_id AND kind = 'friend'
        LIMIT 1
    ) AS theirs ON true
    WHERE mine.user_id = ANY($1::uuid[]) AND mine.kind = 'friend'
        AND (theirs.mutual IS NOT NULL OR mine.user_id = ANY($2::uuid[]))
"""
_BLOCKED: Final = """
    SELECT user_id::text AS one, other_id::text AS other
    FROM relations WHERE user_id = ANY($1::uuid[]) AND kind = 'blocked'
    UNION
    SELECT user_id::text, other_id::text
    FROM relations WHERE other_id = ANY($1::uuid[]) AND kind = 'blocked'
"""

_Sets = Mapping[str, AbstractSet[str]]


class Audience(NamedTuple):
    """Who may know of some people.

    By person: their `rooms`, their `settings` where these are not `everyone`, their `friends` who keep them, too, and of
    those with the setting `friends` all who are `listed`. By viewer: whom a block hides from them.
    """

    rooms: Mapping[str, Sequence[str]]
    settings: Mapping[str, Setting]
    friends: _Sets
    listed: _Sets
    blocked: _Sets


AudienceOf = Callable[[Sequence[str]], Awaitable[Audience]]


def audience_in(postgres: Postgres) -> AudienceOf:
    """The audience of some people, in four statements that see one moment. Raises `StoreUnavailable`."""

    async def audience_of(people: Sequence[str]) -> Audience:
        return await postgres.snapshot(_select, people)

    return audience_of


async def _select(connection: Connection, people: Sequence[str]) -> Audience:
    rooms: dict[str, list[str]] = defaultdict(list)
    for row in await connection.fetch(_ROOMS, people):
        rooms[row["user_id"]].append(row["room_id"])
    settings = {row["user_id"]: row["setting"] for row in await connection.fetch(_SETTINGS, people)}
    friends: dict[str, set[str]] = defaultdict(set)
    listed: dict[str, set[str]] = defaultdict(set)
    picky = [user for user, setting in settings.items() if setting == "friends"]
    for row in await connection.fetch(_FRIENDS, people, picky):
        listed[row["user_id"]].add(row["friend"])
        if row["mutual"]:
            friends[row["user_id"]].add(row["friend"])
    blocked: dict[str, set[str]] = defaultdict(set)
    for row in await connection.fetch(_BLOCKED, people):
        blocked[row["one"]].add(row["other"])
        blocked[row["other"]].add(row["one"])
    return Audience(rooms, settings, friends, listed, blocked)
