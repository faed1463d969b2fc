"""New rooms."""

from __future__ import annotations

from typing import Any

import trio

from common.feed import MemberChanged
from control.examples import example_of
from control.rooms.views import ChangeRoom, CreateRoom
from tests.control.rooms.conftest import Guest, Guests, News, good, refused
from tests.support.categories import offer
from tests.support.control import Control


async def test_whoever_creates_a_room_owns_it_and_is_its_first_member(
    control: Control, guests: Guests, news: News
) -> None:
    await offer(control, "exercise", "cooking", "music", "reading")
    (mina,) = await guests(1)
    room = await mina.create(
        "  한강   달리기 ",
        description="화\r\n목  \n",
        category="exercise",
        tags=["강", "#강", "밤"],
        capacity=5,
    )
    assert room["kind"] == "group"
    assert room["title"] == "한강 달리기"
    assert room["description"] == "화\n목"
    assert room["tags"] == ["강", "밤"]
    assert (room["capacity"], room["member_count"]) == (5, 1)
    assert (room["visibility"], room["history"], room["slow_mode"]) == ("public", "joined", 0)
    assert room["membership"]["role"] == "owner"
    assert len(room["join_code"]) == 6
    assert await mina.room(room["id"]) == room
    assert await news() == [MemberChanged(room=room["id"], user=mina.id, name=mina.nickname, change="joined")]


async def test_a_room_is_public_for_three_hundred_unless_said(guests: Guests) -> None:
    (mina,) = await guests(1)
    room = await mina.create()
    assert (room["capacity"], room["visibility"], room["category"], room["tags"]) == (300, "public", None, [])


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("title", {"title": ""}),
    ("title", {"title": " \t "}),
    ("title", {"title": "가" * 61}),
    ("kind", {"kind": "direct"}),
    ("kind", {"kind": "class"}),
    ("title", {"title": "달\u202e리기"}),
    ("description", {"description": "가" * 1001}),
    ("description", {"description": "\x07"}),
    ("category", {"category": ""}),
    ("tags", {"tags": ["1", "2", "3", "4", "5", "6"]}),
    ("tags", {"tags": [" "]}),
    ("capacity", {"capacity": 1}),
    ("capacity", {"capacity": 5001}),
    ("visibility", {"visibility": "hidden"}),
    ("password", {"visibility": "secret"}),
    ("password", {"visibility": "secret", "password": "abc"}),
    ("password", {"visibility": "secret", "password": "x" * 201}),
    ("password", {"visibility": "private", "password": "abcd"}),
    ("history", {"history": "some"}),
]


async def test_values_out_of_bounds_are_named(guests: Guests, news: News) -> None:
    (mina,) = await guests(1)
    for field, wrong in WRONG:
        answer = await mina.http.post("/api/v1/rooms", json={"title": "방", **wrong})
        assert any(where.startswith(field) for where in refused(answer, "invalid")["fields"]), wrong
    assert await news() == []


async def test_what_is_no_json_object_or_too_much_of_it_is_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    headers = {"content-type": "application/json"}
    refused(await mina.http.post("/api/v1/rooms", content=b"{", headers=headers), "malformed")
    refused(await mina.http.post("/api/v1/rooms", content=b"[]", headers=headers), "invalid")
    refused(await mina.http.post("/api/v1/rooms", content=b" " * 70_000, headers=headers), "too_large")
    refused(await mina.http.post("/api/v1/rooms", data={"title": "방"}), "unsupported_media")


async def test_joined_emoji_may_stand_in_a_title(guests: Guests) -> None:
    (mina,) = await guests(1)
    assert (await mina.create("가족 👨‍👩‍👧"))["title"] == "가족 👨‍👩‍👧"


async def test_a_password_rests_as_a_hash_and_is_never_shown(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    answer = await mina.http.post(
        "/api/v1/rooms", json={"title": "비밀", "visibility": "secret", "password": "달빛 아래"}
    )
    room = good(answer, 201)
    assert "달빛" not in answer.text
    assert "$2" not in answer.text
    stored = await control.services.db.read(
        lambda connection: connection.fetchval("SELECT password_hash FROM rooms WHERE id = $1", room["id"])
    )
    assert stored.startswith("$2b$")


# --- direct rooms -----------------------------------------------------------------------------------------------------


async def test_two_people_have_one_direct_room_and_each_sees_the_other_s_name(
    guests: Guests, news: News
) -> None:
    mina, jun = await guests(2)
    hers = await mina.direct(jun)
    his = await jun.direct(mina)
    assert hers["id"] == his["id"]
    assert (hers["kind"], hers["capacity"], hers["member_count"], hers["join_code"]) == ("direct", 2, 2, None)
    assert (hers["title"], his["title"]) == (jun.nickname, mina.nickname)
    assert hers["membership"]["role"] == his["membership"]["role"] == "member"
    assert [(change.user, change.change) for change in await news() if isinstance(change, MemberChanged)] == [
        (mina.id, "joined"),
        (jun.id, "joined"),
    ]


async def test_both_sides_at_once_get_the_same_room(control: Control, guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    rooms: list[str] = []

    async def open_from(one: Guest, other: Guest) -> None:
        rooms.append((await one.direct(other))["id"])

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(open_from, mina, jun)
            nursery.start_soon(open_from, jun, mina)
    assert len(rooms) == 16
    assert len(set(rooms)) == 1
    assert len(await news()) == 2
    count = await control.services.db.read(
        lambda connection: connection.fetchval("SELECT count(*) FROM rooms")
    )
    assert count == 1


async def test_nobody_talks_to_themselves_to_nobody_or_to_a_word(guests: Guests) -> None:
    (mina,) = await guests(1)
    post = mina.http.post
    mistake = refused(await post("/api/v1/rooms/direct", json={"person": mina.id}), "invalid")
    assert mistake["fields"] == {"person": "Choose somebody else"}
    nobody = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
    refused(await post("/api/v1/rooms/direct", json={"person": nobody}), "person_not_found")
    refused(await post("/api/v1/rooms/direct", json={"person": "jun"}), "invalid")
    refused(await post("/api/v1/rooms/direct", json={}), "invalid")


async def test_opening_it_again_brings_back_who_had_left(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = (await mina.direct(jun))["id"]
    await jun.leave(room)
    assert (await mina.room(room))["member_count"] == 1
    assert (await mina.room(room))["title"] == jun.nickname
    assert (await mina.direct(jun))["member_count"] == 2
    assert [each["id"] for each in (await jun.mine())["rooms"]] == [room]


async def test_a_direct_room_that_both_left_opens_again_with_its_log(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = (await mina.direct(jun))["id"]
    await jun.leave(room)
    await mina.leave(room)
    again = await jun.direct(mina)
    assert (again["id"], again["member_count"]) == (room, 2)


async def test_the_examples_that_the_document_gives_can_be_sent_as_they_are(
    control: Control, guests: Guests
) -> None:
    await offer(control, "music")
    (mina,) = await guests(1)
    made = good(await mina.http.post("/api/v1/rooms", json=example_of(CreateRoom)), 201)
    good(await mina.http.patch(f"/api/v1/rooms/{made['id']}", json=example_of(ChangeRoom)))
