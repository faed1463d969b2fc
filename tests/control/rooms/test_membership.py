"""Coming in and going out."""

from __future__ import annotations

from dataclasses import replace

import pytest
import trio

from common.errors import MadangError, StoreUnavailable
from common.feed import MemberChanged
from control.rooms import membership
from control.settings import Settings
from tests.control.rooms.conftest import Guest, Guests, News, Talk, good, refused
from tests.support.control import Control

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def test_joining_makes_a_member_once_and_is_announced_once(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    joined = await jun.join(room)
    assert joined["membership"]["role"] == "member"
    assert joined["member_count"] == 2
    assert await jun.join(room) == joined
    assert await news() == [
        MemberChanged(room=room, user=mina.id, name=mina.nickname, change="joined"),
        MemberChanged(room=room, user=jun.id, name=jun.nickname, change="joined"),
    ]


async def test_one_person_who_joins_on_many_devices_at_once_is_one_member(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    async with trio.open_nursery() as nursery:
        for _ in range(20):
            nursery.start_soon(jun.join, room)
    assert (await jun.room(room))["member_count"] == 2
    assert len(await news()) == 2


@pytest.mark.usefixtures("no_turns")
async def test_two_hundred_at_the_door_never_overfill_a_room(
    control: Control, guests: Guests, news: News
) -> None:
    owner, *crowd = await guests(201)
    room = (await owner.create(capacity=50))["id"]
    inside: set[str] = set()
    refusals: list[str] = []

    async def try_to_join(guest: Guest) -> None:
        try:
            await membership.join(control.services, guest.id, room, None)
        except MadangError as refusal:
            refusals.append(refusal.code)
        except (
            StoreUnavailable
        ):  # 200 at ten connections, and this machine is slow: they come again, as clients do
            await try_to_join(guest)
        else:
            inside.add(guest.id)

    async with trio.open_nursery() as nursery:
        for guest in crowd:
            nursery.start_soon(try_to_join, guest)
    assert len(inside) == 49
    assert refusals == ["room_full"] * 151
    assert (await owner.room(room))["member_count"] == 50
    assert len((await owner.members(room, limit=200))["members"]) == 50
    announced = [change.user for change in await news() if isinstance(change, MemberChanged)]
    assert sorted(announced) == sorted({owner.id, *inside})


async def test_a_place_that_somebody_left_can_be_taken(guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    room = (await mina.create(capacity=2))["id"]
    await jun.join(room)
    refused(await sol.try_join(room), "room_full")
    await jun.leave(room)
    await sol.join(room)


async def test_who_is_in_a_full_room_may_join_again(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = (await mina.create(capacity=2))["id"]
    await jun.join(room)
    assert (await jun.join(room))["member_count"] == 2


async def test_a_secret_room_opens_with_its_password(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = (await mina.create(visibility="secret", password="달빛 아래"))["id"]
    for wrong in ("햇빛 아래", "해", ""):
        refused(await jun.try_join(room, wrong), "room_password_wrong")
    missing = refused(await jun.try_join(room), "room_password_wrong")
    assert missing["fields"] == {"password": "Required"}
    assert (await jun.join(room, "달빛 아래"))["membership"]["role"] == "member"
    await jun.join(room)  # who is in needs no password


async def test_a_private_room_opens_with_its_code_and_not_without(guests: Guests) -> None:
    mina, jun = await guests(2)
    created = await mina.create(visibility="private")
    room, code = created["id"], created["join_code"]
    refused(await jun.try_join(room), "room_not_joinable")
    refused(await jun.http.get(f"/api/v1/rooms/{room}"), "room_not_found")
    assert good(await jun.try_code(code.lower()))["id"] == room
    assert good(await jun.try_code(code))["member_count"] == 2
    assert (await jun.room(room))["join_code"] == code


async def test_the_code_of_a_secret_room_stands_for_its_password(guests: Guests) -> None:
    mina, jun = await guests(2)
    created = await mina.create(visibility="secret", password="달빛 아래")
    assert good(await jun.try_code(created["join_code"]))["id"] == created["id"]


async def test_wrong_codes_and_rooms_that_are_not_there(guests: Guests) -> None:
    mina, jun = await guests(2)
    right: str = (await mina.create())["join_code"]
    wrong = "".join("A" if each != "A" else "B" for each in right)
    refused(await jun.try_code(wrong), "room_code_wrong")
    for malformed in ("", "12345", "1234567", "ABC-12", "가나다라마바"):
        refused(await jun.try_code(malformed), "invalid")
    refused(await jun.try_join(NOBODY), "room_not_found")
    refused(await jun.try_join("mine"), "invalid")
    refused(await jun.http.post(f"/api/v1/rooms/{NOBODY}/join", content=b"{"), "unsupported_media")


async def test_a_direct_room_is_for_the_two(guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    room = (await mina.direct(jun))["id"]
    refused(await sol.try_join(room), "room_not_joinable")
    refused(await sol.http.get(f"/api/v1/rooms/{room}"), "room_not_found")


async def test_the_banned_stay_out_by_every_door(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    created = await mina.create()
    await control.services.db.transaction(
        lambda connection: connection.execute(
            "INSERT INTO room_bans (room_id, user_id, by) VALUES ($1, $2, $3)", created["id"], jun.id, mina.id
        )
    )
    refused(await jun.try_join(created["id"]), "banned")
    refused(await jun.try_code(created["join_code"]), "banned")


class TestGuessing:
    """Ten tries at a room's password, or at codes, then one a minute."""

    @pytest.fixture
    def control_settings(self, control_settings: Settings) -> Settings:
        return replace(control_settings, rate_scale=1)

    async def test_at_a_password_is_slow(self, guests: Guests) -> None:
        mina, jun = await guests(2)
        room = (await mina.create(visibility="secret", password="달빛 아래"))["id"]
        for _ in range(10):
            refused(await jun.try_join(room, "햇빛 아래"), "room_password_wrong")
        limit = refused(await jun.try_join(room, "달빛 아래"), "rate_limited")
        assert 50_000 < limit["retry_after_ms"] <= 60_000

    async def test_at_codes_is_slow(self, guests: Guests) -> None:
        mina, jun = await guests(2)
        code = (await mina.create(visibility="private"))["join_code"]
        for _ in range(10):
            refused(await jun.try_code("000000"), "room_code_wrong")
        refused(await jun.try_code(code), "rate_limited")


# --- leaving ----------------------------------------------------------------------------------------------------------


async def test_leaving_ends_membership_and_leaving_again_changes_nothing(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    await jun.join(room)
    await jun.leave(room)
    await jun.leave(room)
    await jun.leave(NOBODY)
    seen = await jun.room(room)
    assert (seen["membership"], seen["join_code"], seen["member_count"]) == (None, None, 1)
    assert (await news())[2:] == [MemberChanged(room=room, user=jun.id, name=jun.nickname, change="left")]


async def test_an_owner_s_room_passes_to_who_has_been_there_longest_moderators_first(
    control: Control, guests: Guests, news: News
) -> None:
    mina, jun, sol, ara = await guests(4)
    room = (await mina.create())["id"]
    for guest in (jun, sol, ara):
        await guest.join(room)
    await control.services.db.transaction(
        lambda connection: connection.execute(
            "UPDATE members SET role = 'moderator' WHERE room_id = $1 AND user_id = $2", room, ara.id
        )
    )
    await mina.leave(room)
    assert (await ara.room(room))["membership"]["role"] == "owner"
    assert (await news())[-2:] == [
        MemberChanged(room=room, user=mina.id, name=mina.nickname, change="left"),
        MemberChanged(room=room, user=ara.id, name=ara.nickname, change="role", role="owner"),
    ]
    await ara.leave(room)
    assert (await jun.room(room))["membership"]["role"] == "owner"
    assert (await sol.room(room))["membership"]["role"] == "member"


@pytest.mark.parametrize(
    "shut_out",
    [
        "UPDATE users SET deleted_at = now() WHERE id = $1",
        "INSERT INTO suspensions (user_id, reason) VALUES ($1, '')",
    ],
    ids=["deleted", "suspended"],
)
async def test_a_room_passes_to_somebody_who_can_look_after_it(
    control: Control, guests: Guests, shut_out: str
) -> None:
    mina, jun, sol = await guests(3)
    room = (await mina.create())["id"]
    for guest in (jun, sol):
        await guest.join(room)
    await control.services.db.transaction(lambda connection: connection.execute(shut_out, jun.id))
    await mina.leave(room)
    assert (await sol.room(room))["membership"]["role"] == "owner"
    await sol.leave(room)  # and not to nobody, while somebody is there who may come back
    left = await control.services.db.read(
        lambda connection: connection.fetchval("SELECT role FROM members WHERE room_id = $1", room)
    )
    assert left == "owner"


async def test_all_leave_at_once_and_there_is_an_owner_to_the_last(guests: Guests, news: News) -> None:
    everybody = await guests(12)
    room = (await everybody[0].create())["id"]
    for guest in everybody[1:]:
        await guest.join(room)
    async with trio.open_nursery() as nursery:
        for guest in everybody:
            nursery.start_soon(guest.leave, room)
    changes = [change for change in await news() if isinstance(change, MemberChanged)]
    assert [change.change for change in changes if change.change != "role"] == ["joined"] * 12 + ["left"] * 12
    owner: str | None = everybody[0].id
    for change in changes[
        12:
    ]:  # whoever owns the room when its owner leaves is announced, until nobody is left
        if change.change == "role":
            assert owner is None
            owner = change.user
        elif change.user == owner:
            owner = None
    assert owner is None
    refused(await everybody[0].http.get(f"/api/v1/rooms/{room}"), "room_not_found")


async def test_the_last_to_leave_archives_the_room(guests: Guests) -> None:
    mina, jun = await guests(2)
    created = await mina.create()
    await mina.leave(created["id"])
    assert (await jun.listed())["rooms"] == []
    refused(await jun.try_join(created["id"]), "room_not_found")
    refused(await jun.try_code(created["join_code"]), "room_code_wrong")


async def test_a_newcomer_has_read_what_was_said_before(guests: Guests, talk: Talk) -> None:
    mina, jun = await guests(2)
    room = (await mina.create())["id"]
    await talk.say(room, mina, "하나", "둘", "셋")
    await talk.come(room, jun)
    assert (await jun.join(room))["membership"]["last_read"] == 3
