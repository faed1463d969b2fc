"""Who is here, over devices and replicas: told to those who may know, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
import trio

from common import feed
from common.clock import ms_of, now_ms
from common.ids import uuid7
from tests.endtoend.changing import at_once
from tests.support.feed import join, kick, leave, publish
from tests.support.promptly import within
from tests.support.rawsocket import Raw
from tests.support.redis import open_client
from tests.support.relations import befriend, block, relate, set_presence, unblock
from tests.support.services import Services
from tests.support.visit import visit
from tests.support.world import Person, Replica, World, open_world

Pair = tuple[Replica, Replica]
LEASE, CALM = 2, 1


@pytest.fixture(scope="module")
def restless_world(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world in which people are soon told to be gone."""
    with open_world(services, tmp_path_factory.mktemp("restless"), redis_database=2) as world:
        yield world


@pytest.fixture(scope="module")
def restless(restless_world: World) -> Pair:
    a, b = restless_world.replicas(2, CHATD_LEASE_SECONDS=str(LEASE), CHATD_CALM_SECONDS=str(CALM))
    return a, b


async def states(raw: Raw, *people: Person) -> list[str]:
    answer = await raw.ok("presence.query", users=[person.id for person in people])
    assert [each["user"] for each in answer["people"]] == [person.id for person in people]
    return [each["state"] for each in answer["people"]]


async def told_nothing(raw: Raw, person: Person) -> None:
    assert [news for news in await raw.heard_so_far("presence") if news["user"] == person.id] == []


def seen_in(world: World, person: Person) -> int | None:
    async def select(connection: asyncpg.Connection) -> Any:
        return await connection.fetchval("SELECT at FROM last_seen WHERE user_id = $1", person.id)

    at = world.sql(select)
    return None if at is None else ms_of(at)


# --- devices ------------------------------------------------------------------------------------------------------------


async def test_a_person_is_away_when_all_devices_over_replicas_are_and_back_with_any(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun, room) as j, visit(pair[0], mina) as phone, visit(pair[1], mina) as desk:
        await j.hears("presence", user=mina.id, state="online")
        assert await phone.ok("presence.set", state="away") == {}
        assert await states(j, mina) == ["online"]
        await desk.ok("presence.set", state="away")
        assert (await j.hears("presence", user=mina.id))["state"] == "away"
        assert await states(j, mina) == ["away"]
        await phone.ok("presence.set", state="online")
        assert (await j.hears("presence", user=mina.id))["state"] == "online"
        assert [news["state"] for news in await j.heard_so_far("presence")] == []


async def test_who_comes_back_away_was_never_back(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun, room) as j:
        async with visit(pair[0], mina, state="away"):
            assert (await j.hears("presence", user=mina.id))["state"] == "away"
        async with visit(pair[1], mina, state="away"):
            assert await states(j, mina) == ["away"]
            await told_nothing(j, mina)


async def test_the_last_device_that_was_awake_takes_its_word_with_it(
    restless_world: World, restless: Pair
) -> None:
    mina, jun = restless_world.people(2)
    room = restless_world.room(mina, jun)
    async with visit(restless[0], jun, room) as j, visit(restless[0], mina, state="away"):
        async with visit(restless[1], mina):
            await j.hears("presence", user=mina.id, state="online")
        assert (await j.hears("presence", user=mina.id))["state"] == "away"


# --- rooms --------------------------------------------------------------------------------------------------------------


