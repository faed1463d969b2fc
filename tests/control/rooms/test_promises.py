"""Each promise about rooms by its name, over HTTP on the real stores; the modules beside this one have the corners."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import trio

from common.presence import AWAY, PEOPLE
from common.redis import Redis, open_redis
from control.rooms import reading
from control.rooms.views import MineQuery
from tests.control.rooms.conftest import Guest, Guests, Json, Talk, good, refused
from tests.control.rooms.test_reading import ids
from tests.support.categories import offer
from tests.support.control import Control

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def change(guest: Guest, room: str, **wanted: Any) -> Json:
    return good(await guest.http.patch(f"/api/v1/rooms/{room}", json=wanted))


async def face(guest: Guest) -> Json:
    """Of the one other in my one room."""
    (room,) = (await guest.mine())["rooms"]
    (found,) = room["faces"]
    shown: Json = found
    return shown


async def here(redis: Redis, guest: Guest, *, away: bool = False) -> None:
    """As chatd's register has somebody who is connected."""
    await redis.call("HSET", PEOPLE, guest.id, 1 << 20)
    if away:
        await redis.call("SADD", AWAY, guest.id)


# --- kinds ------------------------------------------------------------------------------------------------------------


async def test_kinds_a_direct_room_is_exactly_one_for_two_people_whoever_opens_it_and_when(
    guests: Guests,
) -> None:
    mina, jun = await guests(2)
    opened: set[str] = set()

    async def open_it(one: Guest, other: Guest) -> None:
        opened.add((await one.direct(other))["id"])

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(open_it, mina, jun)
            nursery.start_soon(open_it, jun, mina)
    (room,) = opened
    assert (await mina.room(room))["member_count"] == 2
    await mina.leave(room)
    assert (await jun.direct(mina))["id"] == room


async def test_kinds_a_call_passes_to_whoever_came_first_and_is_removed_when_empty(guests: Guests) -> None:
    mina, jun, sol, late = await guests(4)
    call = await mina.create("잠깐 통화", kind="call")
    room = call["id"]
    assert (call["kind"], call["capacity"]) == ("call", 4)
    assert ids(await jun.listed()) == []
    good(await jun.try_code(call["join_code"]))
    await sol.join(room)
    answer = await mina.http.put(f"/api/v1/rooms/{room}/members/{sol.id}/role", json={"role": "moderator"})
    assert answer.is_success, answer.text
    await mina.leave(room)
    roles = {each["id"]: each["role"] for each in (await jun.members(room))["members"]}
    assert roles == {jun.id: "owner", sol.id: "moderator"}
    await jun.leave(room)
    assert (await sol.room(room))["membership"]["role"] == "owner"
    await sol.leave(room)
    refused(await sol.http.get(f"/api/v1/rooms/{room}"), "room_not_found")
    refused(await late.try_code(call["join_code"]), "room_code_wrong")


async def test_kinds_that_come_with_something_else_are_made_by_nobody(guests: Guests) -> None:
    (mina,) = await guests(1)
    for kind in ("direct", "class", "match", "party"):
        answer = await mina.http.post("/api/v1/rooms", json={"title": "방", "kind": kind})
        assert "kind" in refused(answer, "invalid")["fields"]


# --- fields -----------------------------------------------------------------------------------------------------------


async def test_fields_are_kept_as_they_were_given_and_can_all_be_changed(
    control: Control, guests: Guests
) -> None:
    await offer(control, "exercise", "cooking", "music", "reading")
    (mina,) = await guests(1)
    given: Json = {
        "title": "한강 달리기",
        "description": "화요일\n저녁",
        "category": "exercise",
        "tags": ["강", "밤", "바람", "물", "길"],
        "capacity": 12,
        "visibility": "private",
        "history": "all",
    }
    room = await mina.create(**given)
    assert {name: room[name] for name in given} == given
    assert len(room["join_code"]) == 6
    assert set(room["join_code"]) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert room["slow_mode"] == 0
    other: Json = {
        "title": "남산 걷기",
        "description": "",
        "category": None,
        "tags": [],
        "capacity": 2,
        "visibility": "public",
        "history": "joined",
        "slow_mode": 30,
    }
    changed = await change(mina, room["id"], **other)
    assert {name: changed[name] for name in other} == other
    answer = await mina.http.patch(f"/api/v1/rooms/{room['id']}", json={"tags": list("가나다라마바")})
    assert "tags" in refused(answer, "invalid")["fields"]


