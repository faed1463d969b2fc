"""Bots and their tokens: whose they are, what is shown once, what ends when."""

from __future__ import annotations

from typing import Literal

import msgspec
import pytest
import trio

from common import feed
from common.permissions import SCOPES
from common.postgres import Connection
from common.tokens import verify
from control.admin import standing
from tests.control.bots.conftest import Owner, Owners, exchanged
from tests.control.rooms.conftest import Guests, Json, good, refused
from tests.support.control import Control


async def rows(control: Control, statement: str, *arguments: object) -> list[tuple[object, ...]]:
    async def read(connection: Connection) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await connection.fetch(statement, *arguments)]

    return await control.services.db.read(read)


async def announced(control: Control) -> list[feed.AnyChange]:
    found = await rows(control, "SELECT data FROM outbox ORDER BY id")
    return [msgspec.json.decode(str(data), type=feed.AnyChange) for (data,) in found]


# --- bots -------------------------------------------------------------------------------------------------------------


async def test_a_mentor_makes_a_bot_and_sees_it_in_a_list_of_their_own(owners: Owners) -> None:
    arin, bora = await owners(2)
    bot = await arin.bot("점심봇", about="오늘의 메뉴")
    assert (bot["nickname"], bot["about"]) == ("점심봇", "오늘의 메뉴")
    assert good(await arin.http.get("/api/v1/bots")) == {"bots": [bot]}
    assert good(await bora.http.get("/api/v1/bots")) == {"bots": []}


async def test_who_is_no_mentor_makes_none(guests: Guests) -> None:
    (mina,) = await guests(1)
    refused(await mina.http.post("/api/v1/bots", json={"nickname": "봇봇"}), "forbidden")


async def test_a_bot_is_somebody_without_a_password(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    statement = "SELECT kind, email, phone, password_hash FROM users WHERE id = $1"
    assert await rows(control, statement, bot["id"]) == [("bot", None, None, None)]


@pytest.mark.parametrize("nickname", ["x", "a" * 21, "   ", "a\u200bb", 7])
async def test_a_bots_nickname_is_as_a_persons(owners: Owners, nickname: object) -> None:
    (arin,) = await owners(1)
    refused(await arin.http.post("/api/v1/bots", json={"nickname": nickname}), "invalid")


async def test_a_bot_takes_nobodys_nickname(owners: Owners) -> None:
    arin, bora = await owners(2)
    await arin.bot("점심봇")
    refused(await bora.http.post("/api/v1/bots", json={"nickname": "점심봇"}), "nickname_taken")
    refused(await arin.http.post("/api/v1/bots", json={"nickname": bora.guest.nickname}), "nickname_taken")


async def test_there_are_ten_bots_for_an_owner_and_not_one_more_however_they_are_made(owners: Owners) -> None:
    (arin,) = await owners(1)
    codes: list[int] = []

    async def make(number: int) -> None:
        answer = await arin.http.post("/api/v1/bots", json={"nickname": f"bot{number}"})
        codes.append(answer.status_code)

    async with trio.open_nursery() as nursery:
        for number in range(14):
            nursery.start_soon(make, number)
    assert sorted(codes) == [201] * 10 + [409] * 4


# --- tokens -----------------------------------------------------------------------------------------------------------


async def test_a_token_is_shown_once_and_kept_as_a_hash(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    made = await arin.token(bot, "write", "read", "read")
    assert made["secret"].startswith("madang_bot_")
    assert made["token"]["scopes"] == ["read", "write"]
    listed = await arin.http.get(f"/api/v1/bots/{bot['id']}/tokens")
    assert good(listed) == {"tokens": [made["token"]]}
    assert made["secret"] not in listed.text
    stored = await rows(control, "SELECT to_jsonb(t)::text FROM bot_tokens t")
    assert made["secret"] not in str(stored)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["everything"]},
        {"name": "", "scopes": ["read"]},
        {"name": "x" * 51, "scopes": ["read"]},
        {"name": "x", "scopes": ["read"] * 4},
    ],
)
async def test_a_token_says_what_it_is_for(owners: Owners, body: Json) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    refused(await arin.http.post(f"/api/v1/bots/{bot['id']}/tokens", json=body), "invalid")


