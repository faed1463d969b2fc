"""After a match: it is found again, and its people review each other."""

from __future__ import annotations

from typing import Any

import trio

from control.cursor import LAST
from tests.control.matching.conftest import Yard
from tests.control.rooms.conftest import Guest, Guests, Json, good, put_on_face, refused
from tests.support.control import Control

DAY = 24 * 60  # minutes


async def review(who: Guest, match: Json, person: Guest, score: Any = 20) -> Any:
    path = f"/api/v1/matches/{match['id']}/reviews/{person.id}"
    return await who.http.put(path, json={"score": score})


async def activity(who: Guest, person: Guest) -> int:
    shown: int = good(await who.http.get(f"/api/v1/people/{person.id}"))["activity"]
    return shown


async def history(who: Guest, **query: Any) -> Json:
    return good(await who.http.get("/api/v1/me/matches", params=query))


async def test_i_find_my_matches_with_my_partners_and_their_rooms(
    control: Control, guests: Guests, yard: Yard
) -> None:
    mina, jun, sol = await guests(3)
    face = await put_on_face(control, jun)
    first = await yard.matched(mina, jun, title="국밥")
    second = await yard.matched(sol, mina, jun, title="SQL", category="study")
    found = (await history(mina))["matches"]
    assert [(each["id"], each["room"], each["title"], each["category"]) for each in found] == [
        (second["id"], second["room"], "SQL", "study"),
        (first["id"], first["room"], "국밥", "meal"),
    ]
    partners = {each["person"]["id"]: each["score"] for each in found[0]["partners"]}
    assert partners == {jun.id: None, sol.id: None}
    assert [each["person"]["avatar"] for each in found[1]["partners"]] == [face]
    assert found[0]["review_until"] - found[0]["meets_at"] == 14 * DAY * 60_000
    page = await history(mina, limit=1)
    assert [each["id"] for each in (await history(mina, limit=1, cursor=page["next"]))["matches"]] == [
        first["id"]
    ]
    assert (
        good(await jun.http.get(f"/api/v1/matches/{first['id']}"))["partners"][0]["person"]["id"] == mina.id
    )
    for who, match in ((sol, first["id"]), (mina, str(LAST))):
        refused(await who.http.get(f"/api/v1/matches/{match}"), "match_not_found")


async def test_who_left_the_room_may_come_back_as_long_as_there_is_one(guests: Guests, yard: Yard) -> None:
    mina, jun, sol = await guests(3)
    match = await yard.matched(mina, jun)
    path = f"/api/v1/matches/{match['id']}/room"
    await jun.leave(match["room"])
    assert (await history(jun))["matches"][0]["room"] is None
    for _ in range(2):
        assert good(await jun.http.post(path))["member_count"] == 2
    refused(await sol.http.post(path), "match_not_found")
    await jun.leave(match["room"])
    ban = await mina.http.put(f"/api/v1/rooms/{match['room']}/bans/{jun.id}", json={"reason": ""})
    assert ban.status_code == 204, ban.text
    refused(await jun.http.post(path), "banned")
    await mina.leave(match["room"])
    refused(await mina.http.post(path), "room_archived")


async def test_who_met_reviews_and_both_scores_are_exact(guests: Guests, yard: Yard) -> None:
    mina, jun, sol = await guests(3)
    match = await yard.matched(mina, jun, sol)
    assert await activity(jun, mina) == 0
    yard.pass_minutes(10)
    for who, whom, score in ((jun, mina, 42), (sol, mina, -10), (mina, jun, -200)):
        for _ in range(2):
            assert (await review(who, match, whom, score)).status_code == 204
    assert [await activity(sol, who) for who in (mina, jun, sol)] == [42 - 10 + 20, -200 + 20, 20]
    mine = good(await mina.http.get(f"/api/v1/matches/{match['id']}"))["partners"]
    assert {each["person"]["id"]: each["score"] for each in mine} == {jun.id: -200, sol.id: None}
    refused(await review(mina, match, jun, 42), "already_reviewed")


async def test_nobody_learns_who_gave_what(guests: Guests, yard: Yard) -> None:
    mina, jun, sol = await guests(3)
    match = await yard.matched(mina, jun, sol)
    yard.pass_minutes(10)
    assert (await review(jun, match, mina, 42)).status_code == 204
    for reader in (mina, sol):
        partners = good(await reader.http.get(f"/api/v1/matches/{match['id']}"))["partners"]
        assert {each["score"] for each in partners} == {None}


async def test_each_refusal_says_its_own(guests: Guests, yard: Yard) -> None:
    mina, jun, sol = await guests(3)
    match = await yard.matched(mina, jun)
    refused(await review(mina, match, jun), "review_too_early")
    yard.pass_minutes(10)
    refused(await review(mina, match, mina), "not_oneself")
    refused(await review(mina, match, sol), "not_matched")
    refused(await review(sol, match, mina), "match_not_found")
    for score in (1, 100, "42", None):
        refused(await review(mina, match, jun, score), "invalid")


async def test_after_two_weeks_it_is_too_late(control: Control, guests: Guests, yard: Yard) -> None:
    mina, jun = await guests(2)
    match = await yard.matched(mina, jun)
    await control.services.db.transaction(_met_long_ago)
    refused(await review(mina, match, jun), "review_too_late")


async def _met_long_ago(connection: Any) -> None:
    await connection.execute("UPDATE matches SET meets_at = meets_at - interval '15 days'")


async def test_many_reviews_at_once_are_all_counted_and_each_once(guests: Guests, yard: Yard) -> None:
    mina, *others = await guests(8)
    match = await yard.matched(mina, *others, capacity=8)
    yard.pass_minutes(10)
    async with trio.open_nursery() as nursery:
        for who in others:
            for score in (10, 20):  # each twice at once, and not the same
                nursery.start_soon(review, who, match, mina, score)
    given = [good(await who.http.get(f"/api/v1/matches/{match['id']}")) for who in others]
    scores = [each["score"] for one in given for each in one["partners"] if each["person"]["id"] == mina.id]
    assert {10, 20} >= set(scores)
    assert await activity(mina, mina) == sum(scores)
    assert [await activity(mina, who) for who in others] == [20] * 7