async def test_fields_history_is_from_my_own_joining_unless_the_room_says_all(
    guests: Guests, talk: Talk
) -> None:
    mina, jun = await guests(2)
    for given, shown in (({}, 0), ({"history": "joined"}, 0), ({"history": "all"}, 1)):
        room = (await mina.create(**given))["id"]
        await talk.say(room, mina, "옛말", ago_ms=60_000)
        await jun.join(room)
        page = good(await jun.http.get(f"/api/v1/rooms/{room}/events"))
        assert len([event for event in page["events"] if event["type"] == "message"]) == shown


# --- membership -------------------------------------------------------------------------------------------------------


async def test_membership_carries_what_a_room_keeps_of_somebody_until_they_leave(
    guests: Guests, talk: Talk
) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    joined = (await jun.join(room))["membership"]
    assert joined == {
        "role": "member",
        "joined_at": joined["joined_at"],
        "muted_until": None,
        "last_read": 0,
        "notifications": "all",
    }
    await talk.say(room, mina, "하나", "둘")
    await jun.mark_read(room, 2)
    path = f"/api/v1/rooms/{room}/notifications"
    assert (await jun.http.put(path, json={"notifications": "mentions"})).is_success
    kept = (await jun.room(room))["membership"]
    assert kept == {**joined, "last_read": 2, "notifications": "mentions"}
    await jun.leave(room)
    assert (await jun.join(room))["membership"]["notifications"] == "all"


# --- joining ----------------------------------------------------------------------------------------------------------


async def test_joining_is_by_list_code_password_invitation_or_link(guests: Guests) -> None:
    mina, *crowd = await guests(6)
    secret = await mina.create("비밀", visibility="secret", password="달빛 아래")
    hidden = await mina.create("몰래", visibility="private")
    listed, coded, keyed, invited, linked = crowd
    await listed.join((await mina.create())["id"])
    assert good(await coded.try_code(hidden["join_code"].lower()))["id"] == hidden["id"]
    await keyed.join(secret["id"], "달빛 아래")
    asked = await mina.http.post(f"/api/v1/rooms/{hidden['id']}/invitations", json={"people": [invited.id]})
    assert asked.is_success, asked.text
    (invitation,) = good(await invited.http.get("/api/v1/me/invitations"))["invitations"]
    assert (await invited.http.post(f"/api/v1/me/invitations/{invitation['id']}/accept")).is_success
    made = await mina.http.post(f"/api/v1/rooms/{hidden['id']}/links", json={"expires_in": 3600})
    assert made.is_success, made.text
    assert (await linked.http.post(f"/api/v1/links/{made.json()['code']}/join")).is_success
    members = (await mina.members(hidden["id"]))["members"]
    assert {each["id"] for each in members} == {mina.id, coded.id, invited.id, linked.id}


