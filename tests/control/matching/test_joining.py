"""People come into a post and go out of it, until it is confirmed: never more than it has places for."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import trio

from common import feed
from common.postgres import Connection
from tests.control.matching.conftest import Admins, Yard
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.support.control import Control

CROWD = 200
PLACES = 20


async def test_who_joins_is_in_it_and_the_others_hear_of_it(guests: Guests, yard: Yard) -> None:
    mina, jun, sol = await guests(3)
    post = await yard.write(mina)
    joined = good(await yard.act(jun, post, "join"))
    assert (joined["people"], joined["mine"], joined["joined"][1]["person"]["id"]) == (2, "joined", jun.id)
    await yard.join(post, sol)
    assert (await yard.act(jun, post, "leave")).status_code == 204
    assert [(each["mark"], each["me"]) for each in (await yard.see(sol, post))["joined"]] == [
        (0, False),
        (2, True),
    ]
    assert [(each.change, each.by, each.name, each.mark, each.users) for each in await yard.told()] == [
        ("joined", jun.id, jun.nickname, 1, [mina.id]),
        ("joined", sol.id, sol.nickname, 2, [mina.id, jun.id]),
        ("left", jun.id, jun.nickname, 1, [mina.id, sol.id]),
    ]
    yard.pass_minutes(1)
    await yard.join(post, jun)
    assert [each["mark"] for each in (await yard.see(sol, post))["joined"]] == [0, 2, 1]


async def test_each_refusal_says_its_own(guests: Guests, yard: Yard) -> None:
    mina, jun, sol, eun = await guests(4)
    post = await yard.write(mina, capacity=2)
    refused(await yard.act(mina, post, "join"), "post_own")
    refused(await yard.act(mina, post, "leave"), "post_own")
    refused(await yard.act(jun, post, "leave"), "post_not_joined")
    await yard.join(post, jun)
    refused(await yard.act(jun, post, "join"), "post_joined")
    refused(await yard.act(sol, post, "join"), "post_full")
    await yard.block(eun, mina)
    refused(await yard.act(eun, post, "join"), "blocked_by_me")
    refused(await yard.try_comment(eun, post), "blocked_by_me")


async def test_whom_the_author_blocked_there_is_no_post_for(guests: Guests, yard: Yard) -> None:
    mina, jun, sol = await guests(3)
    post = await yard.write(mina)
    await yard.join(post, sol)
    await yard.block(mina, jun)
    await yard.block(mina, sol)
    assert await yard.listed(jun) == []
    refused(await yard.try_see(jun, post), "post_not_found")
    refused(await yard.act(jun, post, "join"), "post_not_found")
    refused(await yard.try_comment(jun, post), "post_not_found")
    assert await yard.listed(sol) == ["국밥"]  # who is in it still sees it, and may go
    assert (await yard.act(sol, post, "leave")).status_code == 204
    refused(await yard.try_see(sol, post), "post_not_found")


async def test_of_whom_i_blocked_i_see_no_post(guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    await yard.write(mina)
    await yard.block(jun, mina)
    assert await yard.listed(jun) == []


async def test_of_who_is_suspended_or_gone_nobody_else_sees_a_post(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    mina, jun, sol = await guests(3)
    (boss,) = await admins(1)
    post = await yard.write(mina)
    await yard.join(post, sol)
    path = f"/api/v1/admin/people/{mina.id}/suspension"
    assert (await boss.http.put(path, json={"reason": "광고"})).status_code == 200
    assert await yard.listed(jun) == []
    refused(await yard.act(jun, post, "join"), "post_not_found")
    assert (await yard.see(sol, post))["people"] == 2
    assert (await boss.http.delete(path)).status_code == 200
    assert await yard.listed(jun) == ["국밥"]


async def rows(control: Control, post: Json) -> Any:
    async def read(connection: Connection) -> Any:
        return await connection.fetchrow(
            "SELECT people, (SELECT count(*) FROM match_post_people WHERE post_id = $1 AND joined_at IS NOT NULL) AS joined, "
            "(SELECT count(DISTINCT mark) FROM match_post_people WHERE post_id = $1) AS marks FROM match_posts WHERE id = $1",
            post["id"],
        )

    return await control.services.db.read(read)


async def come(yard: Yard, post: Json, crowd: list[Guest]) -> Counter[str]:
    """What becomes of those who join all at once. On a machine that is busy some are told to come back, and do."""
    answers = list[str]()

    async def one(who: Guest) -> None:
        while (answer := await yard.act(who, post, "join")).status_code == 503:
            assert answer.json()["temporary"]
        answers.append("in" if answer.status_code == 200 else answer.json()["code"])

    async with trio.open_nursery() as nursery:
        for who in crowd:
            nursery.start_soon(one, who)
    return Counter(answers)


async def test_however_many_come_at_once_it_is_filled_and_never_overfilled(
    control: Control, guests: Guests, yard: Yard
) -> None:
    mina, *crowd = await guests(CROWD + 1)
    post = await yard.write(mina, capacity=PLACES)
    assert await come(yard, post, crowd) == {"in": PLACES - 1, "post_full": CROWD - (PLACES - 1)}
    found = await rows(control, post)
    assert (found["people"], found["joined"], found["marks"]) == (PLACES, PLACES, PLACES)


@pytest.mark.usefixtures("no_turns")
async def test_the_database_alone_keeps_it_from_being_overfilled(
    control: Control, guests: Guests, yard: Yard
) -> None:
    """As if every one of them had come to a process of its own."""
    mina, *crowd = await guests(13)
    post = await yard.write(mina, capacity=4)
    assert await come(yard, post, crowd) == {"in": 3, "post_full": 9}
    found = await rows(control, post)
    assert (found["people"], found["joined"], found["marks"]) == (4, 4, 4)


async def test_who_joins_twice_at_once_is_in_it_once(control: Control, guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    post = await yard.write(mina)
    assert await come(yard, post, [jun] * 4) == {"in": 1, "post_joined": 3}
    assert (await rows(control, post))["people"] == 2


async def test_a_confirmed_post_is_a_match_with_a_room_of_its_people(
    guests: Guests, yard: Yard, news: News
) -> None:
    mina, jun, sol, eun = await guests(4)
    post = await yard.write(mina)
    refused(await yard.act(mina, post, "confirm"), "post_too_few")
    await yard.join(post, jun, sol)
    refused(await yard.act(jun, post, "confirm"), "post_not_yours")
    confirmed = good(await yard.act(mina, post, "confirm"))
    assert (confirmed["state"], confirmed["match"]) == ("confirmed", (await yard.see(jun, post))["match"])
    room = await sol.room(confirmed["match"]["room"])
    assert (room["kind"], room["title"], room["member_count"]) == ("match", "국밥", 3)
    (told,) = [each for each in await news() if isinstance(each, feed.Matched)]
    assert [each.user for each in told.people] == [mina.id, jun.id, sol.id]
    assert (told.origin, told.meets_at) == ("post", post["meets_at"])
    assert (await yard.see(eun, post))["match"] is None
    for who, what in ((eun, "join"), (jun, "leave"), (mina, "confirm"), (mina, "cancel")):
        refused(await yard.act(who, post, what), "post_confirmed")
    refused(await yard.change(mina, post, title="냉면"), "post_confirmed")
    refused(await yard.try_comment(jun, post), "post_confirmed")
    assert await yard.listed(eun) == []
    assert await yard.listed(eun, open=False) == ["국밥"]


async def test_whoever_cannot_come_any_more_is_left_out_and_hears_so(
    guests: Guests, admins: Admins, yard: Yard
) -> None:
    mina, *others = await guests(5)
    jun, sol, eun, dal = others
    (boss,) = await admins(1)
    post = await yard.write(mina, capacity=5)
    await yard.join(post, *others)
    await yard.block(mina, jun)
    await yard.block(sol, mina)
    path = f"/api/v1/admin/people/{eun.id}/suspension"
    assert (await boss.http.put(path, json={"reason": "광고"})).status_code == 200
    confirmed = good(await yard.act(mina, post, "confirm"))
    assert [each["person"]["id"] for each in confirmed["joined"]] == [mina.id, dal.id]
    assert confirmed["people"] == 2
    assert [set(each.users) for each in await yard.told() if each.change == "left_out"] == [
        {jun.id, sol.id, eun.id}
    ]


@pytest.mark.usefixtures("no_turns")
async def test_it_is_confirmed_once_however_often_it_is_asked(guests: Guests, yard: Yard) -> None:
    mina, jun, *others = await guests(6)
    post = await yard.write(mina)
    await yard.join(post, jun)
    answers = list[int]()

    async def ask(who: Guest, what: str) -> None:
        answer = await yard.act(who, post, what)
        if what == "confirm":
            answers.append(answer.status_code)

    async with trio.open_nursery() as nursery:
        for _ in range(4):
            nursery.start_soon(ask, mina, "confirm")
        for who in others:
            nursery.start_soon(ask, who, "join")
        nursery.start_soon(ask, jun, "leave")
    # Jun may have been faster, with nobody else in it yet; then it could not be confirmed at that moment.
    seen = await yard.see(mina, post)
    assert answers.count(200) == (1 if seen["state"] == "confirmed" else 0)
    if seen["match"] is not None:
        members = await mina.members(seen["match"]["room"])
        assert len(members["members"]) == len(seen["joined"]) == seen["people"] >= 2
