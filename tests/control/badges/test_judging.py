"""Time in rooms is judged soon, once by however many processes, and whatever is killed nothing of it is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import trio

from common import feed
from common.clock import from_ms, ms_of
from common.ids import uuid7
from common.postgres import Connection, Postgres
from control.badges import judging, queries
from control.people import queries as people
from tests.control.badges.conftest import (
    NOW,
    Offer,
    badges_of,
    enters,
    has,
    judged,
    leaves,
    live,
    now_of,
    stay,
)
from tests.control.rooms.conftest import Guests, News
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan
from tests.support.control import Control

__all__ = ["db"]
MINUTE = timedelta(minutes=1)
HOUR: dict[str, Any] = {"kind": "minutes", "minutes": 60, "category": "reading", "per": "week"}
STREAK: dict[str, Any] = {"kind": "streak", "days": 3, "minutes": 10, "category": None}


async def test_who_has_been_long_enough_in_rooms_is_awarded_once_and_hears_of_it(
    control: Control, guests: Guests, offer_badge: Offer, news: News
) -> None:
    mina, jun = await guests(2)
    await offer_badge("hour", **HOUR)
    await stay(control, mina, NOW - 5 * 60 * MINUTE, 40, "reading")
    await stay(control, jun, NOW - 5 * 60 * MINUTE, 50, "reading")
    await stay(control, jun, NOW - 2 * 60 * MINUTE, 50, "music")
    await judged(control)
    assert (await badges_of(mina))["hour"]["progress"] == {"done": 40, "of": 60}
    await stay(control, mina, NOW - 60 * MINUTE, 20, "reading")
    await judged(control)
    mine = (await badges_of(mina))["hour"]
    assert (mine["awarded_at"], mine["progress"]) == (control.clock.now_ms, None)
    assert await has(control, jun) == set()
    await stay(control, mina, NOW - 30 * MINUTE, 20, "reading")
    await judged(control)
    assert await news() == [
        feed.BadgeChanged(
            user=mina.id,
            badge="hour",
            ko="hour 배지",
            en="The hour",
            change="awarded",
            at=control.clock.now_ms,
        )
    ]


async def test_who_is_still_in_a_room_is_awarded_at_the_minute_and_not_when_they_leave(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    (mina,) = await guests(1)
    await offer_badge("hour", **HOUR)
    await stay(control, mina, NOW - 5 * 60 * MINUTE, 20, "reading")
    boot, _ = await enters(control, mina, "reading")
    await judged(control)
    due = await ask(control.services.db, "SELECT due_at FROM badge_looks")
    assert due == NOW + 40 * MINUTE
    control.clock.pass_seconds(40 * 60 - 5)
    await live(control, boot)
    await judged(control)
    assert await has(control, mina) == set()
    control.clock.pass_seconds(5)
    await live(control, boot)
    await judged(control)
    assert await has(control, mina) == {"hour"}
    assert await ask(control.services.db, "SELECT count(*) FROM badge_looks") == 0


async def test_who_is_looked_at_while_their_replica_is_silent_is_looked_at_again(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    """Time counts up to the last sign of life; a look that comes too early for it is not the last."""
    (mina,) = await guests(1)
    await offer_badge("hour", **HOUR)
    boot, _ = await enters(control, mina, "reading")
    await judged(control)
    control.clock.pass_seconds(59 * 60)
    await live(control, boot)
    control.clock.pass_seconds(60)
    await judged(control)
    assert await has(control, mina) == set()
    await live(control, boot)
    control.clock.pass_seconds(61)
    await judged(control)
    assert await has(control, mina) == {"hour"}


async def test_a_stay_that_is_told_late_counts_for_the_week_in_which_it_was(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    (mina,) = await guests(1)
    await offer_badge("hour", **HOUR)
    sunday = datetime(2026, 11, 15, 13, 0, tzinfo=UTC)  # ten in the evening in Seoul
    await stay(control, mina, sunday, 70, "reading")  # the database was away until Saturday
    await judged(control)
    assert await has(control, mina) == {"hour"}


async def test_a_streak_is_that_of_the_persons_own_days(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    """Three days in Seoul are two in New York."""
    mina, jun = await guests(2)
    await offer_badge("three", **STREAK)
    await ask(
        control.services.db,
        "UPDATE users SET timezone = 'America/New_York' WHERE id = $1 RETURNING 1",
        jun.id,
    )
    for who in (mina, jun):
        for moment in ((19, 6), (20, 2), (20, 15)):  # 19th 15:00, 20th 11:00, 21st 00:00 in Seoul
            await stay(control, who, datetime(2026, 11, *moment, tzinfo=UTC), 15)
    await judged(control)
    assert await has(control, mina) == {"three"}
    assert (await badges_of(jun))["three"]["progress"] == {"done": 2, "of": 3}


async def test_a_streak_that_began_long_ago_is_known_whole(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    mina, jun = await guests(2)
    await offer_badge("forty", **STREAK | {"days": 40})
    for n in range(40):
        await stay(control, mina, NOW - timedelta(days=n, hours=1), 10)
        if n != 20:
            await stay(control, jun, NOW - timedelta(days=n, hours=1), 10)
    assert (await badges_of(mina))["forty"]["progress"] == {"done": 40, "of": 40}
    await judged(control)
    assert await has(control, mina) == {"forty"}
    assert (await badges_of(jun))["forty"]["progress"] == {"done": 20, "of": 40}


async def test_who_is_killed_at_it_forgets_nobody(
    control: Control, guests: Guests, offer_badge: Offer, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    (mina,) = await guests(1)
    await offer_badge("hour", **HOUR)

    async def die(*_: object) -> None:
        raise RuntimeError("killed")

    await stay(control, mina, NOW - 60 * MINUTE, 60, "reading")
    with monkeypatch.context() as patched:
        patched.setattr(judging, "look_again", die)
        with pytest.raises(RuntimeError, match="killed"):
            await judging.judge(control.services)
    assert await news() == []
    await judged(control)
    assert len(await news()) == 1
    assert await has(control, mina) == {"hour"}


async def test_many_are_judged_by_three_processes_and_each_is_awarded_once(
    control: Control, guests: Guests, offer_badge: Offer, news: News, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "BATCH", 7)
    crowd = await guests(40)
    await offer_badge("hour", **HOUR)
    await offer_badge("minute", **HOUR | {"minutes": 1})

    async def add(connection: Connection) -> None:
        for _ in range(3):  # several rows each, in several batches
            for who in crowd:
                await connection.execute(
                    "INSERT INTO stays (id, user_id, room_id, category, boot, entered_at, left_at)"
                    " VALUES (uuidv7(), $1, uuidv7(), 'reading', uuidv7(), $2, $3)",
                    who.id,
                    NOW - 60 * MINUTE,
                    NOW,
                )

    await control.services.db.transaction(add)
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(judging.judge, control.services)
    await judged(control)
    told = [(each.user, each.badge) for each in await news() if isinstance(each, feed.BadgeChanged)]
    assert sorted(told) == sorted((who.id, key) for who in crowd for key in ("hour", "minute"))
    assert await ask(control.services.db, "SELECT count(*) FROM badge_awards") == 80


async def test_bots_and_people_who_left_are_awarded_nothing(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    bot, gone = await guests(2)
    await offer_badge("hour", **HOUR)
    changes = (
        (bot, "kind = 'bot', email = NULL, phone = NULL, password_hash = NULL"),
        (gone, "deleted_at = now()"),
    )
    for who, change in changes:
        await ask(control.services.db, f"UPDATE users SET {change} WHERE id = $1", who.id)
    for who in (bot, gone):
        await stay(control, who, NOW - 60 * MINUTE, 60, "reading")
    await judged(control)
    assert await ask(control.services.db, "SELECT count(*) FROM badge_awards") == 0
    assert await ask(control.services.db, "SELECT count(*) FROM badge_looks") == 0


async def test_who_comes_and_goes_leaves_no_more_than_one_look_behind(
    control: Control, guests: Guests, offer_badge: Offer
) -> None:
    (mina,) = await guests(1)
    await offer_badge("hour", **HOUR)
    for _ in range(5):
        _, seen = await enters(control, mina, "reading")
        await judged(control)
        control.clock.pass_seconds(60)
        await leaves(control, seen)
    await enters(control, mina, "music")  # for which there is no badge
    await enters(control, mina, "reading")
    await judged(control)
    assert await ask(control.services.db, "SELECT count(*) FROM badge_looks") == 1
    assert await ask(control.services.db, "SELECT due_at FROM badge_looks") == now_of(control) + 55 * MINUTE


_CROWD = """
    INSERT INTO stays (id, user_id, room_id, category, boot, entered_at, left_at)
    SELECT uuidv7(), ('00000000-0000-7000-8000-' || lpad((n % 500)::text, 12, '0'))::uuid, uuidv7(), 'music', uuidv7(), at,
           at + interval '40 minutes'
    FROM generate_series(1, 10000) n, LATERAL (SELECT now() - n % 2000 * interval '10 minutes' AS at) AS entered
