"""What the operations on people take and give, as Structs. Times are milliseconds since 1970 UTC."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from common.protocol import Uuid
from control.cursor import Cursor

MOST: Final = 100
_UUID_LENGTH: Final = 36

Relation = Literal["friend", "favourite", "hidden", "blocked"]
Nickname = Annotated[str, Meta(examples=["아린"])]
At = Annotated[int, Meta(description="Milliseconds since 1970 UTC", examples=[1767225600000])]


class PeopleQuery(Struct):
    """Whom to show: up to 100 ids."""

    ids: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MOST * (_UUID_LENGTH + 1) - 1,
            description="Ids with commas between",
            examples=["0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"],
        ),
    ]


class Person(Struct):
    """Somebody, as everybody sees him."""

    id: Uuid
    nickname: Nickname


class People(Struct):
    """Those who were asked for and exist, in the order of their ids."""

    people: list[Person]


class RelationsQuery(Struct, kw_only=True):
    """Which page."""

    cursor: Cursor | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 100


class Related(Struct, kw_only=True):
    """Somebody on a list of mine, and since when."""

    id: Uuid
    nickname: Nickname
    since: At
    favourite: bool


class Relations(Struct):
    """A page of a list of mine, who was added last is first. `next` is null on the last one."""

    people: list[Related]
    next: Cursor | None
