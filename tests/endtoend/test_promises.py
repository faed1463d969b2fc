"""The live product in one file: a test for each promise, by its name, on real services and two replicas.

Each is told as somebody would show it; the corners of every promise have their own files beside this one. Two promises
are only there, by their names, too, for what they need: heartbeats (`chatd/hostile/test_slow.py`) and bots and hooks
(`test_bots.py`).
"""

from __future__ import annotations

from contextlib import AsyncExitStack

import trio

from common import feed
from common.ids import uuid7
from common.limits import DOCUMENTED
from common.tokens import ACCESS_COOKIE
from tests.endtoend.test_attachments import upload
from tests.support.feed import join, publish
from tests.support.promptly import within
from tests.support.rawsocket import Raw, frame, open_raw
from tests.support.visit import outlive, say, say_many, saying, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


# --- live chat --------------------------------------------------------------------------------------------------------


async def test_connect(shared_world: World, pair: Pair) -> None:
    """With a token in the first frame, the header or the cookie; without a good one, a reason and whether to come back."""
    (mina,) = shared_world.people(1)
    async with visit(pair[0], mina) as raw:
        assert raw.welcome["user"] == mina.id
    for headers in (
        {"Authorization": f"Bearer {mina.token()}"},
        {"Cookie": f"{ACCESS_COOKIE}={mina.token()}"},
    ):
        async with open_raw(pair[0].port) as raw:
            await raw.shake_hands(**headers)
            await raw.say({"type": "hello"})
            assert (await raw.hears("welcome"))["user"] == mina.id
    for token, end in (
        ("not-a-token", (4500, "bad_token")),
        (mina.token(session=uuid7()), (4503, "session_revoked")),
        (mina.token(-60), (4005, "token_expired")),  # below 4500: come back, with a newer one
    ):
        async with open_raw(pair[0].port) as raw:
            await raw.shake_hands()
            await raw.say({"type": "hello", "token": token})
            assert await raw.ends() == end


async def test_personal_stream(shared_world: World, pair: Pair) -> None:
    """What concerns me comes to every connection of mine, on any replica, whatever rooms are open there: that I am called,
    what I have read elsewhere, and that a session is over."""
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with (
        visit(pair[0], mina) as phone,
        visit(pair[1], mina) as desk,
        visit(pair[1], jun, room) as j,
    ):
        await j.ok("message.send", **saying(room, "@mina 밥 먹자"), mentions=[mina.id])
        for device in (phone, desk):
            assert (await device.hears("personal.mention"))["by"] == jun.id
        await phone.ok("read.mark", room=room, mseq=1)
        for device in (phone, desk):
            assert (await device.hears("personal.read"))["unread"] == 0
        publish(shared_world, feed.SessionRevoked(user=mina.id, session=mina.session))
        with within(1):
            for device in (phone, desk):
                assert (await device.ends()).code == 4503


async def test_message(shared_world: World, pair: Pair) -> None:
    """4,000 characters of any script; sent again, from anywhere, it is one message, with one answer."""
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    text, client_id = "가나다 👩‍👩‍👧‍👦 " * 250, uuid7()
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j, visit(pair[1], mina) as desk:
        first = await say(m, room, text[:4000], client_id)
        for device in (m, desk):
            assert await say(device, room, text[:4000], client_id) == first
        assert (await m.refused("message.send", **saying(room, "가" * 4001)))["code"] == "text_too_long"
        await say(m, room, "다음")
        heard = [await j.hears("message") for _ in range(2)]
        assert [each["text"] for each in heard] == [text[:4000], "다음"]
        assert [each["seq"] for each in heard] == [first["seq"], first["seq"] + 1]


async def test_order(shared_world: World, pair: Pair) -> None:
    """One dense sequence of all that lasts for everybody, whoever does it where and at once."""
    people = shared_world.people(4)
    room = shared_world.room(*people)
    orders: list[list[tuple[int, str]]] = []

    async def talk(raw: Raw) -> None:
        for said in await say_many(raw, room, 4):
            change = {"room": room, "of": said["seq"]}
            await raw.ok("message.edit", **change, client_id=uuid7(), text="better")
            await raw.ok("reaction.add", **change, client_id=uuid7(), emoji="👍")
            await raw.ok("message.delete", **change, client_id=uuid7())
        heard: list[tuple[int, str]] = []
        while len(heard) < 4 * 4 * 4:
            event = await raw.hears()
            if "seq" in event and event.get("room") == room and not event["type"].startswith("personal"):
                heard.append((event["seq"], event["type"]))
        orders.append(heard)

    async with AsyncExitStack() as stack, trio.open_nursery() as nursery:
        raws = [
            await stack.enter_async_context(visit(pair[number % 2], person, room))
            for number, person in enumerate(people)
        ]
        for raw in raws:
            nursery.start_soon(talk, raw)
    assert orders == [orders[0]] * 4
    assert [seq for seq, _ in orders[0]] == list(range(1, 65))
    assert {kind for _, kind in orders[0]} == {"message", "message.edited", "reaction", "message.deleted"}


