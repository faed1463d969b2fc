"""People over HTTP."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

from common.errors import MadangError
from common.ids import is_uuid
from common.postgres import Connection
from common.protocol import Uuid
from control import faults
from control.operations import Call, Operations

operations = Operations("people", "People as others see them.")

MOST: Final = 100
_UUID_LENGTH: Final = 36
_PEOPLE: Final = "SELECT id::text AS id, nickname FROM users WHERE id = ANY($1::uuid[]) ORDER BY id"


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
    nickname: Annotated[str, Meta(examples=["아린"])]


class People(Struct):
    """Those who were asked for and exist, in the order of their ids."""

    people: list[Person]


@operations.get("/api/v1/people", permission="people.read")
async def list_people(call: Call, query: PeopleQuery) -> People:
    """People by their ids. Who does not exist is left out."""
    ids = query.ids.split(",")
    if not all(is_uuid(each) for each in ids):
        raise MadangError("invalid", fields={"ids": faults.NOT_IDS})
    return People(await call.services.db.read(_people, ids))


async def _people(connection: Connection, ids: list[str]) -> list[Person]:
    return [Person(row["id"], row["nickname"]) for row in await connection.fetch(_PEOPLE, ids)]
