"""What a room is, changed: by whom, to what, and who hears of it."""

from __future__ import annotations

import trio

from common.feed import RoomArchived, RoomChanged
from common.ids import uuid7
from common.postgres import Connection
from tests.control.rooms.conftest import Guests, News, good, picture_of, refused
from tests.control.rooms.test_moderation import ask, deeds, do, staffed
from tests.support.categories import offer
from tests.support.control import Control


async def test_what_changed_is_told_with_its_new_values_and_noted(guests: Guests, news: News) -> None:
    room, owner, moderator, _ = await staffed(guests)
    before = len(await news())
    changed = good(
        await ask(
            moderator,
            "PATCH",
            room,
            body={"title": " 한강  걷기 ", "category": None, "tags": ["강", "강", "밤"], "slow_mode": 30},
        )
    )
    assert (changed["title"], changed["tags"], changed["slow_mode"]) == ("한강 걷기", ["강", "밤"], 30)
    assert changed["description"] == ""
    assert (await news())[before:] == [
        RoomChanged(room=room, title="한강 걷기", tags=["강", "밤"], slow_mode=30, by=moderator.id)
    ]
    assert (await deeds(owner, room))[-1] == (
        "room.changed",
        None,
        {"title": "한강 걷기", "tags": ["강", "밤"], "slow_mode": 30},
    )


async def is_removed(control: Control, upload: str) -> bool:
    async def read(connection: Connection) -> bool:
        statement = "SELECT removed_at IS NOT NULL FROM uploads WHERE id = $1"
        removed: bool = await connection.fetchval(statement, upload)
        return removed

    return await control.services.db.read(read)


async def test_a_room_shows_a_picture_wherever_it_is_shown(
    control: Control, guests: Guests, news: News
) -> None:
    mina, jun = await guests(2)
    first, second = await picture_of(control, mina), await picture_of(control, mina)
    made = await mina.create(image=first)
    room = made["id"]
    assert made["image"] == first
    assert (await jun.listed())["rooms"][0]["image"] == first
    before = len(await news())
    assert good(await ask(mina, "PATCH", room, body={"image": second}))["image"] == second
    assert (await news())[before:] == [RoomChanged(room=room, image=second, by=mina.id)]
    assert [await is_removed(control, each) for each in (first, second)] == [True, False]
    assert (await mina.mine())["rooms"][0]["image"] == second
    assert good(await ask(mina, "PATCH", room, body={"image": None}))["image"] is None
    assert await is_removed(control, second)


async def test_only_ones_own_picture_of_that_purpose_is_a_rooms(control: Control, guests: Guests) -> None:
    room, owner, moderator, member = await staffed(guests)
    theirs = await picture_of(control, owner)
    face = await picture_of(control, moderator, "avatar")
    for upload in (theirs, face, uuid7()):
        told = refused(await ask(moderator, "PATCH", room, body={"image": upload}), "upload_not_found")
        assert list(told["fields"]) == ["image"]
    refused(
        await moderator.http.post("/api/v1/rooms", json={"title": "방", "image": face}), "upload_not_found"
    )
    refused(await ask(member, "PATCH", room, body={"image": theirs}), "not_a_moderator")
    refused(await ask(owner, "PATCH", room, body={"image": "x"}), "invalid")


async def test_what_is_so_already_is_no_change(control: Control, guests: Guests, news: News) -> None:
    await offer(control, "exercise")
    room, owner, _, _ = await staffed(guests)
    await do(owner, "PATCH", room, body={"title": "달리기", "category": "exercise"})
    before, noted = await news(), await deeds(owner, room)
    await do(owner, "PATCH", room, body={"title": "달리기", "category": "exercise", "history": "joined"})
    await do(owner, "PATCH", room, body={})
    assert (await news(), await deeds(owner, room)) == (before, noted)


async def test_a_room_is_never_smaller_than_who_is_in_it(guests: Guests) -> None:
    room, owner, _, _ = await staffed(guests)
    refused(await ask(owner, "PATCH", room, body={"capacity": 2}), "capacity_below_members")
    await do(owner, "PATCH", room, body={"capacity": 3})
    (stranger,) = await guests(1)
    refused(await stranger.try_join(room), "room_full")


async def test_capacity_and_joining_at_once_never_overfill(guests: Guests) -> None:
    owner, *crowd = await guests(21)
    room = (await owner.create(capacity=50))["id"]

    async def shrink() -> None:
        await ask(owner, "PATCH", room, body={"capacity": 10})

    async with trio.open_nursery() as nursery:
        nursery.start_soon(shrink)
        for guest in crowd:
            nursery.start_soon(guest.try_join, room)
    seen = await owner.room(room)
    assert seen["member_count"] <= seen["capacity"]