"""


async def test_a_look_reads_those_who_are_due_and_their_stays_and_no_others(db: Postgres) -> None:
    await ask(db, _CROWD)
    await ask(db, "UPDATE badge_looks SET due_at = now() + interval '1 hour'")
    await ask(
        db,
        "INSERT INTO badge_looks (user_id, since, due_at) SELECT * FROM (VALUES (uuidv7(), now(), now())) v",
    )
    await ask(db, "VACUUM ANALYZE stays, badge_looks")
    week = from_ms(ms_of(datetime.now(UTC))) - timedelta(days=7)
    some = [f"00000000-0000-7000-8000-{n:012}" for n in range(10)]
    read = await plan(db, queries.STAYS, some, [week] * 10, timedelta(hours=6))
    assert "stays_of_person" in {node.get("Index Name") for node in nodes(read)}
    assert pages_read(read) < 600
    due = await plan(db, queries.TAKE_DUE, datetime.now(UTC), judging.BATCH)
    assert {"badge_looks_due", "badge_looks_of_person"} <= {node.get("Index Name") for node in nodes(due)}
    assert pages_read(due) < 60
    whoever = await plan(db, queries.PEOPLE, [uuid7()])
    assert "Seq Scan" not in {node["Node Type"] for node in nodes(whoever)}
    shown = await plan(db, people.PROFILE, uuid7(), uuid7())
    assert pages_read(shown) < 30
