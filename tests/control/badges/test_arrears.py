"""Who earned a badge before it was there gets it: once, whatever is killed, and of those who come first it is the first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import trio

from common import feed
from common.ids import uuid7
from common.postgres import Connection
from control.badges import arrears, judging
from tests.control.badges.conftest import NOW, badges_of, enters, has, judged, stay
from tests.control.badges.test_awarding import proven, signs_up
from tests.control.badges.test_editing import offer, put
from tests.control.rooms.conftest import Guest, Guests, News, good
from tests.control.rooms.test_plans import ask
from tests.support.control import Control

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
HOUR: dict[str, Any] = {"kind": "minutes", "minutes": 60, "category": "reading", "per": "week"}
STREAK: dict[str, Any] = {"kind": "streak", "days": 3, "minutes": 10}
_LEFT = "SELECT count(*) FROM badge_arrears"
_ADD_PEOPLE = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT id, id || '@example.org', 'n' || n, '', '+82' || id, '' FROM unnest($1::uuid[]) WITH ORDINALITY AS new (id, n)
    RETURNING 1
"""
_ADD_STAYS = """
    INSERT INTO stays (id, user_id, room_id, category, boot, entered_at, left_at)
    SELECT uuidv7(), id, uuidv7(), 'reading', uuidv7(), $2::timestamptz, $2::timestamptz + interval '1 hour'
    FROM unnest($1::uuid[]) AS id
    RETURNING 1
"""


async def awarded(control: Control, key: str) -> list[str]:
    """Who has a badge, in the order in which they signed up."""
    held = "SELECT array_agg(user_id::text ORDER BY user_id) FROM badge_awards WHERE badge = $1"
    return list(await ask(control.services.db, held, key) or ())


async def progress(boss: Guest, key: str) -> Any:
    listed = good(await boss.http.get("/api/v1/admin/badges"))["badges"]
    return next(each["arrears"] for each in listed if each["key"] == key)


async def test_time_that_was_spent_before_there_was_a_badge_for_it_earns_it(
    control: Control, guests: Guests, boss: Guest, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    mina, jun, sol, eun = await guests(4)
    await offer(control, "reading")
    await stay(control, mina, NOW - 700 * DAY, 60, "reading")  # in a week long gone
    for days in (38, 39, 40):  # Wednesday, Tuesday, Monday
        await stay(control, jun, NOW - days * DAY, 20, "reading")
    await stay(control, sol, NOW - 300 * DAY, 59, "reading")
    await judged(control)
    monkeypatch.setattr(arrears, "BATCH", 2)
    await put(boss, "hour", HOUR)
    assert await progress(boss, "hour") == {"done": 0, "of": 5}
    await control.services.db.transaction(
        arrears._look_at_some, control.services.settings.zone, control.clock()
    )
    assert await progress(boss, "hour") == {"done": 2, "of": 5}
    await arrears.catch_up(control.services)
    assert await progress(boss, "hour") is None
    assert await awarded(control, "hour") == [mina.id, jun.id]
    await put(boss, "streak", STREAK)
    await put(boss, "hour", HOUR | {"minutes": 59})  # easier now
    await arrears.catch_up(control.services)
    assert [await has(control, who) for who in (mina, jun, sol, eun)] == [
        {"hour"},
        {"hour", "streak"},
        {"hour"},
        set(),
    ]
    told = [(each.user, each.badge) for each in await news() if isinstance(each, feed.BadgeChanged)]
    assert sorted(told) == sorted([(mina.id, "hour"), (jun.id, "hour"), (jun.id, "streak"), (sol.id, "hour")])


async def test_who_is_in_a_room_when_a_badge_is_offered_gets_it_at_the_minute(
    control: Control, guests: Guests, boss: Guest
) -> None:
    (mina,) = await guests(1)
    await offer(control, "reading")
    await enters(control, mina, "reading")
    await judged(control)
    await put(boss, "hour", HOUR)
    await arrears.catch_up(control.services)
    due = "SELECT min(due_at) FROM badge_looks WHERE user_id = $1"
    assert await ask(control.services.db, due, mina.id) == NOW + 60 * MINUTE


async def test_a_badge_that_is_retired_is_looked_for_no_more(
    control: Control, guests: Guests, boss: Guest
) -> None:
    (mina,) = await guests(1)
    await offer(control, "reading")
    await stay(control, mina, NOW - 9 * DAY, 60, "reading")
    await put(boss, "hour", HOUR)
    good(await boss.http.delete("/api/v1/admin/badges/hour"))
    await arrears.catch_up(control.services)
    assert await awarded(control, "hour") == []
    await put(boss, "hour", HOUR)
    await put(boss, "hour", HOUR)  # which begins nothing anew
    await arrears.catch_up(control.services)
    assert await awarded(control, "hour") == [mina.id]
    assert await ask(control.services.db, _LEFT) == 0


async def test_however_many_processes_look_and_whatever_is_killed_everybody_gets_it_once(
    control: Control, boss: Guest, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = sorted(uuid7() for _ in range(40))
    db = control.services.db
    await ask(db, _ADD_PEOPLE, people)
    await ask(db, _ADD_STAYS, people, NOW - 30 * DAY)
    await offer(control, "reading")
    monkeypatch.setattr(arrears, "BATCH", 7)
    await put(boss, "hour", HOUR)
    died: list[int] = []

    async def die(connection: Connection, cases: Any, now: int) -> None:
        await judging.look_again(connection, cases, now)
        if len(died) < 3:
            died.append(now)
            raise RuntimeError("killed")

    async def look() -> None:
        while await ask(db, _LEFT):
            try:
                await arrears.catch_up(control.services)
            except RuntimeError:
                continue

    monkeypatch.setattr(arrears, "look_again", die)
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(look)
        nursery.start_soon(judging.judge, control.services)  # of the same stays
    assert len(died) == 3
    assert await awarded(control, "hour") == people
    told = [each.user for each in await news() if isinstance(each, feed.BadgeChanged)]
    assert sorted(told) == people


async def test_a_badge_for_the_first_goes_to_those_who_were(
    control: Control, guests: Guests, boss: Guest
) -> None:
    early = await guests(3)
    assert (await put(boss, "first", {"kind": "first", "people": 3}))["places_left"] == 0
    assert await awarded(control, "first") == [each.id for each in (boss, *early[:2])]
    assert (await badges_of(early[2]))["first"]["awarded_at"] is None
    await put(boss, "first", {"kind": "first", "people": 4})
    assert await has(control, early[2]) == {"first"}


async def test_while_people_sign_up_each_place_is_given_once_and_none_of_the_first_is_passed_over(
    control: Control, boss: Guest
) -> None:
    await proven(control, 12)
    async with trio.open_nursery() as nursery:
        for number in range(6):
            nursery.start_soon(signs_up, control.services, number)
        nursery.start_soon(put, boss, "first", {"kind": "first", "people": 8})
        for number in range(6, 12):
            nursery.start_soon(signs_up, control.services, number)
    assert len(await awarded(control, "first")) == 8
    assert await ask(control.services.db, "SELECT count(*) FROM badge_places WHERE taken") == 8
    assert await has(control, boss) == {"first"}