async def test_a_room_becomes_secret_with_a_password_and_open_without(guests: Guests) -> None:
    room, owner, moderator, _ = await staffed(guests)
    (stranger,) = await guests(1)
    missing = refused(await ask(owner, "PATCH", room, body={"visibility": "secret"}), "invalid")
    assert set(missing["fields"]) == {"password"}
    refused(await ask(owner, "PATCH", room, body={"password": "달빛 아래"}), "invalid")
    await do(owner, "PATCH", room, body={"visibility": "secret", "password": "달빛 아래"})
    refused(await stranger.try_join(room, "햇빛 아래"), "room_password_wrong")
    await do(owner, "PATCH", room, body={"password": "햇빛 아래"})
    await stranger.join(room, "햇빛 아래")
    await stranger.leave(room)
    await do(owner, "PATCH", room, body={"visibility": "public"})
    await stranger.join(room)
    for _, _, detail in await deeds(moderator, room):
        assert "password_hash" not in detail
        assert detail.get("password", "changed") == "changed"


async def test_nobody_hears_a_password(guests: Guests, news: News) -> None:
    room, owner, _, _ = await staffed(guests)
    await do(owner, "PATCH", room, body={"visibility": "secret", "password": "달빛 아래"})
    assert (await news())[-1] == RoomChanged(room=room, visibility="secret", by=owner.id)
    await do(owner, "PATCH", room, body={"password": "햇빛 아래"})
    assert (await news())[-1] == RoomChanged(room=room, by=owner.id)


async def test_what_no_room_can_be_is_refused(guests: Guests) -> None:
    room, owner, _, _ = await staffed(guests)
    for body in (
        {"title": ""},
        {"title": " "},
        {"title": "x" * 61},
        {"title": None},
        {"capacity": 1},
        {"capacity": 5001},
        {"slow_mode": -1},
        {"slow_mode": 21_601},
        {"tags": ["a"] * 6},
        {"tags": ["\u200b"]},
        {"visibility": "hidden"},
        {"history": "none"},
    ):
        refused(await ask(owner, "PATCH", room, body=body), "invalid")


async def test_a_new_code_opens_the_room_and_the_old_one_nothing(guests: Guests) -> None:
    room, owner, moderator, _ = await staffed(guests)
    (stranger,) = await guests(1)
    old = (await owner.room(room))["join_code"]
    new = good(await ask(moderator, "POST", room, "code"))["join_code"]
    assert new != old
    refused(await stranger.try_code(old), "room_code_wrong")
    assert good(await stranger.try_code(new))["id"] == room
    assert (await deeds(owner, room))[-1] == ("code.changed", None, {})


async def test_a_room_that_is_closed_is_no_more_for_anybody(guests: Guests, news: News) -> None:
    room, owner, moderator, member = await staffed(guests)
    code = (await owner.room(room))["join_code"]
    (stranger,) = await guests(1)
    await do(owner, "POST", room, "invitations", {"people": [stranger.id]})
    link = good(await ask(owner, "POST", room, "links", {}), 201)["code"]
    await do(owner, "DELETE", room)
    closing = (await news())[-1]
    assert isinstance(closing, RoomArchived)
    assert sorted(closing.members) == sorted(each.id for each in (owner, moderator, member))
    for guest in (owner, member):
        refused(await guest.http.get(f"/api/v1/rooms/{room}"), "room_not_found")
        assert (await guest.mine())["rooms"] == []
    refused(await stranger.try_join(room), "room_not_found")
    refused(await stranger.try_code(code), "room_code_wrong")
    refused(await stranger.http.post(f"/api/v1/links/{link}/join"), "link_not_found")
    assert good(await stranger.http.get("/api/v1/me/invitations"))["invitations"] == []
    refused(await ask(member, "DELETE", room), "room_not_found")
    await do(owner, "DELETE", room)  # once more, and it is closed once
    assert [isinstance(each, RoomArchived) for each in await news()].count(True) == 1
    assert (await stranger.listed())["rooms"] == []


async def test_a_room_closed_while_many_join_holds_nobody(guests: Guests) -> None:
    owner, *crowd = await guests(21)
    room = (await owner.create())["id"]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(do, owner, "DELETE", room)
        for guest in crowd:
            nursery.start_soon(guest.try_join, room)
    for guest in crowd:
        assert (await guest.mine())["rooms"] == []


async def test_a_category_is_one_that_is_offered_or_the_one_the_room_has_kept(
    control: Control, guests: Guests
) -> None:
    room, owner, _, _ = await staffed(guests)
    await offer(control, "exercise", "music")
    refused(await ask(owner, "PATCH", room, body={"category": "gardening"}), "category_unknown")
    refused(
        await owner.http.post("/api/v1/rooms", json={"title": "방", "category": "gardening"}),
        "category_unknown",
    )
    refused(await ask(owner, "PATCH", room, body={"category": "운동"}), "invalid")
    await do(owner, "PATCH", room, body={"category": "exercise"})
    await control.services.db.transaction(_retire, "exercise")
    await control.services.categories.read()
    await do(owner, "PATCH", room, body={"category": "exercise", "title": "남산 걷기"})
    await do(owner, "PATCH", room, body={"category": "music"})
    refused(await ask(owner, "PATCH", room, body={"category": "exercise"}), "category_unknown")


async def _retire(connection: Connection, key: str) -> None:
    await connection.execute("UPDATE categories SET retired_at = now() WHERE key = $1", key)