async def test_nobody_touches_anothers_bot(owners: Owners, guests: Guests) -> None:
    arin, bora = await owners(2)
    bot = await arin.bot()
    token = await arin.token(bot)
    room = (await bora.guest.create())["id"]
    for answer in (
        await bora.http.get(f"/api/v1/bots/{bot['id']}/tokens"),
        await bora.http.post(f"/api/v1/bots/{bot['id']}/tokens", json={"name": "x", "scopes": ["read"]}),
        await bora.revoke(bot, token),
        await bora.http.delete(f"/api/v1/bots/{bot['id']}"),
        await bora.put(bot, room),
        await bora.http.delete(f"/api/v1/bots/{bot['id']}/rooms/{room}"),
    ):
        refused(answer, "not_found")


async def test_ten_tokens_for_a_bot(owners: Owners) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    made = [await arin.token(bot, "read") for _ in range(10)]
    body = {"name": "x", "scopes": ["read"]}
    refused(await arin.http.post(f"/api/v1/bots/{bot['id']}/tokens", json=body), "list_full")
    await arin.revoke(bot, made[0])
    assert await arin.token(bot, "read")


# --- exchange ---------------------------------------------------------------------------------------------------------


async def test_a_token_is_exchanged_for_an_access_token_with_the_permissions_of_its_scopes(
    control: Control, owners: Owners
) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    access = await exchanged(control, (await arin.token(bot, "read"))["secret"])
    keys = await control.services.keys.public(None)
    claims = verify(access["access_token"], keys, control.clock.now_ms)
    assert (claims.sub, claims.sid, claims.roles) == (bot["id"], access["session"], ("bot",))
    assert set(claims.permissions) == SCOPES["read"]
    assert claims.expires_at == access["access_expires_at"]
    assert access["nickname"] == bot["nickname"]


