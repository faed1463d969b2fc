"""What becomes of mentors and classes over control's HTTP is heard live, on both replicas, and opens the class room at once."""

from __future__ import annotations

from typing import Any

import asyncpg

from common.clock import now_ms
from tests.endtoend.test_moderating import House, house, told
from tests.support.promptly import within
from tests.support.visit import say, visit
from tests.support.world import Person

__all__ = ["house"]
AT_ONCE = 1  # second
HOUR = 3_600_000  # ms
Json = dict[str, Any]
SAID: Json = {"company": "마당", "introduction": "안녕하세요", "categories": ["development"]}


async def _make_admin(connection: asyncpg.Connection, person: str) -> None:
    await connection.execute("INSERT INTO user_roles (user_id, role) VALUES ($1, 'admin')", person)


def people_with_admin(house: House, count: int) -> tuple[Person, ...]:
    """An admin, and others."""
    people = house.world.people(count + 1)
    house.world.sql(_make_admin, people[0].id)
    return tuple(people)


async def a_mentor(house: House, admin: Person, mina: Person) -> None:
    made = await house.do(mina, "POST", "me/mentor-applications", SAID)
    await house.do(admin, "POST", f"admin/mentor-applications/{made['id']}/approve")


async def test_who_is_made_a_mentor_hears_it_on_every_device(house: House) -> None:
    boss, mina = people_with_admin(house, 1)
    async with visit(house.a, mina) as phone, visit(house.b, mina) as desk:
        first = await house.do(mina, "POST", "me/mentor-applications", SAID)
        await house.do(boss, "POST", f"admin/mentor-applications/{first['id']}/reject", {"reason": "다시"})
        with within(AT_ONCE):
            for device in (phone, desk):
                heard = await device.hears("personal.application")
                assert told(heard, "application", "state", "reason") == {
                    "application": first["id"],
                    "state": "rejected",
                    "reason": "다시",
                }
        await a_mentor(house, boss, mina)
        with within(AT_ONCE):
            for device in (phone, desk):
                assert (await device.hears("personal.application"))["state"] == "authorized"
        assert await house.do(mina, "GET", "bots") == {"bots": []}  # which is for mentors


async def test_followers_hear_of_a_class_and_who_registers_talks_in_its_room_at_once(house: House) -> None:
    boss, mina, jun, ara = people_with_admin(house, 3)
    await a_mentor(house, boss, mina)
    await house.do(jun, "PUT", f"me/follows/{mina.id}")
    wanted = {
        "title": "인덱스",
        "price": 0,
        "capacity": 1,
        "starts_at": now_ms() + HOUR,
        "categories": ["development"],
    }
    made = await house.do(mina, "POST", "classes", wanted)
    room = made["room"]
    async with (
        visit(house.a, mina, room) as mentor,
        visit(house.b, jun) as j,
        visit(house.a, ara) as a,
    ):
        await house.do(mina, "POST", f"classes/{made['id']}/open")
        with within(AT_ONCE):
            news = await j.hears("personal.class")
        assert told(news, "of", "title", "mentor", "name", "starts_at", "change") == {
            "of": made["id"],
            "title": "인덱스",
            "mentor": mina.id,
            "name": mina.nickname,
            "starts_at": wanted["starts_at"],
            "change": "opened",
        }
        assert (await house.do(jun, "PUT", f"classes/{made['id']}/registration", {}))["room"] == room
        with within(AT_ONCE):
            assert told(await j.hears("personal.room"), "room", "change") == {
                "room": room,
                "change": "joined",
            }
            joined = await mentor.hears("member")
        assert told(joined, "room", "user", "change") == {"room": room, "user": jun.id, "change": "joined"}
        await j.ok("room.open", room=room)
        await say(j, room, "안녕하세요")
        with within(AT_ONCE):
            assert (await mentor.hears("message"))["text"] == "안녕하세요"
        await house.do(ara, "PUT", f"classes/{made['id']}/registration", {"wait": True})
        await house.do(jun, "DELETE", f"classes/{made['id']}/registration")
        with within(AT_ONCE):
            assert (await j.hears("closed"))["code"] == "not_a_member"
            assert told(await a.hears("personal.class"), "of", "change") == {
                "of": made["id"],
                "change": "admitted",
            }
        await a.ok("room.open", room=room)
        assert (await j.refused("room.open", room=room))["code"] == "not_a_member"
        await house.do(mina, "POST", f"classes/{made['id']}/call-off")
        with within(AT_ONCE):
            assert (await a.hears("personal.class"))["change"] == "called_off"