async def test_a_room_opens_with_its_participants_their_state_and_how_many_they_are(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, sol, off = shared_world.people(4)
    room = shared_world.room(mina, jun, sol, off)
    async with visit(pair[0], jun), visit(pair[1], sol, state="away"), visit(pair[0], mina) as m:
        opened = await m.ok("room.open", room=room)
        assert {each["user"]: each["state"] for each in opened["participants"]} == {
            mina.id: "online", jun.id: "online", sol.id: "away"
        }  # fmt: skip
        assert opened["participants"][-1]["user"] == sol.id
        assert (opened["online"], opened["away"]) == (2, 1)


async def test_participants_are_those_whom_the_reader_may_know(shared_world: World, pair: Pair) -> None:
    mina, jun, hidden, choosy, blocked = shared_world.people(5)
    room = shared_world.room(mina, jun, hidden, choosy, blocked)
    set_presence(shared_world, hidden, "nobody")
    set_presence(shared_world, choosy, "friends")
    relate(shared_world, choosy, jun, "friend")
    relate(shared_world, blocked, jun, "blocked")
    async with (
        visit(pair[0], hidden), visit(pair[1], choosy), visit(pair[0], blocked),
        visit(pair[1], mina) as m, visit(pair[1], jun) as j,
    ):  # fmt: skip
        for_mina, for_jun = await m.ok("room.open", room=room), await j.ok("room.open", room=room)
    assert {each["user"] for each in for_mina["participants"]} == {mina.id, jun.id, blocked.id}
    assert {each["user"] for each in for_jun["participants"]} == {mina.id, jun.id, choosy.id}
    assert for_mina["online"] == for_jun["online"] == 3


async def test_a_newcomer_who_hides_is_not_introduced(shared_world: World, pair: Pair) -> None:
    mina, shy, open_ = shared_world.people(3)
    room = shared_world.room(mina)
    set_presence(shared_world, shy, "nobody")
    async with visit(pair[0], mina, room) as m, visit(pair[1], shy), visit(pair[1], open_):
        join(shared_world, shy, room)
        await m.hears("member", user=shy.id)
        join(shared_world, open_, room)
        assert (await m.hears("presence", user=open_.id))["state"] == "online"
        await told_nothing(m, shy)


# --- who may know -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["left", "was removed"])
async def test_who_is_out_of_the_last_shared_room_is_seen_there_no_more(
    shared_world: World, pair: Pair, how: str
) -> None:
    mina, jun, sol = shared_world.people(3)
    room, other = shared_world.room(mina, jun, sol), shared_world.room(mina, sol)
    async with (
        visit(pair[1], jun, room) as j,
        visit(pair[1], sol, room, other) as s,
        visit(pair[0], mina, room),
    ):
        assert (await j.hears("presence", user=mina.id))["state"] == "online"
        assert (await s.hears("presence", user=mina.id))["state"] == "online"
        if how == "left":
            leave(shared_world, mina, room)
        else:
            kick(shared_world, mina, room, by=jun)
        gone = await j.hears("presence", user=mina.id)
        assert (gone["state"], gone.get("last_seen")) == ("offline", None)
        assert await states(j, mina) == ["offline"]
        assert await states(s, mina) == ["online"]
        await told_nothing(s, mina)


async def test_a_question_is_answered_for_shared_rooms_and_friends_and_nobody_else(
    shared_world: World, pair: Pair
) -> None:
    mina, mate, friend, admirer, stranger = shared_world.people(5)
    shared_world.room(mina, mate)  # nobody opens it
    relate(shared_world, friend, mina, "friend")
    relate(shared_world, mina, admirer, "friend")  # on mina's own list: that gives her no right
    async with (
        visit(pair[1], mate), visit(pair[1], friend), visit(pair[0], admirer), visit(pair[1], stranger),
        visit(pair[0], mina) as m,
    ):  # fmt: skip
        everybody = (mina, mate, friend, admirer, stranger)
        assert await states(m, *everybody) == ["online", "online", "online", "offline", "offline"]
        answer = await m.ok("presence.query", users=[stranger.id, stranger.id, uuid7()])
        assert [set(each) for each in answer["people"]] == [{"user", "state"}] * 2


async def test_across_a_block_nobody_is_seen_and_was_never_seen(shared_world: World, pair: Pair) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, sol)
    befriend(shared_world, mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j, visit(pair[1], sol) as s:
        await m.hears("presence", user=jun.id, state="online")
        block(shared_world, mina, jun)
        with within(1):
            for raw, other in ((m, jun), (j, mina)):
                news = await raw.hears("presence", user=other.id, state="offline")
                assert "last_seen" not in news
        for raw, other in ((m, jun), (j, mina)):
            assert await states(raw, other) == ["offline"]
            opened = await raw.ok("room.open", room=room)
            assert other.id not in [each["user"] for each in opened["participants"]]
        await j.ok("presence.set", state="away")
        await s.ok("presence.set", state="away")
        await m.hears("presence", user=sol.id, state="away")  # what was told of jun would have come before
        await told_nothing(m, jun)
        unblock(shared_world, mina, jun)
        await m.hears("presence", user=jun.id, state="away")
        await j.hears("presence", user=mina.id, state="online")


async def test_who_hides_is_taken_back_within_a_second_and_told_again_when_they_show(
    shared_world: World, pair: Pair
) -> None:
    mina, mate, friend = shared_world.people(3)
    room = shared_world.room(mina, mate)
    befriend(shared_world, mina, friend)
    async with visit(pair[0], mate, room) as r, visit(pair[0], friend) as f, visit(pair[1], mina):
        for raw in (r, f):
            await raw.hears("presence", user=mina.id, state="online")
        for setting, seen_by_mate, seen_by_friend in (
            ("friends", "offline", "online"), ("nobody", "offline", "offline"), ("everyone", "online", "online"),
        ):  # fmt: skip
            set_presence(shared_world, mina, setting)
            publish(shared_world, feed.PresenceChanged(user=mina.id))
            with within(1):
                assert (await r.hears("presence", user=mina.id))["state"] == seen_by_mate
                assert (await f.hears("presence", user=mina.id))["state"] == seen_by_friend
            assert await states(r, mina) == [seen_by_mate]
            assert await states(f, mina) == [seen_by_friend]


async def test_friends_who_keep_each_other_hear_of_each_other_without_a_room(
    restless_world: World, restless: Pair
) -> None:
    mina, jun, sol = restless_world.people(3)
    befriend(restless_world, mina, jun)
    relate(restless_world, mina, sol, "friend")  # sol does not keep mina
    async with visit(restless[0], jun) as j, visit(restless[1], sol) as s:
        async with visit(restless[1], mina) as m:
            assert (await j.hears("presence", user=mina.id))["state"] == "online"
            await m.ok("presence.set", state="away")
            assert (await j.hears("presence", user=mina.id))["state"] == "away"
            left = now_ms()
        news = await j.hears("presence", user=mina.id)
        assert news["state"] == "offline"
        assert left - 1000 <= news["last_seen"] <= news["at"] - 1000 * CALM
        await told_nothing(s, mina)


# --- last seen, crashes -------------------------------------------------------------------------------------------------


async def test_when_somebody_was_last_seen_outlives_the_replica(
    restless_world: World, restless: Pair
) -> None:
    mina, jun = restless_world.people(2)
    restless_world.room(mina, jun)
    before = now_ms()
    async with visit(restless[0], mina):
        pass
    with trio.fail_after(10):
        while (seen := await trio.to_thread.run_sync(seen_in, restless_world, mina)) is None:  # noqa: ASYNC110 - in another process
            await trio.sleep(0.05)
    assert before <= seen <= now_ms()
    async with visit(restless[1], jun) as j:
        with trio.fail_after(10):
            while await states(j, mina) != ["offline"]:  # noqa: ASYNC110 - jun has no room open to hear it in
                await trio.sleep(0.3)
        answer = await j.ok("presence.query", users=[mina.id])
        assert answer["people"] == [{"user": mina.id, "state": "offline", "last_seen": seen}]


async def test_a_crashed_replicas_users_are_offline_and_a_restarted_one_leaves_no_ghosts(
    restless_world: World, restless: Pair
) -> None:
    doomed = restless_world.replicas(1, CHATD_LEASE_SECONDS=str(LEASE), CHATD_CALM_SECONDS=str(CALM))[0]
    mina, sol, jun = restless_world.people(3)
    room = restless_world.room(mina, sol, jun)
    async with visit(restless[0], jun, room) as j:
        async with visit(doomed, mina), visit(doomed, sol):
            for person in (mina, sol):
                await j.hears("presence", user=person.id, state="online")
            await trio.to_thread.run_sync(doomed.kill)
        await trio.to_thread.run_sync(doomed.start)
        async with visit(doomed, sol):
            assert (await j.hears("presence", user=mina.id))["state"] == "offline"
            assert await states(j, mina, sol) == ["offline", "online"]


async def test_redis_emptied_while_a_replica_dies_leaves_no_ghosts(
    restless_world: World, restless: Pair
) -> None:
    doomed = restless_world.replicas(1, CHATD_LEASE_SECONDS=str(LEASE), CHATD_CALM_SECONDS=str(CALM))[0]
    mina, sol, jun = restless_world.people(3)
    room = restless_world.room(mina, sol, jun)
    async with visit(restless[0], jun, room) as j, visit(restless[1], sol):
        async with visit(doomed, mina):
            for person in (mina, sol):
                await j.hears("presence", user=person.id, state="online")
            await trio.to_thread.run_sync(doomed.kill)
            await trio.to_thread.run_sync(empty, restless_world)
        assert (await j.hears("presence", user=mina.id))["state"] == "offline"
        assert await states(j, mina, sol) == ["offline", "online"]


def empty(world: World) -> None:
    with open_client(world.redis_url) as client:
        client.flushdb()


# --- how many -----------------------------------------------------------------------------------------------------------


async def test_how_many_are_here_is_told_to_who_asked(restless_world: World, restless: Pair) -> None:
    mina, jun, sol = restless_world.people(3)
    async with visit(restless[0], mina) as m, visit(restless[1], sol) as s:
        with trio.fail_after(10):
            while (await m.ok("online.watch"))["count"] != 2:  # noqa: ASYNC110 - those of other tests go
                await trio.sleep(0.2)
        await s.ok("online.watch", on=False)
        async with visit(restless[1], jun):
            await m.hears("online", count=3)
        await m.hears("online", count=2)
        assert await s.heard_so_far("online") == []


# --- refusals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("presence.set", {}),
        ("presence.set", {"state": "offline"}),
        ("presence.set", {"state": None}),
        ("presence.query", {}),
        ("presence.query", {"users": []}),
        ("presence.query", {"users": ["mina"]}),
        ("presence.query", {"users": "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"}),
        ("presence.query", {"users": [uuid7() for _ in range(201)]}),
        ("online.watch", {"on": "yes"}),
    ],
)
async def test_what_is_no_question_is_refused(
    shared_world: World, pair: Pair, command: str, fields: dict[str, Any]
) -> None:
    (mina,) = shared_world.people(1)
    async with visit(pair[0], mina) as raw:
        assert (await raw.refused(command, **fields))["code"] == "invalid"


async def test_two_hundred_may_be_asked_about_and_nobody_too_often(
    shared_world: World, unlimited: Replica
) -> None:
    (mina,) = shared_world.people(1)
    everybody = [uuid7() for _ in range(200)]
    async with visit(unlimited, mina) as raw:
        replies = await at_once(raw, "presence.query", *({"users": everybody} for _ in range(40)))
        assert len(replies[0]["ok"]["people"]) == 200
        refused = [reply["error"] for reply in replies if "error" in reply]
        assert {error["code"] for error in refused} == {"rate_limited"}
        assert all(error["retry_after_ms"] > 0 for error in refused)


async def test_who_turns_away_and_back_all_the_time_is_told_to_wait(
    shared_world: World, unlimited: Replica
) -> None:
    (mina,) = shared_world.people(1)
    async with visit(unlimited, mina) as raw:
        replies = await at_once(raw, "presence.set", *({"state": each} for each in ["away", "online"] * 20))
        refused = [reply["error"] for reply in replies if "error" in reply]
        assert len(refused) >= 20
        assert {error["code"] for error in refused} == {"rate_limited"}
        assert all(error["retry_after_ms"] > 0 for error in refused)
