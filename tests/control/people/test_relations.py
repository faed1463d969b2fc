"""Friends, favourites, hidden and blocked: lists of one's own, and what a block keeps from happening."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
import trio

from common.feed import MemberChanged, RelationChanged
from control.cursor import LAST
from control.people import queries, relations
from tests.control.rooms.conftest import Guest, Guests, News, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan
from tests.support.control import Control

__all__ = ["db"]
NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
KINDS = ("friend", "favourite", "hidden", "blocked")


async def try_put(guest: Guest, kind: str, person: str) -> httpx.Response:
    return await guest.http.put(f"/api/v1/me/relations/{kind}/{person}")


async def put(guest: Guest, kind: str, other: Guest) -> None:
    assert (await try_put(guest, kind, other.id)).status_code == 204


async def take(guest: Guest, kind: str, other: Guest) -> None:
    assert (await guest.http.delete(f"/api/v1/me/relations/{kind}/{other.id}")).status_code == 204


async def names(guest: Guest, kind: str, **query: Any) -> list[str]:
    page = good(await guest.http.get(f"/api/v1/me/relations/{kind}", params=query))
    return [person["nickname"] for person in page["people"]]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_relation_is_added_once_taken_once_and_told_once_each(
    guests: Guests, news: News, kind: Any
) -> None:
    mina, jun = await guests(2)
    await put(mina, kind, jun)
    await put(mina, kind, jun)
    assert await names(mina, kind) == [jun.nickname]
    assert await names(jun, kind) == []
    await take(mina, kind, jun)
    await take(mina, kind, jun)
    assert await names(mina, kind) == []
    assert await news() == [
        RelationChanged(user=mina.id, other=jun.id, kind=kind, change="added"),
        RelationChanged(user=mina.id, other=jun.id, kind=kind, change="removed"),
    ]


async def test_each_relation_stands_on_its_own(guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    for kind in ("friend", "favourite"):
        await put(mina, kind, jun)
        await put(mina, kind, sol)
    await put(mina, "hidden", jun)
    await put(mina, "blocked", sol)
    assert await names(mina, "friend") == await names(mina, "favourite") == []
    assert await names(mina, "hidden") == [jun.nickname]
    assert await names(mina, "blocked") == [sol.nickname]
    await take(mina, "hidden", jun)
    await take(mina, "blocked", sol)
    assert await names(mina, "friend") == [sol.nickname, jun.nickname]
    page = good(await mina.http.get("/api/v1/me/relations/friend"))
    assert [person["favourite"] for person in page["people"]] == [True, True]
    await take(mina, "favourite", jun)
    page = good(await mina.http.get("/api/v1/me/relations/friend"))
    assert [person["favourite"] for person in page["people"]] == [True, False]


async def test_a_list_is_read_in_pages_while_it_changes(guests: Guests) -> None:
    mina, *others = await guests(8)
    for other in others[:7]:
        await put(mina, "friend", other)
    first = good(await mina.http.get("/api/v1/me/relations/friend", params={"limit": 3}))
    await take(mina, "friend", others[-1])
    rest = good(
        await mina.http.get("/api/v1/me/relations/friend", params={"limit": 10, "cursor": first["next"]})
    )
    assert [each["nickname"] for each in [*first["people"], *rest["people"]]] == [
        other.nickname for other in reversed(others)
    ]
    assert rest["next"] is None


async def test_nobody_and_oneself_are_on_no_list(guests: Guests) -> None:
    (mina,) = await guests(1)
    for kind in KINDS:
        refused(await try_put(mina, kind, NOBODY), "person_not_found")
        refused(await try_put(mina, kind, mina.id), "invalid")
    refused(await try_put(mina, "enemy", NOBODY), "invalid")
    refused(await mina.http.get("/api/v1/me/relations/friend", params={"cursor": "AAAA"}), "invalid")


async def test_a_list_has_an_end_also_for_those_who_hurry(
    guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "MOST", 5)
    mina, *others = await guests(21)
    answers: list[int] = []

    async def add(other: Guest) -> None:
        answers.append((await try_put(mina, "friend", other.id)).status_code)

    async with trio.open_nursery() as nursery:
        for other in others:
            nursery.start_soon(add, other)
    assert sorted(answers) == [204] * 5 + [409] * 15
    listed = await names(mina, "friend")
    assert len(listed) == 5
    full = next(other for other in others if other.nickname not in listed)
    refused(await try_put(mina, "friend", full.id), "list_full")


async def test_many_devices_that_add_the_same_at_once_add_it_once(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    async with trio.open_nursery() as nursery:
        for _ in range(20):
            nursery.start_soon(put, mina, "friend", jun)
    assert len(await news()) == 1


# --- blocking ---------------------------------------------------------------------------------------------------------


async def test_no_direct_room_is_opened_across_a_block_and_each_hears_his_own_reason(guests: Guests) -> None:
    mina, jun = await guests(2)
    await put(mina, "blocked", jun)
    told = refused(await jun.http.post("/api/v1/rooms/direct", json={"person": mina.id}), "blocked")
    assert mina.nickname not in str(told)
    refused(await mina.http.post("/api/v1/rooms/direct", json={"person": jun.id}), "blocked_by_me")
    await take(mina, "blocked", jun)
    await jun.direct(mina)


async def test_a_block_names_the_direct_room_that_it_closes(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    room = (await mina.direct(jun))["id"]
    await put(jun, "blocked", mina)
    await put(jun, "hidden", mina)
    assert (await news())[-2:] == [
        RelationChanged(user=jun.id, other=mina.id, kind="blocked", change="added", room=room),
        RelationChanged(user=jun.id, other=mina.id, kind="hidden", change="added"),
    ]
    refused(await mina.http.post("/api/v1/rooms/direct", json={"person": jun.id}), "blocked")


async def test_a_block_and_a_room_that_is_opened_at_the_same_time_know_of_each_other(
    control: Control, guests: Guests, news: News
) -> None:
    """Either the room is refused, or the block names it: nothing is open without chatd hearing that it is closed."""
    for _ in range(20):
        mina, jun = await guests(2)
        opened: list[int] = []

        async def open_it(mina: Guest = mina, jun: Guest = jun, opened: list[int] = opened) -> None:
            answer = await jun.http.post("/api/v1/rooms/direct", json={"person": mina.id})
            opened.append(answer.status_code)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(open_it)
            nursery.start_soon(put, mina, "blocked", jun)
        (block,) = [
            change
            for change in await news()
            if isinstance(change, RelationChanged) and change.user == mina.id
        ]
        rooms = {
            change.room
            for change in await news()
            if isinstance(change, MemberChanged) and change.user == mina.id
        }
        assert rooms == ({block.room} if block.room else set())
        assert opened == [200 if block.room else 403]


# --- cost -------------------------------------------------------------------------------------------------------------


async def test_lists_and_blocks_are_served_by_indexes(db: Any) -> None:
    for statement in (
        "INSERT INTO users (id, email, nickname, name, phone, password_hash)"
        " SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 5000) n",
        "INSERT INTO relations (user_id, other_id, kind, since)"
        " SELECT (SELECT min(id::text)::uuid FROM users), id, 'friend', now() - random() * interval '1 day'"
        " FROM users WHERE id <> (SELECT min(id::text)::uuid FROM users)",
        "INSERT INTO relations (user_id, other_id, kind)"
        " SELECT a.id, b.id, 'blocked' FROM (SELECT id FROM users ORDER BY id DESC LIMIT 60) a,"
        " (SELECT id FROM users ORDER BY id LIMIT 200) b",
        "VACUUM ANALYZE",
    ):
        await ask(db, statement)
    me: UUID = await ask(db, "SELECT min(id::text)::uuid FROM users")
    other: UUID = await ask(db, "SELECT max(id::text)::uuid FROM users")
    for index, statement, arguments in (
        ("relations_in_order", queries.FRIENDS, (me, "friend", relations._END, LAST, 20)),
        ("relations_in_order", queries.PUT_AWAY, (other, "blocked", relations._END, LAST, 20)),
        ("relations_to", queries.BLOCKS, (me, other)),
    ):
        root = await plan(db, statement, *arguments)
        assert index in {node.get("Index Name") for node in nodes(root)}, index
        assert not [node for node in nodes(root) if node["Node Type"] == "Seq Scan"], index
        assert pages_read(root) < 500, index
