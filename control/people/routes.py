"""People over HTTP."""

from __future__ import annotations

from common.errors import MadangError
from common.ids import is_uuid
from common.postgres import Connection
from common.protocol import Uuid
from common.units import MINUTES
from control import faults
from control.operations import Call, Operations, Rate
from control.people import queries, relations
from control.people.views import People, PeopleQuery, Person, Relation, Relations, RelationsQuery

operations = Operations("people", "People as others see them, and what I keep of them.")


@operations.get("/api/v1/people", permission="people.read")
async def list_people(call: Call, query: PeopleQuery) -> People:
    """People by their ids. Who does not exist is left out."""
    ids = query.ids.split(",")
    if not all(is_uuid(each) for each in ids):
        raise MadangError("invalid", fields={"ids": faults.NOT_IDS})
    return People(await call.services.db.read(_people, ids))


async def _people(connection: Connection, ids: list[str]) -> list[Person]:
    return [Person(row["id"], row["nickname"]) for row in await connection.fetch(queries.PEOPLE, ids)]


@operations.get("/api/v1/me/relations/{kind}", permission="people.relate")
async def list_relations(call: Call, kind: Relation, query: RelationsQuery) -> Relations:
    """List my friends, favourites, hidden or blocked. Who was added last is first; who is hidden or blocked is not among
    friends and favourites."""
    return await relations.listed(call.services, call.person.user, kind, query)


@operations.put(
    "/api/v1/me/relations/{kind}/{person}",
    permission="people.relate",
    errors=("person_not_found", "list_full"),
    rate=Rate(300, per=10 * MINUTES),
)
async def add_relation(call: Call, kind: Relation, person: Uuid) -> None:
    """Make somebody a friend, a favourite, hidden or blocked. Each is a list of its own, of 5,000 at most; the other is not
    told. Who is blocked cannot write to me directly, nor invite me, nor see whether I am online."""
    await relations.add(call.services, call.person.user, person, kind)


@operations.delete(
    "/api/v1/me/relations/{kind}/{person}", permission="people.relate", rate=Rate(300, per=10 * MINUTES)
)
async def remove_relation(call: Call, kind: Relation, person: Uuid) -> None:
    """Take somebody off a list of mine. Who is not on it stays off it."""
    await relations.remove(call.services, call.person.user, person, kind)
