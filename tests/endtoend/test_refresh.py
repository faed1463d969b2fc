"""A token that ends while its connection lives: it may be renewed, and until then listen but not speak."""

from __future__ import annotations

from tests.support.visit import outlive, say, saying, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def test_a_newer_token_renews_the_connection(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room, token=mina.token(2)) as raw:
        assert (await raw.hears("personal.expiring"))["expires_at"] == raw.welcome["expires_at"]
        renewed = await raw.ok("auth.refresh", token=mina.token(600))
        assert renewed["expires_at"] > raw.welcome["expires_at"] + 500_000
        await outlive(raw)
        await say(raw, room, "still here")


async def test_a_token_for_sockets_alone_opens_and_renews_one(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room, token=mina.token(60, for_socket=True)) as raw:
        renewed = await raw.ok("auth.refresh", token=mina.token(600, for_socket=True))
        assert renewed["expires_at"] > raw.welcome["expires_at"]
        await say(raw, room, "still here")


async def test_past_its_end_one_may_listen_and_not_speak_until_it_is_renewed(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room, token=mina.token(1)) as late, visit(pair[1], jun, room) as j:
        await outlive(late)
        refusal = await late.refused("message.send", **saying(room, "too late"))
        assert refusal["code"] == "token_expired"
        await say(j, room, "can you hear me?")
        assert (await late.hears("message"))["text"] == "can you hear me?"
        assert (await late.ok("history.page", room=room))["events"]
        await late.ok("auth.refresh", token=mina.token())
        await say(late, room, "yes")
        assert (await j.hears("message", text="yes"))["sender"] == mina.id


async def test_a_token_of_another_is_refused_and_changes_nothing(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as raw:
        for token, code in (
            (jun.token(), "token_invalid"),
            (mina.token(session=jun.session), "token_invalid"),
            (mina.token(-60), "token_expired"),
            ("garbage", "token_invalid"),
        ):
            assert (await raw.refused("auth.refresh", token=token))["code"] == code
        assert (await say(raw, room, "still me"))["seq"] == 1


async def test_an_older_token_takes_nothing_away(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    async with visit(pair[0], mina) as raw:
        renewed = await raw.ok("auth.refresh", token=mina.token(60))
        assert renewed["expires_at"] == raw.welcome["expires_at"]
