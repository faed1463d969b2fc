"""Replicas that crash, restart or pause, and servers that forget: the register is right again when it can be."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator

import pytest
import trio

from chatd.presence.register import KEYS
from common.errors import StoreUnavailable
from common.redis import Redis, open_redis
from tests.chatd.presence.town import CALM, LEASE, NEWS, PEOPLE, UNIT, Replica, Town
from tests.support.redis import url_of_master

# --- crashed, restarted, paused -----------------------------------------------------------------------------------------


async def test_a_crashed_replicas_people_are_offline_when_its_lease_is_over(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob"):
        await one.arrive(user)
    await two.arrive("bob")
    assert await town.news() == [("ann", "online"), ("bob", "online")]
    assert await town.live(LEASE - 1, two) == []
    assert await town.live(1, two) == [("ann", "offline")]
    assert await two.arrive("bob", "another") == 2
    assert await town.live(60, two) == []


async def test_a_reload_during_the_count_out_of_a_crashed_replica_is_still_calm(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("ann")
    assert await town.live(LEASE - 1, two) == [("ann", "online")]
    await two.leave("ann")
    assert await town.live(CALM - 1, two) == []
    await two.arrive("ann")
    assert await town.live(60, two) == []


async def test_a_restarted_replica_leaves_no_ghosts_and_whoever_comes_back_was_never_away(town: Town) -> None:
    one = Replica(town, "one")
    await one.arrive("ann")
    await one.arrive("bob")
    await town.live(2, one)
    again = Replica(town, "one")
    await again.say()
    await town.sweep()
    assert await again.arrive("ann") == 1
    assert await town.live(CALM - 1, again) == []
    assert await town.live(1, again) == [("bob", "offline")]


async def test_a_name_in_use_twice_does_no_harm(town: Town) -> None:
    """The one that drains and the one that replaces it."""
    old = Replica(town, "one")
    await old.arrive("ann")
    new = Replica(town, "one")
    assert await new.arrive("bob") == 1
    assert await town.live(60, old, new) == [("ann", "online"), ("bob", "online")]
    assert (old.terms, new.terms) == (2, 1)


async def test_released_people_may_come_back_within_calm(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob"):
        await one.arrive(user)
    await town.live(10, one, two)
    await one.release()
    await town.live(5, two)
    assert await two.arrive("ann") == 1
    assert await town.live(CALM - 6, two) == []
    assert await town.live(1, two) == [("bob", "offline")]
    assert await town.live(60, two) == []


async def test_a_replica_that_was_paused_past_its_lease_says_itself_anew(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob"):
        await one.arrive(user)
    assert await town.live(LEASE, two) == [
        ("ann", "online"), ("bob", "online"), ("ann", "offline"), ("bob", "offline")
    ]  # fmt: skip
    await one.leave("bob")  # found dead on waking up
    assert await town.live(60, one, two) == [("ann", "online")]


async def test_an_old_report_that_comes_late_is_not_heard(town: Town) -> None:
    one = Replica(town, "one")
    await one.begin()
    one.roster.arrived("ann", "a")
    late = one.roster.take(500)
    one.roster.unheard(late)
    await one.leave("ann", "a")
    assert one.term is not None
    assert await town.register.report(one.term, late) is None
    assert await town.register.count() == 0


async def test_everything_forgotten_is_said_anew_with_those_who_left_meanwhile(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    for user in ("ann", "bob", "cid"):
        await one.arrive(user)
    await two.arrive("cid")
    await town.server.call("FLUSHALL")
    await town.pass_time(0)
    town.read_to = b"0-0"
    for user in ("bob", "cid"):
        one.roster.left(f"one-{user}")
    assert await town.live(60, one, two) == [("ann", "online"), ("bob", "offline")]
    assert await town.register.states(["ann", "bob", "cid"]) == {"ann": "online", "cid": "online"}


@pytest.mark.parametrize("at", range(4))
async def test_a_server_that_came_back_older_is_noticed(town: Town, at: int) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    copies = []
    for turn in range(4):
        copies.append(await town.copy())
        await one.arrive(f"user-{turn}")
        await two.arrive(f"user-{turn}")
        await one.leave(f"user-{turn - 1}")
    await town.restore(copies[at])
    await town.live(60, one, two)
    totals = await town.server.call("HMGET", PEOPLE, *[f"user-{turn}" for turn in range(4)])
    assert [int(total) // UNIT for total in totals] == [1, 1, 1, 2]
    assert await town.register.count() == 4


async def test_after_a_time_without_anybody_nobody_is_ended_before_all_could_speak(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await two.arrive("bob")
    await two.leave("bob")
    await town.news()
    await town.pass_time(300)  # the server was away: nobody renewed, nobody swept
    await town.sweep()
    two.roster.arrived("bob", "during the outage")
    assert await town.live(LEASE - 1, two) == []
    assert await town.live(60, one, two) == []
    assert await town.register.states(["ann", "bob"]) == {"ann": "online", "bob": "online"}


async def test_the_dead_do_not_hide_behind_the_quiet(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    await one.arrive("ann")
    await town.news()
    await town.pass_time(300)
    assert await town.live(LEASE + 1, two) == [("ann", "offline")]


async def test_many_are_counted_out_in_parts(town: Town) -> None:
    one, two = Replica(town, "one"), Replica(town, "two")
    users = [f"user-{number}" for number in range(1700)]
    for user in users:
        one.roster.arrived(user, user)
    await one.say()
    assert await town.news() == [(user, "online") for user in users]
    await town.live(LEASE - 1, two)
    await town.pass_time(1)
    calls = 1
    while await town.register.sweep():
        calls += 1
        assert await town.server.call("XLEN", NEWS) <= 4 + 4
    assert calls == 4 + 4
    assert Counter(await town.news()) == Counter((user, "offline") for user in users)
    assert sorted(await town.copy()) == sorted(
        [
            b"{presence}:clock",
            *(key.encode() for key in KEYS if key.endswith(("news", "watch", "terms", "serials"))),
        ]
    )


@pytest.fixture
async def full(redis_url: str) -> AsyncIterator[Redis]:
    """The one server of the register, whatever it is one of; to be filled up."""
    async with open_redis(url_of_master(redis_url, PEOPLE)) as server:
        yield server


async def test_a_full_server_refuses_and_changes_nothing(full: Redis) -> None:
    town = Town(full)
    await town.open()
    one = Replica(town, "one")
    await one.arrive("ann")
    before = await town.copy()
    await full.call("CONFIG", "SET", "maxmemory", 1)
    try:
        with pytest.raises(StoreUnavailable):
            await one.leave("ann")
        with pytest.raises(StoreUnavailable):
            await town.register.sweep()
        with pytest.raises(StoreUnavailable):
            await Replica(town, "one").begin()
        with pytest.raises(StoreUnavailable):
            await one.release()
        assert await town.copy() == before
    finally:
        with trio.move_on_after(5, shield=True):
            await full.call("CONFIG", "SET", "maxmemory", 0)


async def test_a_stream_that_began_anew_is_heard_again(town: Town) -> None:
    ahead = b"%d-0" % (int((await town.server.call("TIME"))[0]) * 1000 + 3_600_000)
    await Replica(town, "one").arrive("ann")
    after, changes = await town.register.news(ahead)
    assert changes == []
    after, changes = await town.register.news(after)
    assert [(change.user, change.state) for change in changes] == [("ann", "online")]
    assert await town.register.news(after) == (after, [])