async def test_every_exchange_continues_one_session(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    token, other = await arin.token(bot), await arin.token(bot)
    sessions: set[str] = set()

    async def once() -> None:
        sessions.add((await exchanged(control, token["secret"]))["session"])

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(once)
    assert len(sessions) == 1
    assert (await exchanged(control, other["secret"]))["session"] not in sessions
    (listed, _) = good(await arin.http.get(f"/api/v1/bots/{bot['id']}/tokens"))["tokens"]
    assert listed["last_used_at"] == control.clock.now_ms


async def test_a_session_that_was_swept_away_is_made_anew(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    token = await arin.token(await arin.bot())
    first = await exchanged(control, token["secret"])

    async def sweep(connection: Connection) -> None:
        await connection.execute("DELETE FROM sessions WHERE id = $1", first["session"])

    await control.services.db.transaction(sweep)
    assert (await exchanged(control, token["secret"]))["session"] != first["session"]


@pytest.mark.parametrize("secret", ["madang_bot_wrong", "x", "안녕"])
async def test_what_is_no_token_is_refused(control: Control, secret: str) -> None:
    refused(await control.post("/api/v1/bots/token", {"token": secret}), "token_invalid")


@pytest.mark.parametrize("body", [{}, {"token": ""}, {"token": 7}, {"token": "x" * 201}])
async def test_an_exchange_brings_a_token(control: Control, body: Json) -> None:
    refused(await control.post("/api/v1/bots/token", body), "invalid")


async def test_a_revoked_token_ends_its_session_and_is_good_for_nothing(
    control: Control, owners: Owners
) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    token, other = await arin.token(bot), await arin.token(bot)
    access, others = await exchanged(control, token["secret"]), await exchanged(control, other["secret"])
    for _ in range(2):
        assert (await arin.revoke(bot, token)).status_code == 204
    ended = [each for each in await announced(control) if isinstance(each, feed.SessionRevoked)]
    assert ended == [feed.SessionRevoked(session=access["session"], user=bot["id"])]
    refused(await control.post("/api/v1/bots/token", {"token": token["secret"]}), "session_revoked")
    async with control.with_token(access["access_token"]) as http:
        refused(await http.get("/api/v1/rooms/mine"), "session_revoked")
    async with control.with_token(others["access_token"]) as http:
        good(await http.get("/api/v1/rooms/mine"))


async def test_a_token_that_is_exchanged_while_it_is_revoked_leaves_no_live_session(
    control: Control, owners: Owners
) -> None:
    (arin,) = await owners(1)
    bot = await arin.bot()
    for _ in range(5):
        token = await arin.token(bot)
        async with trio.open_nursery() as nursery:
            for _ in range(3):
                nursery.start_soon(control.post, "/api/v1/bots/token", {"token": token["secret"]})
            nursery.start_soon(arin.revoke, bot, token)
    live = "SELECT count(*) FROM sessions WHERE user_id = $1 AND revoked_at IS NULL"
    assert await rows(control, live, bot["id"]) == [(0,)]


@pytest.mark.parametrize("whom", ["the bot", "its owner"])
async def test_a_bot_is_silent_while_it_or_its_owner_is_suspended(
    control: Control, owners: Owners, guests: Guests, whom: str
) -> None:
    (arin,), (admin,) = await owners(1), await guests(1)
    bot = await arin.bot()
    token = await arin.token(bot)
    access = await exchanged(control, token["secret"])
    person = bot["id"] if whom == "the bot" else arin.guest.id
    await standing.suspend(control.services, admin.id, person, "spam")
    assert feed.SessionRevoked(session=access["session"], user=bot["id"]) in await announced(control)
    refused(await control.post("/api/v1/bots/token", {"token": token["secret"]}), "suspended")
    await standing.reinstate(control.services, admin.id, person)
    assert (await exchanged(control, token["secret"]))["session"] != access["session"]


async def test_a_bot_that_is_let_in_while_its_owner_is_suspended_has_no_live_session(
    control: Control, owners: Owners, guests: Guests
) -> None:
    owner, (admin,) = (await owners(1))[0], await guests(1)
    bot = await owner.bot()
    token = await owner.token(bot)
    async with trio.open_nursery() as nursery:
        for _ in range(6):
            nursery.start_soon(control.post, "/api/v1/bots/token", {"token": token["secret"]})
        nursery.start_soon(standing.suspend, control.services, admin.id, owner.guest.id, "spam")
    live = "SELECT count(*) FROM sessions WHERE user_id = $1 AND revoked_at IS NULL"
    assert await rows(control, live, bot["id"]) == [(0,)]


async def test_the_bots_of_who_is_no_mentor_any_more_fall_silent_and_are_still_the_owners_to_end(
    control: Control, owners: Owners, guests: Guests
) -> None:
    (arin,), (admin,) = await owners(1), await guests(1)
    bot, other = await arin.bot(), await arin.bot("저녁봇")
    token, room = await arin.token(bot), (await arin.guest.create())["id"]
    assert (await arin.put(bot, room)).status_code == 204
    access = await exchanged(control, token["secret"])
    await standing.set_roles(control.services, admin.id, arin.guest.id, ["mentee"])
    assert feed.SessionRevoked(session=access["session"], user=bot["id"]) in await announced(control)
    refused(await control.post("/api/v1/bots/token", {"token": token["secret"]}), "forbidden")
    refused(await arin.put(other, room), "forbidden")
    body = {"name": "x", "scopes": ["read"]}
    refused(await arin.http.post(f"/api/v1/bots/{bot['id']}/tokens", json=body), "forbidden")
    assert [each["id"] for each in good(await arin.http.get("/api/v1/bots"))["bots"]] == [
        bot["id"],
        other["id"],
    ]
    (kept,) = good(await arin.http.get(f"/api/v1/bots/{bot['id']}/tokens"))["tokens"]
    assert kept["id"] == token["token"]["id"]
    for answer in (
        await arin.http.delete(f"/api/v1/bots/{bot['id']}/rooms/{room}"),
        await arin.revoke(bot, token),
        await arin.http.delete(f"/api/v1/bots/{bot['id']}"),
    ):
        assert answer.status_code == 204, answer.text
    await standing.set_roles(control.services, admin.id, arin.guest.id, ["mentor"])
    refused(await control.post("/api/v1/bots/token", {"token": token["secret"]}), "session_revoked")


@pytest.mark.parametrize("left", ["mentor", "admin"])
async def test_a_change_of_roles_that_leaves_the_right_to_bots_leaves_them_alone(
    control: Control, owners: Owners, guests: Guests, left: Literal["mentor", "admin"]
) -> None:
    (arin,), (admin,) = await owners(1), await guests(1)
    await control.grant(arin.guest.id, "admin")
    await control.grant(admin.id, "admin")
    token = await arin.token(await arin.bot())
    access = await exchanged(control, token["secret"])
    await standing.set_roles(control.services, admin.id, arin.guest.id, [left])
    assert (await exchanged(control, token["secret"]))["session"] == access["session"]


# --- what a bot may -------------------------------------------------------------------------------------------------


async def test_a_bot_may_over_http_what_its_scopes_say(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    bot, room = await arin.bot(), await arin.guest.create()

    async def tries(*scopes: str) -> list[int]:
        access = await exchanged(control, (await arin.token(bot, *scopes))["secret"])
        async with control.with_token(access["access_token"]) as http:
            return [
                (await http.get("/api/v1/rooms/mine")).status_code,
                (await http.post("/api/v1/rooms/join", json={"code": room["join_code"]})).status_code,
                (await http.post("/api/v1/rooms", json={"title": "x"})).status_code,
            ]

    assert await tries("read") == [200, 403, 403]
    assert await tries("write") == [403, 403, 403]
    assert await tries("rooms") == [403, 200, 403]


async def test_a_bot_has_no_account_to_look_after(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    access = await exchanged(control, (await arin.token(await arin.bot()))["secret"])
    async with control.with_token(access["access_token"]) as http:
        for answer in (
            await http.get("/api/v1/me"),
            await http.get("/api/v1/sessions"),
            await http.delete("/api/v1/sessions"),
            await http.post("/api/v1/bots", json={"nickname": "손자봇"}),
        ):
            refused(answer, "forbidden")


# --- rooms ------------------------------------------------------------------------------------------------------------


async def members(owner: Owner, room: str) -> list[str]:
    return [each["nickname"] for each in (await owner.guest.members(room))["members"]]


async def test_an_owner_puts_a_bot_into_a_room_and_takes_it_out(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    bot, room = await arin.bot(), (await arin.guest.create())["id"]
    for _ in range(2):
        assert (await arin.put(bot, room)).status_code == 204
    assert await members(arin, room) == [arin.guest.nickname, "점심봇"]
    for _ in range(2):
        assert (await arin.http.delete(f"/api/v1/bots/{bot['id']}/rooms/{room}")).status_code == 204
    assert await members(arin, room) == [arin.guest.nickname]
    told = [each for each in await announced(control) if isinstance(each, feed.MemberChanged)]
    assert [(each.name, each.change) for each in told] == [
        (arin.guest.nickname, "joined"),
        ("점심봇", "joined"),
        ("점심봇", "left"),
    ]


async def test_a_bot_is_put_only_where_its_owner_moderates(owners: Owners, guests: Guests) -> None:
    arin, bora = await owners(2)
    bot = await arin.bot()
    room = (await bora.guest.create())["id"]
    refused(await arin.put(bot, room), "not_a_member")
    await arin.guest.join(room)
    refused(await arin.put(bot, room), "not_a_moderator")
    refused(await arin.put(bot, bot["id"]), "room_not_found")
    direct = (await arin.guest.direct(bora.guest))["id"]
    refused(await arin.put(bot, direct), "not_a_moderator")


async def test_a_bot_fits_into_no_full_room(owners: Owners, guests: Guests) -> None:
    (arin,) = await owners(1)
    (mina,) = await guests(1)
    room = (await arin.guest.create(capacity=2))["id"]
    await mina.join(room)
    refused(await arin.put(await arin.bot(), room), "room_full")


async def test_a_retired_bot_has_no_token_and_is_in_no_room(control: Control, owners: Owners) -> None:
    (arin,) = await owners(1)
    bot, rooms = await arin.bot(), [(await arin.guest.create())["id"] for _ in range(3)]
    for room in rooms:
        await arin.put(bot, room)
    token = await arin.token(bot)
    access = await exchanged(control, token["secret"])
    for _ in range(2):
        assert (await arin.http.delete(f"/api/v1/bots/{bot['id']}")).status_code == 204
    assert good(await arin.http.get("/api/v1/bots")) == {"bots": []}
    assert feed.SessionRevoked(session=access["session"], user=bot["id"]) in await announced(control)
    refused(await control.post("/api/v1/bots/token", {"token": token["secret"]}), "session_revoked")
    for room in rooms:
        assert await members(arin, room) == [arin.guest.nickname]
        refused(await arin.put(bot, room), "not_found")
    body = {"name": "x", "scopes": ["read"]}
    refused(await arin.http.post(f"/api/v1/bots/{bot['id']}/tokens", json=body), "not_found")
