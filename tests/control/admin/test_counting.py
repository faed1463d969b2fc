"""What is new is counted by the days of the yard's timezone, whole days and each once; an index serves each count."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from common.clock import from_ms
from common.postgres import Postgres
from control.admin import counting, queries
from control.settings import Settings
from tests.control.reports.conftest import Admins
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, plan
from tests.support.control import Control, running_control

__all__ = ["db"]
COUNTERS = "/api/v1/admin/counters"
SEOUL = ZoneInfo("Asia/Seoul")


async def counted(admin: Guest, **query: str) -> Json:
    return good(await admin.http.get(COUNTERS, params=query))


async def test_what_is_new_is_counted_on_its_day(control: Control, admins: Admins, guests: Guests) -> None:
    (sol,) = await admins(1)
    mina, jun = await guests(2)
    db = control.services.db
    today = from_ms(control.clock.now_ms).astimezone(SEOUL).date()
    question = good(
        await mina.http.post(
            "/api/v1/questions", json={"title": "물음", "text": "무엇을 할까요?", "tags": []}
        ),
        201,
    )
    for who in (jun, sol):
        await who.http.post(f"/api/v1/questions/{question['id']}/answers", json={"text": "글쎄요"})
    gone = good(
        await mina.http.post("/api/v1/questions", json={"title": "또", "text": "아니요", "tags": []}), 201
    )
    await mina.http.delete(f"/api/v1/questions/{gone['id']}")
    meeting = {"category": "meal", "title": "국밥", "capacity": 4, "meets_at": control.clock.now_ms + 60_000}
    for _ in range(2):
        post = good(await mina.http.post("/api/v1/posts", json=meeting), 201)
    await mina.http.post(f"/api/v1/posts/{post['id']}/cancel")
    await control.grant(jun.id, "mentor")
    await mina.http.post("/api/v1/bots", json={"nickname": "봇"})  # a bot is nobody new
    shown = await counted(sol)
    assert shown["time_zone"] == "Asia/Seoul"
    assert len(shown["days"]) == 30
    assert shown["days"][-1] == {
        "day": str(today),
        "users": 3,
        "mentors": 1,
        "questions": 1,
        "answers": 2,
        "posts": 1,
        "matches": 0,
    }
    assert not any(value for day in shown["days"][:-1] for name, value in day.items() if name != "day")
    for person, at in (
        (mina, "2026-03-14 14:59:59.999+00"),
        (jun, "2026-03-14 15:00+00"),
        (sol, "2026-03-15 14:59+00"),
    ):
        statement = f"UPDATE users SET created_at = '{at}' WHERE id = $1 RETURNING 1"
        await ask(db, statement, person.id)
    days = (await counted(sol, since="2026-03-13", until="2026-03-16"))["days"]
    assert [(day["day"], day["users"]) for day in days] == [
        ("2026-03-13", 0), ("2026-03-14", 1), ("2026-03-15", 2), ("2026-03-16", 0)
    ]  # fmt: skip
    assert (await counted(sol, since="2026-03-15", until="2026-03-15"))["days"][0]["users"] == 2


async def test_how_many_are_here_is_there_when_it_is_known(control: Control, admins: Admins) -> None:
    (sol,) = await admins(1)
    await control.services.online.ask()
    assert (await counted(sol))["online"] == {"count": 0, "at": control.clock.now_ms}
    control.services.online._known = None
    assert (await counted(sol))["online"] is None


async def test_another_yard_has_other_days(
    control_settings: Settings, admins: Admins, control: Control
) -> None:
    (sol,) = await admins(1)
    token = sol.http.headers["authorization"].removeprefix("Bearer ")
    async with (
        running_control(control_settings, zone=ZoneInfo("America/New_York")) as other,
        other.with_token(token) as client,
    ):
        shown = good(await client.get(COUNTERS, params={"since": "2026-03-07", "until": "2026-03-09"}))
    assert shown["time_zone"] == "America/New_York"
    assert [day["day"] for day in shown["days"]] == ["2026-03-07", "2026-03-08", "2026-03-09"]


def test_a_day_on_which_clocks_change_has_its_own_length() -> None:
    new_york = ZoneInfo("America/New_York")
    _, _, _, begin, end, *_ = counting.bounds(date(2026, 3, 8), date(2026, 3, 8), new_york)
    assert end - begin == timedelta(hours=23)


@pytest.mark.parametrize(
    "query",
    [
        {"since": "2026-03-16", "until": "2026-03-15"}, {"since": "2025-01-01", "until": "2026-03-15"},
        {"since": "yesterday"}, {"until": "2026-02-30"}, {"since": "9999-12-31"},
    ],
)  # fmt: skip
async def test_days_in_no_order_or_too_many_are_refused(admins: Admins, query: Json) -> None:
    (sol,) = await admins(1)
    refused(await sol.http.get(COUNTERS, params=query), "invalid")


@pytest.mark.parametrize("until", ["0001-01-01", "9999-12-31"])
async def test_the_ends_of_time_are_no_fault(admins: Admins, until: str) -> None:
    (sol,) = await admins(1)
    assert len((await counted(sol, until=until))["days"]) <= 30


async def test_only_admins_read_it(control: Control, guests: Guests) -> None:
    (jun,) = await guests(1)
    await control.grant(jun.id, "mentor")
    refused(await jun.http.get(COUNTERS), "forbidden")
    refused(await control.http.get(COUNTERS), "unauthenticated")


_SEED = """
INSERT INTO users (id, email, nickname, name, phone, created_at)
SELECT uuidv7(-n * interval '1 hour'), n || '@example.org', 'p' || n, 'p', '+' || n, now() - n * interval '1 hour'
FROM generate_series(1, 20000) n;
INSERT INTO user_roles (user_id, role, granted_at) SELECT id, 'mentor', created_at FROM users;
INSERT INTO questions (id, author_id, title, text, asked_at)
SELECT uuidv7(created_at - now()), id, 't', 't', created_at FROM users;
INSERT INTO answers (id, question_id, author_id, text, answered_at)
SELECT uuidv7(q.asked_at - now()), q.id, q.author_id, 't', q.asked_at FROM questions q;
CREATE TABLE few AS SELECT id, author_id, asked_at FROM questions WHERE random() < 0.1;
INSERT INTO match_posts (id, author_id, category, title, text, anonymous, capacity, places, topics, meets_at, posted_at, state)
SELECT id, author_id, 'meal', 't', 't', false, 4, '{}', '{}', asked_at, asked_at, 'cancelled' FROM few;
INSERT INTO rooms (id, kind, title, capacity, visibility) SELECT id, 'match', 't', 2, 'private' FROM few;
INSERT INTO matches (id, category, origin, title, room_id, meets_at, made_at)
SELECT id, 'meal', 'random', 't', id, asked_at, asked_at FROM few;
DROP TABLE few;
VACUUM ANALYZE
"""


async def test_each_count_reads_its_days_and_no_more(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    until = datetime.now(SEOUL).date() - timedelta(days=100)
    arguments: tuple[Any, ...] = counting.bounds(until - timedelta(days=6), until, SEOUL)
    found = nodes(await plan(db, queries.COUNTERS, *arguments))
    used = {node.get("Index Name") for node in found}
    assert {
        "users_by_creation",
        "user_roles_mentors_by_time",
        "questions_pkey",
        "answers_pkey",
        "match_posts_pkey",
    } <= used, used
    assert "matches_pkey" in used
    assert not [node for node in found if node["Node Type"] == "Seq Scan"]