async def test_acknowledged_means_stored(world: World) -> None:
    """The replica that answered dies without a word; what it answered is in the room's history."""
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2)
    async with visit(a, mina, room) as m:
        answers = await say_many(m, room, 20)
        await trio.to_thread.run_sync(a.kill)
    async with visit(b, jun, room) as j:
        page = await j.ok("history.page", room=room, limit=100)
        stored = {each["seq"]: each["text"] for each in page["events"] if each["type"] == "message"}
        assert stored == {answer["seq"]: f"{number}" for number, answer in enumerate(answers)}


async def test_history(shared_world: World, pair: Pair) -> None:
    """Before, after and around a place, pictures alone, and found by a piece of a Korean word; or all that came since I did."""
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, history="joined")
    picture = upload(shared_world, mina, room)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        said = [await say(m, room, text) for text in ("한강 산책", "김치찌개", "된장찌개", "달리기")]
        seqs = [each["seq"] for each in said]
        await j.hears("message", seq=seqs[-1])
        for asked, expected in (
            ({"before": seqs[2]}, seqs[:2]),
            ({"after": seqs[1]}, seqs[2:]),
            ({"around": seqs[1], "limit": 3}, seqs[:3]),
        ):
            page = await j.ok("history.page", room=room, **asked)
            assert [each["seq"] for each in page["events"] if each["type"] == "message"] == expected
        found = await j.ok("history.search", room=room, text="찌개")
        assert [each["seq"] for each in found["events"]] == [seqs[2], seqs[1]]
        sent = await m.ok("message.send", **saying(room, ""), kind="image", attachments=[picture])
        await j.hears("message", seq=sent["seq"])
        images = await j.ok("history.page", room=room, only="images")
        assert [each["seq"] for each in images["events"]] == [sent["seq"]]
        join(shared_world, sol, room)
        async with visit(pair[1], sol) as s:
            since = await say(m, room, "어서 와")
            await j.hears("message", seq=since["seq"])  # at the replica that is asked now
            page = await s.ok("history.page", room=room)
            assert [each["seq"] for each in page["events"] if each["type"] == "message"] == [since["seq"]]


async def test_resume(shared_world: World, pair: Pair) -> None:
    """Back at another replica with the place one had: exactly what was missed, and then what comes; or honestly a reset."""
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m:
        async with visit(pair[0], jun) as j:
            position = (await j.ok("room.open", room=room))["position"]
        missed = [answer["seq"] for answer in await say_many(m, room, 5)]
        async with visit(pair[1], jun, resume={room: position}) as j:
            assert [(await j.hears("message"))["seq"] for _ in missed] == missed
            live = await say(m, room, "and now")
            assert (await j.hears("message"))["seq"] == live["seq"]
        async with visit(pair[1], jun, resume={room: {**position, "epoch": "another"}}) as j:
            assert (await j.hears("reset"))["position"]["seq"] == live["seq"]


