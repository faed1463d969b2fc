"""Notices reach everybody, and how people look by now whoever sees them, on every replica."""

from __future__ import annotations

import trio

from common import feed
from common.ids import uuid7
from tests.endtoend.test_live_tokens import Town, town, town_pair, town_world
from tests.support.feed import publish
from tests.support.relations import relate
from tests.support.visit import visit
from tests.support.world import Replica, World

__all__ = ["town", "town_pair", "town_world"]
Pair = tuple[Replica, Replica]


async def test_a_notice_is_heard_by_everybody_on_every_replica(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        notice = feed.NoticeChanged(
            notice=uuid7(), change="published", pinned=True, ko="점검 안내", en="Away", at=1767225600000
        )
        publish(shared_world, notice)
        for raw in (m, j):
            heard = await raw.hears("notice")
            assert heard == {
                "type": "notice",
                "notice": notice.notice,
                "change": "published",
                "pinned": True,
                "ko": "점검 안내",
                "en": "Away",
                "at": 1767225600000,
            }


async def test_a_new_name_is_heard_by_members_friends_and_ones_own_devices_and_not_across_a_block(
    shared_world: World, pair: Pair
) -> None:
    mina, member, friend, blocked, stranger = shared_world.people(5)
    room = shared_world.room(mina, member, blocked)
    relate(shared_world, friend, mina, "friend")
    relate(shared_world, blocked, mina, "friend")
    relate(shared_world, mina, blocked, "blocked")
    async with (
        visit(pair[0], mina) as desk,
        visit(pair[1], mina) as phone,
        visit(pair[1], member, room) as m,
        visit(pair[0], friend) as f,
        visit(pair[1], blocked, room) as b,
        visit(pair[0], stranger) as s,
    ):
        change = feed.ProfileChanged(user=mina.id, nickname="새 이름", avatar=uuid7(), status="")
        after = [
            feed.ProfileChanged(user=each.id, nickname=each.nickname, avatar=None, status="")
            for each in (blocked, stranger)
        ]
        publish(shared_world, change, *after)
        for raw in (desk, phone, m, f):
            heard = await raw.hears("profile")
            assert heard == {
                "type": "profile",
                "user": mina.id,
                "nickname": "새 이름",
                "avatar": change.avatar,
            }
        for raw, own in zip((b, s), after, strict=True):
            assert (await raw.hears("profile"))["user"] == own.user  # which was told after hers


async def test_what_control_is_told_over_http_is_heard_on_every_replica_within_seconds(town: Town) -> None:
    mina, boss = await town.human(), await town.admin()
    words = {"title": "점검 안내", "text": "새벽에"}
    async with town.everywhere(mina) as sockets:
        shown = await mina.client.patch(
            "/api/v1/me/profile", json={"nickname": "먼바다", "status": "항해 중"}
        )
        assert shown.status_code == 200, shown.text
        notice = await boss.post("/api/v1/admin/notices", json={"ko": words, "en": words})
        assert notice.status_code == 201, notice.text
        with trio.fail_after(10):
            for raw in sockets:
                heard = await raw.hears("profile")
                assert (heard["nickname"], heard["status"]) == ("먼바다", "항해 중")
            for raw in sockets:
                assert (await raw.hears("notice"))["notice"] == notice.json()["id"]
