"""People over HTTP."""

from __future__ import annotations

from common.errors import MadangError
from common.ids import is_uuid
from common.protocol import Uuid
from common.units import HOURS, MINUTES
from control import faults
from control.operations import LOGGED_IN, Call, Operations, Rate
from control.people import avatars, finding, profiles, relations
from control.people.views import (
    Avatars,
    AvatarsQuery,
    ChangeProfile,
    FindPerson,
    FoundPerson,
    People,
    PeopleQuery,
    Profile,
    Relation,
    Relations,
    RelationsQuery,
)

operations = Operations("people", "People as others see them, and what I keep of them.")


@operations.get("/api/v1/people", permission="people.read")
async def list_people(call: Call, query: PeopleQuery) -> People:
    """People by their ids. Who does not exist is left out."""
    ids = query.ids.split(",")
    if not all(is_uuid(each) for each in ids):
        raise MadangError("invalid", fields={"ids": faults.NOT_IDS})
    return await profiles.people(call.services, call.person.user, ids)


@operations.post(
    "/api/v1/people/find",
    permission="people.relate",
    errors=("phone_invalid",),
    rate=Rate(60, per=1 * HOURS),
)
async def find_person(call: Call, body: FindPerson) -> FoundPerson:
    """Find somebody. By the whole nickname, e-mail address or phone number. Nobody is found who does not let themselves be
    found so; the answer is then the same as for who does not exist. It is a POST so that what is asked for stands in no
    address and no log."""
    return await finding.find(call.services, call.person.user, body)


@operations.get("/api/v1/people/{person}", permission="people.read", errors=("person_not_found",))
async def see_profile(call: Call, person: Uuid) -> Profile:
    """One person. As I may see them; my own profile is as others see it."""
    return await profiles.profile(call.services, call.person.user, person)


@operations.get("/api/v1/people/{person}/avatars", permission="people.read", errors=("person_not_found",))
async def list_avatars(call: Call, person: Uuid, query: AvatarsQuery) -> Avatars:
    """List the pictures that a person has shown. The present one is among them; what was put on last is first."""
    return await avatars.listed(call.services, call.person.user, person, query)


@operations.patch(
    "/api/v1/me/profile",
    permission=LOGGED_IN,
    errors=("nickname_taken", "category_unknown", "upload_not_found", "badge_not_yours"),
    rate=Rate(30, per=10 * MINUTES),
)
async def change_profile(call: Call, body: ChangeProfile) -> Profile:
    """Change what others see of me. Whoever shares a room with me or has me on a list of friends hears of another nickname,
    avatar, status message or badge within seconds."""
    return await profiles.change(call.services, call.person.user, body)


@operations.delete("/api/v1/me/avatars/{upload}", permission=LOGGED_IN)
async def remove_avatar(call: Call, upload: Uuid) -> None:
    """Take a picture of mine out. It is gone for good; when it is the present one, I have none then. One that is not there
    stays away."""
    await avatars.remove(call.services, call.person.user, upload)


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