async def test_edit_delete_react_reply_thread_pin(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        said = (await say(m, room, "점심 한 시"))["seq"]
        await m.ok("message.edit", room=room, client_id=uuid7(), of=said, text="점심 두 시")
        assert (await j.hears("message.edited"))["text"] == "점심 두 시"
        await j.ok("reaction.add", room=room, client_id=uuid7(), of=said, emoji="👍")
        assert (await m.hears("reaction"))["user"] == jun.id
        await j.ok("message.send", **saying(room, "좋아요"), reply_to=said)
        await m.hears("message", text="좋아요")
        thread = await m.ok("history.thread", room=room, of=said)
        assert [each["text"] for each in thread["events"] if each["type"] == "message"][-1] == "좋아요"
        await m.ok("pin.add", room=room, client_id=uuid7(), of=said)
        assert (await j.hears("pin"))["change"] == "pinned"
        await m.ok("message.delete", room=room, client_id=uuid7(), of=said)
        assert (await j.hears("message.deleted"))["of"] == said
        page = await j.ok("history.page", room=room)
        assert next(each for each in page["events"] if each["seq"] == said)["text"] == ""


async def test_typing_and_read_marks(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with (
        visit(pair[0], mina, room) as phone,
        visit(pair[1], mina) as desk,
        visit(pair[1], jun, room) as j,
    ):
        await j.ok("typing", room=room, on=True)
        assert (await phone.hears("typing"))["user"] == jun.id
        await say_many(j, room, 3)
        await phone.ok("read.mark", room=room, mseq=2)
        assert (await desk.hears("personal.read"))["unread"] == 1
        assert (await j.hears("read"))["mseq"] == 2


async def test_expired_token(shared_world: World, pair: Pair) -> None:
    """Past its end it listens and does not send; a newer one renews the connection where it is."""
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with (
        visit(pair[1], jun, room) as j,
        visit(pair[0], mina, room, token=mina.token(life_s=3)) as m,
    ):
        await say(m, room, "still here")
        await outlive(m)
        assert (await m.refused("message.send", **saying(room, "and still")))["code"] == "token_expired"
        await say(j, room, "do you hear me?")
        while (await m.hears("message"))["text"] != "do you hear me?":
            pass
        await m.ok("auth.refresh", token=mina.token())
        await say(m, room, "yes")


async def test_limits(shared_world: World, pair: Pair) -> None:
    """Too fast, too many and too large is refused with the time to wait, and nothing is lost in silence: every command has
    its answer. (The rooms of one connection are counted in `chatd/hostile/test_floods.py`.)"""
    promised = {
        "frame_bytes": 65_536, "commands_per_second": 20, "command_burst": 60, "connections_per_user": 10,
        "open_rooms": 200, "hello_within_ms": 10_000, "expired_token_grace_ms": 60_000,
    }  # fmt: skip
    assert {name: DOCUMENTED[name] for name in promised} == promised
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina)
    async with AsyncExitStack() as stack:
        for number in range(10):
            await stack.enter_async_context(visit(pair[number % 2], jun))
        eleventh = await stack.enter_async_context(open_raw(pair[1].port))
        await eleventh.shake_hands()
        await eleventh.say({"type": "hello", "id": "1", "token": jun.token()})
        error = (await eleventh.hears("reply", id="1"))["error"]
        assert (error["code"], error["retry_after_ms"] > 0) == ("too_many_connections", True)
        assert (await eleventh.ends()).code == 4504
    async with visit(pair[0], mina, room) as raw:
        await raw.send(frame(b"x" * 65_537))
        assert (await raw.ends()).code == 1009
    async with visit(pair[0], mina, room) as raw:
        await raw.say(*({"type": "ping", "id": f"{number}"} for number in range(100)))
        answers = [await raw.hears("reply") for _ in range(100)]
        refused = [each["error"] for each in answers if "error" in each]
        assert 0 < len(refused) < 100
        assert all(each["code"] == "rate_limited" and each["retry_after_ms"] > 0 for each in refused)


async def test_slow_reader(shared_world: World, pair: Pair, unlimited: Replica) -> None:
    """Who does not read is let go with a code that says come back; those who do notice nothing."""
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, sol)
    async with (
        visit(unlimited, mina, room) as m,
        visit(unlimited, jun, room) as slow,
        visit(unlimited, sol, room) as s,
    ):
        ended = "madang_chatd_disconnects_total"
        before = await trio.to_thread.run_sync(unlimited.metric, ended)
        for number in range(300):  # 3.6 MB for each of them; `slow` reads nothing before it is let go
            answer = await say(m, room, "흙" * 4000)
            assert (await s.hears("message"))["seq"] == answer["seq"]
            if number % 10 == 0 and await trio.to_thread.run_sync(unlimited.metric, ended) > before:
                break
        assert (await slow.ends()).code == 4008


# --- presence ---------------------------------------------------------------------------------------------------------


async def test_presence(shared_world: World, pair: Pair) -> None:
    """Here while any device is, away when all of them are, and not gone for who is back in a moment; told to who shares the
    room, on every replica, and to nobody else."""
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], sol) as stranger:
        async with visit(pair[1], jun) as phone, visit(pair[0], jun) as desk:
            assert (await m.hears("presence"))["state"] == "online"
            await phone.ok("presence.set", state="away")
            await desk.ok("presence.set", state="away")
            assert (await m.hears("presence"))["state"] == "away"
            for raw, state in ((m, "away"), (stranger, "offline")):
                asked = await raw.ok("presence.query", users=[jun.id])
                assert [(each["user"], each["state"]) for each in asked["people"]] == [(jun.id, state)]
        async with visit(pair[1], jun):
            assert (await m.hears("presence"))["state"] == "online"
        assert await stranger.heard_so_far("presence") == []
