"""Mentors with classes, and people with points to spend on them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from common.ids import uuid7
from common.postgres import Connection
from control.points.ledger import reward
from tests.control.mentors.conftest import (
    AddPaper,
    Admins,
    Mentors,
    admins,
    guests,
    mentors,
    news,
    paper,
    strangers,
    talk,
)
from tests.control.rooms.conftest import Guest, Guests, Json, good
from tests.support.control import Control

__all__ = [
    "AddPaper",
    "Admins",
    "Mentors",
    "School",
    "admins",
    "guests",
    "mentors",
    "news",
    "paper",
    "school",
    "strangers",
    "talk",
]

MINUTE = 60_000  # ms
SAID: Json = {"title": "인덱스를 손으로 그리기", "price": 300, "capacity": 2, "categories": ["development"]}
_SUMS = """
    SELECT (SELECT count(*) FROM classes c
            WHERE registered <> (SELECT count(*) FROM class_registrations WHERE class_id = c.id AND state = 'registered')
               OR waiting <> (SELECT count(*) FROM class_registrations WHERE class_id = c.id AND state = 'waiting')
               OR registered > capacity) AS miscounted,
           (SELECT count(*) FROM class_registrations r JOIN classes c ON c.id = r.class_id
            WHERE r.state = 'registered'
                AND NOT EXISTS (SELECT FROM members m WHERE m.room_id = c.room_id AND m.user_id = r.user_id)) AS outside,
           (SELECT coalesce(sum(points), 0) FROM point_entries WHERE treasury = 'classes') AS held,
           (SELECT coalesce(sum(r.paid), 0) FROM class_registrations r JOIN classes c ON c.id = r.class_id
            WHERE c.settled_at IS NULL) AS owed,
           (SELECT coalesce(sum(points), 0) FROM point_entries) AS everything
"""


class School:
    """What mentors and their people do, over HTTP."""

    def __init__(self, control: Control, mentors: Mentors, guests: Guests) -> None:
        self.control = control
        self.mentors = mentors
        self.guests = guests

    async def make(self, mentor: Guest, **said: Any) -> Json:
        return good(await self.try_make(mentor, **said), 201)

    async def try_make(self, mentor: Guest, **said: Any) -> httpx.Response:
        body = SAID | {"starts_at": self.control.clock.now_ms + 10 * MINUTE} | said
        return await mentor.http.post("/api/v1/classes", json=body)

    async def opened(self, mentor: Guest, **said: Any) -> Json:
        made = await self.make(mentor, **said)
        return good(await self.act(mentor, made, "open"))

    def begin(self) -> None:
        """Let time pass until all that was made so far has begun; tokens live a little longer."""
        self.control.clock.pass_seconds(11 * 60)

    async def act(self, who: Guest, of: Json, what: str) -> httpx.Response:
        """`open`, `close`, `call-off` or `room`."""
        return await who.http.post(f"/api/v1/classes/{of['id']}/{what}")

    async def change(self, mentor: Guest, of: Json, **said: Any) -> httpx.Response:
        return await mentor.http.patch(f"/api/v1/classes/{of['id']}", json=said)

    async def register(self, who: Guest, of: Json, **said: Any) -> httpx.Response:
        return await who.http.put(f"/api/v1/classes/{of['id']}/registration", json=said)

    async def cancel(self, who: Guest, of: Json) -> None:
        answer = await who.http.delete(f"/api/v1/classes/{of['id']}/registration")
        assert answer.status_code == 204, answer.text

    async def see(self, who: Guest, of: Json) -> Json:
        return good(await who.http.get(f"/api/v1/classes/{of['id']}"))

    async def rich(self, count: int, points: int = 1000) -> list[Guest]:
        """People who have `points`."""
        people = await self.guests(count)
        for person in people:
            await self.give(person, points)
        return people

    async def give(self, person: Guest, points: int) -> None:
        async def run(connection: Connection) -> None:
            await reward(connection, person.id, points, reference=f"test:{uuid7()}")

        await self.control.services.db.transaction(run)

    async def points(self, person: Guest) -> int:
        balance: int = good(await person.http.get("/api/v1/me/points"))["balance"]
        return balance

    async def in_room(self, of: Json, mentor: Guest) -> set[str]:
        """Who is in the class room, but for the mentor."""
        room = (await self.see(mentor, of))["room"]
        found = good(await mentor.http.get(f"/api/v1/rooms/{room}/members", params={"limit": 200}))
        return {each["id"] for each in found["members"]} - {mentor.id}

    async def assert_sound(self) -> None:
        """Counts are what the rows say, who is registered is in the room, and the yard holds what was paid and not refunded."""

        async def read(connection: Connection) -> Any:
            return await connection.fetchrow(_SUMS)

        sums = await self.control.services.db.read(read)
        assert (sums["miscounted"], sums["outside"], sums["everything"]) == (0, 0, 0)
        assert sums["held"] == sums["owed"]


@pytest.fixture
def school(control: Control, mentors: Mentors, guests: Guests) -> School:
    return School(control, mentors, guests)
