"""What people show of themselves: changed by themselves, seen by others, and nothing of it across a block."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.feed import ProfileChanged
from tests.control.mentors.conftest import Mentors
from tests.control.people.conftest import Picture
from tests.control.people.test_relations import NOBODY, put
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, plan
from tests.support.categories import offer
from tests.support.control import Control

__all__ = ["db"]


async def change(guest: Guest, **wanted: Any) -> httpx.Response:
    return await guest.http.patch("/api/v1/me/profile", json=wanted)


async def see(guest: Guest, other: Guest) -> Json:
    return good(await guest.http.get(f"/api/v1/people/{other.id}"))


def bare(guest: Guest, **more: Any) -> Json:
    """How somebody looks who has filled in nothing."""
    return {
        "id": guest.id,
        "nickname": guest.nickname,
        "bot": False,
        "avatar": None,
        "status": "",
        "wallpaper": None,
        "interests": [],
        "badge": None,
        "mentor": None,
        "activity": 0,
        "relations": [],
        **more,
    }


async def test_a_profile_shows_what_its_owner_says(
    control: Control, guests: Guests, picture: Picture
) -> None:
    mina, jun = await guests(2)
    await offer(control, "music", "cooking")
    assert await see(jun, mina) == bare(mina)
    wanted = {
        "nickname": " 새  이름 ",
        "status": "오늘도 마당에서",
        "avatar": await picture(mina),
        "wallpaper": await picture(mina, "wallpaper"),
        "interests": ["music", "cooking", "music"],
    }
    shown = good(await change(mina, **wanted))
    assert shown == bare(mina, **{**wanted, "nickname": "새 이름", "interests": ["music", "cooking"]})
    assert await see(jun, mina) == shown
    await put(jun, "friend", mina)
    assert await see(jun, mina) == {**shown, "relations": ["friend"]}
    assert good(await change(mina, status="  ", avatar=None))["avatar"] is None
    assert (await see(jun, mina))["status"] == ""


async def test_a_mentors_profile_carries_the_card(guests: Guests, mentors: Mentors) -> None:
    (mina,), (jun,) = await mentors(1), await guests(1)
    card = good(await jun.http.get(f"/api/v1/mentors/{mina.id}"))
    assert (await see(jun, mina))["mentor"] == card
    assert (await see(mina, jun))["mentor"] is None


async def test_what_is_left_out_stays_and_what_changes_nothing_is_no_news(
    guests: Guests, news: News, picture: Picture
) -> None:
    (mina,) = await guests(1)
    avatar = await picture(mina)
    await change(mina, status="산책 중", avatar=avatar)
    for nothing in ({}, {"status": "산책 중"}, {"avatar": avatar}, {"interests": []}):
        shown = good(await change(mina, **nothing))
        assert (shown["status"], shown["avatar"], shown["nickname"]) == ("산책 중", avatar, mina.nickname)
    await change(mina, nickname="새 이름")
    assert await news() == [
        ProfileChanged(user=mina.id, nickname=mina.nickname, avatar=avatar, status="산책 중"),
        ProfileChanged(user=mina.id, nickname="새 이름", avatar=avatar, status="산책 중"),
    ]


async def test_a_nickname_is_one_persons_however_it_is_written(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    good(await change(mina, nickname="Mina"))
    for taken in ("mina", "MINA", jun.nickname):
        owner = jun if taken != jun.nickname else mina
        told = refused(await change(owner, nickname=taken), "nickname_taken")
        assert list(told["fields"]) == ["nickname"]
    good(await change(mina, nickname="MINA"))  # one's own
    assert (await see(jun, mina))["nickname"] == "MINA"
    assert len(await news()) == 2


async def test_of_many_who_take_one_nickname_at_once_one_gets_it(guests: Guests) -> None:
    crowd, answers = await guests(10), list[int]()

    async def take(guest: Guest) -> None:
        answers.append((await change(guest, nickname="하나뿐")).status_code)

    async with trio.open_nursery() as nursery:
        for guest in crowd:
            nursery.start_soon(take, guest)
    assert sorted(answers) == [200] + [409] * 9


async def test_pictures_are_ones_own_confirmed_and_for_that_purpose(guests: Guests, picture: Picture) -> None:
    mina, jun = await guests(2)
    for field, upload in (
        ("avatar", NOBODY),
        ("avatar", await picture(jun)),
        ("avatar", await picture(mina, "wallpaper")),
        ("avatar", await picture(mina, confirmed=False)),
        ("wallpaper", await picture(mina)),
    ):
        told = refused(await change(mina, **{field: upload}), "upload_not_found")
        assert list(told["fields"]) == [field]
    assert await see(jun, mina) == bare(mina)


async def test_interests_are_categories_and_a_retired_one_that_was_chosen_stays(
    control: Control, guests: Guests
) -> None:
    mina, boss = await guests(2)
    await control.grant(boss.id, "admin")
    await offer(control, "music", "cooking")
    good(await change(mina, interests=["music"]))
    good(await boss.http.delete("/api/v1/admin/categories/music"))
    assert good(await change(mina, interests=["music", "cooking"]))["interests"] == ["music", "cooking"]
    good(await change(mina, interests=["cooking"]))
    refused(await change(mina, interests=["music", "cooking"]), "category_unknown")
    refused(await change(mina, interests=["fishing"]), "category_unknown")


@pytest.mark.parametrize(
    "wanted",
    [
        {"nickname": "a"},
        {"nickname": "x" * 21},
        {"nickname": "a\u200bb"},
        {"nickname": None},
        {"status": "x" * 101},
        {"status": "a\u0007b"},
        {"avatar": "mine"},
        {"wallpaper": 7},
        {"interests": ["music"] * 21},
        {"interests": ["Music!"]},
        {"interests": "music"},
    ],
)
async def test_what_is_not_allowed_is_named_and_changes_nothing(
    guests: Guests, news: News, wanted: Json
) -> None:
    (mina,) = await guests(1)
    told = refused(await change(mina, **wanted), "invalid")
    assert all(where.startswith(next(iter(wanted))) for where in told["fields"])
    assert (await see(mina, mina), await news()) == (bare(mina), [])


async def test_nobody_has_no_profile_and_strangers_see_none(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    for path in (f"/api/v1/people/{NOBODY}", f"/api/v1/people/{NOBODY}/avatars"):
        refused(await mina.http.get(path), "person_not_found")
        refused(await control.http.get(path), "unauthenticated")
    refused(await control.http.patch("/api/v1/me/profile", json={}), "unauthenticated")
    refused(await mina.http.get("/api/v1/people/me"), "invalid")


# --- across a block ---------------------------------------------------------------------------------------------------


async def test_who_is_blocked_sees_somebody_who_filled_in_nothing_wherever_he_looks(
    control: Control, guests: Guests, picture: Picture
) -> None:
    mina, jun, sol = await guests(3)
    await offer(control, "music")
    avatar = await picture(mina)
    await change(
        mina,
        status="안녕",
        avatar=avatar,
        wallpaper=await picture(mina, "wallpaper"),
        interests=["music"],
    )
    await put(jun, "friend", mina)
    await put(sol, "friend", mina)
    room = (await mina.create())["id"]
    for guest in (jun, sol):
        await guest.join(room)
    await put(mina, "blocked", jun)

    async def seen(guest: Guest) -> list[Json]:
        """Mina, wherever she is shown."""
        lists = [
            good(await guest.http.get("/api/v1/me/relations/friend"))["people"],
            good(await guest.http.get("/api/v1/people", params={"ids": mina.id}))["people"],
            (await guest.members(room))["members"],
            (await guest.mine())["rooms"][0]["faces"],
        ]
        return [await see(guest, mina), *(each for shown in lists for each in shown if each["id"] == mina.id)]

    assert [each["avatar"] for each in await seen(sol)] == [avatar] * 5
    hidden = await seen(jun)
    assert len(hidden) == 5
    for each in hidden:
        assert each["nickname"] == mina.nickname
        assert each["avatar"] is None
        assert not each.get("status")
    assert await see(jun, mina) == bare(mina, relations=["friend"])
    assert good(await jun.http.get(f"/api/v1/people/{mina.id}/avatars")) == {"avatars": [], "next": None}
    assert (await see(mina, jun))["relations"] == ["blocked"]  # one's own lists one may know
    await mina.http.delete(f"/api/v1/me/relations/blocked/{jun.id}")
    assert [each["avatar"] for each in await seen(jun)] == [avatar] * 5


# --- cost -------------------------------------------------------------------------------------------------------------


async def test_a_picture_that_is_swept_reads_nobodys_row(db: Any) -> None:
    await ask(
        db,
        "INSERT INTO users (id, email, nickname, name, phone, password_hash)"
        " SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 5000) n",
    )
    await ask(db, "VACUUM ANALYZE")
    for column in ("avatar_id", "wallpaper_id"):
        root = await plan(db, f"SELECT 1 FROM users WHERE {column} = $1", NOBODY)  # what the reference asks
        assert not [node for node in nodes(root) if node["Node Type"] == "Seq Scan"], column