async def test_joining_full_banned_and_a_wrong_password_are_told_apart(guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    full = (await mina.create(capacity=2))["id"]
    await jun.join(full)
    refused(await sol.try_join(full), "room_full")
    secret = (await mina.create(visibility="secret", password="달빛 아래"))["id"]
    refused(await sol.try_join(secret, "햇빛 아래"), "room_password_wrong")
    refused(await sol.try_join(secret), "room_password_wrong")
    await sol.join(secret, "달빛 아래")
    ban = await mina.http.put(f"/api/v1/rooms/{secret}/bans/{sol.id}", json={})
    assert ban.is_success, ban.text
    refused(await sol.try_join(secret, "달빛 아래"), "banned")
    hidden = (await mina.create(visibility="private"))["id"]
    refused(await sol.try_join(hidden), "room_not_joinable")
    refused(await sol.try_code("000000"), "room_code_wrong")
    refused(await sol.try_join(NOBODY), "room_not_found")


# --- my rooms ---------------------------------------------------------------------------------------------------------


async def test_my_rooms_show_last_message_unread_count_faces_and_presence(
    control: Control, guests: Guests, talk: Talk
) -> None:
    mina, jun, sol = await guests(3)
    room = (await mina.create("한강 달리기"))["id"]
    for guest in (jun, sol):
        await guest.join(room)
    await talk.say(room, jun, "하나", "둘")
    await here(control.services.redis, jun)
    await here(control.services.redis, sol, away=True)
    (shown,) = (await mina.mine())["rooms"]
    assert (shown["last_message"]["text"], shown["unread"]) == ("둘", 2)
    assert [(each["id"], each["state"]) for each in shown["faces"]] == [(jun.id, "online"), (sol.id, "away")]
    (shown,) = (await jun.mine())["rooms"]
    assert [(each["id"], each["state"]) for each in shown["faces"]] == [
        (mina.id, "offline"),
        (sol.id, "away"),
    ]


@pytest.mark.parametrize("blocker", ["mina", "jun"])
async def test_my_rooms_tell_nobody_who_is_here_of_whom_a_block_hides(
    control: Control, guests: Guests, blocker: str
) -> None:
    mina, jun = await guests(2)
    await jun.join((await mina.create())["id"])
    await here(control.services.redis, jun)
    assert (await face(mina))["state"] == "online"
    one, other = (mina, jun) if blocker == "mina" else (jun, mina)
    assert (await one.http.put(f"/api/v1/me/relations/blocked/{other.id}")).is_success
    assert (await face(mina))["state"] == "offline"


async def test_my_rooms_tell_who_is_here_as_each_has_said_who_may_know(
    control: Control, guests: Guests
) -> None:
    mina, jun = await guests(2)
    await jun.join((await mina.create())["id"])
    await here(control.services.redis, jun)
    for setting, listed, state in (
        ("everyone", False, "online"),
        ("nobody", True, "offline"),
        ("friends", False, "offline"),
        ("friends", True, "online"),
    ):
        assert (await jun.http.patch("/api/v1/me", json={"presence": setting})).is_success
        path = f"/api/v1/me/relations/friend/{mina.id}"
        assert (await (jun.http.put if listed else jun.http.delete)(path)).is_success
        assert (await face(mina))["state"] == state, (setting, listed)


async def test_my_rooms_are_shown_without_presence_while_redis_is_away(
    control: Control, guests: Guests
) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    await jun.join(room)
    async with open_redis("redis://127.0.0.1:1/0") as nowhere:
        mine = await reading.mine(replace(control.services, redis=nowhere), mina.id, MineQuery())
    (shown,) = mine.rooms
    assert (shown.id, [(each.id, each.state) for each in shown.faces]) == (room, [(jun.id, None)])


async def test_my_rooms_ask_redis_once_for_all_faces_of_all_rooms(control: Control, guests: Guests) -> None:
    mina, *others = await guests(6)
    async with trio.open_nursery() as nursery:
        for number in range(8):
            nursery.start_soon(_room_of_all, mina, others, f"방 {number}")
    asked: list[int] = []

    class Asked:
        async def calls(self, commands: list[Any]) -> list[Any]:
            asked.append(len(commands))
            return await control.services.redis.calls(commands)

    redis: Any = Asked()
    mine = await reading.mine(replace(control.services, redis=redis), mina.id, MineQuery())
    assert [len(room.faces) for room in mine.rooms] == [4] * 8
    assert asked == [2]


async def _room_of_all(owner: Guest, others: list[Guest], title: str) -> None:
    room = (await owner.create(title))["id"]
    for other in others:
        await other.join(room)


# --- the public list --------------------------------------------------------------------------------------------------


async def test_the_public_list_is_newest_first_possible_of_a_category_and_with_words_by_cursor_and_by_offset(
    control: Control, guests: Guests
) -> None:
    await offer(control, "exercise", "cooking", "music", "reading")
    mina, jun = await guests(2)
    old = (await mina.create("한강 달리기", category="exercise"))["id"]
    full = (await mina.create("한강 수영", category="exercise", capacity=2))["id"]
    await jun.join(full)
    secret = (await mina.create("한강 비밀", category="exercise", visibility="secret", password="달빛 아래"))[
        "id"
    ]
    new = (await mina.create("국밥 먹기", category="cooking"))["id"]
    for query, found in (
        ({}, [new, secret, full, old]),
        ({"possible": "true"}, [new, old]),
        ({"category": "exercise"}, [secret, full, old]),
        ({"text": "한강"}, [secret, full, old]),
        ({"text": "한강", "category": "exercise", "possible": "true"}, [old]),
        ({"category": "exercise", "possible": "true"}, [old]),
    ):
        assert ids(await jun.listed(**query)) == found, query
        first = await jun.listed(**query, limit=1)
        by_cursor = await jun.listed(**query, cursor=first["next"]) if first["next"] else {"rooms": []}
        assert ids(first) + ids(by_cursor) == ids(first) + ids(await jun.listed(**query, offset=1)) == found
