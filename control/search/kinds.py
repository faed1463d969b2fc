"""What can be found: of each kind, how it is read for one person, shown, and called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from common.postgres import Connection
from control.board.listing import listed_question
from control.classes.reading import listed
from control.mentors.cards import mentor
from control.rooms.listing import listed_room
from control.search import queries
from control.search.views import ClassHit, Hit, Kind, MentorHit, QuestionHit, RoomHit, Suggestion

Row = Any  # asyncpg's record


class _Shown(NamedTuple):
    """`statement` takes who asks, and the ids; it leaves out what is not to be seen."""

    statement: str
    hit: Callable[[Row], Hit]
    title: str = "title"  # the column


_SHOWN: Final[dict[Kind, _Shown]] = {
    "room": _Shown(queries.ROOMS, lambda row: RoomHit(listed_room(row))),
    "question": _Shown(queries.QUESTIONS, lambda row: QuestionHit(listed_question(row))),
    "mentor": _Shown(queries.MENTORS, lambda row: MentorHit(mentor(row)), title="nickname"),
    "class": _Shown(queries.CLASSES, lambda row: ClassHit(listed(row))),
}
KINDS: Final[tuple[Kind, ...]] = tuple(_SHOWN)


async def hits(connection: Connection, user: str, kind: Kind, ids: Sequence[str]) -> dict[str, Hit]:
    """Those of `ids` that `user` may see, by id."""
    return {str(row["id"]): _SHOWN[kind].hit(row) for row in await _rows(connection, user, kind, ids)}


async def suggestions(
    connection: Connection, user: str, kind: Kind, ids: Sequence[str]
) -> dict[str, Suggestion]:
    """Those of `ids` that `user` may see, by id."""
    title = _SHOWN[kind].title
    rows = await _rows(connection, user, kind, ids)
    return {(of := str(row["id"])): Suggestion(kind, of, row[title]) for row in rows}


async def _rows(connection: Connection, user: str, kind: Kind, ids: Sequence[str]) -> list[Row]:
    return await connection.fetch(_SHOWN[kind].statement, user, ids)
