"""A match is made with its room and its news, in the transaction of what brought it about, or not at all."""

from __future__ import annotations

import pytest

from common import feed
from common.clock import from_ms
from common.postgres import Connection
from common.protocol import MatchPerson
from control.matching import matches
from tests.control.rooms.conftest import Guest, Guests, News
from tests.support.control import Control


async def make(control: Control, people: list[Guest], owner: Guest | None = None) -> matches.Match:
    async def run(connection: Connection) -> matches.Match:
        return await matches.make(
            connection,
            category="meal",
            origin="post",
            title="국밥",
            people=[person.id for person in people],
            owner=owner and owner.id,
            meets_at=from_ms(control.clock.now_ms),
            now=from_ms(control.clock.now_ms),
        )

    return await control.services.db.transaction(run)


async def test_its_people_are_in_its_room_and_each_of_them_hears_of_it(
    control: Control, guests: Guests, news: News
) -> None:
    mina, jun = await guests(2)
    made = await make(control, [mina, jun])
    room = await jun.room(made.room)
    assert (room["kind"], room["title"], room["title_en"]) == (
        "match",
        "국밥",
        None,
    )  # in the words of who wrote it
    assert (room["category"], room["membership"]["role"]) == ("meal", "member")
    assert {each["id"] for each in (await mina.members(made.room))["members"]} == {mina.id, jun.id}
    (told,) = [each for each in await news() if isinstance(each, feed.Matched)]
    assert (told.match, told.room, told.category, told.title) == (made.id, made.room, "meal", "국밥")
    assert told.people == [MatchPerson(each.id, each.nickname) for each in (mina, jun)]
    assert told.meets_at == control.clock.now_ms
    (said,) = [each for each in await news() if isinstance(each, feed.RoomSpoke)]
    assert (said.room, said.code, said.params) == (made.room, "match_made", {"title": "국밥", "people": 2})


async def test_whoever_called_for_it_keeps_order_in_its_room(control: Control, guests: Guests) -> None:
    people = await guests(3)
    made = await make(control, people, owner=people[1])
    roles = {each["id"]: each["role"] for each in (await people[0].members(made.room))["members"]}
    assert roles == {people[0].id: "member", people[1].id: "owner", people[2].id: "member"}


async def test_what_fails_after_it_leaves_nothing_of_it(control: Control, guests: Guests, news: News) -> None:
    mina, jun = await guests(2)

    async def fail(connection: Connection) -> None:
        now = from_ms(control.clock.now_ms)
        people = [mina.id, jun.id]
        await matches.make(
            connection, category="study", origin="post", title="SQL", people=people, meets_at=now, now=now
        )
        raise RuntimeError("and then it went wrong")

    with pytest.raises(RuntimeError, match="wrong"):
        await control.services.db.transaction(fail)
    assert (await mina.mine())["rooms"] == []
    assert await news() == []
