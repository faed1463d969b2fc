"""Pictures of before: listed, bounded, and taken out for good."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.feed import ProfileChanged
from control.people import avatars, queries
from control.uploads import sweeping
from tests.control.people.conftest import Picture
from tests.control.people.test_profiles import change
from tests.control.people.test_relations import NOBODY
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan
from tests.control.uploads.conftest import picture as drawn
from tests.control.uploads.conftest import sent
from tests.support.control import Control

__all__ = ["db"]


async def shown(guest: Guest, of: Guest, **query: Any) -> Json:
    return good(await guest.http.get(f"/api/v1/people/{of.id}/avatars", params=query))


async def ids(guest: Guest) -> list[str]:
    return [each["id"] for each in (await shown(guest, guest))["avatars"]]


async def wear(control: Control, guest: Guest, *uploads: str) -> None:
    for upload in uploads:
        control.clock.pass_seconds(1)
        assert good(await change(guest, avatar=upload))["avatar"] == upload


async def take_out(guest: Guest, upload: str) -> None:
    assert (await guest.http.delete(f"/api/v1/me/avatars/{upload}")).status_code == 204


async def test_a_real_picture_is_worn_seen_taken_out_and_gone_from_the_store(
    control: Control, guests: Guests, store: httpx.AsyncClient
) -> None:
    mina, jun = await guests(2)
    upload = (await sent(mina, store, drawn()))["id"]
    await wear(control, mina, upload)
    url = good(await jun.http.get(f"/api/v1/uploads/{upload}"))["url"]
    assert (await store.get(url)).content == drawn()
    await take_out(mina, upload)
    refused(await jun.http.get(f"/api/v1/uploads/{upload}"), "not_found")
    await sweeping.sweep(control.services)
    assert (await store.get(url)).status_code == 404
    assert good(await jun.http.get(f"/api/v1/people/{mina.id}"))["avatar"] is None


async def test_what_was_worn_last_is_first_and_what_is_worn_again_moves_up(
    control: Control, guests: Guests, picture: Picture
) -> None:
    mina, jun = await guests(2)
    first, second, third = [await picture(mina) for _ in range(3)]
    await wear(control, mina, first, second, third, first)
    assert await ids(mina) == [first, third, second]
    await change(mina, avatar=None)  # taken off, and kept
    assert await ids(mina) == [first, third, second]
    page = await shown(jun, mina, limit=2)
    rest = await shown(jun, mina, limit=2, cursor=page["next"])
    assert [each["id"] for each in [*page["avatars"], *rest["avatars"]]] == [first, third, second]
    assert rest["next"] is None
    assert page["avatars"][0]["since"] == control.clock.now_ms


async def test_the_present_one_that_is_taken_out_is_taken_off_and_told_once(
    control: Control, guests: Guests, news: News, picture: Picture
) -> None:
    (mina,) = await guests(1)
    old, new = await picture(mina), await picture(mina)
    await wear(control, mina, old, new)
    before = len(await news())
    for upload in (old, old, new, new, NOBODY):
        await take_out(mina, upload)
    assert (await news())[before:] == [
        ProfileChanged(user=mina.id, nickname=mina.nickname, avatar=None, status="")
    ]
    assert await ids(mina) == []
    refused(await change(mina, avatar=new), "upload_not_found")  # for good


async def test_nobody_takes_out_what_is_anothers(control: Control, guests: Guests, picture: Picture) -> None:
    mina, jun = await guests(2)
    upload = await picture(mina)
    await wear(control, mina, upload)
    await take_out(jun, upload)
    assert await ids(mina) == [upload]
    answer = await control.http.delete(f"/api/v1/me/avatars/{upload}")
    refused(answer, "unauthenticated")
    refused(await jun.http.delete("/api/v1/me/avatars/old"), "invalid")


async def test_the_oldest_goes_when_there_are_too_many(
    control: Control, guests: Guests, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(avatars, "MOST", 3)
    (mina,) = await guests(1)
    worn = [await picture(mina) for _ in range(5)]
    await wear(control, mina, *worn)
    assert await ids(mina) == worn[:1:-1]
    refused(await mina.http.get(f"/api/v1/uploads/{worn[0]}"), "not_found")


async def test_another_wallpaper_takes_the_place_of_the_one_before(guests: Guests, picture: Picture) -> None:
    (mina,) = await guests(1)
    old, new = await picture(mina, "wallpaper"), await picture(mina, "wallpaper")
    for upload in (old, old, new):
        good(await change(mina, wallpaper=upload))
    refused(await change(mina, wallpaper=old), "upload_not_found")
    assert good(await change(mina, wallpaper=None))["wallpaper"] is None
    refused(await change(mina, wallpaper=new), "upload_not_found")


async def test_devices_that_change_and_take_out_at_once_leave_what_is_whole(
    control: Control, guests: Guests, picture: Picture
) -> None:
    """Whatever comes last: nobody wears what was taken out."""
    (mina,) = await guests(1)
    uploads = [await picture(mina) for _ in range(6)]

    async def wear_it(upload: str) -> None:
        assert (await change(mina, avatar=upload)).status_code in {200, 404}

    async with trio.open_nursery() as nursery:
        for upload in uploads:
            nursery.start_soon(wear_it, upload)
            nursery.start_soon(take_out, mina, upload)
    worn = good(await mina.http.get(f"/api/v1/people/{mina.id}"))["avatar"]
    assert worn is None or worn in await ids(mina)
    for upload in await ids(mina):
        assert (await mina.http.get(f"/api/v1/uploads/{upload}")).status_code == 200


async def test_a_page_is_served_by_its_index(db: Any) -> None:
    for statement in (
        "INSERT INTO users (id, email, nickname, name, phone, password_hash)"
        " SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 1000) n",
        "INSERT INTO uploads (id, owner_id, purpose, name, media_type, size)"
        " SELECT uuidv7(), u.id, 'avatar', 'p', 'image/png', 1 FROM users u, generate_series(1, 20)",
        "INSERT INTO avatars SELECT id, owner_id, now() - random() * interval '1 day' FROM uploads",
        "VACUUM ANALYZE",
    ):
        await ask(db, statement)
    me = await ask(db, "SELECT min(id::text)::uuid FROM users")
    other = await ask(db, "SELECT max(id::text)::uuid FROM users")
    root = await plan(db, queries.AVATARS, other, me, avatars._END, avatars.LAST, 10)
    assert "avatars_in_order" in {node.get("Index Name") for node in nodes(root)}
    assert not [
        node
        for node in nodes(root)
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] != "relations"
    ]
    assert pages_read(root) < 60
